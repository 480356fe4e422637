"""Broken mail in quantity: mutations of real messages, the same ones each time."""

import random
from collections.abc import Iterator
from pathlib import Path

MAILS = Path(__file__).parent / "mails"
SHARED = Path(__file__).parents[4] / "shared/data/mail"

TOKENS = [
    b"\r\n", b"\n", b"\r", b"\r\n\r\n", b"\x00", b"\xff\xfe", b"\xed\xa0\x80", b"--", b"=?", b"?=",
    b"=?utf-8?B?", b"=?x?Q?=ZZ?=",
    b"Content-Type: multipart/mixed; boundary=\r\n", b"Content-Type: multipart/mixed; boundary=b\r\n",
    b"charset=rot13",
    b"charset=utf-16", b"charset=utf-7", b"charset=idna", b"charset=undefined", b"charset=\x00",
    b"; filename*0*=''%", b"; name*999=x",
    b"Content-Transfer-Encoding: x-uuencode\r\n", b"Content-Transfer-Encoding: base64\r\n",
    b"format=flowed; delsp=yes",
    b"Content-Type: text/html\r\n", b"<", b">", b"<!--", b"<![CDATA[", b"&#xD800;", b"&#0;", b"(", b'"',
    b"\\", b",", b";", b":",
    b"Date: Mon, 99 Feb 99999 99:99:99 +9999\r\n", b"Message-ID: <>\r\n", b"From: \r\n",
    b"\x78\x9f\x3e\x22", b"application/ms-tnef",
    b"X-Spam-Score: 99e999\r\n", b"multipart/report; report-type=delivery-status", b"\x1b$B", b"+2D0-",
]  # fmt: skip


def seeds() -> list[bytes]:
    """The real messages, and our own."""
    shared = [*SHARED.glob("cpython_test_email/msg_*.txt"), *SHARED.glob("flufl_bounce/data/*.txt")]
    return [path.read_bytes() for path in (*sorted(shared), *sorted(MAILS.glob("*.eml")))]


def mutations(originals: list[bytes], count: int, seed: int) -> Iterator[bytes]:
    """`count` mutated messages, each with one to eight changes."""
    chance = random.Random(seed)
    for _ in range(count):
        data = bytearray(chance.choice(originals))
        for _ in range(chance.randint(1, 8)):
            _change(data, chance, originals)
        yield bytes(data)


def _change(data: bytearray, chance: random.Random, originals: list[bytes]) -> None:
    start = chance.randrange(len(data) + 1)
    end = min(len(data), start + chance.choice((1, 1, 4, 40, 400)))
    match chance.randrange(7):
        case 0:
            data[start:end] = chance.randbytes(end - start)
        case 1:
            del data[start:end]
        case 2:
            data[start:start] = data[start:end] * chance.choice((1, 2, 30))
        case 3:
            other = chance.choice(originals)
            begin = chance.randrange(len(other))
            data[start:end] = other[begin : begin + 400]
        case 4:
            data[start:end] = bytes(byte ^ 0x80 for byte in data[start:end])
        case 5:
            head = data.find(b"\n\n") if b"\n\n" in data else data.find(b"\r\n\r\n")
            place = chance.randrange(max(head, 1)) if head > 0 else start
            data[place:place] = chance.choice(TOKENS)
        case _:
            data[start:start] = chance.choice(TOKENS)
