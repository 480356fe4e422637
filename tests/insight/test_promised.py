"""The policy's hours against the rota: gaps are said where nobody who may answer is on."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from answerable.core.calendar import Interval, instant
from answerable.insight.promised import cover_of
from answerable.people.actions.absences import ask_for_absence
from answerable.people.actions.shifts import add_shift
from answerable.people.models import Team, User
from answerable.policy.actions import load_version
from tests.cast import Cast
from tests.desk.test_clocks import POLICY

RIGA = ZoneInfo("Europe/Riga")
TUESDAY = date(2027, 3, 23)
HOURS = """
[hours.office]
time_zone = "Europe/Riga"
tuesday = ["09:00-18:00"]
"""


def on(begins: float, ends: float) -> Interval:
    return Interval(instant(RIGA, TUESDAY, int(begins * 60)), instant(RIGA, TUESDAY, int(ends * 60)))


@pytest.fixture
def promised(cast: Cast) -> Cast:
    User.objects.update(time_zone="Europe/Riga")
    document = POLICY.replace("[[objective]]", HOURS + "[[objective]]", 1).replace(
        'hours = "always"', 'hours = "office"'
    )
    load_version(document.replace('"3 days"', '"3 working days"').replace('"1 hour"', '"1 working hour"'), by=cast.ada)
    return cast


def gaps(cast: Cast) -> dict[str, list[Interval]]:
    teams = list(Team.objects.all())
    return {cover.team.key: list(cover.gaps) for cover in cover_of(teams, on(0, 24))}


def test_who_is_on_covers_their_team_and_those_below(promised: Cast) -> None:
    cast = promised
    assert gaps(cast) == {key: [on(9, 18)] for key in ("support", "latvia", "sales")}
    add_shift(user=cast.bob, team=cast.support, span=on(8, 16), breaks=[on(12, 12.5)], by=cast.alice)
    left = [on(12, 12.5), on(16, 18)]
    assert gaps(cast) == {"support": left, "latvia": left, "sales": [on(9, 18)]}
    add_shift(user=cast.alice, team=cast.latvia, span=on(12, 18), by=cast.ada)
    assert gaps(cast)["latvia"] == []
    assert gaps(cast)["support"] == left


def test_analysts_and_who_is_away_cover_nothing(promised: Cast) -> None:
    cast = promised
    add_shift(user=cast.quinn, team=cast.support, span=on(9, 18), by=cast.alice)
    add_shift(user=cast.bob, team=cast.support, span=on(9, 18), by=cast.alice)
    assert gaps(cast)["support"] == []
    ask_for_absence(user=cast.bob, kind="illness", span=on(14, 24), by=cast.alice)
    assert gaps(cast)["support"] == [on(14, 18)]


def test_the_page_says_the_gaps_for_a_constant_number_of_queries(promised: Cast, client: Client) -> None:
    cast = promised
    add_shift(user=cast.bob, team=cast.support, span=on(9, 16), by=cast.alice)
    client.force_login(User.objects.get(pk=cast.alice.pk))
    address, asked = reverse("rota-hours"), {"team": cast.support.pk, "week": "2027-W12"}
    with CaptureQueriesContext(connection) as queries:
        page = client.get(address, asked).content.decode()
    assert "Tuesday, March 23, 16:00–18:00 · Support" in page
    assert f'<tr id="promised-{cast.latvia.pk}"' in page
    assert "16:00–18:00: nobody" in page
    assert len(queries) <= 12
    add_shift(user=cast.alice, team=cast.support, span=on(16, 18), by=cast.ada)
    assert "Somebody is on in all promised hours" in client.get(address, asked).content.decode()


def test_without_a_policy_nothing_is_said(cast: Cast, client: Client) -> None:
    client.force_login(cast.alice)
    page = client.get(reverse("rota-hours"), {"week": "2027-W12"}).content.decode()
    assert "nobody is on" not in page
    client.force_login(cast.charlie)
    assert client.get(reverse("rota-hours"), {"team": cast.support.pk}).status_code == 404


def test_shifts_of_another_day_do_not_count(promised: Cast) -> None:
    day = timedelta(days=1)
    span = on(9, 18)
    add_shift(
        user=promised.bob, team=promised.support, span=Interval(span.start + day, span.end + day), by=promised.alice
    )
    assert gaps(promised)["support"] == [span]
