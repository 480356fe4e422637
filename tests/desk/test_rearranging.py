"""Merged, split, moved, undone: where the messages are, what is promised, and what figures count."""

import threading
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.utils import timezone

from answerable.desk.actions.asides import open_aside, write_aside
from answerable.desk.actions.changes import change_team
from answerable.desk.actions.checklists import add_checklist
from answerable.desk.actions.conversations import open_conversation, set_status, set_tags
from answerable.desk.actions.drafts import keep_draft
from answerable.desk.actions.held import hold
from answerable.desk.actions.links import link
from answerable.desk.actions.messages import add_note, receive, reply
from answerable.desk.actions.rearranging.merging import merge
from answerable.desk.actions.rearranging.splitting import move, split
from answerable.desk.actions.rearranging.undoing import undo
from answerable.desk.actions.spam import mark_spam
from answerable.desk.actions.tasks import add_task, finish_task
from answerable.desk.errors import Refused
from answerable.desk.explanation import account_of
from answerable.desk.linked import links_of
from answerable.desk.models import (
    Checklist,
    Clock,
    Conversation,
    Delivery,
    Draft,
    Message,
    Offer,
    Rearrangement,
    Status,
    Task,
)
from answerable.events.models import Event
from answerable.people.models import User
from answerable.policy.actions import load_version
from tests.at_once import waiting
from tests.cast import Cast
from tests.desk.test_clocks import POLICY, hours_ago
from tests.site.waiting import until

pytestmark = pytest.mark.django_db

SHOWN = (
    "status", "assignee_id", "tags", "copied", "priority", "unanswered_since", "due_at", "created_at", "preview",
    "last_message_at", "message_count", "first_answered_at", "first_answer_seconds", "solved_at", "merged_into_id",
    "snoozed_until", "reopen_count", "solution_seconds", "opened_by_id",
)  # fmt: skip
COUNTED = (
    "kind",
    "state",
    "standard",
    "started_at",
    "due_at",
    "stopped_at",
    "elapsed_seconds",
    "pauses",
    "breached_at",
)


def state(*, besides: tuple[int, ...] = ()) -> dict[int, Any]:
    """All that lists, figures and promises are made of, by conversation; `besides` what was split off meanwhile."""
    found = {}
    for row in Conversation.objects.exclude(pk__in=besides).order_by("pk"):
        clocks = row.clocks.exclude(state=Clock.State.CANCELLED).order_by("started_at", "kind", "pk")
        found[row.pk] = (
            {name: getattr(row, name) for name in SHOWN},
            list(row.messages.order_by("id").values_list("pk", "origin")),
            [tuple(getattr(clock, name) for name in COUNTED) for clock in clocks],
        )
    return found


@pytest.fixture(autouse=True)
def _promised(cast: Cast) -> None:
    load_version(POLICY, by=cast.ada)


def asked(cast: Cast, at: datetime, text: str = "Where is my order?", who: Any = None) -> Conversation:
    contact = who or cast.dace
    row = open_conversation(inbox=cast.support_inbox, contact=contact, subject=text, by=None, at=at)
    receive(row, contact=contact, text=text, at=at)
    return Conversation.objects.get(pk=row.pk)


def answered(cast: Cast, row: Conversation, text: str = "Soon.") -> Message:
    message = reply(row, text=text, by=cast.bob, seen_event=None, anyway=True)
    Delivery.objects.filter(message=message).update(state=Delivery.State.SENT)
    return message


def running(row: Conversation, kind: str = Clock.Kind.FIRST_RESPONSE) -> Clock:
    return Clock.objects.get(conversation=row, kind=kind, stopped_at=None)


def test_what_was_promised_first_stays_promised(cast: Cast) -> None:
    first, second = asked(cast, hours_ago(3)), asked(cast, hours_ago(1), "And where is the other one?")
    due = running(first).due_at
    before = state()
    [row] = merge(second, absorb=[first], by=cast.bob)
    second.refresh_from_db()
    first.refresh_from_db()
    assert running(second).due_at == due == second.due_at
    assert running(second).started_at == first.created_at == second.created_at == second.unanswered_since
    assert list(second.clocks.filter(state="cancelled").values_list("kind", flat=True).order_by("kind")) == [
        "first_response", "resolution",
    ]  # fmt: skip
    assert (first.status, first.merged_into_id, first.due_at) == (Status.MERGED, second.pk, None)
    assert second.message_count == second.messages.count() == 2
    assert [one.origin_id for one in second.messages.order_by("id")] == [first.pk, None]
    went, ended = running(second), second.clocks.get(kind="first_response", state="cancelled")
    said = {one.pk: [turn.words for turn in account_of(one, at=timezone.now()).turns] for one in (went, ended)}
    assert f"#{first.pk}, which was merged into this one" in said[went.pk][0]
    assert "two conversations became one" in said[ended.pk][0]
    undo(row, by=cast.bob)
    assert state() == before
    assert f"came back from conversation #{second.pk}" in account_of(running(first), at=timezone.now()).turns[0].words
    undo(row, by=cast.bob)  # once


def test_a_question_to_the_merged_one_joins_the_one_that_stays_and_goes_back_with_it(cast: Cast) -> None:
    kept, gone = asked(cast, hours_ago(3)), asked(cast, hours_ago(1), who=cast.nino)
    [row] = merge(kept, absorb=[gone], by=cast.bob)
    kept.refresh_from_db()
    assert kept.copied == ["nino@harbour.example"]
    gone.refresh_from_db()
    late = receive(gone, contact=cast.nino, text="Hello?")
    assert (late.conversation_id, late.origin_id) == (kept.pk, gone.pk)
    answer = answered(cast, kept)
    here = receive(kept, contact=cast.dace, text="Thank you!")
    undo(row, by=cast.bob)
    for one in (kept, gone, late, answer, here):
        one.refresh_from_db()
    assert (late.conversation_id, late.origin_id) == (gone.pk, None)
    assert answer.conversation_id == here.conversation_id == kept.pk
    assert (kept.copied, kept.message_count, gone.message_count) == ([], 3, 2)
    assert (gone.status, kept.status) == (Status.NEW, Status.OPEN)
    # The one that stayed was answered; who had been merged away waits as long as ever.
    met = kept.clocks.get(kind="first_response")
    assert (met.state, met.stopped_at) == (Clock.State.MET, answer.created_at)
    assert kept.first_answered_at == answer.created_at
    assert running(gone).started_at == gone.created_at == gone.unanswered_since
    assert running(kept, "next_response").started_at == here.created_at == kept.unanswered_since


def test_an_answer_while_merged_counts_for_the_one_that_stayed(cast: Cast) -> None:
    """Also where the promise that ran meanwhile had come from the other one."""
    gone, kept = asked(cast, hours_ago(3)), asked(cast, hours_ago(1))
    [row] = merge(kept, absorb=[gone], by=cast.bob)
    answer = answered(cast, kept)
    undo(row, by=cast.bob)
    assert kept.clocks.get(kind="first_response").stopped_at == answer.created_at
    assert running(gone).state == Clock.State.RUNNING
    assert not running(kept, "resolution").stopped_at


def test_of_a_broken_promise_and_a_kept_one_both_stay_so(cast: Cast) -> None:
    late, soon = asked(cast, hours_ago(9)), asked(cast, hours_ago(1))
    answered(cast, late)
    answered(cast, soon)
    before = state()
    [row] = merge(soon, absorb=[late], by=cast.bob)
    states = soon.clocks.filter(kind="first_response").order_by("started_at").values_list("state", flat=True)
    assert list(states) == ["breached", "met"]
    assert not late.clocks.exclude(state="cancelled").exists()
    soon.refresh_from_db()
    assert soon.first_answer_seconds is not None
    assert soon.first_answer_seconds >= 9 * 3600  # from the first message of the case
    undo(row, by=cast.bob)
    assert state() == before


def test_an_open_one_opens_the_solved_one_it_is_merged_into(cast: Cast) -> None:
    solved, open_one = asked(cast, hours_ago(9)), asked(cast, hours_ago(1))
    answered(cast, solved)
    set_status(solved, to=Status.SOLVED, by=cast.bob)
    set_tags(open_one, tags=["late"], by=cast.bob)
    before = state()
    rows = merge(solved, absorb=[open_one], by=cast.bob)
    solved.refresh_from_db()
    assert (solved.status, solved.solved_at, solved.tags) == (Status.OPEN, None, ["late"])
    assert running(solved).started_at == open_one.created_at
    undo(rows[0], by=cast.bob)
    assert state() == before


def test_several_are_undone_the_last_one_first(cast: Cast) -> None:
    one, two, three = (asked(cast, hours_ago(hours)) for hours in (3, 2, 1))
    before = state()
    first, second = merge(one, absorb=[two, three], by=cast.bob)
    with pytest.raises(Refused, match="Undo this first"):
        undo(first, by=cast.bob)
    undo(second, by=cast.bob)
    undo(first, by=cast.bob)
    assert state() == before


def test_both_teams_must_be_theirs(cast: Cast) -> None:
    ours = asked(cast, hours_ago(1))
    theirs = open_conversation(inbox=cast.sales_inbox, contact=cast.dace, subject="Offer", by=None)
    receive(theirs, contact=cast.dace, text="An offer?")
    receive(theirs, contact=cast.dace, text="Two?")
    for kept, gone in ((ours, theirs), (theirs, ours)):
        for by in (cast.bob, cast.charlie, cast.quinn):
            with pytest.raises(PermissionDenied):
                merge(kept, absorb=[gone], by=by)
    pk = Message.objects.filter(conversation=theirs).latest("id").pk
    with pytest.raises(PermissionDenied):
        move(theirs, messages=[pk], to=ours, by=cast.bob)
    [row] = merge(ours, absorb=[theirs], by=cast.ada)
    with pytest.raises(PermissionDenied):
        undo(row, by=cast.bob)


def test_what_makes_no_sense_is_refused(cast: Cast) -> None:
    one, two = asked(cast, hours_ago(2)), asked(cast, hours_ago(1))
    with pytest.raises(Refused, match="one and the same"):
        merge(one, absorb=[one], by=cast.bob)
    reply(two, text="On its way", by=cast.bob, seen_event=None, anyway=True)
    with pytest.raises(Refused, match="on its way"):
        merge(one, absorb=[two], by=cast.bob)
    Delivery.objects.update(state=Delivery.State.SENT)
    set_status(one, to=Status.CLOSED, by=cast.bob)
    with pytest.raises(Refused, match="closed"):
        merge(one, absorb=[two], by=cast.bob)
    merge(two, absorb=[one], by=cast.bob)
    with pytest.raises(Refused, match="merged"):
        merge(two, absorb=[one], by=cast.bob)
    with pytest.raises(Refused, match=f"#{two.pk}"):
        add_note(one, text="Where?", by=cast.bob)
    with pytest.raises(Refused, match=f"#{two.pk}"):
        set_status(one, to=Status.OPEN, by=cast.bob)


def test_drafts_follow(cast: Cast) -> None:
    kept, gone = asked(cast, hours_ago(2)), asked(cast, hours_ago(1))
    for row, by, text in ((kept, cast.bob, "Here"), (gone, cast.bob, "There"), (gone, cast.alice, "Mine")):
        keep_draft(row, kind="outbound", text=text, by=by, seen_event=None)
    [done] = merge(kept, absorb=[gone], by=cast.bob)
    drafts = Draft.objects.filter(conversation=kept).order_by("user")
    assert {draft.text for draft in drafts} == {"Here\n\nThere", "Mine"}
    undo(done, by=cast.bob)
    assert {(each.conversation_id, each.text) for each in Draft.objects.all()} == {
        (kept.pk, "Here"), (gone.pk, "There"), (gone.pk, "Mine"),
    }  # fmt: skip


def test_formatted_drafts_keep_their_looks(cast: Cast) -> None:
    kept, gone = asked(cast, hours_ago(2)), asked(cast, hours_ago(1))
    keep_draft(kept, kind="outbound", text="Here\n& now", by=cast.bob, seen_event=None)
    keep_draft(gone, kind="outbound", text="There", html="<p><b>There</b></p>", by=cast.bob, seen_event=None)
    [done] = merge(kept, absorb=[gone], by=cast.bob)
    assert Draft.objects.get().html == "<p>Here<br>&amp; now</p><p><b>There</b></p>"
    undo(done, by=cast.bob)
    assert set(Draft.objects.values_list("conversation", "text", "html")) == {
        (kept.pk, "Here\n& now", "<p>Here<br>&amp; now</p>"), (gone.pk, "There", "<p><b>There</b></p>"),
    }  # fmt: skip


def test_tasks_of_one_checklist_stand_behind_each_other_and_go_back(cast: Cast) -> None:
    checklist = Checklist.objects.create(name="Return", texts=["Call", "Refund"], required=True)
    kept, gone = asked(cast, hours_ago(2)), asked(cast, hours_ago(1))
    for row in (kept, gone):
        add_checklist(row, checklist=checklist, by=cast.bob)
    [done] = merge(kept, absorb=[gone], by=cast.bob)
    tasks = Task.objects.standing().filter(conversation=kept)
    assert [task.text for task in tasks] == ["Call", "Refund", "Call", "Refund"]
    assert dict(Conversation.objects.values_list("pk", "blocking_tasks")) == {kept.pk: 4, gone.pk: 0}
    with pytest.raises(Refused):
        set_status(kept, to=Status.SOLVED, by=cast.bob)
    with pytest.raises(Refused):
        add_task(gone, text="Too late", by=cast.bob)
    with pytest.raises(Refused):
        mark_spam(gone, by=cast.bob)
    finish_task(tasks[2], by=cast.bob)
    undo(done, by=cast.bob)
    assert dict(Conversation.objects.values_list("pk", "blocking_tasks")) == {kept.pk: 2, gone.pk: 1}


def test_what_is_split_off_is_promised_from_its_own_time(cast: Cast) -> None:
    row = asked(cast, hours_ago(3))
    other = receive(row, contact=cast.dace, text="By the way, an invoice?", at=hours_ago(2))
    before = state()
    done = split(row, messages=[other.pk], subject="Invoice", by=cast.bob)
    new = done.target
    new.refresh_from_db()
    row.refresh_from_db()
    clock = running(new)
    assert clock.started_at == other.created_at == new.created_at == new.unanswered_since
    assert clock.due_at == other.created_at + timedelta(hours=4)
    assert running(new, "resolution").started_at == other.created_at
    assert running(row).started_at == row.created_at
    assert (row.message_count, new.message_count, new.contact_id) == (1, 1, cast.dace.pk)
    undo(done, by=cast.bob)
    assert state(besides=(new.pk,)) == before
    new.refresh_from_db()
    assert (new.status, new.merged_into_id, new.message_count) == (Status.MERGED, row.pk, 0)
    assert receive(new, contact=cast.dace, text="Still there?").conversation_id == row.pk


def test_the_first_question_is_split_off_and_the_second_counts_from_its_own_time(cast: Cast) -> None:
    row = asked(cast, hours_ago(3))
    second = receive(row, contact=cast.dace, text="By the way, an invoice?", at=hours_ago(2))
    first = row.messages.order_by("id")[0]
    before = state()
    done = split(row, messages=[first.pk], subject="", by=cast.bob)
    assert running(row).started_at == second.created_at
    assert running(done.target).started_at == first.created_at
    undo(done, by=cast.bob)
    assert state(besides=(done.target_id,)) == before


def test_a_question_goes_with_its_answer_and_is_counted_once(cast: Cast) -> None:
    row = asked(cast, hours_ago(3))
    answer = answered(cast, row)
    later = receive(row, contact=cast.dace, text="Something else")
    question = row.messages.order_by("id")[0]
    before = state()
    done = split(row, messages=[question.pk, answer.pk], subject="Order", by=cast.bob)
    new, left = Conversation.objects.get(pk=done.target_id), Conversation.objects.get(pk=row.pk)
    assert [clock.state for clock in new.clocks.filter(kind="first_response")] == ["met"]
    assert (new.status, new.first_answered_at, new.unanswered_since) == (Status.PENDING, answer.created_at, None)
    assert not left.clocks.filter(state="met").exists()
    assert (left.first_answered_at, left.unanswered_since) == (None, later.created_at)
    undo(done, by=cast.bob)
    assert state(besides=(new.pk,)) == before


def test_a_message_moves_and_the_earliest_promise_stands(cast: Cast) -> None:
    source, target = asked(cast, hours_ago(3)), asked(cast, hours_ago(1))
    late = receive(source, contact=cast.dace, text="About the other order", at=hours_ago(2))
    before = state()
    row = move(source, messages=[late.pk], to=target, by=cast.bob)
    late.refresh_from_db()
    assert (late.conversation_id, late.origin_id) == (target.pk, source.pk)
    assert running(target).started_at == late.created_at
    assert running(source).started_at == source.created_at
    undo(row, by=cast.bob)
    assert state() == before
    with pytest.raises(Refused, match="Leave at least one"):
        move(source, messages=list(source.messages.values_list("pk", flat=True)), to=target, by=cast.bob)


def test_an_answer_that_moves_after_its_question_keeps_the_promise_there(cast: Cast) -> None:
    row = asked(cast, hours_ago(3))
    receive(row, contact=cast.dace, text="Hello?", at=hours_ago(2))
    answer = answered(cast, row)
    receive(row, contact=cast.dace, text="And the other one?")
    done = split(row, messages=[row.messages.earliest("id").pk], subject="", by=cast.bob)
    before = state()
    promised = running(done.target)
    moved = move(row, messages=[answer.pk], to=done.target, by=cast.bob)
    promised.refresh_from_db()
    done.target.refresh_from_db()
    assert (promised.state, promised.stopped_at) == (Clock.State.MET, answer.created_at)
    assert (done.target.unanswered_since, done.target.first_answered_at) == (None, answer.created_at)
    undo(moved, by=cast.bob)
    assert state() == before


def test_a_split_that_went_on_is_undone_with_all_that_came(cast: Cast) -> None:
    row = asked(cast, hours_ago(3))
    other = receive(row, contact=cast.dace, text="By the way, an invoice?", at=hours_ago(2))
    done = split(row, messages=[other.pk], subject="Invoice", by=cast.bob)
    answer = answered(cast, done.target)
    more = receive(done.target, contact=cast.dace, text="Which invoice?")
    undo(done, by=cast.bob)
    row.refresh_from_db()
    assert list(row.messages.order_by("id").values_list("pk", flat=True))[1:] == [other.pk, answer.pk, more.pk]
    assert (row.message_count, row.unanswered_since, row.first_answered_at) == (4, more.created_at, answer.created_at)
    assert row.clocks.get(kind="first_response", state="met").stopped_at == answer.created_at
    assert running(row, "next_response").started_at == more.created_at
    assert not done.target.clocks.filter(stopped_at=None).exists()


def test_it_is_told_in_both_and_offered_to_nobody(cast: Cast) -> None:
    kept, gone = asked(cast, hours_ago(2)), asked(cast, hours_ago(1))
    now = timezone.now()
    offer = Offer.objects.create(conversation=gone, user=cast.alice, team=cast.support, lapses_at=now)
    merge(kept, absorb=[gone], by=cast.bob)
    offer.refresh_from_db()
    assert offer.outcome == Offer.Outcome.WITHDRAWN
    for row, verb in ((kept, "conversation.absorbed"), (gone, "conversation.merged")):
        assert Event.objects.filter(root=f"conversation-{row.pk}", verb=verb, actor=cast.bob).exists()
    assert Rearrangement.objects.get().changed["messages"]


def test_what_it_was_linked_with_is_linked_with_the_one_that_stays(cast: Cast) -> None:
    kept, gone, problem, both = (asked(cast, hours_ago(hours)) for hours in (4, 3, 2, 1))
    link(gone, to=problem, kind="incident", by=cast.bob)
    link(both, to=gone, kind="related", by=cast.bob)
    link(kept, to=both, kind="duplicate", by=cast.bob)
    link(kept, to=gone, kind="related", by=cast.bob)
    before = linked(kept, gone, problem, both)
    [row] = merge(kept, absorb=[gone], by=cast.bob)
    incident, duplicate = ("Incident of the problem", problem.pk), ("Duplicate of", both.pk)
    assert linked(kept, gone) == [[incident, duplicate], []]
    assert linked(problem, both) == [[("Problem behind the incident", kept.pk)], [("Has the duplicate", kept.pk)]]
    with pytest.raises(Refused, match=f"#{kept.pk}"):
        link(problem, to=gone, kind="related", by=cast.bob)
    undo(row, by=cast.bob)
    assert linked(kept, gone, problem, both) == before


def linked(*rows: Conversation) -> list[list[tuple[str, int]]]:
    """Of each, what stands beside it."""
    found = [links_of(Conversation.objects.get(pk=row.pk), User.objects.get(name="Bob")) for row in rows]
    return [[(each.said, each.other.pk) for each in links] for links in found]


def test_what_a_part_was_linked_with_is_linked_with_the_whole_again(cast: Cast) -> None:
    row, problem = asked(cast, hours_ago(3)), asked(cast, hours_ago(2))
    message = receive(row, contact=cast.dace, text="By the way")
    done = split(row, messages=[message.pk], subject="Another", by=cast.bob)
    link(done.target, to=problem, kind="incident", by=cast.bob)
    undo(done, by=cast.bob)
    assert linked(row) == [[("Incident of the problem", problem.pk)]]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("beside", [True, False])
def test_who_hands_over_and_who_writes_do_not_wait_for_each_other(cast: Cast, beside: bool) -> None:
    """What stands beside a conversation may have the lower number, once that was merged into another. Who waited
    finds it where it is by then."""
    gone = asked(cast, hours_ago(3))
    aside = open_aside(gone, to="orla@carrier.example", subject="Parcel", text="Where is it?", by=cast.bob)
    kept = asked(cast, hours_ago(1))
    merge(kept, absorb=[gone], by=cast.bob)
    assert aside.pk < kept.pk
    raised: list[Exception] = []

    def write() -> None:
        try:
            if beside:
                write_aside(Conversation.objects.get(pk=aside.pk), text="And?", by=cast.bob)
            else:
                set_tags(kept, tags=["seen"], by=cast.bob)
        except Exception as error:
            raised.append(error)
        finally:
            connection.close()

    writing = threading.Thread(target=write, daemon=True)
    with transaction.atomic():
        held = hold(kept)
        writing.start()
        until(lambda: waiting() == 1, what="who writes waits for the conversation")
        change_team(held, to=cast.latvia, by=cast.ada)
        held.keep()
    writing.join(20)
    assert raised == []
    assert Conversation.objects.get(pk=aside.pk).team == cast.latvia
