from typing import Any

import pytest
from django.db import IntegrityError, connection, models
from psycopg.types.json import Jsonb
from psycopg.types.numeric import Int2, Int4, Int8

from answerable.desk.models import Clock, Conversation, Delivery, Draft, Escalation, Kind, Message
from answerable.events.columns import Columns
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


def test_a_row_is_read_as_django_would_write_it(cast: Cast) -> None:
    begun = Conversation(inbox=cast.support_inbox, team=cast.support, contact=cast.dace, subject="Hello")
    message = Message(conversation=begun, kind=Kind.OUTBOUND, user=cast.bob, text="words", folds=[[0, 2]])
    rows = [
        begun,
        message,
        Delivery(message=message, channel="email", recipients=["one@customer.example"], state=Delivery.State.FAILED),
        Clock(conversation=begun, kind=Clock.Kind.RESOLUTION, standard=None, facts={"team": 1}),
        Draft(conversation=begun, user=cast.bob, kind=Kind.NOTE, updated_at=None),
    ]
    insert(begun)
    insert(message)
    for row in rows:
        fields = [field for field in row._meta.local_concrete_fields if not field.primary_key]
        read = Columns(type(row), [field.column for field in fields]).of(row)
        written = [field.get_db_prep_save(_value(field, row), connection) for field in fields]
        assert [_plain(value) for value in read] == [_plain(value) for value in written], type(row)
    assert Columns(Draft, ["kind"]).of(rows[-1]) == [str(Kind.NOTE)]
    assert rows[-1].updated_at is not None


def _value(field: "models.Field[Any, Any]", row: models.Model) -> object:
    """What stands in the row once it is read: a time that it was given there is not given anew."""
    if isinstance(field, models.ForeignKey):
        row._prepare_related_fields_for_save(operation_name="save")
    return getattr(row, field.attname)


def _plain(value: object) -> object:
    if isinstance(value, Jsonb):
        return "json", value.obj
    if isinstance(value, models.Choices):
        value = value.value
    return int(value) if isinstance(value, Int2 | Int4 | Int8) else value
