"""By which business hours a conversation's time is told, for those who write at the desk and those who read."""

from answerable.core.calendar import Calendar
from answerable.core.policy import ALWAYS
from answerable.desk.models import Clock
from answerable.policy.running import compiled, in_force_id


def calendar_under(first: Clock | None) -> Calendar | None:
    """The hours of its first promise; without any, the usual ones."""
    if first is None:
        return usual_calendar()
    policy = compiled(first.version_id)
    return policy.calendar(policy.standards[first.standard])


def usual_calendar() -> Calendar | None:
    """The first hours of the policy in force; none before the first policy is loaded."""
    version_id = in_force_id()
    if version_id is None:
        return None
    hours = compiled(version_id).hours
    return next((calendar for name, calendar in hours.items() if name != ALWAYS), hours[ALWAYS])
