"""What a customer said is found wherever their program put it, and under whatever name it was called."""

import base64
import binascii
from email.message import EmailMessage
from email.policy import SMTP

import pytest

from answerable.channels.email.message import ParsedMail
from answerable.channels.email.parse import parse
from tests.cast import Cast
from tests.channels.email.letters import SUPPORT, arrive, letter

PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
LATVIAN = "Labdien! Vēlos uzzināt, kad pienāks mans pasūtījums. Paldies, Žanete Šķēle."
RUSSIAN = "Здравствуйте! Когда придёт мой заказ? С уважением, Ольга."


def of(html: str, text: str | None = None) -> ParsedMail:
    mail = EmailMessage(policy=SMTP)
    mail["From"], mail["Subject"] = "dace@customer.example", "Order 7"
    if text is None:
        mail.set_content(html, subtype="html")
    else:
        mail.set_content(text)
        mail.add_alternative(html, subtype="html")
    return parse(mail.as_bytes())


@pytest.mark.parametrize(
    "text",
    [
        "To view this message, please use an HTML compatible email viewer!",
        "Ваш браузер не поддерживает такие письма",
        "\u00a0\n\u200b",
        "--",
        "",
    ],
)
def test_what_stands_in_for_the_words_is_not_taken_for_them(text: str) -> None:
    assert of("<p>My book is torn on page 5.</p>", text).text == "My book is torn on page 5."


@pytest.mark.parametrize("text", ["The browser shows an error.", "See: 12 EUR", "👍"])
def test_a_short_text_that_says_the_same_stays(text: str) -> None:
    assert of(f"<p>{text}</p><hr>", text).text == text


def test_a_picture_within_the_html_is_a_file_and_hides_no_words() -> None:
    large = PIXEL + bytes(900_000)
    held = f'<img src="data:image/png;base64,{base64.b64encode(large).decode()}">'
    mail = of(f"<p>See:</p>{held}{held}<p>It is torn.</p>")
    assert mail.text == "See:\n\nIt is torn."
    [picture] = mail.attachments
    assert (picture.content_type, picture.data, picture.inline) == ("image/png", large, True)
    assert mail.html.count(f'src="cid:{picture.content_id}"') == 2
    assert "data:" not in mail.html


def test_a_file_written_into_the_text_is_a_file() -> None:
    data = bytes(range(100))
    lines = b"".join(binascii.b2a_uu(data[start : start + 45]) for start in range(0, 100, 45)).decode()
    mail = parse(letter(f"See:\n\nbegin 644 scan.bin\n{lines}`\nend\n\nThanks"))
    assert [(each.name, each.data) for each in mail.attachments] == [("scan.bin", data)]
    assert mail.text == "See:\n\n\n\nThanks"
    story = "begin 644 words\nand the\nend"
    assert parse(letter(story)).text == story


def test_what_calls_itself_a_picture_and_is_none_is_no_file() -> None:
    assert of('<p>See</p><img src="data:image/png;base64,PHN2Zz4=">').attachments == ()


def test_a_link_within_the_writers_own_program_is_not_shown() -> None:
    assert of('<a href="/compose?To=a@b.example">Ask</a>').text == "Ask"


def test_a_mail_that_only_carries_another_says_what_that_says() -> None:
    outer = EmailMessage(policy=SMTP)
    outer["From"], outer["Subject"] = "dace@customer.example", "Fwd: Order 7"
    inner = EmailMessage(policy=SMTP)
    inner["From"], inner["Subject"] = "Shop <shop@x.example>", "Rēķins"
    inner.set_content("12 EUR")
    outer.make_mixed()
    outer.add_attachment(inner)
    mail = parse(outer.as_bytes())
    assert mail.text == "From: Shop <shop@x.example>\nSubject: Rēķins\n\n12 EUR"
    assert [each.content_type for each in mail.attachments] == ["message/rfc822"]


def test_an_invitation_without_words_says_what_and_when() -> None:
    raw = (
        "From: a@b.example\r\nContent-Type: text/calendar; method=REQUEST\r\n\r\nBEGIN:VCALENDAR\r\nBEGIN:VTIMEZONE\r\n"
        'DTSTART:19700101T000000\r\nEND:VTIMEZONE\r\nBEGIN:VEVENT\r\nDTSTART;TZID="Europe/Riga":20261201T100000\r\n'
        "SUMMARY;LANGUAGE=en:Call\\, at\r\n  last\r\nLOCATION:Riga\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )
    assert parse(raw.encode()).text == "Call, at last\n2026-12-01 10:00 Europe/Riga\nRiga"


def test_what_is_written_for_other_programs_is_no_file() -> None:
    raw = (
        b"From: a@b.example\r\nContent-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\n\r\nWords\r\n"
        b"--b\r\nContent-Type: text/x-amp-html\r\n\r\n<html amp4email></html>\r\n--b--\r\n"
    )
    assert (parse(raw).text, parse(raw).attachments) == ("Words", ())


@pytest.mark.parametrize(
    ("headers", "address"),
    [
        ("From: Form <>\r\nReply-To: Anna <anna@x.example>\r\n", "anna@x.example"),
        ('From: "Anna" </O=ORG/CN=ANNA>\r\nReply-To: anna@x.example\r\n', "anna@x.example"),
        ("Sender: anna@x.example\r\n", "anna@x.example"),
        ("From: Form <form@y.example>\r\nReply-To: anna@x.example\r\n", "form@y.example"),
    ],
)
def test_a_sender_without_an_address_is_who_wants_the_answer(headers: str, address: str) -> None:
    sender = parse(f"{headers}Subject: x\r\n\r\nHello\r\n".encode()).sender
    assert sender is not None
    assert sender.address == address


@pytest.mark.parametrize(
    ("text", "written_as", "called"),
    [
        (LATVIAN, "cp1257", "iso-8859-1"),
        (LATVIAN, "cp1257", "windows-1252"),
        (RUSSIAN, "cp1251", "koi8-r"),
        (RUSSIAN, "koi8-r", "windows-1251"),
        ("СРОЧНО! ГДЕ МОЙ ЗАКАЗ", "cp1251", "windows-1251"),
        ("спасибо", "koi8-r", "koi8-r"),
        ("Où est le colis, ça fait déjà une semaine, il paraît qu'il est bloqué", "cp1252", "iso-8859-1"),
        ("La spedizione è in ritardo, perciò così non va, però", "cp1252", "iso-8859-1"),
        ("Þetta er íslenska, hvar er pöntunin mín, ég bíð", "cp1252", "iso-8859-1"),
    ],
)
def test_a_wrong_charset_is_seen_and_a_right_one_believed(text: str, written_as: str, called: str) -> None:
    plain = letter("@").replace(b'charset="utf-8"', f'charset="{called}"'.encode())
    mail = parse(plain.replace(b"7bit", b"8bit").replace(b"\r\n\r\n@", b"\r\n\r\n" + text.encode(written_as)))
    assert mail.text.strip() == text


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ('multipart/encrypted; protocol="application/pgp-encrypted"; boundary=b', True),
        ("application/pkcs7-mime; smime-type=enveloped-data", True),
        ("application/pkcs7-mime; smime-type=signed-data", False),
    ],
)
def test_what_is_encrypted_says_so(cast: Cast, kind: str, words: bool) -> None:
    body = "--b\r\nContent-Type: a/b\r\n\r\nx\r\n--b--\r\n"
    raw = f"From: dace@customer.example\r\nTo: {SUPPORT}\r\nContent-Type: {kind}\r\n\r\n{body}"
    message = arrive(raw.encode()).message
    assert message is not None
    assert message.text == ("[The message is encrypted. Ask for it without encryption.]" if words else "")
