"""Reactions: at least once, in nobody's way."""

from datetime import timedelta

import pytest
from django.db import ProgrammingError, connection, transaction
from django.test import override_settings
from django.utils import timezone

from answerable.events.dispatch import dispatch
from answerable.events.models import Event, PendingReaction
from answerable.events.record import reactions, record
from tests.cast import Cast

seen: list[str] = []


def note(event: Event) -> None:
    seen.append(event.verb)


def fail(event: Event) -> None:
    raise RuntimeError("no \x00")


TABLE = {"company.renamed": [note, fail]}


@pytest.fixture(autouse=True)
def listed() -> object:
    seen.clear()
    reactions.cache_clear()
    with override_settings(REACTIONS=f"{__name__}.TABLE"):
        yield
    reactions.cache_clear()


def test_a_failing_reaction_waits_and_holds_up_nobody(cast: Cast) -> None:
    record("company.renamed", subject=cast.company, by=cast.ada)
    assert dispatch() is not None
    assert seen == ["company.renamed"]
    owed = PendingReaction.objects.get()
    assert (owed.attempts, owed.error) == (1, "RuntimeError: no ?")
    assert owed.due_at > timezone.now()
    dispatch()
    assert seen == ["company.renamed"]
    PendingReaction.objects.update(due_at=timezone.now() - timedelta(seconds=1))
    dispatch()
    assert (seen, PendingReaction.objects.get().attempts) == (["company.renamed"], 2)


def test_what_has_happened_cannot_be_changed(cast: Cast) -> None:
    event = record("company.renamed", subject=cast.company, by=cast.ada)
    with pytest.raises(ProgrammingError, match="append-only"), transaction.atomic():
        Event.objects.filter(pk=event.pk).update(verb="company.closed")
    with connection.cursor() as cursor:
        cursor.execute("SELECT verb FROM events_event WHERE id = %s", [event.pk])
        assert cursor.fetchone() == ("company.renamed",)
