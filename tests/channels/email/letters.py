"""Mails for tests, and the way to hand them over."""

from email.message import EmailMessage
from email.policy import SMTP

from answerable.channels.email.intake import take_in
from answerable.channels.email.listener import keep
from answerable.channels.email.models import Arrival

DACE = "Dace Ozola <dace@customer.example>"
SUPPORT = "support@example.com"


def letter(
    text: str = "Where is my order?",
    *,
    sender: str = DACE,
    to: str = SUPPORT,
    subject: str = "My order",
    message_id: str = "",
    **headers: str,
) -> bytes:
    """A plain mail; `in_reply_to="<...>"` becomes the header In-Reply-To."""
    mail = EmailMessage(policy=SMTP)
    mail["From"], mail["To"], mail["Subject"] = sender, to, subject
    mail["Date"] = "Sat, 21 Nov 2026 10:00:00 +0200"
    if message_id:
        mail["Message-ID"] = f"<{message_id}>"
    for name, value in headers.items():
        mail[name.replace("_", "-")] = value
    mail.set_content(text)
    return mail.as_bytes()


def arrive(raw: bytes, *to: str, sender: str = "dace@customer.example") -> Arrival:
    """Hand a mail over and have it decided."""
    number = keep(raw, door="smtp", envelope_from=sender, envelope_to=to or (SUPPORT,))
    decide()
    return Arrival.objects.get(pk=number)


def decide() -> None:
    """Until nothing is undecided."""
    while take_in() is not None:
        pass
