"""What customers read of the promises: nothing until it is published, then the truth over all teams, counted seldom."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from answerable.feedback.links import token_of
from answerable.feedback.models import Invitation
from answerable.insight import publicly
from answerable.insight.publicly import KEY, Counts, counts
from answerable.policy.actions import load_version
from answerable.policy.actions.publication import publish_promises, withdraw_promises
from answerable.policy.models import Publication
from tests.cast import Cast
from tests.desk.test_clocks import POLICY
from tests.insight.story import question, sign_in

PAGE, SWITCH = "/promises/", "/policy/publication/"


@pytest.fixture
def open_house(cast: Cast) -> Cast:
    """Published, with figures that were counted a minute ago."""
    load_version(POLICY, by=cast.ada)
    publish_promises(by=cast.ada)
    keep(timedelta(minutes=1))
    return cast


def keep(age: timedelta) -> Counts:
    figures = {("first_response", "first"): (90, 100), ("resolution", "solved"): (1999, 2000)}
    found = Counts(timezone.now() - age, figures)
    cache.set(KEY, found)
    return found


def test_an_administrator_looks_and_then_switches_it_on_and_off(cast: Cast) -> None:
    for user in (cast.alice, cast.bob, cast.charlie):
        assert sign_in(user).post(SWITCH).status_code == 403
        assert sign_in(user).post(f"{SWITCH}withdrawal/").status_code == 403
        assert sign_in(user).get(SWITCH).status_code == 200
        assert sign_in(user).get(PAGE).status_code == 404
    assert Client().get(PAGE).status_code == 404
    ada = sign_in(cast.ada)
    assert "This page is not published." in ada.get(PAGE).text
    for _twice in range(2):
        assert ada.post(SWITCH).status_code == 302
    assert "There are no promises at present." in Client().get(PAGE).text
    assert ada.post(f"{SWITCH}withdrawal/").status_code == 302
    assert Client().get(PAGE).status_code == 404
    [time] = Publication.objects.all()
    assert (time.published_by, time.withdrawn_by) == (cast.ada, cast.ada)
    assert "When it was published" in ada.get(SWITCH).text


def test_each_promise_is_told_in_plain_words(open_house: Cast) -> None:
    page = Client().get(PAGE, {"language": "en"})
    assert "We answer within 4 hours." in page.text
    assert "In the last 90 days we kept it in <strong>90%</strong> of 100 cases." in page.text
    assert "between 83% and 94%" in page.text
    assert "<strong>99.9%</strong> of 2,000 cases" in page.text  # one was broken: not a hundred
    shown = {each.promise.standard.key: each for _goal, promises in page.context["goals"] for each in promises}
    assert shown["urgent"].kept is None
    assert "Too few cases" in page.text


@pytest.mark.django_db(transaction=True)
def test_the_figures_are_those_of_all_teams_and_a_flood_counts_once(
    desk: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Support kept 4 of 7 and sales 0 of 1; a floor of eight shows it."""
    cache.clear()
    first = counts()
    assert first is not None
    assert first.of["first_response", "first"] == (4, 8)
    assert first.kept("first_response", "first") is None
    monkeypatch.setattr(publicly, "FEWEST", 8)
    kept = first.kept("first_response", "first")
    assert kept is not None
    assert (kept.share, kept.n) == (0.5, 8)
    question(desk, timezone.now() - timedelta(days=4))
    assert counts() == first
    again = counts(timezone.now() + publicly.FRESH)
    assert again is not None
    assert again.of["first_response", "first"] == (4, 9)
    cache.clear()


def test_who_comes_while_another_counts_is_shown_the_figures_of_before(open_house: Cast) -> None:
    cache.delete(KEY)
    cache.add(publicly.COUNTING, True, 60)
    assert counts() is None
    assert "is being counted" in Client().get(PAGE, {"language": "en"}).text
    old = keep(timedelta(hours=2))
    assert counts() == old
    assert "90%" in Client().get(PAGE).text


@pytest.mark.parametrize(
    ("query", "accepts", "language"),
    [
        ({}, "lv,en;q=0.5", "lv"),
        ({"language": "ka"}, "lv", "ka"),
        ({"language": "xx"}, "fr", "en"),
        ({"language": "\0"}, "en", "en"),
    ],
)
def test_in_the_readers_language(open_house: Cast, query: dict[str, str], accepts: str, language: str) -> None:
    page = Client().get(PAGE, query, headers={"Accept-Language": accepts})
    assert page.headers["Content-Language"] == language
    assert f'<html lang="{language}"' in page.text
    assert "Accept-Language" in page.headers["Vary"]


def test_the_foot_of_the_rating_page_leads_there_while_it_is_published(open_house: Cast) -> None:
    asked = question(open_house, timezone.now())
    invitation = Invitation.objects.create(
        conversation=asked, contact=asked.contact, team=asked.team, channel="email", language="lv"
    )
    rating = f"/ratings/{token_of(invitation)}/"
    assert 'href="/promises/?language=lv"' in Client().get(rating).text
    withdraw_promises(by=open_house.ada)
    assert "/promises/" not in Client().get(rating).text


def test_a_visit_asks_the_database_little(open_house: Cast) -> None:
    Client().get(PAGE)
    with CaptureQueriesContext(connection) as queries:
        assert Client().get(PAGE).status_code == 200
    assert len(queries) == 5
