"""Marked as spam, and not."""

import json
from datetime import timedelta

from django.test import Client
from django.utils import timezone

from answerable.desk.actions.conversations import set_status, snooze
from answerable.desk.actions.messages import reply
from answerable.desk.actions.spam import mark_spam, unmark_spam
from answerable.desk.models import Clock, Conversation, Escalation, Status
from answerable.desk.timers import fire_due
from answerable.events.models import Event
from answerable.policy.actions import load_version
from tests.cast import Cast
from tests.desk.test_clocks import POLICY, question
from tests.desk.views.stage import HTMX, asked, last_event


def test_spam_is_closed_and_its_promises_are_void(cast: Cast, bob: Client) -> None:
    load_version(POLICY, by=cast.ada)
    spam = question(cast)
    answer = bob.post(f"/conversations/{spam.pk}/spam/", {"to": "1"}, headers=HTMX)
    assert "Not spam" in answer.content.decode()
    undo = json.loads(answer.headers["HX-Trigger"])["undo"]
    assert undo["url"] == f"/conversations/{spam.pk}/spam/"
    spam.refresh_from_db()
    assert (spam.status, spam.due_at, spam.solved_at) == (Status.CLOSED, None, None)
    assert set(spam.clocks.values_list("state", flat=True)) == {Clock.State.CANCELLED}
    assert not Escalation.objects.filter(fires_at__isnull=False).exists()
    because = Event.objects.filter(verb="clock.cancelled").values_list("particulars__because", flat=True)
    assert set(because) == {"spam"}
    assert "Bob marked it as spam" in bob.get(f"/conversations/{spam.pk}/").content.decode()


def test_undone_it_is_as_it_was(cast: Cast, bob: Client) -> None:
    load_version(POLICY, by=cast.ada)
    conversation = question(cast)
    set_status(conversation, to=Status.ON_HOLD, by=cast.bob)
    before = list(conversation.clocks.order_by("id").values())
    due_at = Conversation.objects.get().due_at
    planned = list(Escalation.objects.order_by("id").values())
    mark_spam(conversation, by=cast.bob)
    fire_due()
    bob.post(f"/conversations/{conversation.pk}/spam/", headers=HTMX)
    conversation.refresh_from_db()
    assert (conversation.status, conversation.spam_at, conversation.closed_at) == (Status.ON_HOLD, None, None)
    assert list(conversation.clocks.order_by("id").values()) == before
    assert list(Escalation.objects.order_by("id").values()) == planned
    assert conversation.due_at == due_at


def test_what_slept_sleeps_on(cast: Cast, conversation: Conversation) -> None:
    until = timezone.now() + timedelta(days=1)
    snooze(conversation, until=until, by=cast.bob)
    mark_spam(conversation, by=cast.bob)
    unmark_spam(conversation, by=cast.bob)
    assert Conversation.objects.snoozed().get().snoozed_until == until


def test_a_promise_that_fell_due_meanwhile_is_broken_afterwards(cast: Cast) -> None:
    load_version(POLICY, by=cast.ada)
    conversation = question(cast, hours=5)
    mark_spam(conversation, by=cast.bob)
    fire_due()
    assert not Event.objects.filter(verb="clock.breached").exists()
    unmark_spam(conversation, by=cast.bob)
    fire_due()
    assert Event.objects.filter(verb="clock.breached").count() == 1


def test_it_stands_with_the_spam_and_nowhere_else(cast: Cast, bob: Client, conversation: Conversation) -> None:
    bob.post(f"/conversations/{conversation.pk}/snooze/", {"preset": "week"}, headers=HTMX)
    mark_spam(conversation, by=cast.bob)
    where = [
        queue
        for queue in ("unassigned", "team", "open", "snoozed", "solved", "spam")
        if "Where is my order?" in bob.get(f"/inbox/{queue}/").content.decode()
    ]
    assert where == ["spam"]


def test_many_at_once_and_back(cast: Cast, bob: Client) -> None:
    rows = [asked(cast, f"Offer {number}", "Cheap watches") for number in range(3)]
    fields = {"ids": [row.pk for row in rows], "change": "spam", "to": "1"}
    answer = bob.post("/conversations/changes/", fields, headers=HTMX)
    undo = json.loads(answer.headers["HX-Trigger"])["undo"]
    assert undo["text"] == "3 conversations changed."
    assert Conversation.objects.spam().count() == 3
    bob.post(undo["url"], headers=HTMX)
    assert Conversation.objects.filter(status=Status.NEW, spam_at=None).count() == 3


def test_only_what_was_marked_now_is_taken_back(cast: Cast, bob: Client) -> None:
    older, newer = asked(cast, "Watches", "Cheap"), asked(cast, "Rings", "Cheap")
    mark_spam(older, by=cast.alice)
    fields = {"ids": [older.pk, newer.pk], "change": "spam", "to": "1"}
    undo = json.loads(bob.post("/conversations/changes/", fields, headers=HTMX).headers["HX-Trigger"])["undo"]
    bob.post(undo["url"], headers=HTMX)
    assert list(Conversation.objects.spam()) == [older]


def test_each_queue_offers_what_can_be_done_in_it(cast: Cast, bob: Client, conversation: Conversation) -> None:
    marks = 'data-change="spam" data-to="1"'
    for _again in range(2):
        assert marks in bob.get("/inbox/open/").content.decode()
        assert marks not in bob.get("/inbox/spam/").content.decode()


def test_a_reply_taken_back_leaves_it_spam(cast: Cast, bob: Client) -> None:
    load_version(POLICY, by=cast.ada)
    conversation = question(cast)
    before = set(conversation.clocks.values_list("kind", "started_at", "state"))
    message = reply(conversation, text="Thank you!", by=cast.bob, seen_event=last_event(conversation), then="open")
    mark_spam(conversation, by=cast.bob)
    assert bob.post(f"/messages/{message.pk}/undo/", headers=HTMX).status_code == 200
    conversation.refresh_from_db()
    assert (conversation.status, conversation.due_at) == (Status.CLOSED, None)
    assert list(Conversation.objects.spam()) == [conversation]
    assert not conversation.clocks.filter(stopped_at=None).exists()
    unmark_spam(conversation, by=cast.bob)
    conversation.refresh_from_db()
    assert conversation.status == Status.OPEN
    assert set(conversation.clocks.values_list("kind", "started_at", "state")) == before


def test_what_the_sender_writes_then_is_a_new_conversation(cast: Cast, conversation: Conversation) -> None:
    from answerable.desk.actions.messages import receive

    mark_spam(conversation, by=cast.bob)
    message = receive(conversation, contact=cast.dace, text="I am no spam!")
    assert message.conversation.follows == conversation
    assert message.conversation.spam_at is None


def test_undoing_elsewhere_does_not_put_it_where_one_looks(bob: Client, cast: Cast, conversation: Conversation) -> None:
    mark_spam(conversation, by=cast.bob)
    where = HTMX | {"HX-Current-URL": "http://testserver/inbox/open/"}
    answer = bob.post(f"/conversations/{conversation.pk}/spam/", headers=where)
    assert (answer.status_code, answer.content) == (200, b"")
