"""The chain of rules decides on every mail: the worked example of docs/mail.md, and the edges."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from answerable.channels.email.addressing import Signer
from answerable.channels.email.message import ParsedMail
from answerable.channels.email.parse import parse
from answerable.channels.email.rules import CHAIN, Verdict, judge

SIGNER = Signer(b"a key of thirty-two bytes, no less", "answerable.example")
DOCUMENT = Path(__file__).parents[3] / "docs/mail.md"


@dataclass
class World:
    """What the rules ask for, in memory: one conversation, 42, of Anna's, and what arrived before."""

    raw: bytes
    recipients: Sequence[str] = ()
    signer: Signer = SIGNER
    instance: str = "answerable.example"
    spam_threshold: float | None = 8.0
    seen: set[str] = field(default_factory=set)
    known: dict[str, int] = field(default_factory=lambda: {"first@example.org": 42})
    people: dict[int, list[str]] = field(default_factory=lambda: {42: ["anna@example.org"]})
    beside: dict[int, int] = field(default_factory=dict)

    def is_duplicate(self, mail: ParsedMail) -> bool:
        return mail.fingerprint in self.seen

    def find_conversation(self, message_ids: Sequence[str]) -> int | None:
        return next((self.known[each] for each in message_ids if each in self.known), None)

    def participants(self, conversation: int) -> Collection[str] | None:
        return self.people.get(conversation)

    def stands_beside(self, conversation: int) -> int | None:
        return self.beside.get(conversation)

    def asides(self, conversation: int) -> Sequence[int]:
        return [each for each, about in self.beside.items() if about == conversation]


def mail(headers: str = "", sender: str = "anna@example.org", body: str = "Hello") -> bytes:
    return f"From: {sender}\nSubject: Order 7\nMessage-ID: <new@example.org>\n{headers}\n{body}\n".encode()


def verdict(raw: bytes, **world: object) -> Verdict:
    return judge(parse(raw), World(raw, **world))  # type: ignore[arg-type]


OURS = SIGNER.message_id(42, 107)


@pytest.mark.parametrize(
    ("raw", "outcome", "conversation"),
    [
        (mail(), "opened", None),
        (mail("References: <first@example.org> <other@example.org>\n"), "appended", 42),
        (mail(f"In-Reply-To: <{OURS}>\n"), "appended", 42),
        (mail(f"In-Reply-To: <{OURS}>\n", sender="charlie@example.org"), "appended", 42),
        (mail("In-Reply-To: <first@example.org>\n", sender="charlie@example.org"), "opened", None),
        (mail(f"To: {SIGNER.reply_address('support@example.com', 42)}\n"), "appended", 42),
        (mail("In-Reply-To: <>\nReferences: <>\n"), "opened", None),
        (mail(f"In-Reply-To: <{SIGNER.message_id(43, 1)}>\n"), "opened", None),  # There is no such conversation.
        (mail(f"In-Reply-To: <{OURS}>\nAuto-Submitted: auto-replied\n"), "auto-reply", 42),
        (mail("Auto-Submitted: auto-replied\n"), "auto-reply", None),
        (mail("Auto-Submitted: auto-generated\n"), "opened", None),
        (mail("List-Id: <l.example.org>\n"), "opened", None),
        (mail("X-Spam-Flag: YES\n"), "spam", None),
        (mail("X-Spam-Score: 8.0\n"), "spam", None),
        (mail("X-Spam-Score: 7.9\n"), "opened", None),
        (mail("X-Answerable-Instance: answerable.example\n"), "loop", None),
        (mail().replace(b"new@example.org", OURS.encode()), "loop", None),
        (b"Subject: nobody\n\nHello\n", "quarantined", None),
    ],
)
def test_outcomes(raw: bytes, outcome: str, conversation: int | None) -> None:
    found = verdict(raw)
    assert (found.outcome, found.conversation) == (outcome, conversation)
    assert found.reason


def test_a_stranger_who_refers_to_a_conversation_gets_one_of_his_own_with_a_link() -> None:
    found = verdict(mail("In-Reply-To: <first@example.org>\n", sender="charlie@example.org"))
    assert found.follow_up_of == 42


def test_a_redelivery_is_a_duplicate_whatever_the_servers_added() -> None:
    seen = {parse(mail()).fingerprint}
    again = b"Received: from b.example\nReceived: from a.example\n" + mail().replace(b"\n", b"\r\n")
    assert verdict(again, seen=seen).outcome == "duplicate"
    assert verdict(mail(body="Other words under the same Message-ID"), seen=seen).outcome == "opened"


def test_a_bounce_is_tied_to_the_message_that_failed() -> None:
    report = (
        "Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\n\nSorry\n--b\n"
        "Content-Type: message/delivery-status\n\nReporting-MTA: dns; x\n\nFinal-Recipient: rfc822; anna@example.org\n"
        f"Action: failed\nStatus: 5.1.1\n--b\nContent-Type: text/rfc822-headers\n\nMessage-ID: <{OURS}>\n--b--\n"
    )
    found = verdict(b"From: mailer-daemon@mx.example\nSubject: Undelivered\n" + report.encode())
    assert (found.outcome, found.conversation, found.message) == ("bounce", 42, 107)
    assert found.bounce is not None
    assert found.bounce.failures[0].address == "anna@example.org"


def test_machines_are_marked_so_that_nobody_acknowledges_them() -> None:
    assert not verdict(mail()).automatic
    assert not verdict(mail(f"In-Reply-To: <{OURS}>\n")).automatic
    assert verdict(mail("Precedence: list\n")).automatic
    assert verdict(mail(f"In-Reply-To: <{OURS}>\nList-Id: <l.example.org>\n")).automatic
    assert verdict(mail("Auto-Submitted: auto-replied\n")).automatic


def worked_example() -> list[tuple[str, str, bytes]]:
    """The messages printed in docs/mail.md, each under a line "Outcome: X, conversation Y"."""
    text = DOCUMENT.read_text(encoding="utf-8").replace("SIGNED-ID", OURS)
    found = []
    for block in text.split("```eml\n")[1:]:
        raw, _, after = block.partition("```")
        outcome, _, conversation = after.strip().splitlines()[0].removeprefix("Outcome: ").rstrip(".").partition(", ")
        found.append((outcome.strip("*"), conversation, raw.encode()))
    return found


def test_the_worked_example_of_the_documentation() -> None:
    examples = worked_example()
    assert len(examples) == 5
    for outcome, conversation, raw in examples:
        found = verdict(raw, seen=set())
        assert found.outcome == outcome
        assert conversation == (f"conversation {found.conversation}" if found.conversation else "")


def test_the_document_lists_the_rules_in_their_order() -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    chain = text[text.index("| 1 | ") :].split("\n\n")[0]
    rows = re.findall(r"^\| \d+ \| ([a-z-]+) \|", chain, re.MULTILINE)
    assert rows == [name for name, _ in CHAIN]
