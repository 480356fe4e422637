"""Conversations that were taken over from another system: counted, and in no business time of ours."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from answerable.desk.actions.messages import receive, reply
from answerable.desk.models import Conversation, Status
from answerable.events.record import record
from tests.cast import Cast
from tests.insight.story import sign_in
from tests.insight.test_report import document, total

pytestmark = pytest.mark.django_db(transaction=True)


def taken_over(cast: Cast, *, days: int) -> Conversation:
    """As an import leaves it: somebody asked there, and was never answered."""
    asked_at = datetime.now(UTC) - timedelta(days=days)
    row = Conversation.objects.create(
        inbox=cast.support_inbox,
        team=cast.support,
        contact=cast.dace,
        channel="email",
        status=Status.OPEN,
        created_at=asked_at,
        unanswered_since=asked_at,
        imported_at=timezone.now(),
    )
    record("conversation.imported", subject=row, by=None, team_id=cast.support.pk, system="Zendesk", number="1")
    return row


def test_who_was_never_answered_there_waits_in_nobodys_business_hours_here(desk: Cast) -> None:
    """By the calendar they wait, and that is said; our hours did not begin to count for them."""
    client = sign_in(desk.alice)
    before = document(client)
    for days in range(3, 13):
        taken_over(desk, days=days)
    after = document(client)
    assert total(after, "first_response") == total(before, "first_response")
    assert total(after, "resolution") == total(before, "resolution")
    assert total(after, "first_response_compliance") == total(before, "first_response_compliance")
    assert after["other_clock"]["first_response"]["counts"]["waiting"] == 3 + 10
    assert (before["population"]["imported"], after["population"]["imported"]) == (0, 10)
    assert after["population"]["counted"] == 17
    page = client.get("/report/figures/?period=30").content.decode()
    assert "taken over from another system" in page


def test_an_answer_here_ends_the_wait_and_only_our_own_promise_is_kept(desk: Cast) -> None:
    row = taken_over(desk, days=20)
    receive(row, contact=desk.dace, text="Is anybody there now?")
    reply(row, text="We are", by=desk.bob, seen_event=None, then=Status.SOLVED, anyway=True)
    row.refresh_from_db()
    assert row.first_answered_at is not None
    assert (row.first_answer_seconds, row.solution_seconds) == (None, None)
    clock = row.clocks.get(kind="first_response")
    assert clock.started_at > row.created_at + timedelta(days=19)
    assert clock.elapsed_seconds is not None
    assert clock.elapsed_seconds < 60
