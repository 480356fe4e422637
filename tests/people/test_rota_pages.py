"""The rota's pages: what each may see and do, what is typed wrong, and what they cost."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from answerable.core.calendar import Interval, instant
from answerable.people.actions.absences import ask_for_absence, decide_absence
from answerable.people.actions.shifts import add_shift
from answerable.people.actions.swaps import offer_shift
from answerable.people.models import Absence, Pattern, Role, Shift, SwapRequest, Team, User
from answerable.people.week import monday_of, week_key, week_of
from tests.cast import Cast, member

RIGA = ZoneInfo("Europe/Riga")
MONDAY = date(2048, 3, 23)
WEEK = "2048-W13"


@pytest.fixture
def alice(client: Client, cast: Cast) -> Client:
    User.objects.update(time_zone="Europe/Riga")
    for user in (cast.alice, cast.bob, cast.charlie, cast.quinn, cast.ada):
        user.refresh_from_db()
    client.force_login(cast.alice)
    return client


def as_(client: Client, user: User) -> Client:
    client.force_login(user)
    return client


def shift_of(cast: Cast, user: User, begins: int = 9, ends: int = 18, team: Team | None = None) -> Shift:
    span = Interval(instant(RIGA, MONDAY, begins * 60), instant(RIGA, MONDAY, ends * 60))
    return add_shift(user=user, team=team or cast.support, span=span, by=cast.alice)


def typed(cast: Cast, **changes: object) -> dict[str, object]:
    return {
        "user": cast.bob.pk,
        "team": cast.support.pk,
        "on": "2048-03-23",
        "begins": "09:00",
        "ends": "18:00",
        "breaks": "12:00-12:30",
        "time_zone": "Europe/Riga",
        "note": "",
        "revision": "",
        **changes,
    }


def test_a_lead_enters_a_shift_and_sees_it_in_its_week(alice: Client, cast: Cast) -> None:
    address = reverse("rota-shifts") + f"?team={cast.support.pk}&week={WEEK}&place={cast.support.pk}&on=2048-03-23"
    assert 'value="2048-03-23"' in alice.get(address).content.decode()
    answer = alice.post(address, typed(cast))
    assert answer.headers["Location"] == f"{reverse('rota')}?team={cast.support.pk}&week={WEEK}"
    page = alice.get(answer.headers["Location"]).content.decode()
    assert "09:00–18:00" in page
    assert "March 23, 2048 to March 29, 2048" in page
    shift = Shift.objects.get()
    assert shift.begins_at == datetime(2048, 3, 23, 7, tzinfo=UTC)
    assert shift.breaks == [["2048-03-23T10:00:00+00:00", "2048-03-23T10:30:00+00:00"]]


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"breaks": "noon"}, "breaks", "Write breaks as 12:00-12:30"),
        ({"breaks": "19:00-19:30"}, "breaks", "A break lies outside the shift."),
        ({"on": "2048-02-30"}, "on", "Enter a valid date."),
        ({"on": "9999-12-31", "ends": "08:00"}, "on", "Enter a valid date."),
        ({"on": "0001-01-01"}, "on", "Enter a valid date."),
        ({"time_zone": "Mars/North"}, "time_zone", "Select a valid choice"),
    ],
)
def test_what_is_wrong_stands_beside_its_field_and_what_was_typed_stays(
    alice: Client, cast: Cast, changes: dict[str, str], field: str, words: str
) -> None:
    answer = alice.post(reverse("rota-shifts"), typed(cast, note="Keep me", **changes))
    assert answer.status_code == 422
    form = answer.context["form"]
    assert words in str(form.errors[field])
    assert "Keep me" in answer.content.decode()
    assert not Shift.objects.exists()


def test_an_overlap_is_said_beside_the_time(alice: Client, cast: Cast) -> None:
    shift_of(cast, cast.bob)
    answer = alice.post(reverse("rota-shifts"), typed(cast, begins="17:00", ends="20:00", breaks=""))
    assert answer.status_code == 422
    assert "Bob has another shift then, in Support: Monday, March 23, 09:00–18:00" in str(
        answer.context["form"].errors["begins"]
    )


def test_two_who_change_a_shift_at_once(alice: Client, cast: Cast) -> None:
    shift = shift_of(cast, cast.bob)
    address = reverse("rota-shift", args=[shift.pk])
    assert alice.get(address).context["form"].initial["revision"] == 0
    as_(Client(), cast.ada).post(address, typed(cast, begins="10:00", ends="19:00", revision="0"))
    answer = alice.post(address, typed(cast, begins="08:00", ends="17:00", note="Mine", revision="0"))
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Ada changed this shift meanwhile. It is now Bob, Monday, March 23, 10:00–19:00" in page
    assert 'value="08:00"' in page
    assert 'value="Mine"' in page
    assert alice.post(address, typed(cast, begins="08:00", ends="17:00", revision="1")).status_code == 302
    assert Shift.objects.get().revision == 2
    page = alice.get(address).content.decode()
    assert "Ada changed it; before it was Bob, Monday, March 23, 09:00–18:00" in page
    assert "Alice added it for Bob" in page


def test_bob_reads_and_offers_and_charlie_finds_nothing(alice: Client, cast: Cast) -> None:
    shift = shift_of(cast, cast.bob)
    bob, charlie = as_(Client(), cast.bob), as_(Client(), cast.charlie)
    address = reverse("rota-shift", args=[shift.pk])
    page = bob.get(address).content.decode()
    assert "Offer this shift" in page
    assert "Change the shift" not in page
    week = bob.get(reverse("rota"), {"week": WEEK}).content.decode()
    assert "09:00–18:00" in week
    assert "Add a shift" not in week
    for name in ("rota-shift", "rota-shift-cancellation", "rota-shift-offers"):
        for someone, refusal in ((charlie, 404), (bob, 403)):
            if (name, someone) != ("rota-shift-offers", bob):
                assert someone.post(reverse(name, args=[shift.pk]), typed(cast)).status_code == refusal
    assert bob.get(reverse("rota-shifts")).status_code == bob.get(reverse("rota-patterns")).status_code == 403
    assert charlie.get(reverse("rota"), {"team": cast.support.pk}).status_code == 404
    assert "Bob" not in charlie.get(reverse("rota"), {"week": WEEK}).content.decode()
    swap = offer_shift(shift, by=cast.bob)
    absence = ask_for_absence(user=cast.quinn, kind="illness", span=shift.span, by=cast.quinn)
    for name, pk in (
        ("rota-swap-taking", swap.pk),
        ("rota-swap-decision", swap.pk),
        ("rota-swap-withdrawal", swap.pk),
        ("rota-absence-decision", absence.pk),
        ("rota-absence-withdrawal", absence.pk),
        ("rota-pattern-ending", 1),
        ("rota-calendar-withdrawal", 1),
    ):
        assert charlie.post(reverse(name, args=[pk])).status_code == 404
    for name in ("rota-swap-decision", "rota-absence-decision", "rota-absence-withdrawal"):
        pk = swap.pk if "swap" in name else absence.pk
        assert bob.post(reverse(name, args=[pk])).status_code == 403
    for name in ("rota-layouts", "rota-copies"):
        body = {"until": "2048-04-01", "to": "2048-04-01"}
        assert bob.post(reverse(name) + f"?week={WEEK}", body).status_code == 403


def test_why_somebody_is_away_is_for_leads_and_themselves(alice: Client, cast: Cast) -> None:
    day = Interval(instant(RIGA, MONDAY, 0), instant(RIGA, MONDAY, 1440))
    asked = ask_for_absence(user=cast.bob, kind="illness", span=day, time_zone="Europe/Riga", note="Flu", by=cast.bob)
    decide_absence(asked, approve=True, answer="Stay in bed", by=cast.alice)
    for user, knows in ((cast.alice, True), (cast.bob, True), (cast.quinn, False)):
        reader = as_(Client(), user)
        assert (">Illness<" in reader.get(reverse("rota"), {"week": WEEK}).text) == knows
        page = reader.get(reverse("rota-absences")).text
        assert ("Bob" in page, "Away</td>" in page) == (True, not knows)
        assert [words in page for words in ("Illness<br>", "Flu", "Stay in bed")] == [knows] * 3


def test_a_swap_goes_through_the_pages(alice: Client, cast: Cast) -> None:
    shift = shift_of(cast, cast.bob)
    bob, quinn = as_(Client(), cast.bob), as_(Client(), cast.quinn)
    late = shift_of(cast, cast.quinn, 10, 19)
    answer = bob.post(reverse("rota-shift-offers", args=[shift.pk]), {"to": cast.quinn.pk})
    assert answer.status_code == 422
    assert "has another shift then" in str(answer.context["offer"].errors["to"])
    bob.post(reverse("rota-shift-offers", args=[shift.pk]), {"in_return": late.pk, "note": "School play"})
    page = quinn.get(reverse("rota-swaps")).content.decode()
    assert "Bob offers it to Quinn, in Support." in page
    assert "In return Bob works Monday, March 23, 10:00–19:00." in page
    swap = SwapRequest.objects.get()
    quinn.post(reverse("rota-swap-taking", args=[swap.pk]))
    assert alice.get(reverse("rota")).context["waiting"] == {"absences": 0, "swaps": 1}
    alice.post(reverse("rota-swap-decision", args=[swap.pk]))
    shift.refresh_from_db()
    assert shift.user == cast.quinn
    page = alice.get(reverse("rota-shift", args=[shift.pk])).content.decode()
    assert "It went from Bob to Quinn by a swap that Alice confirmed" in page
    assert "No shift is on offer" in alice.get(reverse("rota-swaps")).content.decode()


def test_an_absence_goes_through_the_pages(alice: Client, cast: Cast) -> None:
    bob = as_(Client(), cast.bob)
    body = {"user": cast.bob.pk, "kind": "training", "begins": "2048-03-23", "ends": "2048-03-24"}
    wrong = bob.post(reverse("rota-absences"), body | {"stand_in": cast.bob.pk, "note": "Keep me"})
    assert wrong.status_code == 422
    assert "Nobody stands in for themself" in str(wrong.context["form"].errors["stand_in"])
    assert "Keep me" in wrong.content.decode()
    half = bob.post(reverse("rota-absences"), body | {"begins_at": "09:00"})
    assert "Give both times" in str(half.context["form"].errors["ends_at"])
    bob.post(reverse("rota-absences"), body | {"stand_in": cast.quinn.pk})
    absence = Absence.objects.get()
    assert absence.days == (date(2048, 3, 23), date(2048, 3, 24))
    assert alice.get(reverse("rota")).context["waiting"]["absences"] == 1
    alice.post(reverse("rota-absence-decision", args=[absence.pk]), {"answer": "Enjoy", "decline": "1"})
    assert "Enjoy" in bob.get(reverse("rota-absences")).content.decode()
    assert Absence.objects.get().state == "declined"


def test_patterns_are_made_laid_out_and_a_week_copied_by_page(alice: Client, cast: Cast) -> None:
    today = timezone.now().astimezone(RIGA).date()
    monday = today + timedelta(days=7 - today.weekday())
    body = typed(cast, weekdays=["0", "1"], from_on=monday.isoformat(), until_on="")
    assert alice.post(reverse("rota-patterns"), body | {"weekdays": []}).status_code == 422
    alice.post(reverse("rota-patterns"), body)
    assert "Mon, Tue" in alice.get(reverse("rota-patterns")).content.decode()
    here = f"?team={cast.support.pk}&week={week_key(monday)}"
    alice.post(reverse("rota-layouts") + here, {"until": (monday + timedelta(days=6)).isoformat()})
    assert Shift.objects.count() == 2
    answer = alice.post(reverse("rota-copies") + here, {"to": (monday + timedelta(days=9)).isoformat()})
    assert f"week={week_key(monday + timedelta(days=7))}" in answer.headers["Location"]
    assert Shift.objects.count() == 4
    for name, bad in (("rota-layouts", "until"), ("rota-copies", "to")):
        for value in ("", "soon", "9999-12-31"):
            assert alice.post(reverse(name) + here, {bad: value}).status_code == 302
    alice.post(reverse("rota-pattern-ending", args=[Pattern.objects.get().pk]))
    assert Pattern.objects.get().until_on == monday


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_a_day_beyond_the_years_of_a_rota_is_refused_beside_its_field(alice: Client, cast: Cast, day: str) -> None:
    away = {"user": cast.alice.pk, "kind": "holiday", "begins": day, "ends": day}
    answer = alice.post(reverse("rota-absences"), away)
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"begins", "ends"}
    answer = alice.post(reverse("rota-patterns"), typed(cast, weekdays=["0"], from_on=day, until_on=""))
    assert answer.status_code == 422
    assert answer.context["form"].errors["from_on"] == ["Enter a valid date."]


def test_odd_addresses_show_a_week(alice: Client, cast: Cast) -> None:
    for week in ("", "soon", "2027-W54", "2027-W00", "0001-W01", "9999-W52", "2027-12-31", "٣-W٣"):
        for zone in ("", "company", "x"):
            assert alice.get(reverse("rota"), {"week": week, "zone": zone}).status_code == 200


def test_times_are_the_readers_or_the_companys(alice: Client, cast: Cast) -> None:
    shift_of(cast, cast.bob)
    User.objects.filter(pk=cast.bob.pk).update(time_zone="Asia/Tbilisi")
    bob = as_(Client(), User.objects.get(pk=cast.bob.pk))
    assert "11:00–20:00" in bob.get(reverse("rota"), {"week": WEEK}).content.decode()
    assert "09:00–18:00" in bob.get(reverse("rota"), {"week": WEEK, "zone": "company"}).content.decode()


def test_a_night_shows_in_both_of_its_days_and_a_day_may_be_shorter(alice: Client, cast: Cast) -> None:
    saturday = MONDAY + timedelta(days=5)
    night = Interval(instant(RIGA, saturday, 22 * 60), instant(RIGA, saturday, 30 * 60))
    add_shift(user=cast.bob, team=cast.support, span=night, by=cast.alice)
    reader = User.objects.get(pk=cast.alice.pk)
    shown = week_of(cast.support, MONDAY, zone=RIGA, reader=reader, now=timezone.now())
    row = next(row for group in shown.groups for row in group.rows if row.user == cast.bob)
    first, second = (cell.bars[0] for cell in row.cells[5:])
    assert (first.begins, first.ends, first.stripe.x, first.stripe.width) == ("22:00", "", 1320, 120)
    assert (second.begins, second.ends, second.stripe.x, second.stripe.width) == ("", "06:00", 0, 300)
    assert shown.days[6].minutes == 23 * 60
    assert row.hours == 7


def test_weeks_have_their_iso_names() -> None:
    assert monday_of("2026-W53", today=MONDAY) == date(2026, 12, 28)
    assert monday_of("2027-01-01", today=MONDAY) == date(2026, 12, 28)
    assert monday_of("", today=MONDAY + timedelta(days=3)) == MONDAY


def test_the_week_costs_the_same_however_many_people(alice: Client, cast: Cast) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert alice.get(reverse("rota"), {"week": WEEK}).status_code == 200
        return len(captured)

    shift_of(cast, cast.bob)
    queries()
    few = queries()
    for number in range(12):
        person = member(f"Agent {number}", Role.AGENT, cast.latvia if number % 2 else cast.support)
        shift = shift_of(cast, person, team=cast.latvia if number % 2 else cast.support)
        ask_for_absence(user=person, kind="holiday", span=shift.span, by=cast.alice)
        offer_shift(shift, by=person)
    assert queries() == few <= 18
    for name, most in (("rota-absences", 14), ("rota-swaps", 12)):
        with CaptureQueriesContext(connection) as captured:
            alice.get(reverse(name))
        assert len(captured) <= most
