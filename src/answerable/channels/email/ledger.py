"""What people do with the ledger: read it, try again what was put aside, and correct a machine's verdict."""

from collections.abc import Iterable

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from answerable.channels.email.models import Arrival
from answerable.desk.actions.spam import mark_spam, unmark_spam
from answerable.desk.errors import Refused
from answerable.events.record import record
from answerable.events.wire import notify
from answerable.people.models import User
from answerable.people.permissions import check_is_administrator

Outcome = Arrival.Outcome
WAKES = "answerable_arrivals"
"""What PostgreSQL notifies when something is to be decided: it has come, or is to be tried again."""
RETRIED = (Outcome.QUARANTINED, Outcome.SPAM)


def newest(outcomes: Iterable[str] = ()) -> QuerySet[Arrival]:
    """The ledger, newest first, without the messages themselves. An empty outcome: not decided yet."""
    rows = Arrival.objects.defer("raw").select_related("message", "inbox").order_by("-pk")
    wanted = list(outcomes)
    return rows.filter(outcome__in=wanted) if wanted else rows


def retry(arrival: Arrival, *, by: User | None) -> Arrival:
    """Decide it again, after what was wrong has been mended. Of spam: it is none; and where it was called so by hand,
    the conversation that it opened then is back."""
    check_is_administrator(by)
    with transaction.atomic():
        row = _held(arrival)
        if row.outcome not in RETRIED:
            raise Refused(_("Only what was put aside, or taken for spam, can be tried again."))
        was = row.outcome
        if was == Outcome.SPAM:
            row.absolved_by = by
        row.outcome, row.reason, row.decided_at, row.attempts = "", "", None, 0
        if row.message is not None:
            conversation = unmark_spam(row.message.conversation, by=by)
            row.outcome, row.decided_at = Outcome.OPENED, timezone.now()
            row.reason = f"conversation {conversation.pk} is no spam"
        row.save(update_fields=["absolved_by", "outcome", "reason", "decided_at", "attempts"])
        record("mail.retried", subject=row, by=by, was=was)
        notify(WAKES)
    return row


def call_spam(arrival: Arrival, *, by: User | None) -> Arrival:
    """The conversation it opened is closed, and its clocks count nowhere. The message stays where it is."""
    check_is_administrator(by)
    at = timezone.now()
    with transaction.atomic():
        row = _held(arrival)
        if row.outcome != Outcome.OPENED or row.message is None or row.message.origin_id is not None:
            raise Refused(_("Only a message that opened a conversation can be called spam."))
        conversation = mark_spam(row.message.conversation, by=by, at=at)
        row.outcome, row.reason, row.decided_at = Outcome.SPAM, "by hand", at
        row.save(update_fields=["outcome", "reason", "decided_at"])
        record("mail.called_spam", subject=row, root=conversation, by=by, team_id=conversation.team_id)
    return row


def _held(arrival: Arrival) -> Arrival:
    """The row as it is now, until the transaction ends."""
    rows = Arrival.objects.select_for_update(of=("self",)).select_related("message__conversation")
    return rows.get(pk=arrival.pk)
