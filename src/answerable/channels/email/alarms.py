"""An escalation also tells by e-mail whom it tells in the product: who is not looking there finds out, too."""

from answerable.channels.email.jobs import tell
from answerable.channels.email.relays import relay_of
from answerable.events.models import Event


def mail_escalation(event: Event) -> None:
    """Reaction to clock.escalated: a mail to each person it told, each in a job of its own, so that a relay which
    refuses one, or is away, holds up neither the others nor other reactions. Nobody is written to without a relay.
    """
    outcome = event.particulars.get("outcome") or {}
    numbers = {*outcome.get("told", ()), outcome.get("assignee")} - {None}
    if not numbers or relay_of(None) is None:
        return
    clock = int(event.subject.rpartition("-")[2])
    for number in sorted(numbers):
        tell.later(person_id=number, clock_id=clock, since=event.at.isoformat())
