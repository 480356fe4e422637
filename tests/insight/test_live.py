"""The live board: what it shows of whom, what it costs, and who is refused."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from answerable.desk.actions.conversations import assign
from answerable.desk.actions.presences import arrive
from answerable.desk.models import Conversation
from answerable.insight.live import due, waiting
from answerable.people.actions.attendance import choose_state
from answerable.people.models import User
from tests.cast import Cast
from tests.insight.story import question, sign_in, stage

pytestmark = pytest.mark.django_db
PARTS = ("live", "live-now", "live-hours")


@pytest.fixture
def cast() -> Cast:
    """Two customers wait for Support, one for Latvia, one for Sales; Bob is online and answers one of Support's."""
    cast, now = stage(), timezone.now()
    first = question(cast, now - timedelta(minutes=90), subject="The oldest")
    question(cast, now - timedelta(minutes=5), subject="The newest")
    question(cast, now - timedelta(minutes=30), inbox=cast.latvia_inbox, subject="Sveiki")
    question(cast, now - timedelta(days=2), inbox=cast.sales_inbox, subject="An offer")
    choose_state(to="online", by=cast.bob)
    assign(first, to=cast.bob, by=cast.bob)
    arrive(first, by=cast.bob, typing=True)
    return cast


def shown(client: Client, part: str = "live", **asked: object) -> str:
    answer = client.get(reverse(part), asked)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_board_shows_what_waits_falls_due_and_who_does_what(cast: Cast) -> None:
    alice = sign_in(cast.alice)
    page = " ".join(shown(alice).split())
    support = page.index(
        '<th scope="row">Support</th><td>E-mail</td><td class="number">2</td><td class="number">1</td>'
    )
    latvia = page.index('<th scope="row">Latvia</th><td>E-mail</td><td class="number">1</td><td class="number">1</td>')
    assert support < latvia  # who waits longest first
    waits = page[page.index('<h2 id="live-waiting-title"') : page.index('<section class="card stack" id="live-due"')]
    assert "data-lasting>1 hr 30 min</time>" in waits  # so long, not then
    due_next = page[page.index('id="live-due"') :]
    assert due_next.index("The oldest") < due_next.index("The newest")
    crew = page[page.index('id="live-crew"') :]
    assert '<strong class="cut">Bob</strong>' in crew
    assert "The oldest" in crew
    assert "Written 1/" in crew
    assert "1 is online" in page
    for hidden in ("An offer", "Charlie", "Sales"):
        assert hidden not in page
    assert "The oldest" in shown(alice, "live-now", team=cast.support.pk)
    assert "Today by the hour" in shown(alice, "live-hours", team=cast.support.pk)
    wall = shown(alice, wall=1)
    assert 'data-theme="dark"' in wall
    assert "answer-live" in wall
    assert 'id="live-now"' in wall
    assert "Support" not in shown(alice, "live-now", team=cast.latvia.pk)


def test_the_parts_cost_the_same_however_much_waits(cast: Cast) -> None:
    alice = sign_in(cast.alice)
    address = reverse("live-now"), {"team": cast.support.pk}
    alice.get(*address)  # what is compiled once
    with CaptureQueriesContext(
        connection,
    ) as before:
        alice.get(*address)
    assert len(before) <= 13
    for number in range(15):
        arrive(question(cast, timezone.now(), subject=f"Matter {number}"), by=cast.alice)
    User.objects.filter(pk=cast.quinn.pk).update(name="Quinn Berga")
    with CaptureQueriesContext(connection) as after:
        alice.get(*address)
    assert len(after) == len(before)


def test_more_than_are_counted_are_said_to_be_more(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waiting, "MOST_COUNTED", 1)
    monkeypatch.setattr(due, "MOST", 1)
    page = shown(sign_in(cast.alice), "live-now", team=cast.support.pk)
    assert ">1+<" in page
    assert page[page.index('id="live-due"') :].count("live-clock") == 1


def test_a_team_nobody_writes_to(cast: Cast) -> None:
    Conversation.objects.update(status="solved")
    page = shown(sign_in(cast.alice))
    assert "Nobody waits for an answer." in page
    assert "No promise falls due." in page


def test_only_who_leads_sees_it_and_only_of_what_they_lead(cast: Cast) -> None:
    for person in (cast.bob, cast.charlie, cast.quinn):
        for part in PARTS:
            assert sign_in(person).get(reverse(part), {"team": cast.support.pk}).status_code == 403
    alice = sign_in(cast.alice)
    for part in PARTS:
        for team in (cast.sales, cast.everyone):
            assert alice.get(reverse(part), {"team": team.pk}).status_code == 404
    assert reverse("live") in alice.get(reverse("today")).content.decode()
    assert reverse("live") not in sign_in(cast.bob).get(reverse("today")).content.decode()
    assert '<th scope="row">Sales</th>' in shown(sign_in(cast.ada), team=cast.everyone.pk)
