"""Parts of a chat that go to a conversation of their own, and come back."""

from answerable.channels.chat.models import Widget
from answerable.desk.actions.rearranging.splitting import split
from answerable.desk.actions.rearranging.undoing import undo
from answerable.desk.models import Conversation, Delivery, Message
from answerable.events.dispatch import dispatch
from tests.cast import Cast
from tests.channels.chat.answers import answered
from tests.channels.chat.browser import Browser


def test_what_was_split_off_is_a_conversation_of_its_visitor(cast: Cast, widget: Widget, visitor: Browser) -> None:
    stranger = Browser(widget)
    stranger.write("Hello")
    visitor.write("Where is my order?")
    row = Conversation.objects.get(pk=visitor.conversation)
    answered(row.pk, "On its way.", cast)
    visitor.write("And have you got a job for me?")
    chosen = Message.objects.get(text__startswith="And have")
    done = split(row, messages=[chosen.pk], subject="A job", by=cast.bob)
    dispatch()
    listed = {one["subject"]: (one["id"], one["preview"]) for one in visitor.ask().json()["conversations"]}
    assert listed["A job"] == (done.target_id, "And have you got a job for me?")
    assert visitor.texts() == ["Where is my order?", "On its way.", "And have you got a job for me?"]
    answered(done.target_id, "Send us a letter.", cast)
    assert visitor.texts()[-1] != "Send us a letter."
    place = f"conversations/{done.target_id}/"
    read = visitor.ask(place).json()
    assert [one["text"] for one in read["messages"]] == ["And have you got a job for me?", "Send us a letter."]
    assert visitor.post("signs/", conversation=done.target_id, seen=read["messages"][-1]["id"]).status_code == 204
    assert Message.objects.get(text="Send us a letter.").delivery.state == Delivery.State.SENT
    assert stranger.ask(place).status_code == 404
    visitor.conversation = done.target_id
    visitor.write("I shall.")
    assert Message.objects.get(text="I shall.").conversation_id == done.target_id


def test_what_was_split_off_and_brought_back_is_not_listed(cast: Cast, visitor: Browser) -> None:
    visitor.write("Where is my order?")
    visitor.write("And have you got a job for me?")
    row = Conversation.objects.get()
    done = split(row, messages=[Message.objects.get(text__startswith="And").pk], subject="A job", by=cast.bob)
    dispatch()
    undo(done, by=cast.bob)
    dispatch()
    assert [one["id"] for one in visitor.ask().json()["conversations"]] == [row.pk]
    assert visitor.texts() == ["Where is my order?", "And have you got a job for me?"]
