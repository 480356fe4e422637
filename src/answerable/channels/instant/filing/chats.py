"""Chats are entered, left and moved; who is in them is called otherwise now."""

from collections.abc import Sequence

from answerable.channels.instant import happened
from answerable.channels.instant.filing.outcome import NO_INBOX, UNKNOWN, Filed, Outcome, file
from answerable.channels.instant.models import Arrival, Chat, Gateway, Line
from answerable.customers.actions.contacts import change_contact
from answerable.customers.models import Address, normalised
from answerable.desk.actions.files import NewFile
from answerable.events.record import record


@file.register
def _joined(one: happened.Joined, arrival: Arrival, files: Sequence[NewFile] = (), without: str = "") -> Filed:
    chat = chat_of(arrival.gateway, one.chat) or new_chat(arrival.gateway, one.chat, one.account)
    if chat is None:
        return NO_INBOX
    chat.parted_at = None
    chat.encrypted_at = (chat.encrypted_at or arrival.received_at) if one.is_encrypted else None
    chat.save(update_fields=["parted_at", "encrypted_at"])
    return Filed(Outcome.NOTED, chat=chat)


@file.register
def _parted(one: happened.Parted, arrival: Arrival, files: Sequence[NewFile] = (), without: str = "") -> Filed:
    chat = chat_of(arrival.gateway, one.chat)
    if chat is None or chat.parted_at:
        return Filed(Outcome.IGNORED, chat=chat)
    chat.parted_at, chat.typing_at = arrival.received_at, None
    chat.save(update_fields=["parted_at", "typing_at"])
    if (conversation := chat.conversation) is not None:
        record("conversation.chat_left", subject=conversation, by=None, team_id=conversation.team_id)
    return Filed(Outcome.NOTED, chat=chat)


@file.register
def _moved(one: happened.Moved, arrival: Arrival, files: Sequence[NewFile] = (), without: str = "") -> Filed:
    """The room goes on as another: so does the chat."""
    chat = chat_of(arrival.gateway, one.chat)
    if chat is None:
        return UNKNOWN
    if chat_of(arrival.gateway, one.to) is None:
        chat.external_id, chat.encrypted_at = one.to, None
        chat.save(update_fields=["external_id", "encrypted_at"])
    return Filed(Outcome.NOTED, chat=chat)


@file.register
def _renamed(one: happened.Renamed, arrival: Arrival, files: Sequence[NewFile] = (), without: str = "") -> Filed:
    """Whom somebody of ours has named goes on by that name."""
    kind = arrival.gateway.channel
    rows = Address.objects.filter(kind=kind, value=normalised(kind, one.account)).select_related("contact")
    address = rows.first()
    if address is None or address.contact.name not in one.before or not one.name:
        return Filed(Outcome.IGNORED)
    change_contact(address.contact, by=None, name=one.name)
    return Filed(Outcome.NOTED, chat=chat_of(arrival.gateway, arrival.chat_key))


def chat_of(gateway: Gateway, external_id: str) -> Chat | None:
    """Held until the transaction ends; None where we are in no such chat."""
    rows = Chat.objects.select_for_update(of=("self",)).select_related("line__inbox__team", "conversation")
    return rows.filter(gateway=gateway, external_id=external_id).first()


def new_chat(gateway: Gateway, external_id: str, account: str) -> Chat | None:
    """With an account of ours; None where no inbox has it."""
    line = Line.objects.filter(gateway=gateway, account=account).select_related("inbox__team").first()
    return Chat.objects.create(gateway=gateway, line=line, external_id=external_id) if line else None
