"""Delivery reports by the standard, and by the customs before it."""

import time
from pathlib import Path

import pytest

from answerable.channels.email.bounce import Bounce, Failure, read_bounce
from answerable.channels.email.parse import parse
from tests.channels.email.mutations import MAILS, SHARED, mutations

REPORTS = SHARED / "flufl_bounce/data"
needs_reports = pytest.mark.skipif(not REPORTS.exists(), reason="../shared/data/mail is not here")

REPORT = b"""Return-Path: <>\r
From: MAILER-DAEMON@mx.example.org\r
To: bounces@answerable.example\r
Subject: Undelivered Mail Returned to Sender\r
Message-ID: <r1@mx.example.org>\r
MIME-Version: 1.0\r
Content-Type: multipart/report; report-type=delivery-status; boundary=b\r
\r
--b\r
\r
I'm sorry.\r
--b\r
Content-Type: message/delivery-status\r
\r
Reporting-MTA: dns; mx.example.org\r
\r
Final-Recipient: rfc822; anna@example.org\r
Action: %s\r
Status: %s\r
Diagnostic-Code: smtp; 550 5.1.1 User unknown\r
--b\r
Content-Type: text/rfc822-headers\r
\r
From: support@answerable.example\r
Message-ID: <c42.m107.abcd.efgh@answerable.example>\r
--b--\r
"""


def bounce_of(raw: bytes) -> Bounce | None:
    return read_bounce(raw, parse(raw))


def test_a_standard_report() -> None:
    assert bounce_of(REPORT % (b"failed", b"5.1.1")) == Bounce(
        (Failure("anna@example.org", True, "5.1.1", "550 5.1.1 User unknown"),), "c42.m107.abcd.efgh@answerable.example"
    )


def test_a_delay_is_temporary_and_a_delivery_is_no_failure() -> None:
    delayed = bounce_of(REPORT % (b"delayed", b"4.4.1"))
    assert delayed is not None
    assert not delayed.permanent
    assert delayed.words == "anna@example.org is delayed 4.4.1 550 5.1.1 User unknown"
    delivered = bounce_of(REPORT % (b"delivered", b"2.0.0"))
    assert delivered is not None
    assert delivered.failures == ()


def test_a_customer_who_forwards_a_report_is_no_bounce() -> None:
    raw = (
        b"From: anna@example.org\r\nSubject: Fwd: Undelivered Mail Returned to Sender\r\n\r\nWhat is this?\r\n\r\n"
        + (REPORT % (b"failed", b"5.1.1"))
    )
    assert bounce_of(raw) is None


@pytest.mark.parametrize("line", [b"\r\n", b"> \r\n", b" \t\r\n", b"<anna\r\n"])
def test_no_report_holds_the_others_up(line: bytes) -> None:
    """150 KB of empty lines without an identifier took a minute, a megabyte an hour, and the next mail waited."""
    headers, _mark, _rest = (REPORT % (b"failed", b"5.1.1")).partition(b"Content-Type: text/rfc822-headers")
    lines = line * (150_000 // len(line))
    began = time.process_time()
    bounce = bounce_of(headers + b"\r\n" + lines + b"--b--\r\n")
    assert bounce is not None
    assert bounce.original_message_id is None
    assert bounce_of(b"From: MAILER-DAEMON@x.example\r\nSubject: failure notice\r\n\r\n" + lines) is None
    assert time.process_time() - began < 5


@pytest.mark.parametrize("path", sorted(MAILS.glob("*.eml")), ids=lambda path: path.stem)
def test_people_are_no_bounces(path: Path) -> None:
    assert bounce_of(path.read_bytes()) is None


@pytest.mark.shared
@needs_reports
def test_real_reports_are_recognised() -> None:
    """111 of the 117; of the rest flufl.bounce itself knows one, a report that calls itself "RE:"."""
    bounces = {path.stem: bounce_of(path.read_bytes()) for path in sorted(REPORTS.glob("*.txt"))}
    assert len(bounces) == 117
    missed = {name for name, bounce in bounces.items() if not bounce or not bounce.failures}
    assert missed == {"bounce_01", "dumbass_01", "groupwise_03", "qmail_08", "simple_20", "simple_43"}
    assert sum(1 for bounce in bounces.values() if bounce and bounce.permanent) == 100
    assert sum(1 for bounce in bounces.values() if bounce and bounce.original_message_id) == 21


@pytest.mark.shared
@needs_reports
def test_broken_reports_raise_nothing() -> None:
    originals = [path.read_bytes() for path in sorted(REPORTS.glob("*.txt"))]
    for raw in mutations(originals, 500, seed=3464):
        if raw.strip() and raw[:1] not in b"\r\n":
            read_bounce(raw, parse(b"X-Seed: 1\r\n" + raw))
