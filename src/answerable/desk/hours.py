"""By which business hours a conversation's time is told, for those who write at the desk and those who read."""

from zoneinfo import ZoneInfo

from answerable.core.calendar import Calendar
from answerable.core.conditions import Facts
from answerable.core.policy import ALWAYS, Standard
from answerable.desk.models import Clock
from answerable.people.models import Company
from answerable.policy.running import compiled, in_force_id


def promised(clock: Clock) -> Standard:
    """The standard a clock runs by, as it holds for the facts that were frozen with it."""
    return compiled(clock.version_id).standard(clock.standard, Facts(**clock.facts))


def calendar_of(clock: Clock) -> Calendar:
    """The hours its time is counted in."""
    return compiled(clock.version_id).calendar(promised(clock))


def calendar_under(first: Clock | None) -> Calendar | None:
    """The hours of its first promise; without any, the usual ones."""
    return usual_calendar() if first is None else calendar_of(first)


def usual_calendar() -> Calendar | None:
    """The first hours of the policy in force; none before the first policy is loaded."""
    return hours_in("")


def hours_in(region: str) -> Calendar | None:
    """Those that the policy in force gives a region; for one without any of its own, the usual ones."""
    version_id = in_force_id()
    if version_id is None:
        return None
    policy = compiled(version_id)
    profile = policy.region(region)
    if profile is not None and profile.hours is not None:
        return policy.hours[profile.hours]
    return next((calendar for name, calendar in policy.hours.items() if name != ALWAYS), policy.hours[ALWAYS])


def company_zone() -> ZoneInfo:
    """Set times and days are the company's."""
    company = Company.objects.first()
    return ZoneInfo(company.time_zone if company else "UTC")
