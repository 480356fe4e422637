"""Django's own mail (invitations, forgotten passwords) leaves the way answers leave: see settings.EMAIL_BACKEND."""

from collections.abc import Sequence
from email.utils import getaddresses, make_msgid

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.message import sanitize_address

from answerable.channels.email.autoreply import INSTANCE
from answerable.channels.email.composing import Letter
from answerable.channels.email.identity import instance
from answerable.channels.email.relays import Post
from answerable.events.jobs import Later, Never


class RelayBackend(BaseEmailBackend):
    """By the relay for all inboxes; into the directory of outgoing mail where there is none."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """How many were taken. Raises Later or Never for the first that was not, unless told to be silent."""
        sent = 0
        with Post() as post:
            for message in email_messages:
                try:
                    post.carry(_letter(message), None)
                except (Later, Never):
                    if not self.fail_silently:
                        raise
                else:
                    sent += 1
        return sent


def _letter(message: EmailMessage) -> Letter:
    sender = getaddresses([message.from_email])[0][1]
    message.extra_headers.setdefault("Message-ID", make_msgid(domain=sender.rpartition("@")[2] or "localhost"))
    message.extra_headers.setdefault("Auto-Submitted", "auto-generated")
    message.extra_headers.setdefault(INSTANCE, instance())
    recipients = tuple(sanitize_address(address, "utf-8") for address in message.recipients())
    raw = message.message().as_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    return Letter(sender, recipients, raw, message.extra_headers["Message-ID"].strip("<>"))
