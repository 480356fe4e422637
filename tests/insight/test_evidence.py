"""Beside each promise stands what became of it: the report's own figure, its trend, and who was let down."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from answerable.desk.models import Clock
from answerable.events.record import record
from answerable.policy.actions import load_version
from answerable.policy.actions.published import add_figure
from answerable.policy.models import Version
from tests.cast import Cast
from tests.desk.test_clocks import POLICY
from tests.insight.story import question, sign_in
from tests.insight.test_comparison import theirs
from tests.insight.test_links import listed
from tests.insight.test_report import document

pytestmark = pytest.mark.django_db(transaction=True)

ALL = "/policy/evidence/promises/"
SOON = "/policy/evidence/objectives/soon/"


def test_a_promise_says_of_itself_what_the_report_says(desk: Cast) -> None:
    client = sign_in(desk.alice)
    groups = {
        group["key"]: group["figure"]
        for name in ("first_response_compliance", "resolution_compliance")
        for group in document(client, "period=90")["indicators"][name]["groups"]["standard"]
    }
    assert set(groups) == {"first", "solved"}
    for key, figure in groups.items():
        measure = client.get(f"{ALL}{key}/").context["measure"]
        counts = {line.label: line.value for line in measure.card.lines}
        assert [int(value) for value in counts.values()] == list(figure["counts"].values())
        assert measure.card.value == f"{figure['estimate']['value']:.1%}"
        low, high = (f"{figure['estimate'][end]:.1%}" for end in ("low", "high"))
        assert measure.card.interval == f"{low} – {high}"


def test_it_leads_to_exactly_the_conversations_that_broke_it(desk: Cast) -> None:
    client = sign_in(desk.alice)
    page = client.get(f"{ALL}first/")
    broken = page.context["measure"].broken
    assert (broken.value, listed(client, broken.href)) == ("3", 3)
    assert "Conversations that broke it: 3" in page.text
    assert "Target: 95%" in page.text
    assert "Counted under version 1 of the policy." in page.text


def test_one_answer_fills_all_places_of_the_page(desk: Cast) -> None:
    client = sign_in(desk.alice)
    places = re.findall(r'id="(measured-[^"]+)"', client.get("/policy/").text)
    assert places == [f"measured-{key}" for key in ("first", "urgent", "next", "solved")]
    [loader] = re.findall(r'hx-get="(/policy/evidence/[^"]+)"', client.get("/policy/").text)
    found = client.get(unescape(loader)).text
    assert re.findall(r'id="(measured-[^"]+)" hx-swap-oob="true"', found) == places
    assert "Nobody was owed this in these days." in found


def test_charlie_reads_of_his_own_team_alone(desk: Cast) -> None:
    client = sign_in(desk.charlie)
    measure = client.get(f"{ALL}first/").context["measure"]
    assert [line.value for line in measure.card.lines] == ["0", "1", "0"]
    assert listed(client, measure.broken.href) == 1
    assert Client().get(ALL).status_code == 302


def test_a_change_of_the_policy_changes_no_figure_of_before(desk: Cast) -> None:
    client = sign_in(desk.alice)
    before = client.get(f"{ALL}first/").context["measure"].card
    load_version(POLICY.replace('within = "4 hours"', 'within = "1 hour"'), by=desk.ada, reason="Sooner.")
    after = client.get(f"{ALL}first/")
    assert after.context["measure"].card == before
    assert "Counted under versions 1 (4 hours), 2 (1 hour) of the policy." in after.text
    assert client.get(f"{ALL}first/?version=1").status_code == 200


def test_an_objective_gathers_its_promises_and_what_escalated(desk: Cast) -> None:
    clock = Clock.objects.filter(standard="first", state="running", team=desk.support).first()
    assert clock is not None
    record(
        "clock.escalated",
        subject=clock,
        root=clock.conversation,
        by=None,
        team_id=desk.support.pk,
        kind=clock.kind,
        share="0.500",
        outcome={},
    )
    evidence = sign_in(desk.alice).get(SOON).context["evidence"]
    assert [each.key for each in evidence.promises] == ["first", "urgent", "next", "solved"]
    assert [(each.percent, each.steps, each.conversations) for _words, each in evidence.fired] == [(50, 1, 1)]
    assert evidence.by_promise
    assert sign_in(desk.charlie).get(SOON).context["evidence"].fired == []


def test_an_objective_of_satisfaction_shows_the_reports_figure(desk: Cast) -> None:
    load_version(POLICY.replace('kpi = "compliance"', 'kpi = "csat"'), by=desk.ada, reason="Another aim.")
    client = sign_in(desk.alice)
    card = client.get(SOON).context["evidence"].card
    assert card.value == f"{document(client)['indicators']['csat']['total']['estimate']['value']:.1%}"
    load_version(POLICY.replace('kpi = "compliance"', 'kpi = "retention"'), by=desk.ada, reason="Yet another.")
    assert "is not measured by the desk itself yet" in client.get(SOON).text


def test_any_day_is_a_beginning_and_what_there_is_not_is_said(desk: Cast) -> None:
    client = sign_in(desk.alice)
    for since in ("2001-01-01", "2999-01-01", "0001-01-01", ""):
        assert client.get(SOON, {"since": since}).status_code == 200
    Version.objects.create(number=78, state=Version.State.DISCARDED, document="never was a policy")
    for path in ("/report/figures/", f"{ALL}first/"):
        assert client.get(path).status_code == 200
    for path in (f"{ALL}?version=78", f"{ALL}no-such/", "/policy/evidence/objectives/no-such/", f"{ALL}?version=77"):
        assert client.get(path).status_code == 404
    for path in (f"{ALL}?version=one", f"{SOON}?since=soon", f"{SOON}?since=%00"):
        assert client.get(path).status_code == 422


def test_since_a_day_only_what_began_then_counts_and_what_was_published(desk: Cast) -> None:
    add_figure(theirs("compliance.own_standard", 0.9, "share"), by=desk.ada)
    add_figure(theirs("csat.thumbs", 0.9, "share"), by=desk.ada)
    yesterday = timezone.localdate() - timedelta(days=1)
    found = sign_in(desk.alice).get(SOON, {"since": yesterday.isoformat()}).context
    assert all(not each.card or each.card.value == "–" for each in found["evidence"].promises)
    assert [(each.what, each.figure.kpi) for each in found["changes"]] == [("added", "compliance")]


def test_the_number_of_queries_does_not_grow(desk: Cast) -> None:
    client = sign_in(desk.alice)

    def asked(path: str) -> int:
        client.get(path)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(path).status_code == 200
        return len(queries)

    before = {path: asked(path) for path in (ALL, f"{ALL}first/", SOON)}
    assert before == {ALL: 6, f"{ALL}first/": 6, SOON: 7}
    for _ in range(3):
        question(desk, timezone.now() - timedelta(days=2))
    assert {path: asked(path) for path in before} == before
