"""Signed marks lead an answer to its conversation, and nobody else there."""

import base64
from collections.abc import Sequence
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from answerable.channels.email.addressing import Match, Signer, match_conversation, sender_may_append
from answerable.channels.email.message import ParsedMail
from answerable.channels.email.parse import parse

SIGNER = Signer(b"a key of thirty-two bytes, no less", "answerable.example")
BEGAN = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
OTHER = Signer(b"the key of another installation..", "answerable.example")


def mail(**headers: str) -> ParsedMail:
    lines = {"From": "anna@example.org", "To": "support@example.com", "Subject": "Re: Order", **headers}
    return parse(
        "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in lines.items()).encode() + b"\r\nHello\r\n"
    )


def find(*_: object) -> int | None:
    return None


@settings(deadline=None)
@given(st.integers(1, 10**12), st.integers(1, 10**12))
def test_marks_come_back(conversation: int, message: int) -> None:
    assert SIGNER.read_message_id(SIGNER.message_id(conversation, message)) == (conversation, message)
    address = SIGNER.reply_address("support@example.com", conversation)
    assert SIGNER.read_address(address.upper()) == conversation
    index = SIGNER.thread_index(conversation, BEGAN)
    answered = base64.b64encode(base64.b64decode(index) + bytes(range(10))).decode()
    assert SIGNER.read_thread_index(index) == conversation
    assert SIGNER.read_thread_index(f"{answered[:20]}\r\n {answered[20:]}") == conversation


def test_their_form() -> None:
    assert SIGNER.message_id(42, 107, "abcd2345") == "c42.m107.abcd2345.hv5nxjjum4mjgvon@answerable.example"
    assert SIGNER.reply_address("support@example.com", 42) == "support+c42.jtsvmtt7mg@example.com"
    assert SIGNER.thread_index(42, BEGAN) == "Ad17QipgAAAAAAAqCldbfOV61txOPA=="


def test_a_mark_of_another_key_another_number_or_another_kind_is_none() -> None:
    assert SIGNER.read_message_id(OTHER.message_id(42, 107)) is None
    assert SIGNER.read_address(OTHER.reply_address("support@example.com", 42)) is None
    assert SIGNER.read_thread_index(OTHER.thread_index(42, BEGAN)) is None
    assert SIGNER.read_address(SIGNER.reply_address("support@example.com", 42).replace("c42", "c43")) is None
    assert SIGNER.read_message_id(SIGNER.message_id(42, 107).replace("m107", "m108")) is None
    identifier = SIGNER.message_id(42, 107, "abcd2345").partition("@")[0]
    assert SIGNER.read_address(f"support+c42.{identifier[-16:-6]}@example.com") is None
    index = base64.b64decode(SIGNER.thread_index(42, BEGAN))
    other = index[:11] + b"\x2b" + index[12:]
    assert SIGNER.read_thread_index(base64.b64encode(other).decode()) is None


@settings(deadline=None)
@given(st.text(max_size=80))
def test_anything_else_is_none(text: str) -> None:
    assert SIGNER.read_message_id(text) is None
    assert SIGNER.read_address(text) is None
    assert SIGNER.read_thread_index(text) is None


def test_the_order_is_reference_then_address_then_index() -> None:
    reference = f"<{SIGNER.message_id(1, 10)}>"
    address = SIGNER.reply_address("support@example.com", 2)
    index = SIGNER.thread_index(3, BEGAN)
    everything = mail(References=reference, To=address, Thread_Index=index)
    assert match_conversation(everything, SIGNER, find) == Match(1, "reference", signed=True)
    assert match_conversation(mail(To=address, Thread_Index=index), SIGNER, find) == Match(2, "address", signed=True)
    assert match_conversation(mail(Thread_Index=index), SIGNER, find) == Match(3, "index", signed=True)
    assert match_conversation(mail(), SIGNER, find) is None
    assert match_conversation(mail(), SIGNER, find, [address]) == Match(2, "address", signed=True)


def test_any_of_the_references_is_enough_and_the_nearest_wins() -> None:
    older, newer = SIGNER.message_id(1, 10), SIGNER.message_id(2, 20)
    raw = mail(References=f"<first@example.org> <{older}> <> <{newer}> <last@example.org>")
    assert match_conversation(raw, SIGNER, find) == Match(2, "reference", signed=True)


def test_known_identifiers_are_looked_up_and_empty_ones_never() -> None:
    asked: list[str] = []

    def known(identifiers: Sequence[str]) -> int | None:
        asked.extend(identifiers)
        return 7

    raw = mail(References="<> < > <a@example.org>", In_Reply_To="<>")
    assert match_conversation(raw, SIGNER, known) == Match(7, "reference", signed=False)
    assert asked == ["a@example.org"]
    asked.clear()
    assert match_conversation(mail(In_Reply_To="<>"), SIGNER, known) is None
    assert asked == []


@pytest.mark.parametrize(
    ("match", "allowed"),
    [
        (Match(1, "reference", signed=True), True),
        (Match(1, "address", signed=True), True),
        (Match(1, "reference", signed=False), False),
    ],
)
def test_a_stranger_needs_a_mark_that_we_signed(match: Match, allowed: bool) -> None:
    assert sender_may_append(mail(), match, ["charlie@example.org"]) is allowed
    assert sender_may_append(mail(), match, ["ANNA@example.org"])
