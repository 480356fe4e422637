"""Two become one, and are two again: where the messages are, what is promised, and what figures count."""

import threading

import pytest
from django.db import connection, transaction
from django.utils import timezone

from answerable.desk.actions.asides import open_aside, write_aside
from answerable.desk.actions.changes import change_team
from answerable.desk.actions.conversations import set_status, set_tags
from answerable.desk.actions.held import hold
from answerable.desk.actions.messages import receive
from answerable.desk.actions.rearranging.merging import merge
from answerable.desk.actions.rearranging.undoing import undo
from answerable.desk.errors import Refused
from answerable.desk.explanation import account_of
from answerable.desk.models import (
    Clock,
    Conversation,
    Status,
)
from tests.at_once import waiting
from tests.cast import Cast
from tests.desk.rearranging.stage import answered, asked, running, state
from tests.desk.test_clocks import hours_ago
from tests.site.waiting import until

pytestmark = pytest.mark.django_db


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
