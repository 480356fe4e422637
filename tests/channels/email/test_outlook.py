"""Mail of Outlook and Exchange, which thread by headers of their own."""

import base64
from email import message_from_bytes

from answerable.channels.email.composing import compose
from answerable.channels.email.identity import signer
from answerable.desk.actions.conversations import set_status
from answerable.desk.actions.messages import reply
from answerable.desk.models import Conversation, Delivery, Status
from tests.cast import Cast
from tests.channels.email.letters import arrive, letter


def thread_index(cast: Cast, conversation: Conversation) -> str:
    """Of Bob's answer, with what Outlook adds when somebody answers that."""
    message = reply(conversation, text="Tomorrow.", by=cast.bob, seen_event=None, anyway=True)
    raw = compose(Delivery.objects.get(message=message)).raw
    head = base64.b64decode(message_from_bytes(raw)["Thread-Index"])
    return base64.b64encode(head + b"\x00\x01\x02\x03\x04").decode()


def test_an_answer_that_names_no_message_joins_by_its_thread_index(cast: Cast) -> None:
    arrived = arrive(letter()).message
    assert arrived is not None
    conversation = arrived.conversation
    index = thread_index(cast, conversation)
    set_status(conversation, to=Status.SOLVED, by=cast.bob)
    arrival = arrive(letter("It came.", subject="RE: My order", Thread_Topic="My order", Thread_Index=index))
    assert (arrival.outcome, arrival.reason) == ("appended", "found by the signed thread index")
    assert arrival.message is not None
    assert arrival.message.conversation == conversation
    conversation.refresh_from_db()
    assert conversation.status == Status.OPEN


def test_a_thread_index_of_somebody_elses_finds_nothing(cast: Cast) -> None:
    """Of another conversation than its number says, of their own, or nonsense; nor does the same subject."""
    arrived = arrive(letter()).message
    assert arrived is not None
    other = signer("example.com").thread_index(arrived.conversation_id + 1, arrived.created_at)
    forged = base64.b64decode(other)[:11] + bytes([arrived.conversation_id % 256]) + base64.b64decode(other)[12:]
    indexes = [base64.b64encode(forged).decode(), "AdnUbTXk2Vhpxd2oSy6I+3lRzqBOnQ==", "AQ==", "not base64"]
    for index in indexes:
        assert arrive(letter(index, subject="RE: My order", Thread_Index=index)).outcome == "opened"


def test_an_empty_envelope_sender_makes_a_persons_mail_no_machines(cast: Cast) -> None:
    """As some gateways hand it over. It begins a conversation that waits for an answer, and no acknowledgement."""
    arrival = arrive(letter(), sender="")
    assert arrival.outcome == "opened"
    assert arrival.message is not None
    assert not arrival.message.automatic
    assert arrival.message.conversation.unanswered_since == arrival.received_at
