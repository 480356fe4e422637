"""The calendar that other programs read, parsed back: zones, breaks, days off, identity, and who may have it."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar, Event

from answerable.core.calendar import Interval, instant
from answerable.people.actions.absences import ask_for_absence
from answerable.people.actions.shifts import add_shift, cancel_shift, change_shift
from answerable.people.models import Absence, CalendarFeed, Membership, Shift, User
from answerable.people.models.absence import whole_days
from tests.cast import Cast

RIGA = ZoneInfo("Europe/Riga")


@pytest.fixture
def day() -> date:
    """A working day soon."""
    return timezone.now().astimezone(RIGA).date() + timedelta(days=7)


@pytest.fixture
def shift(cast: Cast, day: date) -> Shift:
    User.objects.update(time_zone="Europe/Riga")
    return add_shift(
        user=cast.bob,
        team=cast.support,
        span=Interval(instant(RIGA, day, 9 * 60), instant(RIGA, day, 18 * 60)),
        breaks=[Interval(instant(RIGA, day, 720), instant(RIGA, day, 750))],
        note="Letters; and, more",
        by=cast.alice,
    )


def address(client: Client, user: User, **body: object) -> str:
    client.force_login(user)
    client.post(reverse("rota-calendars"), body)
    return reverse("rota-feed", args=[CalendarFeed.objects.get(user=user, team=body.get("team")).key])


def events(found: bytes) -> list[Event]:
    calendar = Calendar.from_ical(found)
    assert isinstance(calendar, Calendar)
    calendar.validate()
    return list(calendar.events)


def test_a_shift_is_read_back_with_its_zone_and_breaks(cast: Cast, shift: Shift, day: date) -> None:
    answer = Client().get(address(Client(), cast.bob))
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert b"\r\n" in answer.content
    assert max(map(len, answer.content.split(b"\r\n"))) <= 75
    calendar = Calendar.from_ical(answer.content)
    assert (calendar.calendar_name, calendar["VERSION"]) == ("My shifts", "2.0")
    assert [zone.tz_name for zone in calendar.timezones] == ["Europe/Riga"]
    (event,) = calendar.events
    assert event.start == datetime(day.year, day.month, day.day, 9, tzinfo=RIGA)
    assert str(event.start.tzinfo) == "Europe/Riga"
    assert event.end - event.start == timedelta(hours=9)
    assert (event["UID"], event["SEQUENCE"], event["SUMMARY"]) == (str(shift.uid), 0, "Support")
    assert event["DESCRIPTION"] == "Letters; and, more\nBreaks: 12:00–12:30"
    assert event["DTSTAMP"].to_ical().endswith(b"Z")
    assert b"REFRESH-INTERVAL;VALUE=DURATION:PT1H" in answer.content


def test_a_change_keeps_the_identity_and_raises_the_sequence(cast: Cast, shift: Shift) -> None:
    feed = address(Client(), cast.bob)
    before = Client().get(feed)
    later = Interval(shift.begins_at + timedelta(hours=1), shift.ends_at + timedelta(hours=1))
    changed = change_shift(shift, revision=0, user=cast.bob, team=cast.support, span=later, by=cast.alice)
    after = Client().get(feed)
    (event,) = events(after.content)
    assert (event["UID"], event["SEQUENCE"]) == (str(shift.uid), 1)
    assert event.start == later.start
    assert before.headers["ETag"] != after.headers["ETag"]
    cancel_shift(changed, by=cast.alice)
    assert events(Client().get(feed).content) == []


def test_what_has_not_changed_is_not_sent_again(cast: Cast, shift: Shift) -> None:
    feed = address(Client(), cast.bob)
    first = Client().get(feed)
    assert first.headers["Last-Modified"]
    again = Client().get(feed, headers={"if-none-match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert Client().head(feed).headers["ETag"] == first.headers["ETag"]


def test_days_off_are_whole_days_and_say_why_only_in_ones_own(cast: Cast, shift: Shift, day: date) -> None:
    ask_for_absence(
        user=cast.quinn,
        kind="illness",
        span=whole_days(day, day + timedelta(days=1), RIGA),
        time_zone="Europe/Riga",
        stand_in=cast.bob,
        by=cast.alice,
    )
    (own,) = events(Client().get(address(Client(), cast.quinn)).content)
    assert (own.start, own.end) == (day, day + timedelta(days=2))
    assert (own["SUMMARY"], own["DESCRIPTION"], own["TRANSP"]) == ("Illness", "Bob stands in.", "TRANSPARENT")
    team = Client().get(address(Client(), cast.alice, team=cast.support.pk)).content
    assert {event["SUMMARY"] for event in events(team)} == {"Bob · Support", "Quinn is away"}
    assert b"Illness" not in team
    Absence.objects.update(state="requested")
    assert len(events(Client().get(address(Client(), cast.alice, team=cast.support.pk)).content)) == 1


def test_an_address_is_renewed_and_withdrawn(cast: Cast, shift: Shift) -> None:
    client = Client()
    first = address(client, cast.bob)
    second = address(client, cast.bob)
    assert Client().get(first).status_code == 404
    assert second in client.get(reverse("rota-calendars")).content.decode()
    feed = CalendarFeed.objects.get()
    assert client.post(reverse("rota-calendar-withdrawal", args=[feed.pk])).status_code == 302
    assert Client().get(second).status_code == 404
    assert Client().get(reverse("rota-feed", args=["nothing"])).status_code == 404
    assert Client().post(second).status_code == 405


def test_only_who_leads_a_team_has_its_calendar_and_only_while_they_do(cast: Cast, shift: Shift) -> None:
    for user in (cast.bob, cast.charlie):
        client = Client()
        client.force_login(user)
        assert client.post(reverse("rota-calendars"), {"team": cast.support.pk}).status_code == 403
    feed = address(Client(), cast.alice, team=cast.support.pk)
    assert Client().get(feed).status_code == 200
    client.force_login(cast.charlie)
    pk = CalendarFeed.objects.get().pk
    assert client.post(reverse("rota-calendar-withdrawal", args=[pk])).status_code == 404
    Membership.objects.filter(user=cast.alice).update(role="agent")
    assert Client().get(feed).status_code == 404
    own = address(Client(), cast.bob)
    User.objects.filter(pk=cast.bob.pk).update(is_active=False)
    assert Client().get(own).status_code == 404
