"""The life of a conversation, through its actions."""

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from answerable.desk.actions.conversations import assign, move, open_conversation, set_status, set_tags
from answerable.desk.actions.messages import add_note, receive, reply, take_back
from answerable.desk.errors import Refused, Stale
from answerable.desk.models import Conversation, Delivery, Draft, Notice, Status
from answerable.events.models import Event, noun
from tests.cast import Cast


@pytest.fixture
def conversation(cast: Cast) -> Conversation:
    opened = open_conversation(inbox=cast.support_inbox, contact=cast.dace, subject="Where is my order?", by=None)
    receive(opened, contact=cast.dace, text="I ordered on Monday.")
    opened.refresh_from_db()
    return opened


def last_event(conversation: Conversation) -> int:
    return Event.objects.filter(root=noun(conversation)).latest("id").pk


def verbs(conversation: Conversation) -> list[str]:
    return list(Event.objects.filter(root=noun(conversation)).order_by("id").values_list("verb", flat=True))


def test_a_question_is_answered_and_solved(cast: Cast, conversation: Conversation) -> None:
    answer = reply(conversation, text="Tomorrow.", by=cast.bob, seen_event=last_event(conversation))
    conversation.refresh_from_db()
    assert (conversation.status, conversation.assignee) == (Status.PENDING, cast.bob)
    assert conversation.unanswered_since is None
    assert answer.delivery.recipients == ["dace@customer.example"]
    set_status(conversation, to=Status.SOLVED, by=cast.bob)
    assert verbs(conversation) == [
        "conversation.opened",
        "message.received",
        "message.sent",
        "conversation.status_changed",
        "conversation.solved",
    ]


def test_the_customers_reply_reopens_what_was_solved(cast: Cast, conversation: Conversation) -> None:
    set_status(conversation, to=Status.SOLVED, by=cast.bob)
    receive(conversation, contact=cast.dace, text="Not quite.")
    conversation.refresh_from_db()
    assert (conversation.status, conversation.reopen_count, conversation.solved_at) == (Status.OPEN, 1, None)


def test_a_message_to_a_closed_conversation_opens_a_follow_up(cast: Cast, conversation: Conversation) -> None:
    set_status(conversation, to=Status.CLOSED, by=cast.bob)
    message = receive(conversation, contact=cast.dace, text="One more thing.")
    assert message.conversation.follows == conversation
    assert message.conversation.status == Status.NEW


def test_a_reply_on_a_stale_page_is_refused_with_what_came_in(cast: Cast, conversation: Conversation) -> None:
    seen = last_event(conversation)
    reply(conversation, text="Tomorrow.", by=cast.alice, seen_event=seen)
    with pytest.raises(Stale) as refused:
        reply(conversation, text="Today!", by=cast.bob, seen_event=seen)
    assert [event.verb for event in refused.value.events] == ["message.sent", "conversation.status_changed"]
    reply(conversation, text="Today!", by=cast.bob, seen_event=refused.value.events[-1].pk)


def test_a_reply_can_be_taken_back_while_it_waits(cast: Cast, conversation: Conversation) -> None:
    answer = reply(conversation, text="Tomorow.", by=cast.bob, seen_event=last_event(conversation))
    take_back(answer, by=cast.bob)
    conversation.refresh_from_db()
    assert conversation.unanswered_since is not None
    assert (conversation.preview, conversation.preview_by) == ("I ordered on Monday.", None)
    assert Delivery.objects.get(message=answer).state == Delivery.State.UNDONE
    assert Draft.objects.get(user=cast.bob).text == "Tomorow."


def test_charlie_is_refused_everywhere(cast: Cast, conversation: Conversation) -> None:
    assert not Conversation.objects.visible_to(cast.charlie).exists()
    for attempt in (
        lambda: reply(conversation, text="Hello", by=cast.charlie, seen_event=None),
        lambda: add_note(conversation, text="Hello", by=cast.charlie),
        lambda: assign(conversation, to=cast.charlie, by=cast.charlie),
        lambda: set_status(conversation, to=Status.SOLVED, by=cast.charlie),
        lambda: set_tags(conversation, tags=["x"], by=cast.charlie),
        lambda: move(conversation, to=cast.sales, by=cast.charlie),
    ):
        with pytest.raises(PermissionDenied):
            attempt()
    with pytest.raises(Refused, match="does not handle"):
        assign(conversation, to=cast.charlie, by=cast.alice)


def test_a_mention_tells_the_colleague(cast: Cast, conversation: Conversation) -> None:
    add_note(conversation, text="@bob@example.com can you look? @charlie@example.com", by=cast.alice)
    assert [notice.user for notice in Notice.objects.all()] == [cast.bob]


def test_a_mention_is_read_by_name(cast: Cast, conversation: Conversation, client: Client) -> None:
    """In the note, not in what the customer writes or is written."""
    add_note(conversation, text="@Bob@example.com or @nobody@example.com <b>?", by=cast.alice)
    reply(conversation, text="Write to @bob@example.com.", by=cast.alice, seen_event=None, anyway=True)
    client.force_login(cast.alice)
    page = client.get(f"/conversations/{conversation.pk}/").text
    assert "@Bob or @nobody@example.com &lt;b&gt;?" in page
    assert "@bob@example.com" in page
