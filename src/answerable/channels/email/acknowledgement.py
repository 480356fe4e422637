"""A first word to who wrote, where the inbox sends one: once a conversation, and never to a machine."""

from datetime import datetime, timedelta

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from answerable.channels.email.autoreply import may_be_acknowledged
from answerable.channels.email.message import ParsedMail
from answerable.channels.email.models import Manners
from answerable.desk.actions.messages import send_automatically
from answerable.desk.models import Conversation, Inbox

FRESH = timedelta(hours=1)
"""Older mail was fetched out of a mailbox's past; who wrote it expects nothing of the kind."""


def manners_of(inbox: Inbox) -> Manners:
    """How this inbox writes; the defaults where nobody has chosen."""
    try:
        return inbox.manners
    except Manners.DoesNotExist:
        return Manners(inbox=inbox)


def acknowledge(conversation: Conversation, mail: ParsedMail, inbox: Inbox, received_at: datetime) -> None:
    """Say that the message has arrived, in the conversation's language."""
    wanted = manners_of(inbox).acknowledges and may_be_acknowledged(mail)
    if not wanted or mail.writer is None or timezone.now() - received_at > FRESH:
        return
    with translation.override(conversation.language or "en"):
        text = _("Thank you for your message. We have received it, and a person will answer you.")
    send_automatically(conversation, text=text, recipients=[mail.writer.address], particulars="acknowledgement")
