"""Machines are told from people by their headers."""

import pytest

from answerable.channels.email.autoreply import classify, may_be_acknowledged
from answerable.channels.email.message import ParsedMail
from answerable.channels.email.parse import parse


def mail(headers: str = "", subject: str = "Order 7") -> ParsedMail:
    named = f"From: anna@example.org\r\nSubject: {subject}\r\nMessage-ID: <1@example.org>\r\n"
    return parse(f"{named}{headers}\r\nHello\r\n".encode())


@pytest.mark.parametrize(
    ("headers", "subject", "kind"),
    [
        ("Auto-Submitted: auto-replied (vacation)\r\n", "x", "auto-reply"),
        ("Auto-Submitted: auto-generated\r\nIn-Reply-To: <a@b.example>\r\n", "x", "auto-reply"),
        ("Auto-Submitted: auto-generated\r\n", "Automatic reply: Order 7", "auto-reply"),
        ("Auto-Submitted: auto-generated\r\n", "Automātiskā atbilde: Pasūtījums", "auto-reply"),
        ("Auto-Submitted: auto-generated\r\n", "New order in your shop", "bulk"),
        ("Auto-Submitted: no\r\n", "x", None),
        ("X-Autoreply: yes\r\n", "x", "auto-reply"),
        ("Precedence: auto_reply\r\n", "x", "auto-reply"),
        ("Precedence: bulk\r\n", "Out of office", "auto-reply"),
        ("Precedence: bulk\r\n", "Spring sale", "bulk"),
        ("List-Id: <l.example.org>\r\n", "x", "bulk"),
        ("Return-Path: <>\r\n", "x", None),
        ("Return-Path: <>\r\nIn-Reply-To: <a@b.example>\r\n", "Re: Order 7", None),
        ("Return-Path: <>\r\n", "Out of office", "auto-reply"),
        ("Return-Path: <>\r\n", "Re: Out of office: Order 7", "auto-reply"),
        ("Return-Path: <>\r\nX-Auto-Response-Suppress: OOF\r\n", "x", "auto-reply"),
        ("Return-Path: <>\r\nPrecedence: bulk\r\n", "x", "auto-reply"),
        ("Return-Path: <>\r\nPrecedence: list\r\n", "x", "bulk"),
        ("Return-Path: <>\r\nAuto-Submitted: auto-generated\r\n", "New order in your shop", "bulk"),
        ("Content-Type: multipart/report; report-type=disposition-notification; boundary=b\r\n", "Read: x", "report"),
        ("Content-Type: multipart/report; report-type=feedback-report; boundary=b\r\n", "Abuse", "report"),
        ("X-Answerable-Instance: ours\r\n", "x", "loop"),
        ("X-Answerable-Instance: theirs\r\n", "x", None),
        ("Received: by a.example\r\n" * 101, "x", "loop"),
        ("Received: by a.example\r\n" * 10, "x", None),
        ("", "Out of office", None),
        ("In-Reply-To: <a@b.example>\r\n", "Автоматический ответ: Заказ 7", "auto-reply"),
        ("X-Auto-Response-Suppress: All\r\n", "Abwesenheitsnotiz: Bestellung 7", "auto-reply"),
        ("In-Reply-To: <a@b.example>\r\n", "Re: Automatic reply: Order 7", None),
        ("Feedback-ID: 1.eu-west-1:x:AmazonSES\r\n", "x", None),
    ],
)
def test_kinds(headers: str, subject: str, kind: str | None) -> None:
    found = classify(mail(headers, subject), instance="ours")
    assert (found.kind if found else None) == kind
    assert found is None or found.reason


def test_what_a_mail_server_writes_is_no_answer() -> None:
    """Exchange's reports in words only, which name no address."""
    raw = f"From: MicrosoftExchange{'0f' * 16}@b.example\r\nIn-Reply-To: <a@b.example>\r\n\r\nНе удалось доставить.\r\n"
    found = classify(parse(raw.encode()))
    assert found is not None
    assert found.kind == "report"


def test_the_null_path_of_the_envelope_counts_without_a_header() -> None:
    raw = b"From: no-reply@example.org\r\nSubject: Re: x\r\nIn-Reply-To: <a@b.example>\r\n\r\nAway.\r\n"
    found = classify(parse(raw, envelope_from=""))
    assert found is not None
    assert found.kind == "auto-reply"


def test_a_notice_with_an_empty_path_that_answers_nothing_is_shown() -> None:
    """Where a gateway empties the path of everything, a shop's notice would otherwise be seen by nobody."""
    assert classify(parse(b"From: no-reply@shop.example\r\nSubject: New order\r\n\r\n7\r\n", envelope_from="")) is None


def test_our_message_id_is_a_loop() -> None:
    found = classify(mail(), is_ours=lambda identifier: identifier == "1@example.org")
    assert found is not None
    assert found.kind == "loop"


def test_who_may_be_acknowledged() -> None:
    assert may_be_acknowledged(mail())
    assert not may_be_acknowledged(mail("Precedence: list\r\n"))
    assert not may_be_acknowledged(mail("X-Auto-Response-Suppress: DR, AutoReply\r\n"))
    assert may_be_acknowledged(mail("X-Auto-Response-Suppress: DR\r\n"))
    assert not may_be_acknowledged(mail("Return-Path: <>\r\n"))
