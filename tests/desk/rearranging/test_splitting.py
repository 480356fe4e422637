"""Some messages go into a conversation of their own or into another: what is promised in both."""

from datetime import timedelta

import pytest
from django.utils import timezone

from answerable.desk.actions.messages import receive
from answerable.desk.actions.rearranging.merging import merge
from answerable.desk.actions.rearranging.splitting import move, split
from answerable.desk.actions.rearranging.undoing import undo
from answerable.desk.errors import Refused
from answerable.desk.models import (
    Clock,
    Conversation,
    Offer,
    Rearrangement,
    Status,
)
from answerable.events.models import Event
from tests.cast import Cast
from tests.desk.rearranging.stage import answered, asked, running, state
from tests.desk.test_clocks import hours_ago

pytestmark = pytest.mark.django_db


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
