"""A customer's mail that a colleague passes on is the customer's, and is answered to the customer."""

from email.message import EmailMessage
from email.policy import SMTP

import pytest
from django.conf import LazySettings

from answerable.channels.email.forwards import forwarded
from answerable.channels.email.identity import signer
from answerable.channels.email.models import Arrival, Manners
from answerable.channels.email.parse import parse
from answerable.desk.actions.messages import reply
from answerable.desk.models import Conversation, Kind, Message
from tests.cast import Cast
from tests.channels.email.letters import SUPPORT, arrive, letter

ANNA = "anna@customer.example"
WORDS = "My parcel is wet.\n\nCould you send another one?"

GMAIL = f"""Please help her, she is a regular.

---------- Forwarded message ---------
From: Anna Ozola <{ANNA}>
Date: Fri, Nov 20, 2026 at 9:14 AM
Subject: A wet parcel
To: Bob Example <bob@example.com>, A Very Long Name Of A Second Person
<second@example.com>


{WORDS}
"""
OUTLOOK = f"""Please help her, she is a regular.

From: Anna Ozola <{ANNA}>
Sent: Friday, 20 November 2026 09:14
To: Bob Example <bob@example.com>
Subject: A wet parcel

{WORDS}
"""
OLD_OUTLOOK = f"""Please help her, she is a regular.

-----Original Message-----
From: Anna Ozola [mailto:{ANNA}]
Sent: Friday, 20 November 2026 09:14
To: Bob Example
Subject: A wet parcel

{WORDS}
"""
APPLE = f"""Please help her, she is a regular.

Begin forwarded message:

> From: Anna Ozola <{ANNA}>
> Subject: A wet parcel
> Date: 20 November 2026 at 09:14:00 EET
> To: Bob Example <bob@example.com>
>
> My parcel is wet.
>
> Could you send another one?
"""
THUNDERBIRD = f"""Please help her, she is a regular.


-------- Forwarded Message --------
Subject: \tA wet parcel
Date: \tFri, 20 Nov 2026 09:14:00 +0200
From: \tAnna Ozola <{ANNA}>
To: \tBob Example <bob@example.com>



{WORDS}
"""
RUSSIAN = f"""Please help her, she is a regular.

-------- Пересылаемое сообщение --------
От кого: Анна Озола <{ANNA}>
Кому: Bob <bob@example.com>
Дата: Пятница, 20 ноября 2026, 9:14 +02:00
Тема: A wet parcel

{WORDS}
"""
LATVIAN = f"""Please help her, she is a regular.

No: Anna Ozola <{ANNA}>
Nosūtīts: piektdiena, 2026. gada 20. novembris 09:14
Kam: Bob Example <bob@example.com>
Tēma: A wet parcel

{WORDS}
"""


@pytest.mark.parametrize(
    "text",
    [GMAIL, OUTLOOK, OLD_OUTLOOK, APPLE, THUNDERBIRD, RUSSIAN, LATVIAN],
    ids=["gmail", "outlook", "old outlook", "apple", "thunderbird", "mail.ru", "latvian"],
)
def test_who_wrote_it_and_what_is_told_apart_from_what_is_said_of_it(text: str) -> None:
    found = forwarded(parse(letter(text, sender="bob@example.com", subject="FW: A wet parcel")))
    assert found is not None
    assert found.mail.writer is not None
    assert found.mail.writer.address == ANNA
    assert found.mail.writer.name in ("Anna Ozola", "Анна Озола")
    assert found.mail.text.strip() == WORDS
    assert found.words == "Please help her, she is a regular."
    assert found.mail.subject == "A wet parcel"


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("Re: A wet parcel", OUTLOOK),
        ("FW: A wet parcel", "Please help her."),
        ("FW: A wet parcel", OUTLOOK.replace(f" <{ANNA}>", "")),
        ("FW: A wet parcel", "From: Riga\nTo: Tbilisi\n\nWe travel."),
    ],
    ids=["an answer with its quote", "nothing below", "a name without an address", "a journey"],
)
def test_what_is_no_forward_or_names_nobody_stays_as_it_is(subject: str, text: str) -> None:
    assert forwarded(parse(letter(text, sender="bob@example.com", subject=subject))) is None


def in_html(html: str, text: str = GMAIL) -> EmailMessage:
    mail = EmailMessage(policy=SMTP)
    mail["From"], mail["To"], mail["Subject"] = "Bob <bob@example.com>", SUPPORT, "Fwd: A wet parcel"
    mail.set_content(text)
    mail.add_alternative(html, subtype="html")
    return mail


HEADS = f"From: <b>Anna Ozola</b> &lt;<a href='mailto:{ANNA}'>{ANNA}</a>&gt;<br>Date: Fri<br>Subject: A wet parcel<br>"
HTMLS = {
    "gmail": "<div dir=ltr>Please help her, she is a regular.<br><br><div class='gmail_quote gmail_quote_container'>"
    f"<div class='gmail_attr'>---------- Forwarded message ---------<br>{HEADS}</div>"
    "<p>My <b>parcel</b> is wet.</p></div></div>",
    "outlook": "<html><style>p{margin:0}</style><body><p>Please help her, she is a regular.</p><div>"
    f'<div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt"><p>{HEADS}</p></div></div>'
    "<p>My <b>parcel</b> is wet.</p></body></html>",
    "apple": "<body>Please help her, she is a regular.<br><blockquote type='cite'><div>Begin forwarded message:</div>"
    f"<div>{HEADS}</div><div>My <b>parcel</b> is wet.</div></blockquote></body>",
}


@pytest.mark.parametrize("program", HTMLS)
def test_its_html_is_parted_where_the_program_marks_it(program: str) -> None:
    found = forwarded(parse(in_html(HTMLS[program]).as_bytes()))
    assert found is not None
    assert "<b>parcel</b>" in found.mail.html
    assert "regular" not in found.mail.html


@pytest.mark.parametrize(
    "html",
    ["<p>Please help her, she is a regular.</p><p>My parcel is wet.</p>", HTMLS["gmail"] + "<p>She is a regular.</p>"],
    ids=["no mark", "words of the colleague's behind it"],
)
def test_html_that_cannot_be_parted_for_certain_is_left_out(html: str) -> None:
    words = GMAIL.replace("regular.\n", "regular.\n\nAnd soon!\n", 1)
    found = forwarded(parse(in_html(html, words).as_bytes()))
    assert found is not None
    assert not found.mail.html
    assert found.mail.text.strip() == WORDS


def attached(words: str, subject: str = "Fwd: A wet parcel") -> bytes:
    inner = EmailMessage(policy=SMTP)
    inner["From"], inner["To"], inner["Subject"] = f"Anna Ozola <{ANNA}>", "bob@example.com", "A wet parcel"
    inner.set_content(WORDS)
    inner.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="photo.pdf")
    mail = EmailMessage(policy=SMTP)
    mail["From"], mail["To"], mail["Subject"] = "Bob <bob@example.com>", SUPPORT, subject
    mail.set_content(words)
    mail.add_attachment(inner)
    return mail.as_bytes()


@pytest.mark.parametrize("words", ["Please help her.", ""])
def test_a_mail_attached_whole_is_opened(words: str) -> None:
    found = forwarded(parse(attached(words)))
    assert found is not None
    assert found.mail.writer is not None
    assert (found.mail.writer.address, found.mail.text.strip(), found.words) == (ANNA, WORDS, words)
    assert [each.name for each in found.mail.attachments] == ["photo.pdf"]
    assert forwarded(parse(attached("Is this one of ours?", "A strange mail"))) is None, "it says nothing of passing on"


def passed_on(cast: Cast, text: str = GMAIL, **more: str) -> Arrival:
    raw = letter(text, sender=f"Bob <{cast.bob.email}>", subject="Fwd: A wet parcel", **more)
    return arrive(raw, sender=cast.bob.email)


def test_the_conversation_is_the_customers_and_what_the_colleague_says_a_note(cast: Cast) -> None:
    arrival = passed_on(cast)
    row = Conversation.objects.get()
    assert list(row.contact.addresses.values_list("value", flat=True)) == [ANNA]
    assert (row.subject, row.copied) == ("A wet parcel", [])
    asked, note = Message.objects.order_by("pk")
    assert (asked.kind, asked.text.strip(), asked.written_from) == (Kind.INBOUND, WORDS, ANNA)
    assert note.kind == Kind.NOTE
    assert note.text == (
        f"By mail from {cast.bob.email}, which nobody vouches for:\n\nPlease help her, she is a regular."
    )
    assert row.unanswered_since is not None, "the customer waits"
    assert arrival.message == asked
    assert arrival.reason.endswith(f"written by {ANNA}, says the colleague that sent it")


def test_a_colleague_whose_server_vouches_for_them_writes_the_note(cast: Cast, settings: LazySettings) -> None:
    settings.MAIL_AUTHSERV = "mx.example.com"
    said = "mx.example.com; dmarc=pass header.from=example.com"
    passed_on(cast, GMAIL.removeprefix("Please help her, she is a regular.\n"), Authentication_Results=said)
    note = Message.objects.get(kind=Kind.NOTE)
    assert (note.user, note.text) == (cast.bob, "Forwarded a customer's mail.")


def test_not_where_the_inbox_does_not_want_it_nor_what_a_colleague_or_a_stranger_sends(cast: Cast) -> None:
    passed_on(cast, GMAIL.replace(ANNA, cast.alice.email), message_id="of-alice@example.com")
    passed_on(cast, GMAIL.replace(ANNA, SUPPORT), message_id="of-ours@example.com")
    passed_on(cast, GMAIL.replace(ANNA, "no-reply@shop.example"), message_id="of-a-machine@example.com")
    stranger = letter(GMAIL, sender="stranger@elsewhere.example", subject="Fwd: A wet parcel")
    arrive(stranger, sender="stranger@elsewhere.example")
    Manners.objects.create(inbox=cast.support_inbox, takes_forwards=False)
    passed_on(cast, message_id="not-wanted@example.com")
    writers = Message.objects.order_by("pk").values_list("written_from", flat=True)
    assert list(writers) == [*3 * [cast.bob.email], "stranger@elsewhere.example", cast.bob.email]
    assert not Message.objects.filter(kind=Kind.NOTE).exists()


def test_into_a_conversation_it_is_the_customers_word_only_where_it_is_of_that_customer(cast: Cast) -> None:
    arrive(letter(sender=f"Anna Ozola <{ANNA}>", message_id="first@customer.example"), sender=ANNA)
    row = Conversation.objects.get()
    answer = reply(row, text="Which one?", by=cast.bob, seen_event=None, anyway=True)
    ours = f"<{signer('example.com').message_id(row.pk, answer.pk)}>"
    passed_on(cast, References=f"<first@customer.example> {ours}", message_id="hers@example.com")
    passed_on(cast, GMAIL.replace(ANNA, "else@shop.example"), References=ours, message_id="other@example.com")
    assert Conversation.objects.count() == 1
    kinds = row.messages.order_by("pk").values_list("kind", "written_from")
    assert list(kinds)[2:] == [(Kind.INBOUND, ANNA), (Kind.NOTE, ""), (Kind.NOTE, "")]
