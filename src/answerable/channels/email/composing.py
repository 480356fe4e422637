"""An answer as it leaves: headers that thread, words, their HTML, files, and the words they answer."""

import base64
from collections.abc import Collection
from dataclasses import dataclass
from email.headerregistry import Address, BaseHeader, HeaderRegistry
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from email.utils import format_datetime
from functools import cache
from hashlib import sha256
from zoneinfo import ZoneInfo

from django.utils import formats, timezone, translation
from django.utils.translation import gettext as _

from answerable.channels.email.acknowledgement import manners_of
from answerable.channels.email.autoreply import INSTANCE
from answerable.channels.email.footer import footer
from answerable.channels.email.identity import instance, signer
from answerable.channels.email.mailboxes import normal_address
from answerable.channels.email.subjects import bare_subject
from answerable.channels.email.typesetting import page, paragraphs, quoted
from answerable.desk.models import Attachment, Conversation, Delivery, Inbox, Kind, Message
from answerable.desk.sealed import sealed
from answerable.desk.signatures import signature_of
from answerable.people.models import Company
from answerable.web.standing import Given, Standing

MOST_REFERENCES = 20
LONGEST_QUOTE = 20_000  # letters
UNSENDABLE = ("multipart", "message")
"""A part of these types must not be base64 (RFC 2046, 5): such a file goes as plain octets."""
BEFORE = Message.objects.filter(conversation=Given("conversation"), pk__lt=Given("message")).order_by("-pk")
ASKED = Standing(lambda: BEFORE.filter(kind=Kind.INBOUND).values_list("pk")[:1])
QUESTION = Standing(lambda: BEFORE.filter(kind=Kind.INBOUND, automatic=False).select_related("contact")[:1])
EARLIER = Standing(lambda: BEFORE.filter(kind=Kind.INBOUND, automatic=False).select_related("contact")[:20])
KNOWN = Standing(
    lambda: BEFORE.exclude(kind=Kind.NOTE).exclude(external_id="").values_list("kind", "external_id")[:MOST_REFERENCES]
)
FILES = Standing(lambda: Attachment.objects.filter(message=Given("message")).select_related("file"))


class Headers(HeaderRegistry):
    """Which class a header is made by, found once for each name: the library makes a new one for every header."""

    @cache  # noqa: B019 - one of them, for as long as the process lives
    def __getitem__(self, name: str) -> type[BaseHeader]:
        return super().__getitem__(name)


HEADERS = Headers()
PLAIN = SMTP.clone(header_factory=HEADERS)
INTERNATIONAL = SMTPUTF8.clone(header_factory=HEADERS)


@dataclass(frozen=True)
class Letter:
    """A mail ready to leave: its envelope, and its bytes by RFC 5322 and MIME."""

    sender: str
    recipients: tuple[str, ...]
    raw: bytes
    message_id: str
    is_international: bool = False
    """Some address is not ASCII, so that SMTPUTF8 is needed (RFC 6531)."""


def message_id_of(message: Message, inbox: Inbox) -> str:
    """Signed, and computed from the message alone: however often it is tried, it is the same mail. Once it has one, it
    keeps it, wherever the message goes."""
    if message.external_id:
        return message.external_id
    digest = sha256(f"{message.pk}:{message.created_at.timestamp()}".encode()).digest()
    nonce = base64.b32encode(digest).decode().lower()[:8]
    return signer(_domain(inbox)).message_id(message.conversation_id, message.pk, nonce)


def compose(delivery: Delivery) -> Letter:
    """The mail of a delivery. Raises ValueError where an address in it can be in no header."""
    message = delivery.message
    conversation = message.conversation
    inbox = conversation.inbox
    seen = (*delivery.recipients, *delivery.copied)
    everybody = (*seen, *delivery.blind)
    international = not all(address.isascii() for address in everybody)
    mail = EmailMessage(policy=INTERNATIONAL if international else PLAIN)
    with translation.override(conversation.language or inbox.language or "en"):
        _address(mail, delivery, inbox)
        mail["Subject"] = _subject(conversation, message)
        _thread(mail, message, inbox)
        _marks(mail, message, conversation)
        _words(mail, message, conversation, seen)
    for attachment in FILES.rows(message=message.pk):
        if attachment.is_inline and f"cid:{attachment.content_id}" in message.html:
            _show(mail, attachment)
        else:
            _attach(mail, attachment)
    return Letter(
        sender=_reply_address(inbox, conversation.pk) or inbox.address,
        recipients=tuple(dict.fromkeys(everybody)),
        raw=mail.as_bytes(),
        message_id=message_id_of(message, inbox),
        is_international=international,
    )


def _address(mail: EmailMessage, delivery: Delivery, inbox: Inbox) -> None:
    user = delivery.message.user
    name = f"{user.name} ({inbox.name})" if user and user.name else inbox.name
    mail["From"] = _mailbox(name, inbox.address)
    contact = delivery.message.conversation.contact
    mail["To"] = [_mailbox(contact.name if index == 0 else "", each) for index, each in enumerate(delivery.recipients)]
    if delivery.copied:
        mail["Cc"] = [_mailbox("", address) for address in delivery.copied]
    if signed := _reply_address(inbox, delivery.message.conversation_id):
        mail["Reply-To"] = _mailbox(name, signed)


def _mailbox(name: str, address: str) -> Address:
    """Not checked by the library, which knows no address beyond ASCII."""
    if normal_address(address) is None:
        raise ValueError(_("%(address)s is no e-mail address.") % {"address": address})
    local, _at, domain = address.rpartition("@")
    return Address(_one_line(name), local, domain)


def _one_line(text: str) -> str:
    """As a header can hold it. A name of two lines would otherwise keep the mail from ever leaving."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())


def _reply_address(inbox: Inbox, conversation: int) -> str | None:
    if not manners_of(inbox).plus_addresses:
        return None
    return signer(_domain(inbox)).reply_address(inbox.address, conversation)


def _domain(inbox: Inbox) -> str:
    return inbox.address.rpartition("@")[2]


def _subject(conversation: Conversation, message: Message) -> str:
    subject = " ".join(conversation.subject.split()) or _("Your message")
    answers = ASKED.values(conversation=conversation.pk, message=message.pk)
    return f"Re: {bare_subject(subject) or subject}" if answers else subject


def _thread(mail: EmailMessage, message: Message, inbox: Inbox) -> None:
    """In-Reply-To and References (RFC 5322, 3.6.4): the message answered, and what came before it; and the Thread-Index
    by which Outlook's answers are known again where they name neither."""
    mail["Date"] = format_datetime(message.created_at)
    mail["Message-ID"] = f"<{message_id_of(message, inbox)}>"
    began_at = message.conversation.created_at
    mail["Thread-Index"] = signer(_domain(inbox)).thread_index(message.conversation_id, began_at)
    known = KNOWN.values(conversation=message.conversation_id, message=message.pk)
    if not known:
        return
    identifiers = [identifier for _kind, identifier in known]
    answered = next((identifier for kind, identifier in known if kind == Kind.INBOUND), identifiers[0])
    mail["In-Reply-To"] = f"<{answered}>"
    references = [each for each in reversed(identifiers) if each != answered] + [answered]
    mail["References"] = " ".join(f"<{each}>" for each in references)


def _marks(mail: EmailMessage, message: Message, conversation: Conversation) -> None:
    """By which we know it again, and by which machines know a machine (RFC 3834, 5)."""
    mail[INSTANCE] = instance()
    if conversation.language:
        mail["Content-Language"] = conversation.language
    if message.automatic:
        mail["Auto-Submitted"] = "auto-generated"
        mail["X-Auto-Response-Suppress"] = "All"


def _words(mail: EmailMessage, message: Message, conversation: Conversation, readers: Collection[str]) -> None:
    is_whole = message.automatic and bool(message.html)  # a page of its own
    signature = signature_of(conversation, message.user) if message.user else ""
    signed = f"-- \n{signature}" if signature else ""
    words = message.text.replace("\r\n", "\n").rstrip() + (f"\n\n{signed}" if signed else "")
    html = message.html + paragraphs(signed) if message.html else paragraphs(words)
    if below := footer(conversation):
        words += f"\n\n{below}"
        html += f"<hr>{paragraphs(below)}"
    if not message.automatic and (question := _answered(message, readers)) and (text := _own_words(question)):
        introduction = _introduction(question, next(iter(readers), ""))
        words += f"\n\n{introduction}\n" + "\n".join(f"> {line}".rstrip() for line in text.split("\n"))
        html += f"{paragraphs(introduction)}{quoted(text)}"
    mail.set_content(words)
    mail.add_alternative(html if is_whole else page(html, conversation.language), subtype="html")


def _answered(message: Message, addressed: Collection[str]) -> Message | None:
    """The last message before this one that the customer wrote, or somebody who is seen to get this mail: the words of
    anybody else are not theirs to read."""
    own, readers = message.conversation.contact_id, {each.lower() for each in addressed}
    last = QUESTION.first(conversation=message.conversation_id, message=message.pk)
    if last is None or _may_read(last, own, readers):
        return last
    found = EARLIER.rows(conversation=message.conversation_id, message=message.pk)
    return next((one for one in found if _may_read(one, own, readers)), None)


def _may_read(question: Message, customer: int, readers: Collection[str]) -> bool:
    return question.contact_id == customer or question.written_from in readers


def _introduction(question: Message, reader: str) -> str:
    """Who has no name here, as a visitor of a chat may have none, is called by the address that we write to."""
    company = Company.objects.first()
    here = timezone.localtime(question.created_at, ZoneInfo(company.time_zone if company else "UTC"))
    return _("On %(date)s, %(name)s wrote:") % {
        "date": formats.date_format(here, "DATETIME_FORMAT"),
        "name": (question.contact and question.contact.name) or question.written_from or reader,
    }


def _own_words(question: Message) -> str:
    """What they wrote themselves: quotes of quotes would grow with each answer."""
    text, kept, end = sealed(question.text), [], 0
    for start, stop in question.folds:
        kept.append(text[end:start])
        end = stop
    own = "".join([*kept, text[end:]]).strip() or text.strip()
    return own if len(own) <= LONGEST_QUOTE else f"{own[:LONGEST_QUOTE]} …"


def _show(mail: EmailMessage, picture: Attachment) -> None:
    """Within the HTML, which names it by `cid:` (RFC 2392)."""
    part = mail.get_body(("html",))
    assert isinstance(part, EmailMessage)
    sub = picture.content_type.partition("/")[2]
    content, name = bytes(picture.file.content), _one_line(picture.name)
    part.add_related(content, maintype="image", subtype=sub, cid=f"<{picture.content_id}>", filename=name)


def _attach(mail: EmailMessage, attachment: Attachment) -> None:
    """With its name in any script (RFC 2231)."""
    main, _slash, sub = _one_line(attachment.content_type).partition(" ")[0].partition("/")
    if not sub or main in UNSENDABLE:
        main, sub = "application", "octet-stream"
    mail.add_attachment(bytes(attachment.file.content), maintype=main, subtype=sub, filename=_one_line(attachment.name))
