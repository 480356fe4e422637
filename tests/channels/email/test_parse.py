"""Mails of every kind are read: one small file for each case."""

import time
from datetime import UTC, datetime
from email import message_from_bytes

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from answerable.channels.email.message import ParsedMail, Unparseable
from answerable.channels.email.parse import MAX_SIZE, parse
from tests.channels.email.mutations import MAILS, SHARED, mutations, seeds


def read(name: str) -> ParsedMail:
    return parse((MAILS / f"{name}.eml").read_bytes())


@pytest.mark.parametrize(
    ("name", "subject", "sender", "text"),
    [
        ("latvian_windows_1257", "Atb: Rēķins Nr. 7 — jautājums", "Žanete Šķēle",
         "Labdien! Kāpēc rēķinā ir divas maksas? Lūdzu, atbildiet līdz piektdienai. Žanete Šķēle"),
        ("kazakh_kz1048", "Жауап: Тапсырыс", "Әсел",
         "Сәлеметсіз бе! Тапсырысым әлі келген жоқ. Ақшаны қайтару мүмкін бе? Рахмет, Әсел"),
        ("russian_koi8_r", "Заказ", "Иван Петров",
         "Здравствуйте! Когда придёт мой заказ? Прошу ответить сегодня. Иван Петров"),
        ("russian_windows_1251_labelled_latin_1", "Вопрос", "Nino Beridze",
         "Здравствуйте! Когда придёт мой заказ? Прошу ответить сегодня. Иван Петров"),
        ("russian_windows_1251_unlabelled", "Zakaz", "Nino Beridze",
         "Здравствуйте! Когда придёт мой заказ? Прошу ответить сегодня. Иван Петров"),
        ("georgian_utf_8", "პასუხი: აბონემენტი", "ნინო ბერიძე",
         "გამარჯობა! აბონემენტი ვერ გავააქტიურე. გთხოვთ, დამეხმაროთ. ნინო"),
        ("georgian_utf_8_labelled_us_ascii", "აბონემენტი", "Nino Beridze",
         "გამარჯობა! აბონემენტი ვერ გავააქტიურე. გთხოვთ, დამეხმაროთ. ნინო"),
        ("split_letters", "აბონემენტი გააქტიურება", "Nino Beridze", "text"),
        ("unknown_charset", "Café", "Nino Beridze", "Café"),
        ("rot13_charset", "Uryyb", "Nino Beridze", "Uryyb"),
        ("utf_7", "Café", "Nino Beridze", "Café \ufffd"),
        ("iso_2022_jp", "お問い合わせ", "Nino Beridze", "ご注文はまだ届きません。"),
        ("bare_newlines", "Bare", "Nino Beridze", "line one\nline two"),
        ("flowed", "Flowed", "Nino Beridze",
         ("The parcel came today, but the box was open.\n\n> You wrote a long line.\n>> deeper\n\n"
         "From stuffed\n-- \nAnna")),
        ("flowed_delsp", "Flowed", "Nino Beridze", "お問い合わせ"),
        ("html_only", "HTML", "Nino Beridze",
         ("Hello\n\nMy order 7\nis late & cold.\n\n- tea\n- milk\n\n> You wrote\n\n"
         "this page <https://example.com/a>\na b")),
    ],
)  # fmt: skip
def test_charsets_and_texts(name: str, subject: str, sender: str, text: str) -> None:
    mail = read(name)
    assert mail.subject == subject
    assert mail.sender is not None
    assert mail.sender.name == sender
    assert mail.text == text


def test_headers_of_an_ordinary_mail() -> None:
    mail = read("latvian_windows_1257")
    assert mail.message_id == "1@example.ge"
    assert mail.date == datetime(2026, 3, 2, 6, 15, tzinfo=UTC)
    assert mail.to[0].address == "support@answerable.example"
    assert mail.defects == ()
    assert mail.header("Subject") == mail.subject


def test_broken_bytes_are_storable() -> None:
    mail = read("nul_bytes")
    assert mail.subject == "AB"
    assert mail.text.startswith("beforeafter ")
    assert storable(mail)


def test_picture_in_the_text_and_a_file_named_by_rfc_2231() -> None:
    mail = read("inline_image")
    assert mail.text == "See the picture."
    assert '<img src="cid:logo@example"' in mail.html
    assert mail.inline_images["logo@example"].displayable
    logo, receipt = mail.attachments
    assert (logo.name, logo.content_type, logo.inline) == ("logo.png", "image/png", True)
    assert (receipt.name, receipt.content_type, receipt.inline) == ("Шот №7.pdf", "application/pdf", False)
    assert receipt.data == b"%PDF-1.4 tiny"


def test_names_are_made_safe_and_types_are_proved() -> None:
    named = {each.name: each.content_type for each in read("broken_names").attachments}
    assert named == {
        "Rēķins.xlsx": "application/octet-stream",
        "system.ini": "application/octet-stream",
        "photo_gnp.exe": "application/octet-stream",  # It said image/png, and its name was written backwards.
        "ქვითარი.txt": "application/octet-stream",
        "attachment-5.txt": "message/delivery-status",
    }


def test_winmail_is_unpacked() -> None:
    mail = read("winmail")
    assert mail.text == "Piedāvājums pielikumā."
    assert mail.html == "<p>Piedāvājums</p>"
    assert [(each.name, each.data) for each in mail.attachments] == [
        ("Piedāvājums 2026.pdf", b"%PDF-1.4 offer"),
        ("Ķirsis.txt", b"cherry"),
    ]


def test_an_attached_mail_is_kept_byte_for_byte() -> None:
    (attached,) = read("attached_mail").attachments
    assert attached.name.endswith(".eml")
    assert attached.data == b"From: customer@example.org\r\nSubject: Complaint\r\n\r\nIt leaks."


def test_invitation() -> None:
    mail = read("invitation")
    assert mail.text == "You are invited."
    assert mail.calendars[0].startswith("BEGIN:VCALENDAR\nMETHOD:REQUEST")


def test_addresses() -> None:
    mail = read("addresses")
    assert mail.sender is not None
    assert (mail.sender.name, mail.sender.address) == ("Doe, Jane", "JANE@example.com")
    assert [each.address for each in mail.to] == ["a@example.com", "b@example.com", "c@example.com"]
    assert [each.name for each in mail.cc] == ["Dee", "Kārlis, SIA"]
    assert mail.reply_to[0].address == "f@example.com"
    assert mail.delivered_to == ("support+c1@answerable.example",)
    assert mail.return_path == "bounce@example.com"


def test_references_drop_empty_ids_and_keep_their_order() -> None:
    mail = read("references")
    assert mail.in_reply_to == ()
    assert mail.references == ("a@example.com", "b@example.com", "c@example.com", "d@example.com")
    assert mail.thread_ids[0] == "d@example.com"


def test_an_empty_message_id_is_none_and_a_nonsense_date_is_flagged() -> None:
    mail = read("empty_message_id")
    assert mail.message_id is None
    assert mail.date is None
    assert "date unreadable" in mail.defects


def test_a_date_ahead_of_its_arrival_is_nonsense() -> None:
    raw = (MAILS / "bare_newlines.eml").read_bytes()
    assert parse(raw, received_at=datetime(2026, 3, 2, tzinfo=UTC)).date is not None
    early = parse(raw, received_at=datetime(2026, 2, 1, tzinfo=UTC))
    assert early.date is None
    assert "date nonsense" in early.defects


def test_facts_about_machines() -> None:
    facts = read("vacation").automatic
    assert facts.auto_submitted == "auto-replied"
    assert facts.autoreply_headers == ("x-autoreply",)
    assert facts.precedence == "bulk"
    assert facts.suppress == "all"
    assert facts.empty_return_path
    assert read("newsletter").automatic.list_id == "Shop news <news.shop.example>"
    assert read("spam").automatic.spam_flag
    assert read("spam").automatic.spam_score == pytest.approx(12.3)


def test_a_multipart_that_was_cut_off_keeps_what_arrived() -> None:
    mail = read("unclosed")
    assert mail.text == "first"
    assert mail.attachments[0].data == b"\x00\x01\x02"
    assert mail.defects == ("multipart without its closing line",)


@pytest.mark.parametrize("raw", [b"", b"\r\n\r\n", b"no header at all\r\n\r\nx", b"x: y\r\n" + b"a" * MAX_SIZE])
def test_unparseable_says_why(raw: bytes) -> None:
    with pytest.raises(Unparseable, match=r"the message (is|has)"):
        parse(raw)


def test_nesting_and_parts_are_limited() -> None:
    deep = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(5_000))
    assert "nested deeper than 20" in parse(b"Subject: deep\r\n" + deep).defects
    many = b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + b"--b\r\n\r\nx\r\n" * 5_000 + b"--b--\r\n"
    assert "more than 500 parts" in parse(many).defects


def test_many_parts_are_read_no_further_than_one() -> None:
    """A hundred of half a megabyte took minutes of intake, and made a page of 50 MB of the conversation."""
    words = b"--b\r\nContent-Type: text/plain\r\n\r\n" + b"word \r\n" * 30_000
    page = b"--b\r\nContent-Type: text/html\r\n\r\n" + b"<b>x</b> word &amp; <br>" * 10_000 + b"\r\n"
    raw = b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + (words + page) * 30 + b"--b--\r\n"
    began = time.process_time()
    mail = parse(raw)
    assert time.process_time() - began < 4
    assert len(mail.text) < 2_100_000
    assert len(mail.html) < 2_500_000
    assert set(mail.defects) >= {"body cut at 1000000 characters"}


@pytest.mark.parametrize(
    "raw",
    [
        b"From: " + b"a" * 3_000_000 + b"\r\n\r\nx",
        b"To: " + b"a@b.example, " * 300_000 + b"\r\n\r\nx",
        b'To: "' + b'\\"' * 500_000 + b"\r\n\r\nx",
        b"To: " + b'(a "b <c ' * 100_000 + b"\r\n\r\nx",
        b"Subject: " + b"=?utf-8?B?" * 100_000 + b"\r\n\r\nx",
        b"Subject: x\r\n" + b" a\r\n" * 250_000 + b"\r\nx",
        b"References: " + b"<a@b> <" * 200_000 + b"\r\n\r\nx",
        b"Content-Type: text/plain; " + b'a="' * 300_000 + b"\r\n\r\nx",
        b"Content-Type: text/plain; format=flowed\r\n\r\n" + b"a \r\n" * 500_000,
        b"Content-Type: text/html\r\n\r\n" + b"<div>" * 500_000,
        b"Content-Type: text/html\r\n\r\n" + b"<" * 1_000_000,
        b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + b"--b\r\n" * 500_000,
    ],
    ids=lambda raw: raw[:60].decode(),
)
def test_hostile_mail_takes_no_time(raw: bytes) -> None:
    began = time.perf_counter()
    survives(raw)
    assert time.perf_counter() - began < 5


@pytest.mark.shared
@pytest.mark.skipif(not SHARED.exists(), reason="../shared/data/mail is not here")
def test_the_parts_are_those_of_the_standard_library() -> None:
    """On well-formed real mail both see the same leaves; ours only keeps them byte for byte."""
    from answerable.channels.email.mime import Part, split

    def leaves(part: Part) -> list[str]:
        return [kind for child in part.children for kind in leaves(child)] if part.children else [part.type]

    compared = 0
    for path in sorted(SHARED.glob("flufl_bounce/data/*.txt")):
        raw = path.read_bytes()
        theirs = message_from_bytes(raw)
        if any(part.defects for part in theirs.walk()) or b"message/" in raw.lower():
            continue
        defects: list[str] = []
        ours = split(raw, defects)
        assert leaves(ours) == [part.get_content_type() for part in theirs.walk() if not part.is_multipart()], path
        compared += 1
    assert compared > 50


def storable(mail: ParsedMail) -> bool:
    """True when PostgreSQL takes every text of the mail."""
    texts = [mail.subject, mail.text, mail.html, *mail.references, *mail.in_reply_to, *mail.delivered_to,
             *mail.calendars,
             *mail.defects, mail.message_id or "", mail.return_path or "", mail.automatic.list_id,
             mail.automatic.precedence,
             mail.automatic.auto_submitted, mail.automatic.report_type, mail.automatic.suppress]  # fmt: skip
    for each in (*mail.to, *mail.cc, *mail.reply_to, *([mail.sender] if mail.sender else [])):
        texts += [each.name, each.address]
    for attachment in mail.attachments:
        texts += [attachment.name, attachment.content_type, attachment.content_id or ""]
    return all("\x00" not in text and text.encode("utf-8", "strict") is not None for text in texts)


def survives(raw: bytes) -> bool:
    """True when the mail was read, False when it was refused for a reason we foresaw; anything else fails."""
    try:
        mail = parse(raw)
    except Unparseable as error:
        if str(error).startswith("unexpected"):
            raise
        return False
    assert storable(mail)
    return True


@settings(deadline=None)
@given(st.binary(max_size=2_000))
def test_any_bytes(raw: bytes) -> None:
    survives(raw)


@pytest.mark.shared
@pytest.mark.slow
@pytest.mark.skipif(not SHARED.exists(), reason="../shared/data/mail is not here")
def test_ten_thousand_mutations_of_real_mail() -> None:
    originals = seeds()
    assert len(originals) > 164
    read_count = sum(survives(raw) for raw in mutations(originals, 10_000, seed=2026))
    assert read_count > 9_500


@pytest.mark.parametrize("name", ['"support@example.com"', "=?utf-8?q?support=40example=2Ecom?=", "'anna@x.example'"])
def test_an_address_is_nobodys_name(name: str) -> None:
    sender = parse(f"From: {name} <anna@x.example>\r\n\r\nHello\r\n".encode()).sender
    assert sender is not None
    assert (sender.name, sender.address) == ("", "anna@x.example")
