"""The card of told waits: what chats' customers were told against what they waited, and the conversations behind it."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from answerable.desk.actions.spam import mark_spam
from answerable.desk.models import Conversation, ToldWait
from answerable.insight.views import told as view
from answerable.web.icons import shapes
from tests.cast import Cast
from tests.insight.story import answered, question, sign_in, solved

pytestmark = pytest.mark.django_db(transaction=True)
AGO = timedelta(days=5)


def told(conversation: Conversation) -> Conversation:
    """Five minutes, four of five between one and ten."""
    ToldWait.objects.create(
        conversation=conversation,
        team=conversation.team,
        ahead=2,
        seconds=300,
        low_seconds=60,
        high_seconds=600,
        n=9,
        at=conversation.created_at,
    )
    return conversation


@pytest.fixture
def chats(staged: Cast) -> Cast:
    """The six customers of docs/measures/told-waits.md, all of whom Support told five minutes; and one of Sales."""
    began = timezone.now() - AGO
    for number, minutes in enumerate((4, 6, 9, 12)):
        answered(told(question(staged, began + timedelta(minutes=number))), minutes)
    told(question(staged, timezone.now() - timedelta(minutes=11), subject="Where is everybody?"))
    solved(told(question(staged, began)), 1)
    mark_spam(told(question(staged, began)), by=staged.bob)
    answered(told(question(staged, began, inbox=staged.sales_inbox)), 100)
    return staged


def shown(client: Client, query: str = "period=30") -> str:
    response = client.get(f"/report/figures/?{query}")
    assert response.status_code == 200
    cards = re.findall(
        r'<article class="card stack tight report-card">(.*?)</article>', response.content.decode(), re.S
    )
    return next((" ".join(re.sub("<[^>]+>", " ", each).split()) for each in cards if "wait that was told" in each), "")


def listed(client: Client, part: str, query: str = "period=30") -> list[str]:
    page = client.get(f"/report/waits/?{query}&part={part}").content.decode()
    return [" ".join(re.sub("<[^>]+>", " ", each).split()) for each in re.findall('report-measured">(.*?)</td>', page)]


def test_the_card_says_the_figures_worked_out_by_hand(chats: Cast) -> None:
    card = shown(sign_in(chats.alice))
    assert "Error of the wait that was told 3 min 15 sec" in card.replace("\N{NO-BREAK SPACE}", " ")
    assert "6 customers were told a wait; answered: 4" in card
    assert "The period before has nothing to compare with." in card
    lines = card.replace("\N{NO-BREAK SPACE}", " ")
    assert "Bias: none distinguishable −2 min 45 sec (−8 min 19 sec – +2 min 49 sec)" in lines
    assert "Waited as long as told (80% if all is well) 60.0%" in lines
    assert "Still without an answer 1" in lines
    assert "Waiting longer than told 1" in lines
    assert "Went without an answer 1" in lines


def test_the_same_as_json(chats: Cast) -> None:
    found = sign_in(chats.alice).get("/report.json?period=30").json()["told_waits"]
    assert (found["bias"]["value"], found["error"]["value"]) == (pytest.approx(-165), pytest.approx(195))
    assert found["bias"]["low"] == pytest.approx(-499.157, abs=0.001)
    assert found["within"]["value"] == pytest.approx(0.6)
    assert found["counts"] == {"within": 3, "outside": 1, "waiting": 0, "overdue": 1, "left": 1}


def test_each_number_leads_to_its_conversations(chats: Cast) -> None:
    client = sign_in(chats.alice)
    assert len(listed(client, "all")) == 6
    assert len(listed(client, "answered")) == 4
    assert len(listed(client, "within")) == 3
    [late] = listed(client, "overdue")
    assert late.startswith("told: 5")
    assert "so far" in late
    assert listed(client, "waiting") == [late]
    [left] = listed(client, "left")
    assert left.endswith("went without an answer")


def test_without_a_chat_there_is_no_card(desk: Cast) -> None:
    client = sign_in(desk.alice)
    assert shown(client) == ""
    assert client.get("/report/waits/?period=30").status_code == 200


def test_charlie_sees_none_of_supports(chats: Cast) -> None:
    client = sign_in(chats.charlie)
    assert "1 customer was told a wait; answered: 1" in shown(client)
    assert len(listed(client, "all")) == 1
    assert client.get(f"/report/waits/?period=30&team={chats.support.pk}").status_code == 422
    assert Client().get("/report/waits/").status_code == 302


def test_what_went_to_another_team_is_counted_but_not_shown(chats: Cast) -> None:
    Conversation.objects.filter(told_wait__isnull=False, team=chats.support, subject="Where is everybody?").update(
        team=chats.sales
    )
    client = sign_in(chats.alice)
    assert "6 customers were told a wait" in shown(client)
    assert listed(client, "overdue") == []
    assert (
        "1 more conversation on this page is with another team now."
        in client.get("/report/waits/?period=30&part=overdue").content.decode()
    )


def test_against_the_period_before(staged: Cast) -> None:
    """Ten days ago they waited half an hour; now as long as they were told, more or less."""
    for days, minutes in ((10, 30), (3, 6)):
        for number in range(5):
            at = timezone.now() - timedelta(days=days, minutes=number)
            answered(told(question(staged, at)), minutes + number / 10)
    client = sign_in(staged.alice)
    card = shown(client, "period=7").replace("\N{NO-BREAK SPACE}", " ")
    assert "less than in the period before" in card
    page = client.get("/report/figures/?period=7").content.decode()
    assert shapes("trending-down") in page  # the way the figure went: green, as less of it is better
    assert shapes("trending-up") not in page
    assert "Bias: told too short" in card


@pytest.mark.parametrize("query", ["part=nobody", "after=x", "after=99999999999999999-1", "team=x", "period=never"])
def test_what_is_no_query_is_said(chats: Cast, query: str) -> None:
    response = sign_in(chats.alice).get(f"/report/waits/?{query}")
    assert response.status_code == (200 if query.startswith("after=9") else 422)


def test_pages_follow_one_another_for_a_constant_number_of_queries(
    chats: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = sign_in(chats.alice)
    monkeypatch.setattr(view, "PAGE", 4)
    client.get("/report/waits/?period=30")
    seen: list[str] = []
    counts = []
    href: str | None = "period=30"
    while href:
        with CaptureQueriesContext(connection) as asked:
            page = client.get(f"/report/waits/?{href}").content.decode()
        counts.append(len(asked))
        seen += re.findall(r'href="/conversations/(\d+)/"', page)
        found = re.search(r'rel="next" href="\?([^"]+)"', page)
        href = found[1].replace("&amp;", "&") if found else None
    assert len(seen) == len(set(seen)) == 6
    assert len(counts) == 2
    assert counts[0] == counts[1] <= 12
