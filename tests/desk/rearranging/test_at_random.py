"""Whatever is merged, split, moved and undone: each message stands once, and undoing all gives back what was."""

from contextlib import suppress

import pytest
from django.db import transaction
from django.db.models import Max
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from answerable.desk.actions.messages import receive
from answerable.desk.actions.rearranging.merging import merge
from answerable.desk.actions.rearranging.splitting import move, split
from answerable.desk.actions.rearranging.undoing import undo
from answerable.desk.errors import Refused
from answerable.desk.models import Clock, Conversation, Message, Rearrangement
from tests.cast import Cast
from tests.desk.rearranging.stage import answered, asked, state
from tests.desk.test_clocks import hours_ago

pytestmark = pytest.mark.django_db

DEEDS = st.lists(
    st.tuples(st.sampled_from(["merge", "split", "move", "undo"]), st.integers(0, 7), st.integers(0, 7)), max_size=6
)


class Rolled(Exception):
    """What an example did is not kept."""


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(deeds=DEEDS)
@example(deeds=[("split", 0, 0), ("move", 0, 3)])  # its answer goes after the question
def test_each_message_stands_once_and_all_comes_back(cast: Cast, deeds: list[tuple[str, int, int]]) -> None:
    with suppress(Rolled), transaction.atomic():
        _play(cast, deeds)
        raise Rolled


def _play(cast: Cast, deeds: list[tuple[str, int, int]]) -> None:
    begun = [asked(cast, hours_ago(hours)) for hours in (9, 3, 1)]
    answered(cast, begun[0])
    for row in begun:
        receive(row, contact=cast.dace, text="More", at=hours_ago(0.5))
    first, every = state(), set(Message.objects.values_list("pk", flat=True))
    for deed, one, other in deeds:
        rows = list(Conversation.objects.order_by("pk"))
        here, there = rows[one % len(rows)], rows[other % len(rows)]
        messages = list(here.messages.order_by("pk").values_list("pk", flat=True))[:1]
        with suppress(Refused), transaction.atomic():
            if deed == "merge":
                merge(here, absorb=[there], by=cast.bob)
            elif deed == "split":
                split(here, messages=messages, subject="", by=cast.bob)
            elif deed == "move":
                move(here, messages=messages, to=there, by=cast.bob)
            elif (last := Rearrangement.objects.live().order_by("pk").last()) is not None:
                undo(last, by=cast.bob)
        _check_all_is_there(every)
    for done in Rearrangement.objects.live().order_by("-pk"):
        undo(done, by=cast.bob)
    husks = Conversation.objects.exclude(pk__in=first).values_list("pk", flat=True)
    assert not Clock.objects.filter(conversation__in=husks).exclude(state=Clock.State.CANCELLED).exists()
    assert state(besides=tuple(husks)) == first


def _check_all_is_there(every: set[int]) -> None:
    """No message is lost; what waits for an answer is promised one; nothing runs where nothing stands."""
    assert set(Message.objects.values_list("pk", flat=True)) == every
    for row in Conversation.objects.all():
        questions = row.messages.filter(kind="inbound", automatic=False)
        assert row.asked_at == questions.aggregate(last=Max("created_at"))["last"]
        going = row.clocks.filter(stopped_at=None)
        if row.merged_into_id:
            assert not row.messages.exists()
            assert not going.exists()
        elif row.is_unsolved:
            answers = going.filter(kind__in=(Clock.Kind.FIRST_RESPONSE, Clock.Kind.NEXT_RESPONSE))
            assert answers.exists() == (row.unanswered_since is not None)
            assert row.message_count == row.messages.count()
            assert row.due_at == min((clock.due_at for clock in going if clock.due_at), default=None)
