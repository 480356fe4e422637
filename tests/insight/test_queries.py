"""Query strings of any shape get an answer in words, and pages ask the database a fixed number of times."""

from __future__ import annotations

from datetime import date
from importlib import import_module

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from answerable.insight.forms import days_of
from tests.cast import Cast
from tests.insight.story import question, sign_in

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

NAMES = [
    "period",
    "first",
    "last",
    "team",
    "channel",
    "segment",
    "language",
    "kpi",
    "outcome",
    "by",
    "key",
    "after",
    "part",
]
KNOWN = ["7", "own", "2026-11-01", "2026-10-01", "first_response", "csat", "team_id", "standard", "waiting", "email"]
VALUES = st.one_of(
    st.sampled_from(KNOWN), st.text(max_size=30), st.integers().map(str), st.dates().map(str), st.just("\0")
)
PAGES = ["/report/", "/report/figures/", "/report.json", "/report/conversations/", "/report/waits/"]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(query=st.dictionaries(st.sampled_from(NAMES), VALUES, max_size=6), page=st.sampled_from(PAGES))
def test_any_query_has_a_clear_answer(desk: Cast, query: dict[str, str], page: str) -> None:
    client = sign_in(desk.alice)
    response = client.get(page, query)
    assert response.status_code in (200, 422), response.content
    if response.status_code == 422:
        said = response.content.decode()
        assert '"message"' in said if page.endswith("json") else 'role="alert"' in said


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("first=2026-11-02&last=2026-11-01", "The last day is before the first."),
        ("first=2026-11-02", "Own dates need a first and a last day."),
        ("first=1000-01-01&last=2026-01-01", "Choose days between 2000 and 2100."),
        ("first=2001-01-01&last=2026-01-01", "A report covers at most three years."),
        ("period=forever", "Select a valid choice."),
        ("team=999999999999999999999999", "Select a valid choice."),
    ],
)
def test_what_is_wrong_is_said(staged: Cast, query: str, says: str) -> None:
    client = sign_in(staged.alice)
    for page in ("/report/figures/", "/report/conversations/"):
        response = client.get(f"{page}?{query}&kpi=csat")
        assert (response.status_code, says in response.content.decode()) == (422, True)
    assert says in str(client.get(f"/report.json?{query}").json())


@pytest.mark.parametrize(
    "query", ["kpi=nothing", "kpi=csat&outcome=met", "kpi=csat&by=standard&key=x", "kpi=csat&by=score"]
)
def test_a_figure_that_is_none_is_refused(desk: Cast, query: str) -> None:
    response = sign_in(desk.alice).get(f"/report/conversations/?{query}")
    assert response.status_code == 422
    assert 'role="alert"' in response.content.decode()


def counted(client: Client, path: str) -> int:
    client.get(path)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(path).status_code == 200
    return len(queries)


def test_the_number_of_queries_does_not_grow(desk: Cast) -> None:
    client = sign_in(desk.alice)
    paths = {
        "/report/?period=7": 7,
        "/report/figures/?period=7": 10,
        "/report/conversations/?period=7&kpi=first_response": 8,
        "/report.json?period=7": 10,
    }
    before = {path: counted(client, path) for path in paths}
    assert before == paths
    for _ in range(5):
        question(desk, desk.company.created_at)
    assert {path: counted(client, path) for path in paths} == before


def test_named_periods() -> None:
    today = date(2026, 3, 31)
    assert days_of("7", today) == (date(2026, 3, 25), date(2026, 4, 1))
    assert days_of("this-month", today) == (date(2026, 3, 1), date(2026, 4, 1))
    assert days_of("last-month", today) == (date(2026, 2, 1), date(2026, 3, 1))


def test_pages_of_a_list_follow_one_another(desk: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(import_module("answerable.insight.views.conversations"), "PAGE", 3)
    client, path, seen = sign_in(desk.alice), "/report/conversations/?period=30&kpi=first_response", []
    while path:
        page = client.get(path)
        seen += [row.conversation.pk for row in page.context["rows"]]
        path = f"/report/conversations/?{page.context['next']}" if page.context["next"] else ""
    assert len(seen) == len(set(seen)) == 7
