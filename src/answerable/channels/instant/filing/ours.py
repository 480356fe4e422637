"""What becomes of our answers: they reach people, are seen, are refused, or come back to us as an echo."""

from collections.abc import Sequence

from django.db.models import QuerySet

from answerable.channels.instant import happened
from answerable.channels.instant.filing.chats import chat_of
from answerable.channels.instant.filing.outcome import Filed, Outcome, file
from answerable.channels.instant.models import Arrival, Gateway, Part
from answerable.channels.instant.pieces import read_key
from answerable.desk.actions.arriving import give_up, note_progress
from answerable.desk.actions.files import NewFile
from answerable.desk.models import Delivery
from answerable.events.jobs import Later

NOTHING = Filed(Outcome.IGNORED, "Nothing of ours has that name.")
PATIENCE = 4
"""Attempts after which a name that must be one of ours is none: whoever sent it had time to write it down."""


@file.register
def _progressed(one: happened.Progressed, arrival: Arrival, files: Sequence[NewFile] = (), without: str = "") -> Filed:
    """An answer has reached them; what they have seen, they have seen with all that was before it."""
    parts = _seen_with(arrival.gateway, one) if one.read else Part.objects.none()
    part = _ours(arrival, one) or parts.last()
    if part is None:
        return NOTHING
    reached = (parts if one.read else Part.objects.filter(pk=part.pk)).values("message")
    rows = Delivery.objects.select_for_update(of=("self",)).select_related("message__conversation")
    for delivery in rows.filter(message__in=reached, seen_at=None).order_by("pk"):
        note_progress(delivery, at=one.at, seen=one.read)
    return Filed(Outcome.NOTED, chat=part.chat, message=part.message)


@file.register
def _refused(one: happened.Refused, arrival: Arrival, files: Sequence[NewFile] = (), without: str = "") -> Filed:
    """That piece leaves again when the answer is sent again; what has arrived of it does not."""
    part = _ours(arrival, one)
    if part is None:
        return NOTHING
    rows = Delivery.objects.select_for_update(of=("self",)).select_related("message__conversation", "message__user")
    delivery = rows.get(message=part.message)
    Part.objects.filter(pk=part.pk).delete()
    if delivery.state == Delivery.State.SENT:
        give_up(delivery, one.reason)
    return Filed(Outcome.NOTED, one.reason, part.chat, part.message)


@file.register
def _echoed(one: happened.Echoed, arrival: Arrival, files: Sequence[NewFile] = (), without: str = "") -> Filed:
    """A piece of ours is there, whether or not we heard so when we sent it."""
    chat, found = chat_of(arrival.gateway, one.chat), read_key(one.key)
    if chat is None or found is None:
        return Filed(Outcome.IGNORED, "Nothing of ours has that key.", chat)
    message, place = found
    Part.objects.get_or_create(message=message, place=place, defaults={"chat": chat, "external_id": one.external_id})
    return Filed(Outcome.NOTED, chat=chat, message=message)


def _ours(arrival: Arrival, one: happened.Progressed | happened.Refused) -> Part | None:
    """The piece of that name. What is said of it may come before whoever sent it has written down how it is called."""
    rows = Part.objects.select_related("chat", "message")
    part = rows.filter(chat__gateway=arrival.gateway, chat__external_id=one.chat, external_id=one.external_id).first()
    if part is None and one.is_ours and arrival.attempts < PATIENCE:
        raise Later("Nothing of ours has that name yet.")
    return part


def _seen_with(gateway: Gateway, one: happened.Progressed) -> "QuerySet[Part]":
    """Our pieces up to what they have seen: a piece, or something of somebody's that came after pieces."""
    there = Part.objects.filter(chat__gateway=gateway, chat__external_id=one.chat).order_by("pk")
    upto = there.filter(external_id=one.external_id).values_list("pk", flat=True).last()
    if upto is not None:
        return there.filter(pk__lte=upto)
    seen = Arrival.objects.filter(gateway=gateway, name=one.external_id, chat_key=one.chat).first()
    return there.filter(sent_at__lte=seen.received_at) if seen else there.none()
