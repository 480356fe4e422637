"""Who is there: chosen, told by pages, kept to the rota; known to everybody at once."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from answerable.events.models import Event
from answerable.people.actions.attendance import note_connected, note_missed, review_attendance
from answerable.people.models import Absence, Attendance, Shift
from tests.cast import Cast

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def bob(cast: Cast) -> Client:
    client = Client()
    client.force_login(cast.bob)
    return client


def now_of(cast: Cast) -> tuple[str, str]:
    row = Attendance.objects.get(user=cast.bob)
    return row.state, row.cause


def changes(cast: Cast) -> list[tuple[str, str]]:
    rows = Event.objects.filter(root=f"attendance-{cast.bob.pk}", verb="presence.changed").order_by("id")
    return [(row.particulars["to"], row.particulars["cause"]) for row in rows]


def test_whoever_opens_a_page_is_there_until_it_is_closed(cast: Cast, bob: Client) -> None:
    assert "presence-mark" in bob.get("/inbox/").content.decode()
    assert bob.post("/attendance/signs/", headers=HTMX).status_code == 200
    assert now_of(cast) == ("online", "active")
    assert bob.post("/attendance/signs/", headers=HTMX).status_code == 204, "no news"
    old = timezone.now() - timedelta(minutes=2)
    Attendance.objects.update(connected_at=old, active_at=old)
    review_attendance()
    assert now_of(cast) == ("away", "silent")
    note_connected([cast.bob.pk, cast.charlie.pk])
    review_attendance()
    assert now_of(cast) == ("online", "active")
    Attendance.objects.update(active_at=timezone.now() - timedelta(minutes=11))
    review_attendance()
    assert now_of(cast) == ("away", "idle")
    assert changes(cast) == [("online", "active"), ("away", "silent"), ("online", "active"), ("away", "idle")]
    assert Event.objects.filter(verb="presence.changed", team_id=None).count() == 4, "colleagues may hear of it"


def test_a_break_is_chosen_and_ended(cast: Cast, bob: Client) -> None:
    page = bob.post("/attendance/", {"to": "break"}, headers=HTMX)
    assert 'data-state="break"' in page.content.decode()
    assert now_of(cast) == ("break", "chosen")
    bob.post("/attendance/signs/", headers=HTMX)
    review_attendance()
    assert now_of(cast) == ("break", "chosen"), "what one does meanwhile does not end it"
    bob.post("/attendance/", {"to": "online"}, headers=HTMX)
    assert now_of(cast) == ("online", "active")
    assert bob.post("/attendance/", {"to": "off"}).status_code == 400
    assert "On a break" not in bob.get("/attendance/", headers=HTMX).content.decode()


def test_the_rota_says_who_is_off(cast: Cast, bob: Client) -> None:
    bob.post("/attendance/signs/", headers=HTMX)
    now, hour = timezone.now(), timedelta(hours=1)
    shift = Shift.objects.create(user=cast.bob, team=cast.support, begins_at=now - 9 * hour, ends_at=now - hour)
    review_attendance()
    assert now_of(cast) == ("off", "rota")
    bob.post("/attendance/", {"to": "online"}, headers=HTMX)
    assert now_of(cast) == ("online", "active"), "they stay longer"
    Shift.objects.filter(pk=shift.pk).update(ends_at=now + hour, breaks=[])
    Absence.objects.create(
        user=cast.bob,
        kind="illness",
        state="approved",
        begins_at=now,
        ends_at=now + 3 * hour,
        asked_by=cast.bob,
    )
    Attendance.objects.update(chosen_at=now - hour)
    review_attendance()
    assert now_of(cast) == ("off", "absence")


def test_whoever_lets_an_offer_lapse_is_away_until_they_do_something(cast: Cast, bob: Client) -> None:
    bob.post("/attendance/signs/", headers=HTMX)
    note_missed([cast.bob.pk], timezone.now())
    assert now_of(cast) == ("away", "missed")
    bob.post("/attendance/signs/", headers=HTMX)
    assert now_of(cast) == ("online", "active")


def test_many_are_reviewed_in_few_statements(cast: Cast, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    for person in (cast.alice, cast.bob, cast.charlie):
        Attendance.objects.create(user=person, state="online", cause="active", connected_at=timezone.now())
    with django_assert_num_queries(4):
        review_attendance()
