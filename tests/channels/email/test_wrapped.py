"""Words inside something else: signatures, encryption, Outlook's winmail.dat, invitations."""

import base64
import struct
import time
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.hazmat.primitives.serialization.pkcs7 import PKCS7Options, PKCS7SignatureBuilder
from cryptography.x509.oid import NameOID

from answerable.channels.email.message import ParsedMail
from answerable.channels.email.parse import parse
from answerable.channels.email.smime import signed_content
from answerable.desk.models import Message
from tests.cast import Cast
from tests.channels.email.letters import arrive

SEALED = "[The message is encrypted. Ask for it without encryption.]"
INNER = (
    b"Content-Type: multipart/mixed; boundary=i\r\n\r\n--i\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"
    + "Kur ir mans rēķins?\r\n".encode()
    + b"--i\r\nContent-Type: application/pdf; name=a.pdf\r\n\r\n%PDF-1.7\r\n--i--\r\n"
)
P7M = 'application/pkcs7-mime; {kind}name="smime.p7m"'


def signed(content: bytes) -> bytes:
    """CMS as a mail program makes it, the words inside."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Dace")])
    now = datetime(2026, 1, 1, tzinfo=UTC)
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(1).not_valid_before(now).not_valid_after(now + timedelta(days=900))
    certificate = builder.sign(key, SHA256())
    signer = PKCS7SignatureBuilder().set_data(content).add_signer(certificate, key, SHA256())
    return signer.sign(Encoding.DER, [PKCS7Options.Binary])


def in_pieces(content: bytes) -> bytes:
    """The same as streaming programs write it: lengths unknown, the words cut into pieces (X.690, 8.1.3.6, 8.7.3)."""
    kind, data = (bytes.fromhex(each) for each in ("06092a864886f70d010702", "06092a864886f70d010701"))
    pieces = b"".join(b"\x04\x82" + struct.pack(">H", len(piece)) + piece for piece in (content[:70], content[70:]))
    held = b"\x30\x80" + data + b"\xa0\x80\x24\x80" + pieces + b"\0\0" * 3
    return b"\x30\x80" + kind + b"\xa0\x80\x30\x80\x02\x01\x01\x31\x00" + held + b"\x31\x00" + b"\0\0" * 3


def mail(content_type: str, body: bytes, encoding: str = "base64") -> bytes:
    headers = (
        f"From: dace@customer.example\r\nTo: support@example.com\r\nSubject: Pasts\r\nContent-Type: {content_type}"
    )
    head = f"{headers}\r\nContent-Transfer-Encoding: {encoding}\r\nMIME-Version: 1.0\r\n\r\n"
    return head.encode() + (base64.encodebytes(body) if encoding == "base64" else body)


def arrived(raw: bytes) -> Message:
    message = arrive(raw).message
    assert message is not None
    return message


@pytest.mark.parametrize("wrap", [signed, in_pieces])
@pytest.mark.parametrize("kind", ["smime-type=signed-data; ", ""])
def test_what_is_signed_in_the_opaque_way_is_read(cast: Cast, wrap: object, kind: str) -> None:
    message = arrived(mail(P7M.format(kind=kind), wrap(INNER)))  # type: ignore[operator]
    assert message.text == "Kur ir mans rēķins?"
    assert [each.name for each in message.attachments.all()] == ["a.pdf"]


def test_a_signature_around_a_signature_is_opened_but_not_without_end() -> None:
    raw = INNER
    for _each in range(5):
        raw = f"Content-Type: {P7M.format(kind='')}\r\nContent-Transfer-Encoding: binary\r\n\r\n".encode() + in_pieces(
            raw
        )
    head = b"From: a@x.example\r\nMIME-Version: 1.0\r\n"
    once = parse(head + INNER)
    assert (once.text, [each.name for each in parse(head + raw).attachments]) == ("Kur ir mans rēķins?", ["smime.p7m"])


def test_what_is_cut_or_no_signature_stays_a_file() -> None:
    whole = signed(INNER)
    assert signed_content(whole) == INNER
    assert all(signed_content(whole[:length]) is None for length in range(0, len(whole), 7))
    assert signed_content(b"\x30\x80" * 5000) is None
    assert signed_content(b"%PDF-1.7") is None


@pytest.mark.parametrize(
    "hostile", [b"\x30\x80" + b"\x05\x00" * 5_000_000, b"\x30\x80" * 5_000_000, b"\x24\x80\x04\x00" * 90]
)
def test_hostile_signatures_take_no_time(hostile: bytes) -> None:
    began = time.thread_time()
    assert signed_content(hostile) is None
    assert time.thread_time() - began < 2


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (mail(P7M.format(kind="smime-type=enveloped-data; "), b"\x30\x80\x06\x09"), SEALED),
        (
            mail(
                "multipart/mixed; boundary=b",
                b"--b\r\n\r\nChecked for viruses.\r\n--b\r\nContent-Type: application/octet-stream; name=smime.p7m"
                b"\r\n\r\n0\x80\r\n--b--\r\n",
                "8bit",
            ),
            f"Checked for viruses.\n\n{SEALED}",
        ),
        (mail("text/plain", b"-----BEGIN PGP MESSAGE-----\r\n\r\nhQEMA\r\n", "7bit"),
         f"-----BEGIN PGP MESSAGE-----\n\nhQEMA\n\n{SEALED}"),
    ],
)  # fmt: skip
def test_what_is_encrypted_says_so(cast: Cast, raw: bytes, text: str) -> None:
    assert arrived(raw).text == text


def test_outlooks_own_format_is_read(cast: Cast) -> None:
    """An answer that is a winmail.dat alone, with a file whose short name is not its name."""
    message = arrived(mail("application/ms-tnef; name=winmail.dat", winmail()))
    assert (message.text, message.html) == ("Kur ir mans\npasūtījums?", "<p>Kur ir mans pasūtījums?</p>")
    assert [(each.name, bytes(each.file.content)) for each in message.attachments.all()] == [
        ("Rēķins 2026.pdf", b"%PDF-1.7 tnef")
    ]


@pytest.mark.parametrize("subject", ["Declined: Call about the order", "Atteikts: Call about the order"])
def test_an_answer_to_an_invitation_says_which(subject: str) -> None:
    calendar = "BEGIN:VCALENDAR\r\nMETHOD:REPLY\r\nBEGIN:VEVENT\r\nSUMMARY:Call about the order\r\n"
    calendar += "DTSTART:20261130T100000Z\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    assert read(subject, calendar).text == f"{subject}\n2026-11-30 10:00 UTC"
    assert read("Re: 7", calendar).text == "Call about the order\n2026-11-30 10:00 UTC"


def read(subject: str, calendar: str) -> ParsedMail:
    head = f"From: a@x.example\r\nSubject: {subject}\r\nContent-Type: text/calendar; method=REPLY\r\n\r\n"
    return parse((head + calendar).encode())


def winmail() -> bytes:
    """A stream as Outlook writes it (MS-OXTNEF): code page, bodies in Unicode and HTML, one file."""

    def attribute(level: int, identifier: int, data: bytes) -> bytes:
        return struct.pack("<BII", level, identifier, len(data)) + data + struct.pack("<H", sum(data) & 0xFFFF)

    def property_(kind: int, identifier: int, value: bytes) -> bytes:
        return struct.pack("<HHII", kind, identifier, 1, len(value)) + value + b"\0" * (-len(value) % 4)

    text = "Kur ir mans\r\npasūtījums?\0".encode("utf-16-le")
    html = "<p>Kur ir mans pasūtījums?</p>".encode()
    name = "Rēķins 2026.pdf\0".encode("utf-16-le")
    stream = struct.pack("<IH", 0x223E9F78, 1) + attribute(1, 0x00089006, struct.pack("<I", 0x10000))
    stream += attribute(1, 0x00069007, struct.pack("<II", 65001, 0))
    bodies = property_(0x001F, 0x1000, text) + property_(0x0102, 0x1013, html)
    stream += attribute(1, 0x00069003, struct.pack("<I", 2) + bodies)
    stream += attribute(2, 0x00069002, bytes(14)) + attribute(2, 0x00018010, b"RKINS~1.PDF\0")
    stream += attribute(2, 0x0006800F, b"%PDF-1.7 tnef")
    return stream + attribute(2, 0x00069005, struct.pack("<I", 1) + property_(0x001F, 0x3707, name))
