"""Every figure on the page leads to exactly as many conversations as it says, whatever was asked, for whom."""

from __future__ import annotations

import re
from html import unescape
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.test import Client

from answerable.desk.actions.conversations import move, set_status
from answerable.desk.models import Conversation, Status
from tests.cast import Cast
from tests.insight.story import answered, question, sign_in
from tests.insight.test_report import document

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def links(client: Client, query: str) -> list[tuple[str, str]]:
    """The links to conversations on the page's figures, each with its text."""
    page = client.get(f"/report/figures/?{query}").content.decode()
    found = re.findall(r'href="(/report/conversations/\?[^"]+)"[^>]*>(.*?)</a>', page, re.DOTALL)
    return [(unescape(link), re.sub(r"<[^>]+>", "", text).strip()) for link, text in found]


def listed(client: Client, link: str) -> int:
    """How many conversations the pages behind a link list, those counted that are elsewhere now, too."""
    n = 0
    while link:
        response = client.get(link)
        assert response.status_code == 200, link
        n += len(response.context["rows"]) + response.context["elsewhere"]
        following = response.context["next"]
        link = f"/report/conversations/?{following}" if following else ""
    return n


def wanted(plain: dict[str, Any], asked: dict[str, str]) -> int:
    """What the figure says."""
    indicator, outcome = plain["indicators"][asked["kpi"]], asked["outcome"]
    figure = indicator["total"]
    if by := asked.get("by"):
        figure = next(g["figure"] for g in indicator["groups"][by] if str(g["key"]) == asked["key"])
    counts = figure["counts"]
    if outcome in counts:
        return int(counts[outcome])
    of_scores = {"satisfied": (4, 5), "dissatisfied": (1, 2, 3)}
    if outcome in of_scores:
        return sum(counts[f"score_{score}"] for score in of_scores[outcome])
    return int(figure["estimate"]["n"])


@pytest.mark.parametrize(
    "query",
    ["period=30", "period=7", "segment=gold", "team={team}"],
)
def test_each_link_lists_what_its_figure_says(desk: Cast, query: str) -> None:
    client, query = sign_in(desk.alice), query.format(team=desk.support.pk)
    given_up = Conversation.objects.filter(team=desk.support, first_answered_at=None)[0]
    set_status(given_up, to=Status.SOLVED, by=desk.alice)
    plain = document(client, query)
    found = links(client, query)
    for link, text in found:
        asked = dict(parse_qsl(urlsplit(link).query))
        n = wanted(plain, asked)
        assert listed(client, link) == n, link
        if asked["outcome"] not in ("all", "due", "rated"):
            assert text == str(n), link
    if "segment" not in query:
        assert {dict(parse_qsl(urlsplit(link).query))["outcome"] for link, _text in found} >= {
            "all", "ended", "settled", "waiting", "due", "met", "missed", "rated", "satisfied", "unanswered",
        }  # fmt: skip


def test_a_list_of_several_pages_is_as_long_as_its_figure(staged: Cast) -> None:
    for minutes in range(60):
        answered(question(staged, staged.company.created_at), minutes)
    client = sign_in(staged.alice)
    link = next(link for link, _text in links(client, "period=7") if "outcome=ended" in link)
    assert listed(client, link) == 60


def test_charlie_follows_alices_links_and_finds_only_his(desk: Cast) -> None:
    alice, charlie = sign_in(desk.alice), sign_in(desk.charlie)
    his = document(charlie)
    for link, _text in links(alice, "period=30"):
        asked = dict(parse_qsl(urlsplit(link).query))
        if "by" not in asked:
            assert listed(charlie, link) == wanted(his, asked), link
    for link, _text in links(alice, f"team={desk.support.pk}"):
        assert charlie.get(link).status_code == 422


def test_what_has_gone_to_another_team_is_counted_and_not_shown(desk: Cast) -> None:
    """Its rating stays with the team that earned it."""
    gone = Conversation.objects.get(invitation__rating__score=5)
    move(gone, to=desk.sales, by=desk.ada)
    client = sign_in(desk.alice)
    link = next(link for link, _text in links(client, "period=30") if "outcome=rated" in link)
    response = client.get(link)
    assert (len(response.context["rows"]), response.context["elsewhere"]) == (2, 1)
    assert gone.subject not in [str(row.conversation) for row in response.context["rows"] if row.conversation == gone]
