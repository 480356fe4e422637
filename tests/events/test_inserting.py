import pytest
from django.db import IntegrityError

from answerable.desk.models import Clock, Escalation
from answerable.events.inserting import FEW, insert, insert_all
from answerable.events.models import Event, PendingReaction
from tests.cast import Cast

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("count", [0, 1, FEW - 1, FEW, 40])
def test_rows_get_their_keys_in_their_order_and_read_as_they_were(count: int, cast: Cast) -> None:
    words = 'tab\there, line\nthere, \\N and \\. alone, "quotes", რუსთავი'
    made = [
        Event(verb="test.run", subject=f"row-{n}", root=words, actor=cast.alice, particulars={"n": n, "text": words})
        for n in range(count)
    ]
    assert insert_all(made) == made
    kept = Event.objects.filter(verb="test.run").order_by("pk")
    assert [(row.pk, row.subject, row.root, row.actor, row.particulars, row.team_id, row.at) for row in kept] == [
        (row.pk, f"row-{n}", words, cast.alice, {"n": n, "text": words}, None, row.at) for n, row in enumerate(made)
    ]
    assert not any(row._state.adding for row in made)
    Event.objects.create(verb="test.ended", subject="row", root="row")  # the sequence has moved on


def test_what_the_table_refuses_is_djangos_error() -> None:
    with pytest.raises(IntegrityError):
        insert_all([Escalation(clock=Clock(), step=n, share=1) for n in range(FEW)])


def test_a_row_may_be_made_with_another_that_gets_its_key_later(cast: Cast) -> None:
    event = Event(verb="test.run", subject="row", root="row")
    owed = PendingReaction(event=event, reaction="nothing")
    insert(event)
    assert PendingReaction.objects.get(pk=insert(owed).pk).event == event
