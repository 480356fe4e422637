"""One change to many conversations: the worker goes on where it was, everything can be put back."""

from datetime import timedelta

import pytest
from django.db import OperationalError
from django.test import Client
from django.utils import timezone, translation

from answerable.core.calendar import Interval
from answerable.core.rules.step import Do, Step
from answerable.desk.actions import batches
from answerable.desk.actions.conversations import move, set_priority, set_status, set_tags
from answerable.desk.actions.drafts import keep_draft
from answerable.desk.actions.held import CLOCK, CONVERSATION
from answerable.desk.actions.macros import write_macro
from answerable.desk.bulk import change_of
from answerable.desk.jobs import work_on_batch
from answerable.desk.models import Batch, BatchItem, Conversation, Delivery, Draft, Priority, Status
from answerable.desk.views.batches import far
from answerable.events.models import Event
from answerable.insight.today.board import Day
from answerable.insight.today.happened import happened
from answerable.policy.actions import load_version
from tests.cast import Cast
from tests.desk.test_clocks import POLICY
from tests.desk.views.stage import HTMX, asked

CHANGES = "/conversations/changes/"


@pytest.fixture
def many(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> list[Conversation]:
    """More than are done at once."""
    monkeypatch.setattr("answerable.desk.actions.batches.FEW", 2)
    return [asked(cast, f"Question {number}", "Hello?") for number in range(5)]


def test_all_that_stand_in_a_queue_are_changed_by_the_worker_and_put_back(
    cast: Cast, bob: Client, many: list[Conversation]
) -> None:
    set_tags(many[0], tags=["refund"], by=cast.alice)
    set_status(many[4], to=Status.CLOSED, by=cast.alice)
    assert bob.get("/conversations/matching/", {"queue": "open"}).json() == {"count": 4, "words": "All 4 selected"}
    answer = bob.post(CHANGES, {"all": "1", "queue": "open", "change": "tags", "tags": "sale"}, headers=HTMX)
    batch = Batch.objects.get()
    there = f"/conversations/batches/{batch.pk}/"
    assert answer.headers["HX-Redirect"] == there
    page = bob.get(there).content.decode()
    assert "Add the tags sale" in page
    assert "0 of 4 conversations" in page
    assert "every 1s" in page
    work_on_batch(batch.pk)
    assert "4 of 4 conversations" in bob.get(f"{there}progress/", headers=HTMX).content.decode()
    assert Conversation.objects.get(pk=many[0].pk).tags == ["refund", "sale"]
    set_tags(many[1], tags=["mine"], by=cast.alice)  # meanwhile
    bob.post(f"{there}undo/")
    work_on_batch(batch.pk)
    assert Conversation.objects.get(pk=many[0].pk).tags == ["refund"]
    assert Conversation.objects.get(pk=many[1].pk).tags == ["mine"]
    told = bob.get(there).content.decode()
    assert "Somebody has changed it since." in told
    assert bob.post(f"{there}undo/").status_code == 422


def test_who_is_killed_in_the_middle_goes_on_there(cast: Cast, many: list[Conversation]) -> None:
    given = {"change": "status", "given": {"to": "solved"}, "label": "Solve"}
    batch = batches.begin_batch([row.pk for row in many], **given, by=cast.bob)
    assert not batches.work_on(batch, change_of(batch), limit=2)
    assert Conversation.objects.filter(status=Status.SOLVED).count() == 2
    work_on_batch(batch.pk)  # as the queue runs it again
    work_on_batch(batch.pk)
    assert Conversation.objects.filter(status=Status.SOLVED).count() == 5
    assert batches.tally(batch) == {"done": 5}
    assert Batch.objects.get().state == Batch.State.DONE


def test_that_it_ended_is_written_down_with_the_end(
    cast: Cast, many: list[Conversation], monkeypatch: pytest.MonkeyPatch
) -> None:
    given = {"change": "status", "given": {"to": "solved"}, "label": "Solve"}
    batch = batches.begin_batch([row.pk for row in many], **given, by=cast.bob)

    def cut_off(*_of: object, **_what: object) -> None:
        raise OperationalError("the connection is gone")

    with monkeypatch.context() as cut:
        cut.setattr(batches, "record", cut_off)
        with pytest.raises(OperationalError):
            work_on_batch(batch.pk)
    assert Batch.objects.get().state == Batch.State.RUNNING
    work_on_batch(batch.pk)
    assert Batch.objects.get().state == Batch.State.DONE
    assert Event.objects.get(verb="batch.ended").particulars == {"done": 5}


def test_what_means_nothing_any_more_is_refused_for_each(cast: Cast, many: list[Conversation]) -> None:
    given = {"change": "assignment", "given": {"to": "999999"}, "label": "Assign"}
    batch = batches.begin_batch([row.pk for row in many], **given, by=cast.bob)
    work_on_batch(batch.pk)
    assert batches.tally(batch) == {"refused": 5}
    assert BatchItem.objects.exclude(reason="").count() == 5
    assert Batch.objects.get().state == Batch.State.DONE


def test_what_is_stopped_stays_as_it_is(cast: Cast, bob: Client, charlie: Client, many: list[Conversation]) -> None:
    given = {"change": "priority", "given": {"to": "4"}, "label": "Urgent"}
    batch = batches.begin_batch([row.pk for row in many], **given, by=cast.bob)
    batches.work_on(batch, change_of(batch), limit=1)
    there = f"/conversations/batches/{batch.pk}/"
    assert charlie.post(f"{there}stop/").status_code == 404
    assert charlie.get(there).status_code == 404
    busy = bob.post(CHANGES, {"all": "1", "queue": "open", "change": "priority", "to": "1"}, headers=HTMX)
    assert "still goes on" in busy.headers["HX-Trigger"]
    bob.post(f"{there}stop/")
    work_on_batch(batch.pk)
    assert Conversation.objects.filter(priority=4).count() == 1
    Batch.objects.update(ended_at=timezone.now() - timedelta(hours=25))
    assert "too late" in bob.post(f"{there}undo/", headers=HTMX).headers["HX-Trigger"]


@pytest.mark.parametrize(
    "fields",
    [
        {"change": "assignment", "to": "{alice}"},
        {"change": "team", "to": "{sales}"},
        {"change": "status", "to": "on_hold"},
        {"change": "priority", "to": "4"},
        {"change": "snooze", "preset": "week"},
        {"change": "spam", "to": "1"},
    ],
)
def test_a_few_are_done_at_once_and_put_back(cast: Cast, bob: Client, fields: dict[str, str]) -> None:
    row = asked(cast, "Question", "Hello?")
    set_status(row, to=Status.OPEN, by=cast.bob)
    wanted = {name: value.format(alice=cast.alice.pk, sales=cast.sales.pk) for name, value in fields.items()}
    before = batches.standing(Conversation.objects.get(pk=row.pk), fields["change"])
    answer = bob.post(CHANGES, {"ids": row.pk, **wanted}, headers=HTMX)
    batch = Batch.objects.get()
    assert f"/conversations/batches/{batch.pk}/undo/" in answer.headers["HX-Trigger"]
    assert batches.standing(Conversation.objects.get(pk=row.pk), fields["change"]) != before
    assert bob.post(f"/conversations/batches/{batch.pk}/undo/", headers=HTMX).status_code == 204
    assert batches.standing(Conversation.objects.get(pk=row.pk), fields["change"]) == before
    assert BatchItem.objects.get().outcome == "undone"


def test_only_who_moved_them_takes_them_back(cast: Cast, bob: Client) -> None:
    row = asked(cast, "Question", "Hello?")
    bob.post(CHANGES, {"ids": row.pk, "change": "team", "to": cast.sales.pk}, headers=HTMX)
    move(row, to=cast.latvia, by=cast.charlie)
    move(row, to=cast.sales, by=None)
    bob.post(f"/conversations/batches/{Batch.objects.get().pk}/undo/", headers=HTMX)
    assert BatchItem.objects.get().outcome == "kept"
    assert Conversation.objects.get().team == cast.sales


def test_what_was_so_already_is_left_alone(cast: Cast, bob: Client) -> None:
    row = asked(cast, "Question", "Hello?")
    set_priority(row, to=4, by=cast.bob)
    bob.post(CHANGES, {"ids": row.pk, "change": "priority", "to": "4"}, headers=HTMX)
    assert BatchItem.objects.get().outcome == "same"
    assert "Set the priority to Urgent" in bob.get("/conversations/batches/").content.decode()


def test_what_was_solved_by_mistake_was_never_solved(cast: Cast, bob: Client) -> None:
    """Neither solved nor opened again: its promises run on, and no figure tells."""
    load_version(POLICY, by=cast.ada)
    row = asked(cast, "Question", "Hello?")
    before = (stands(row), today(cast))
    bob.post(CHANGES, {"ids": row.pk, "change": "status", "to": "solved"}, headers=HTMX)
    assert today(cast)[0] == 1
    assert bob.post(f"/conversations/batches/{Batch.objects.get().pk}/undo/", headers=HTMX).status_code == 204
    assert (stands(row), today(cast)) == before
    assert BatchItem.objects.get().outcome == "undone"


def test_what_was_opened_again_by_mistake_stays_solved(cast: Cast, bob: Client) -> None:
    load_version(POLICY, by=cast.ada)
    row = asked(cast, "Question", "Hello?")
    set_status(row, to=Status.SOLVED, by=cast.bob)
    before = (stands(row), today(cast))
    bob.post(CHANGES, {"ids": row.pk, "change": "status", "to": "open"}, headers=HTMX)
    assert today(cast) == (1, 1)
    bob.post(f"/conversations/batches/{Batch.objects.get().pk}/undo/", headers=HTMX)
    assert (stands(row), today(cast)) == before


def stands(row: Conversation) -> tuple[object, ...]:
    """What lists, promises and reports are made of."""
    fresh = Conversation.objects.get(pk=row.pk)
    shown = tuple(getattr(fresh, name) for name in CONVERSATION)
    clocks = fresh.clocks.exclude(state="cancelled").order_by("pk")
    return shown, [tuple(getattr(clock, name) for name in CLOCK) for clock in clocks]


def today(cast: Cast) -> tuple[int, int]:
    """How many were solved and how many opened again, as the team's page counts them."""
    now = timezone.now()
    day = Day(now.date(), Interval(now - timedelta(hours=1), now + timedelta(hours=1)))
    found = happened([day], [cast.support.pk], now=now)[day.on]
    return found.solved, found.reopened


def test_a_macro_is_applied_to_all_and_taken_back(cast: Cast, bob: Client) -> None:
    """Its text is sent to nobody: it waits as a draft, below what was begun."""
    rows = [asked(cast, f"Question {number}", "Hello?") for number in range(3)]
    steps = [Step(Do.ADD_TAGS, text="delay"), Step(Do.SET_PRIORITY, to="high"), Step(Do.SET_STATUS, to="pending")]
    macro = write_macro(
        name="Delay", text="Dear {{ contact.first_name }}", team=cast.support, steps=steps, by=cast.alice
    )
    keep_draft(rows[1], kind="outbound", text="Hello", by=cast.bob, seen_event=None)
    set_status(rows[2], to=Status.CLOSED, by=cast.alice)
    assert "Delay" in bob.get("/conversations/macros/").content.decode()
    sent = {"ids": [row.pk for row in rows], "change": "macro", "to": macro.pk}
    answer = bob.post(CHANGES, sent, headers=HTMX)
    assert "3 conversations changed." in answer.content.decode()
    assert not Delivery.objects.exists()
    drafts = {draft.conversation_id: draft.text for draft in Draft.objects.all()}
    assert drafts == {rows[0].pk: "Dear Dace", rows[1].pk: "Hello\n\nDear Dace", rows[2].pk: "Dear Dace"}
    kept = Conversation.objects.get(pk=rows[0].pk)
    assert (kept.tags, kept.priority, kept.status) == (["delay"], Priority.HIGH, Status.NEW)  # pending once it is sent
    set_tags(rows[2], tags=["mine"], by=cast.alice)
    batch = Batch.objects.get()
    bob.post(f"/conversations/batches/{batch.pk}/undo/", headers=HTMX)
    assert batches.tally(batch) == {"undone": 2, "kept": 1}
    assert [Conversation.objects.get(pk=row.pk).tags for row in rows] == [[], [], ["mine"]]
    assert Draft.objects.get(conversation=rows[1]).text == "Hello"
    assert not Draft.objects.filter(conversation=rows[0]).exists()


def test_a_macro_of_another_team_is_refused(cast: Cast, bob: Client, charlie: Client) -> None:
    row = asked(cast, "Question", "Hello?")
    macro = write_macro(name="Ours", text="", team=cast.sales, steps=[Step(Do.ADD_TAGS, text="a")], by=cast.ada)
    assert "Ours" not in bob.get("/conversations/macros/").content.decode()
    answer = bob.post(CHANGES, {"ids": [row.pk], "change": "macro", "to": macro.pk}, headers=HTMX)
    assert "The macro is of another team." in answer.content.decode()
    answer = charlie.post(CHANGES, {"ids": [row.pk], "change": "macro", "to": macro.pk}, headers=HTMX)
    assert "not there, or not open to you" in answer.content.decode()
    assert Conversation.objects.get(pk=row.pk).tags == []


@pytest.mark.parametrize(("language", "said"), [("en", "12,000 of 12,000"), ("lv", "12\xa0000 no 12\xa0000")])
def test_large_counts_are_written_as_the_reader_writes_them(language: str, said: str) -> None:
    with translation.override(language):
        assert far(12_000, 12_000).startswith(said)
