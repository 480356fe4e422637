"""Our figures beside published ones: compared where both count the same of companies like ours, else not, and why."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from answerable.insight.comparison import Compared
from answerable.policy.actions import load_version
from answerable.policy.actions.published import Facts, add_figure, choose_scope, retire_figure
from answerable.policy.models import PublishedFigure
from tests.cast import Cast
from tests.desk.test_clocks import POLICY
from tests.insight.story import sign_in
from tests.insight.test_report import document

pytestmark = pytest.mark.django_db(transaction=True)

PAGE, FIGURES = "/policy/comparison/", "/policy/comparison/figures/"


def theirs(statistic: str, value: float, unit: str, *, days_ago: int = 30, competitor: str = "Rival") -> Facts:
    until = timezone.localdate() - timedelta(days=days_ago)
    return Facts(statistic, value, unit, "shops", until, f"A yearbook {days_ago}", competitor=competitor)


@pytest.fixture
def compared(desk: Cast) -> Cast:
    load_version(POLICY.replace('kpi = "compliance"', 'kpi = "first_response"').replace("95 %", "4 hours"), by=desk.ada)
    return desk


def found(client: Client) -> Compared:
    [only] = client.get(FIGURES).context["compared"]
    assert isinstance(only, Compared)
    return only


def test_only_the_same_statistic_is_compared(compared: Cast) -> None:
    """Ours is 40 minutes (Kaplan-Meier), and 25 by the naive median that a rival publishes."""
    for statistic in ("first_response.calendar.p50.naive", "first_response.mean", "first_response.queue_wait"):
        add_figure(theirs(statistic, 600, "seconds"), by=compared.ada)
    seen = found(sign_in(compared.alice))
    assert [panel.value for panel in seen.panels] == ["40\xa0min", "25\xa0min"]
    [beside] = seen.panels[1].beside
    assert (beside.value, beside.months) == ("10\xa0min", 0)
    assert {each.figure.statistic: each.reasons for each in seen.apart} == {
        "first_response.mean": ("it counts something else",),
        "first_response.queue_wait": ("it counts something else",),
    }


def test_shorter_is_better_and_inside_our_interval_nothing_is_claimed(compared: Cast) -> None:
    add_figure(theirs("first_response.calendar.p50.naive", 25 * 60, "seconds", competitor="Alike"), by=compared.ada)
    add_figure(theirs("first_response.calendar.p50.naive", 10, "seconds", competitor="Quick"), by=compared.ada)
    add_figure(theirs("first_response.calendar.p50.naive", 9e5, "seconds", competitor="Slow"), by=compared.ada)
    naive = found(sign_in(compared.alice)).panels[1]
    standings = {each.figure.competitor: each.standing for each in naive.beside}
    low = document(sign_in(compared.alice), "period=90")["other_clock"]["first_response"]["beside"]["naive_p50"]["low"]
    assert standings["Alike"] == "not distinguishable"
    assert standings["Quick"] == ("ours is worse" if low else "not distinguishable")
    assert standings["Slow"] in ("ours is better", "not distinguishable")
    add_figure(theirs("first_response.calendar.p50.naive", 600, "seconds", days_ago=800), by=compared.ada)
    assert [each.months for each in found(sign_in(compared.alice)).panels[1].beside if each.months] == [26]
    assert "26 months old" in sign_in(compared.alice).get(FIGURES).text
    assert found(sign_in(compared.charlie)).panels[0].value == "5\xa0hr"
    assert Client().get(PAGE).status_code == 302


def test_an_industry_is_compared_once_we_count_ourselves_among_it(compared: Cast) -> None:
    add_figure(theirs("first_response.calendar.p50.naive", 600, "seconds", competitor=""), by=compared.ada)
    client = sign_in(compared.ada)
    [apart] = found(client).apart
    assert (apart.reasons, apart.scope) == (("it is about others than us",), "shops")
    client.post("/policy/comparison/scopes/", {"scope": "shops"})
    assert [len(panel.beside) for panel in found(client).panels] == [0, 1]
    client.post("/policy/comparison/scopes/", {"scope": "shops", "leave": "1"})
    assert found(client).apart


def test_promises_kept_are_never_compared_and_what_the_desk_does_not_measure_is_said(desk: Cast) -> None:
    add_figure(theirs("compliance.own_standard", 0.9, "share"), by=desk.ada)
    seen = found(sign_in(desk.alice))
    assert [panel.sample for panel in seen.panels] == ["7", "0", "7"]
    assert [each.reasons for each in seen.apart] == [("it counts something else",)]
    load_version(POLICY.replace('kpi = "compliance"', 'kpi = "nps"').replace("95 %", "40 points"), by=desk.ada)
    add_figure(theirs("nps", 33, "points"), by=desk.ada)
    client = sign_in(desk.bob)
    seen = found(client)
    assert (seen.is_measured, seen.panels, [each.reasons for each in seen.apart]) == (False, (), [()])
    assert "nothing of ours to compare" in client.get(FIGURES).text


def test_the_page_has_a_place_for_each_objective_and_says_what_changed(compared: Cast) -> None:
    figure = add_figure(theirs("csat.thumbs", 0.9, "share"), by=compared.ada)
    retire_figure(add_figure(theirs("first_response.mean", 60, "seconds"), by=compared.ada), by=compared.ada)
    client = sign_in(compared.bob)
    places = re.findall(r'id="(compared-[^"]+)"', client.get(PAGE).text)
    assert places == ["compared-soon"]
    assert re.findall(r'id="(compared-[^"]+)" hx-swap-oob="true"', client.get(FIGURES).text) == places
    page = client.get(PAGE, {"since": date.today().isoformat()})  # noqa: DTZ011
    assert [each.what for each in page.context["changes"]] == ["retired", "added"]
    assert page.context["elsewhere"] == [figure]
    assert "Put away" not in page.text
    assert client.get(PAGE, {"since": "9999-12-31"}).context["changes"] == []
    assert client.get(PAGE, {"since": "then"}).context["since_error"]


def test_the_number_of_queries_does_not_grow(compared: Cast) -> None:
    client = sign_in(compared.alice)

    def asked(path: str) -> int:
        client.get(path)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(path).status_code == 200
        return len(queries)

    choose_scope("shops", by=compared.ada)
    add_figure(theirs("first_response.mean", 60, "seconds"), by=compared.ada)
    before = {path: asked(path) for path in (PAGE, FIGURES)}
    assert before == {PAGE: 6, FIGURES: 12}
    for days in range(40, 45):
        add_figure(theirs("first_response.calendar.p50.naive", 60, "seconds", days_ago=days), by=compared.ada)
    assert {path: asked(path) for path in before} == before
    assert PublishedFigure.objects.count() == 6
