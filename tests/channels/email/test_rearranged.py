"""Mail finds the conversation where its thread is by now, however it was merged and split."""

import pytest

from answerable.channels.email.composing import compose
from answerable.channels.email.identity import signer
from answerable.channels.email.outbox import send_due
from answerable.channels.form.asked import messages_of, requests_of, shown
from answerable.desk.actions.copies import Envelope
from answerable.desk.actions.messages import reply
from answerable.desk.actions.rearranging.merging import merge
from answerable.desk.actions.rearranging.splitting import split
from answerable.desk.actions.rearranging.undoing import undo
from answerable.desk.models import Conversation, Delivery, Message
from tests.cast import Cast
from tests.channels.email.letters import arrive, letter

pytestmark = pytest.mark.django_db


def written(raw: bytes, **more: str) -> Message:
    message = arrive(raw, **more).message
    assert message is not None
    return message


def sent(message: Message) -> str:
    """The reply has left; the name it left under."""
    Delivery.objects.update(state=Delivery.State.SENT)
    name = compose(message.delivery).message_id
    Message.objects.filter(pk=message.pk).update(external_id=name)
    return name


def test_answers_to_the_merged_one_join_the_one_that_stays(cast: Cast) -> None:
    kept = written(letter("One", message_id="one@customer.example")).conversation
    gone = written(letter("Two", subject="Another", message_id="two@customer.example")).conversation
    name = sent(reply(gone, text="Yes?", by=cast.bob, seen_event=None, anyway=True))
    [row] = merge(kept, absorb=[gone], by=cast.bob)
    by_reference = written(letter("Three", in_reply_to=f"<{name}>"))
    by_their_own = written(letter("Four", in_reply_to="<two@customer.example>"))
    tag = signer("example.com").tag(gone.pk)
    by_address = written(letter("Five", to=f"support+{tag}@example.com", subject="New words"))
    for message in (by_reference, by_their_own, by_address):
        assert message.conversation_id == kept.pk
    assert by_address.origin_id == gone.pk
    assert compose(Message.objects.get(external_id=name).delivery).message_id == name  # wherever it stands
    undo(row, by=cast.bob)
    texts = Message.objects.filter(conversation=gone, origin=None).order_by("id").values_list("text", flat=True)
    assert list(texts) == ["Two", "Yes?", "Three", "Four", "Five"]
    assert kept.messages.count() == 1


def test_of_two_customers_nobody_reads_the_others_words_unasked(cast: Cast) -> None:
    """Neither quoted in an answer that goes to one alone, nor on the page of their requests."""
    kept = written(letter("Of Dace", message_id="one@customer.example")).conversation
    nino = "nino@harbour.example"
    raw = letter("Of Nino", sender=f"Nino <{nino}>", message_id="two@harbour.example")
    gone = written(raw, sender=nino).conversation
    merge(kept, absorb=[gone], by=cast.bob)
    kept.refresh_from_db()
    gone.refresh_from_db()
    assert kept.copied == [nino]
    to_both = reply(kept, text="To both.", by=cast.bob, seen_event=None, anyway=True)
    assert b"Of Nino" in compose(to_both.delivery).raw
    to_one = reply(kept, text="To Dace.", by=cast.bob, seen_event=None, anyway=True, envelope=Envelope(copied=()))
    assert b"Of Nino" not in compose(to_one.delivery).raw
    assert b"Of Dace" in compose(to_one.delivery).raw
    sent(to_both)
    assert [each.message.text for each in shown(kept)] == ["Of Dace", "To both.", "To Dace."]
    assert [each.message.text for each in shown(gone)] == ["Of Nino"]
    assert list(requests_of(cast.nino)) == [gone]
    assert "Of Dace" not in [one.text for one in messages_of(cast.nino)]


def test_an_answer_to_what_was_split_off_goes_there(cast: Cast) -> None:
    first = written(letter("One", message_id="one@customer.example"))
    second = written(letter("Two", message_id="two@customer.example", in_reply_to="<one@customer.example>"))
    answer = reply(first.conversation, text="Yes?", by=cast.bob, seen_event=None, anyway=True)
    name = sent(answer)
    assert first.conversation_id == second.conversation_id
    row = split(first.conversation, messages=[second.pk, answer.pk], subject="Second", by=cast.bob)
    assert written(letter("Three", in_reply_to=f"<{name}>")).conversation_id == row.target_id
    assert written(letter("Four", in_reply_to="<one@customer.example>")).conversation_id == row.source_id
    assert Conversation.objects.count() == 2
    assert send_due() is None
