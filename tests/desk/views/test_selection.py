"""The same for many at once, through HTTP."""

from django.test import Client

from answerable.desk.actions.conversations import add_tags, set_status, set_tags
from answerable.desk.models import Conversation, Status
from tests.cast import Cast
from tests.desk.views.stage import HTMX, asked


def test_many_are_solved_and_what_was_refused_is_said(cast: Cast, bob: Client, quinn: Client) -> None:
    rows = [asked(cast, f"Question {number}", "Hello?") for number in range(3)]
    set_status(rows[0], to=Status.CLOSED, by=cast.alice)
    ids = [row.pk for row in rows]
    answer = bob.post(
        "/conversations/changes/", {"ids": [*ids, 10**9], "change": "status", "to": "solved"}, headers=HTMX
    )
    words = answer.content.decode()
    assert "2 conversations changed." in words
    assert "1 conversation is not there" in words
    assert "This conversation is closed" in words
    assert Conversation.objects.filter(status=Status.SOLVED).count() == 2
    refused = quinn.post("/conversations/changes/", {"ids": ids, "change": "status", "to": "open"}, headers=HTMX)
    assert "You may read it, but not change it." in refused.content.decode()


def test_each_kind_of_change(cast: Cast, bob: Client, conversation: Conversation) -> None:
    for fields in (
        {"change": "assignment", "to": cast.alice.pk},
        {"change": "priority", "to": 4},
        {"change": "tags", "tags": "a, b"},
        {"change": "snooze", "preset": "week"},
    ):
        answer = bob.post("/conversations/changes/", {"ids": conversation.pk, **fields}, headers=HTMX)
        assert "1 conversation changed." in answer.headers["HX-Trigger"].encode().decode("unicode_escape")
    conversation.refresh_from_db()
    assert (conversation.assignee, conversation.priority, conversation.tags) == (cast.alice, 4, ["a", "b"])
    assert conversation.snoozed_until is not None


def test_the_result_opens_only_for_what_was_not_done(bob: Client, conversation: Conversation) -> None:
    """selection.js opens the dialog by these marks: what went well is said in a toast."""
    fields = {"change": "priority", "to": 4}
    whole = bob.post("/conversations/changes/", {"ids": conversation.pk, **fields}, headers=HTMX)
    assert not {"data-missing", "data-refused"} & set(whole.content.decode().replace(">", " ").split())
    partly = bob.post("/conversations/changes/", {"ids": [conversation.pk, 10**6], **fields}, headers=HTMX)
    assert "<p data-missing>" in partly.content.decode()


def test_charlie_changes_none_of_them(charlie: Client, conversation: Conversation) -> None:
    fields = {"ids": conversation.pk, "change": "status", "to": "solved"}
    assert "not there" in charlie.post("/conversations/changes/", fields, headers=HTMX).content.decode()
    conversation.refresh_from_db()
    assert conversation.status == Status.NEW


def test_too_many_or_none_are_refused(bob: Client) -> None:
    too_many = bob.post("/conversations/changes/", {"ids": list(range(501)), "change": "status"}, headers=HTMX)
    assert too_many.status_code == 422
    assert "Select at most 500 conversations." in too_many.headers["HX-Trigger"]
    assert bob.post("/conversations/changes/", {"change": "status"}, headers=HTMX).status_code == 422


def test_tags_are_added_to_those_there_are_by_then(cast: Cast, conversation: Conversation) -> None:
    as_read = Conversation.objects.get(pk=conversation.pk)
    set_tags(conversation, tags=["late"], by=cast.alice)
    assert add_tags(as_read, tags=["refund"], by=cast.bob).tags == ["late", "refund"]
