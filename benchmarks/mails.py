"""Mail as it comes: seven kinds of MIME, four kilobytes on average, with replies and redeliveries, by seed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from textwrap import fill

from numpy.random import Generator, default_rng

from benchmarks.company.founding import LANGUAGE_SHARES
from benchmarks.company.vocabulary import LANGUAGES, vocabulary

KINDS = 7
LEGACY = {"lv": "windows-1257", "ru": "koi8-r", "en": "iso-8859-1"}
"""Charsets still met; the other languages come in UTF-8."""


@dataclass(frozen=True)
class Mail:
    """`words` must stand in the message whole; `files` are SHA-256 of what is attached."""

    raw: bytes
    sender: str
    recipient: str
    message_id: str
    words: str
    files: frozenset[str]
    answers: str = ""
    is_redelivery: bool = False


def mix(count: int, recipients: list[str], seed: int) -> list[Mail]:
    """`count` mails: those that open a conversation, then a third that answer one, then one in twenty-five again."""
    rng = default_rng([seed, 4])
    repeated = max(1, count // 25)
    answers = count // 3
    opening = [_mail(rng, f"{seed}-{n}", n, recipients) for n in range(count - answers - repeated)]
    following = [_mail(rng, f"{seed}-r{n}", n, recipients, opening[n % len(opening)]) for n in range(answers)]
    again = [replace(opening[int(n)], is_redelivery=True) for n in rng.permutation(len(opening))[:repeated]]
    return [*opening, *following, *again]


def _mail(rng: Generator, name: str, number: int, recipients: list[str], answered: Mail | None = None) -> Mail:
    language = LANGUAGES[rng.choice(len(LANGUAGES), p=LANGUAGE_SHARES)]
    words = list(_paragraphs(rng, language))
    text = "\n\n".join(words)
    sender = answered.sender if answered else f"writer-{name}@customers.example"
    recipient = answered.recipient if answered else recipients[number % len(recipients)]
    message = EmailMessage(policy=SMTP)
    message["Received"] = f"from mail.customers.example by mx.bench.example; {format_datetime(datetime.now(UTC))}"
    message["From"] = f"Writer {name} <{sender}>"
    message["To"] = recipient
    message["Subject"] = ("Re: " if answered else "") + words[0][:60].replace("\n", " ")
    message["Date"] = format_datetime(datetime.now(UTC))
    message["Message-ID"] = identifier = f"<bench-{name}@customers.example>"
    if answered:
        message["In-Reply-To"] = message["References"] = f"<{answered.message_id}>"
    files = _fill(message, rng, number % KINDS, text, language)
    return Mail(
        message.as_bytes(),
        sender,
        recipient,
        identifier.strip("<>"),
        " ".join(text.split()),
        frozenset(hashlib.sha256(file).hexdigest() for file in files),
        answered.message_id if answered else "",
    )


def _paragraphs(rng: Generator, language: str) -> Iterator[str]:
    """Log-normal lengths: 90 words in the median, some thousands of bytes."""
    spoken = vocabulary(language)
    for _ in range(3):
        ranks = spoken.draw(rng, int(min(2000, max(5, rng.lognormal(3.4, 0.8)))))
        yield fill(" ".join(spoken.words[rank] for rank in ranks), 72)


def _fill(message: EmailMessage, rng: Generator, kind: int, text: str, language: str) -> list[bytes]:
    """The body of a kind; what is attached to it."""
    html = "<html><body>" + "".join(f"<p>{part}</p>" for part in text.split("\n\n")) + "</body></html>"
    if kind == 0:
        message.set_content(text, cte="8bit")
    elif kind == 1:
        message.set_content(text, charset=LEGACY.get(language, "utf-8"), cte="quoted-printable")
    elif kind == 2:
        message.set_content(text, cte="base64")
    elif kind == 3:
        message.set_content(text)
        message.add_alternative(html, subtype="html")
    elif kind == 4:
        document = b"%PDF-1.4\n" + rng.bytes(3000)
        message.set_content(text)
        message.add_attachment(document, maintype="application", subtype="pdf", filename="receipt.pdf")
        return [document]
    elif kind == 5:
        picture = b"\x89PNG\r\n\x1a\n" + rng.bytes(2000)
        message.set_content(text)
        message.add_alternative(html.replace("</body>", '<img src="cid:logo@bench"></body>'), subtype="html")
        parts = message.get_payload()
        parts[1].add_related(picture, maintype="image", subtype="png", cid="<logo@bench>", filename="logo.png")  # type: ignore[union-attr,index]
        return [picture]
    else:
        message.set_content(html, subtype="html")
    return []
