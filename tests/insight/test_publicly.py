"""What customers read of the promises: nothing until it is published, then the truth over all teams, counted seldom."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from answerable.desk.models import Clock
from answerable.insight import publicly
from answerable.insight.publicly import KEY, Counts, counts
from answerable.policy.actions.publication import publish_promises, withdraw_promises
from answerable.policy.models import Publication
from tests.cast import Cast
from tests.insight.story import question, sign_in

pytestmark = pytest.mark.django_db(transaction=True)

PAGE, SWITCH = "/promises/", "/policy/publication/"


@pytest.fixture
def open_house(desk: Cast) -> Cast:
    cache.clear()
    publish_promises(by=desk.ada)
    return desk


def test_nobody_reads_what_is_not_published_but_administrators_see_how_it_would_look(staged: Cast) -> None:
    assert Client().get(PAGE).status_code == 404
    assert sign_in(staged.alice).get(PAGE).status_code == 404
    page = sign_in(staged.ada).get(PAGE)
    assert page.status_code == 200
    assert "This page is not published." in page.text


def test_an_administrator_switches_it_on_and_off(staged: Cast) -> None:
    for user in (staged.alice, staged.bob, staged.charlie):
        assert sign_in(user).post(SWITCH).status_code == 403
        assert sign_in(user).post(f"{SWITCH}withdrawal/").status_code == 403
        assert sign_in(user).get(SWITCH).status_code == 200
    ada = sign_in(staged.ada)
    for _twice in range(2):
        assert ada.post(SWITCH).status_code == 302
    assert Client().get(PAGE).status_code == 200
    assert ada.post(f"{SWITCH}withdrawal/").status_code == 302
    assert Client().get(PAGE).status_code == 404
    [time] = Publication.objects.all()
    assert (time.published_by, time.withdrawn_by) == (staged.ada, staged.ada)
    assert "When it was published" in ada.get(SWITCH).text


def test_every_promise_stands_there_with_its_figure_over_all_teams(
    open_house: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Support kept 4 of 7 and sales 0 of 1; a floor of eight shows it, and of nine not."""
    monkeypatch.setattr(publicly, "FEWEST", 8)
    page = Client().get(PAGE, {"language": "en"})
    assert "We answer within 4 hours." in page.text
    shown = {each.promise.standard.key: each for _goal, promises in page.context["goals"] for each in promises}
    assert (shown["first"].share, shown["first"].n) == ("50%", "8")
    assert "In the last 90 days we kept it in <strong>50%</strong> of 8 cases." in page.text
    assert "between 22% and 78%" in page.text
    assert shown["urgent"].kept is None
    assert "Too few cases" in page.text
    cache.clear()
    monkeypatch.setattr(publicly, "FEWEST", 9)
    assert "50%" not in Client().get(PAGE).text


def test_a_flood_counts_once(open_house: Cast) -> None:
    first = counts()
    assert isinstance(first, Counts)
    question(open_house, timezone.now() - timedelta(days=4))
    Clock.objects.update(state="met")
    assert counts() == first
    assert counts(timezone.now() + publicly.FRESH) != first


def test_who_comes_while_another_counts_is_shown_the_figures_of_before(open_house: Cast) -> None:
    cache.add(publicly.COUNTING, True, 60)
    assert counts() is None
    assert "is being counted" in Client().get(PAGE).text
    old = Counts(timezone.now() - timedelta(hours=2), {("first_response", "first"): (90, 100)})
    cache.set(KEY, old)
    assert counts() == old
    assert "90%" in Client().get(PAGE).text


@pytest.mark.parametrize(
    ("query", "accepts", "language"),
    [
        ({}, "lv,en;q=0.5", "lv"),
        ({"language": "ka"}, "lv", "ka"),
        ({"language": "kk"}, "", "kk"),
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
    from answerable.feedback.links import token_of
    from answerable.feedback.models import Invitation

    rating = f"/ratings/{token_of(Invitation.objects.earliest('id'))}/"
    assert 'href="/promises/?language=lv"' in Client().get(rating).text
    withdraw_promises(by=open_house.ada)
    assert "/promises/" not in Client().get(rating).text


def test_without_a_policy_the_page_says_so(transactional_db: None) -> None:
    from tests.cast import play

    cast = play()
    publish_promises(by=cast.ada)
    assert "There are no promises at present." in Client().get(PAGE).text


def test_a_visit_asks_the_database_little(open_house: Cast) -> None:
    Client().get(PAGE)
    with CaptureQueriesContext(connection) as queries:
        assert Client().get(PAGE).status_code == 200
    assert len(queries) == 5
