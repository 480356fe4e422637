"""What becomes of a mail that belongs into a conversation: its words and files as the desk keeps them."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from answerable.channels import tongue
from answerable.channels.email.autoreply import REACTION
from answerable.channels.email.mailboxes import spellings
from answerable.channels.email.message import ParsedMail
from answerable.channels.email.quotes import Span
from answerable.customers.models import Contact
from answerable.desk.actions.copies import MOST_COPIES
from answerable.desk.actions.files import NewFile
from answerable.desk.actions.receiving import Beginning, Incoming
from answerable.desk.models import Conversation, Inbox

SEALED = ("application/pkcs7-mime", "application/x-pkcs7-mime", "application/pgp-encrypted")
ARMOUR = "-----BEGIN PGP MESSAGE-----"
LARGEST_FILE = 25 * 1024 * 1024  # bytes
MOST_FILES = 100
LONGEST_SIGNATURE = 600  # letters


def incoming(
    mail: ParsedMail,
    parts: Sequence[Span],
    to: Conversation | Beginning,
    contact: Contact,
    at: datetime,
    automatic: bool,
    origin: int | None = None,
    copied: Sequence[str] = (),
    copies_count: bool = True,
) -> Incoming:
    """The message, ready for the desk. `copied`: whom it puts on copy of the conversation it goes into."""
    return Incoming(
        to=to,
        contact=contact,
        text="\n\n".join(filter(None, (mail.text, _sealed(mail)))) + _left_out(mail),
        html=mail.html,
        folds=[[span.start, span.end] for span in parts if span.kind == "quote" or _is_signature(mail.text, span)],
        external_id=mail.message_id or "",
        written_from=mail.writer.address.lower()[:320] if mail.writer else "",
        sent_at=mail.date,
        at=at,
        automatic=automatic,
        files=_files(mail),
        origin=origin,
        copied=copied,
        copies_count=copies_count,
    )


def beginning(
    mail: ParsedMail,
    parts: Sequence[Span],
    inbox: Inbox,
    contact: Contact,
    copied: Sequence[str],
    follows: Conversation | None,
) -> Beginning:
    """How a conversation begins with this mail. The language: the contact's, else a guess, else the inbox's."""
    written = "\n".join(mail.text[span.start : span.end] for span in parts if span.kind == "reply")
    return Beginning(
        inbox=inbox,
        subject=mail.subject,
        copied=copied,
        language=contact.language or tongue.guess(f"{mail.subject}\n{written}"),
        follows=follows,
    )


def copied(mail: ParsedMail, ours: Iterable[str]) -> list[str]:
    """Who else is to get the answers: To, Cc, and where the sender wants answers to go. None of our inboxes, nor an
    alias or list that brought it here: where neither To nor Cc names an inbox, To is taken for that. Who fills in a
    form chooses one address, and whom the form's sender names besides, or a colleague who passes it on, is the house's
    own affair. What goes to more than can be on copy is a circular, whose readers don't wait for our answer, but for
    where its sender wants it."""
    if mail.carried_by in ("form", "colleague"):
        return []
    inboxes = set(ours)
    named = any(inboxes.intersection(spellings(each.address)) for each in (*mail.to, *mail.cc))
    known = {
        *inboxes,
        *(each.lower() for each in mail.delivered_to),
        *(each.address.lower() for each in (mail.sender, mail.writer) if each),
    }
    wanted = (*mail.reply_to, *(mail.to if named else ()), *mail.cc)
    found = dict.fromkeys(each.address.lower() for each in wanted)
    others = [each for each in found if not known.intersection(spellings(each))]
    if len(others) > MOST_COPIES:
        wanted_there = {each.address.lower() for each in mail.reply_to}
        others = [each for each in others if each in wanted_there]
    return others[:MOST_COPIES]


def _files(mail: ParsedMail) -> list[NewFile]:
    shown = [each for each in mail.attachments if each.content_type != REACTION]
    kept = [each for each in shown if len(each.data) <= LARGEST_FILE][:MOST_FILES]
    return [NewFile(each.name, each.content_type, each.data, each.content_id or "") for each in kept]


def _sealed(mail: ParsedMail) -> str:
    """Said of words that only our keys would open (RFC 8551, 3.3; RFC 3156, 4; RFC 9580, 6.2), also where a gateway has
    put something of its own around them."""
    kind = (mail.header("content-type") or "").lower()
    kinds = {each.content_type for each in mail.attachments if not each.name.lower().endswith(".p7c")}
    named = any(each.name.lower() == "smime.p7m" for each in mail.attachments)
    is_sealed = kind.startswith("multipart/encrypted") or named or not kinds.isdisjoint(SEALED) or ARMOUR in mail.text
    is_sealed = is_sealed and "signed-data" not in kind
    return _("[The message is encrypted. Ask for it without encryption.]") if is_sealed else ""


def _left_out(mail: ParsedMail) -> str:
    """Said under the text: files that are only in the raw message, which stays in the ledger."""
    large = [each.name for each in mail.attachments if len(each.data) > LARGEST_FILE]
    kept = len(mail.attachments) - len(large)
    words = [
        _("[%(name)s is too large to be shown here; it is in the raw message.]") % {"name": name} for name in large
    ]
    if kept > MOST_FILES:
        words.append(_("[%(count)s more files are in the raw message.]") % {"count": kept - MOST_FILES})
    return "".join(f"\n{each}" for each in words)


def _is_signature(text: str, span: Span) -> bool:
    """Below two dashes, and short: what is long there may be words set apart by a line."""
    signed = text[span.start : span.end]
    return signed.startswith(("-- \n", "--\n")) and len(signed) <= LONGEST_SIGNATURE
