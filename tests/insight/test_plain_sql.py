"""The desk's figures are those that plain SQL finds in the desk's own tables."""

from __future__ import annotations

from datetime import UTC, timedelta
from random import Random
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from answerable.desk.actions.spam import mark_spam
from answerable.desk.models import Conversation
from tests.cast import Cast
from tests.insight.story import answered, question, rated, sign_in, solved

pytestmark = pytest.mark.django_db(transaction=True)

WAITS = """
    SELECT extract(epoch FROM coalesce(first_answered_at, solved_at, now()) - created_at) AS wait,
        first_answered_at IS NOT NULL AS ended
    FROM desk_conversation WHERE team_id = %s AND spam_at IS NULL
"""
HONEST = f"""
WITH waits AS ({WAITS}),
    times AS (SELECT wait, count(*) FILTER (WHERE ended) AS ends, count(*) AS n FROM waits GROUP BY wait),
    risks AS (SELECT wait, ends, sum(n) OVER (ORDER BY wait DESC) AS at_risk FROM times),
    curve AS (SELECT wait, sum(ln(1 - ends / at_risk)) OVER (ORDER BY wait) AS log FROM risks WHERE ends < at_risk)
SELECT min(wait) FROM curve WHERE log <= ln(0.5) + 1e-9
"""
NAIVE = f"SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY wait) FROM ({WAITS}) AS waits WHERE ended"
SATISFIED = """
SELECT count(*) FILTER (WHERE score >= 4), count(score), count(*), avg(score)
FROM feedback_invitation AS invitation LEFT JOIN feedback_rating AS rating ON rating.invitation_id = invitation.id
WHERE invitation.team_id = %s
"""
KEPT = """
SELECT count(*) FILTER (WHERE clock.state = 'met'),
    count(*) FILTER (WHERE clock.state = 'breached' OR clock.state = 'running' AND clock.due_at <= now())
FROM desk_clock AS clock JOIN desk_conversation AS conversation ON conversation.id = clock.conversation_id
WHERE clock.kind = 'first_response' AND conversation.team_id = %s AND conversation.spam_at IS NULL
"""


def ask(query: str, team: int) -> tuple[Any, ...]:
    """The one row of a query about a team."""
    with connection.cursor() as cursor:
        cursor.execute(query, [team])
        row: tuple[Any, ...] = cursor.fetchone()
    return row


@pytest.fixture
def busy(staged: Cast) -> Cast:
    """Twenty-four customers wrote to Support within ten days: some wait, some are solved and rated, one was spam."""
    chance, began = Random(3), (timezone.now() - timedelta(days=15)).astimezone(UTC).replace(microsecond=0)
    for number in range(24):
        conversation = question(staged, began + timedelta(minutes=chance.randrange(14_400)))
        if number % 4:
            answered(conversation, chance.randrange(5, 2_000))
        if number % 3 and number % 4:
            solved(conversation, chance.randrange(34, 60))
            rated(Conversation.objects.get(pk=conversation.pk), chance.choice((None, 1, 3, 4, 5, 5)), staged.bob)
    mark_spam(question(staged, began), by=staged.alice)
    return staged


def test_the_report_says_what_plain_sql_says(busy: Cast) -> None:
    team = busy.support.pk
    response = sign_in(busy.alice).get("/report.json?period=30")
    assert response.status_code == 200, response.content
    plain = response.json()
    indicators = {name: each["total"] for name, each in plain["indicators"].items()}
    assert plain["population"]["counted"] == 24
    assert plain["population"]["spam"] == 1
    first = plain["other_clock"]["first_response"]  # by the calendar, as SQL counts
    assert first["estimate"]["value"] == pytest.approx(float(ask(HONEST, team)[0]))
    assert first["beside"]["naive_p50"]["value"] == pytest.approx(float(ask(NAIVE, team)[0]))
    satisfied, scored, asked, mean = ask(SATISFIED, team)
    csat = indicators["csat"]
    assert (csat["estimate"]["value"], csat["estimate"]["n"]) == (pytest.approx(satisfied / scored), scored)
    assert csat["estimate"]["coverage"] == pytest.approx(scored / asked)
    assert csat["beside"]["mean"]["value"] == pytest.approx(float(mean))
    kept = indicators["first_response_compliance"]["counts"]
    assert (kept["met"], kept["missed"]) == ask(KEPT, team)
