"""An agent writes first."""

from collections.abc import Iterable

from django.db import transaction

from answerable.customers.actions import contact_for_address
from answerable.desk.actions.conversations import open_conversation
from answerable.desk.actions.files import NewFile
from answerable.desk.actions.messages import reply
from answerable.desk.models import Conversation, Inbox
from answerable.people.models import User


def write_first(
    *,
    inbox: Inbox,
    to: str,
    subject: str,
    text: str,
    by: User,
    name: str = "",
    attachments: Iterable[NewFile] = (),
) -> Conversation:
    """A new conversation with its first message on the way to `to`, from the inbox's address."""
    with transaction.atomic():
        contact = contact_for_address(to, name)
        conversation = open_conversation(inbox=inbox, contact=contact, subject=subject, by=by)
        message = reply(conversation, text=text, by=by, seen_event=None, files=attachments, anyway=True)
    return message.conversation
