"""What has fallen due, in one statement."""

from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from answerable.events.falling_due import fallen_due
from answerable.events.models import Event, PendingReaction
from answerable.events.record import record
from tests.cast import play

pytestmark = pytest.mark.django_db


@pytest.fixture
def event() -> Event:
    return record("company.renamed", subject=play().company, by=None)


def test_the_oldest_first_and_when_the_next_one_comes(
    event: Event, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    now = timezone.now()
    ahead, second, first = (
        PendingReaction.objects.create(event=event, reaction=name, due_at=now + timedelta(seconds=seconds))
        for name, seconds in (("ahead", 60), ("second", -1), ("first", -2))
    )
    rows = PendingReaction.objects.all()
    with django_assert_num_queries(1):
        assert fallen_due(rows, "due_at", 100) == ([first.pk, second.pk], ahead.due_at)
    assert fallen_due(rows, "due_at", 2) == ([first.pk, second.pk], None), "there may be more"
    assert fallen_due(rows, "due_at", 1) == ([first.pk], None)
    assert fallen_due(rows.filter(pk=ahead.pk), "due_at", 100) == ([], ahead.due_at)
    assert fallen_due(rows.none(), "due_at", 100) == ([], None)
