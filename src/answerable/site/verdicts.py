"""What was known of a pilot when it ended is kept with it."""

from answerable.events.models import Event
from answerable.insight.pilots import results_of
from answerable.policy.actions.pilots import keep_verdict
from answerable.policy.models import Pilot


def keep_pilot_verdict(event: Event) -> None:
    """Reaction to pilot.promoted and pilot.rolled_back: over all teams, as of that moment. Kept once."""
    pilot = Pilot.objects.get(pk=int(event.subject.rpartition("-")[2]))
    if pilot.verdict is None:
        keep_verdict(pilot, results_of(pilot, at=event.at).as_dict())
