"""Shifts, weeks laid out, absences and swaps: what is done, and what is refused with its reason."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from answerable.core.calendar import Interval, instant
from answerable.events.models import Event
from answerable.people.actions.absences import ask_for_absence, decide_absence, withdraw_absence
from answerable.people.actions.patterns import add_pattern, end_pattern, lay_out_patterns
from answerable.people.actions.shifts import add_shift, cancel_shift, change_shift, copy_week
from answerable.people.actions.swaps import decide_swap, offer_shift, take_shift, withdraw_swap
from answerable.people.actions.teams import retire_team
from answerable.people.errors import Refused, Stale
from answerable.people.models import Absence, Company, Pattern, Role, Shift, SwapRequest, Team, User
from answerable.people.on_now import on_now
from tests.cast import Cast, member

RIGA = ZoneInfo("Europe/Riga")
MONDAY = date(2048, 3, 23)  # the clocks go forward on the Sunday of this week


def on(day: date, begins: float, ends: float, zone: ZoneInfo = RIGA) -> Interval:
    return Interval(instant(zone, day, int(begins * 60)), instant(zone, day, int(ends * 60)))


def nine_to_six(cast: Cast, user: User, day: date = MONDAY, team: Team | None = None) -> Shift:
    return add_shift(user=user, team=team or cast.support, span=on(day, 9, 18), by=cast.alice)


def refused(field: str | None, words: str = ".") -> "pytest.RaisesExc[Refused]":
    return pytest.raises(Refused, match=words, check=lambda refusal: refusal.field == field)


def verbs() -> list[str]:
    return list(Event.objects.order_by("id").values_list("verb", flat=True))


def test_a_lead_enters_moves_and_takes_out_a_shift(cast: Cast) -> None:
    shift = nine_to_six(cast, cast.bob)
    changed = change_shift(
        shift,
        revision=0,
        user=cast.bob,
        team=cast.support,
        span=on(MONDAY, 10, 19),
        breaks=[on(MONDAY, 13, 13.5)],
        by=cast.alice,
    )
    assert (changed.revision, changed.worked[0].end) == (1, on(MONDAY, 10, 13).end)
    cancel_shift(changed, by=cast.alice)
    assert not Shift.objects.standing().exists()
    assert verbs() == ["shift.added", "shift.changed", "shift.cancelled"]
    event = Event.objects.get(verb="shift.changed")
    assert event.particulars["before"]["begins_at"] == on(MONDAY, 9, 18).start.isoformat()
    with refused(None, "taken out"):
        change_shift(changed, revision=2, user=cast.bob, team=cast.support, span=on(MONDAY, 9, 18), by=cast.alice)


def test_what_cannot_be_in_a_rota_is_refused_beside_its_field(cast: Cast) -> None:
    nine_to_six(cast, cast.bob)

    def add(**changes: object) -> Shift:
        given = {"user": cast.bob, "team": cast.support, "span": on(MONDAY + timedelta(days=1), 9, 18)}
        return add_shift(**(given | changes), by=cast.alice)  # type: ignore[arg-type]

    with refused("begins", "another shift then, in Support: Monday, March 23, "):
        add(span=on(MONDAY, 17, 20))
    with refused("ends", "before it begins"):
        add(span=on(MONDAY, 18, 9))
    with refused("ends", "24 hours"):
        add(span=on(MONDAY, 18, 18 + 24.5))
    with refused("breaks", "outside"):
        add(breaks=[on(MONDAY, 12, 13)])
    with refused("user", "does not belong to Support"):
        add(user=cast.charlie)
    ask_for_absence(user=cast.bob, kind="holiday", span=on(MONDAY, 48, 96), by=cast.alice)
    with refused("begins", "Bob is away then"):
        add(span=on(MONDAY + timedelta(days=2), 9, 18))
    retire_team(cast.latvia, by=cast.ada)
    with refused("team", "retired"):
        add(team=Team.objects.get(pk=cast.latvia.pk))
    with pytest.raises(PermissionDenied):
        add_shift(user=cast.bob, team=cast.support, span=on(MONDAY, 19, 20), by=cast.bob)
    with pytest.raises(IntegrityError), transaction.atomic():
        Shift.objects.create(
            user=cast.bob, team=cast.support, begins_at=instant(RIGA, MONDAY, 0), ends_at=instant(RIGA, MONDAY, 600)
        )


def test_of_two_who_change_one_the_second_hears_of_the_first(cast: Cast) -> None:
    shift = nine_to_six(cast, cast.bob)
    change_shift(shift, revision=0, user=cast.bob, team=cast.support, span=on(MONDAY, 10, 19), by=cast.ada)
    with pytest.raises(Stale, match=r"Ada changed this shift meanwhile\. It is now Bob, Monday, March 23, 08:00–17:00"):
        change_shift(shift, revision=0, user=cast.bob, team=cast.support, span=on(MONDAY, 8, 17), by=cast.alice)


def pattern(cast: Cast, user: User, **changes: object) -> Pattern:
    given: dict[str, object] = {
        "weekdays": range(5),
        "begins": time(9),
        "ends": time(18),
        "breaks": [(720, 750)],
        "time_zone": "Europe/Riga",
        "from_on": MONDAY,
    }
    return add_pattern(user=user, team=cast.support, **(given | changes), by=cast.alice)  # type: ignore[arg-type]


def lay(cast: Cast, until: date = MONDAY + timedelta(days=13)) -> tuple[int, int]:
    return lay_out_patterns(cast.support, since=MONDAY, until=until, by=cast.alice)


def test_a_pattern_is_laid_out_once_at_local_times(cast: Cast) -> None:
    pattern(cast, cast.bob)
    assert lay(cast) == (10, 0)
    assert lay(cast) == (0, 0)
    hours = {shift.begins_at.astimezone(UTC).hour for shift in Shift.objects.all()}
    assert hours == {7, 6}  # nine in Riga, before and after the clocks go forward
    first = Shift.objects.earliest("begins_at")
    assert first.pauses == (on(MONDAY, 12, 12.5),)
    cancel_shift(first, by=cast.alice)
    moved = Shift.objects.standing().earliest("begins_at")
    change_shift(moved, revision=0, user=cast.bob, team=cast.support, span=on(MONDAY, 33, 40), by=cast.alice)
    assert lay(cast) == (0, 0)
    assert lay(cast, MONDAY + timedelta(days=20)) == (5, 0)


def test_who_is_away_or_busy_is_left_out_of_what_is_laid(cast: Cast) -> None:
    pattern(cast, cast.bob)
    ask_for_absence(user=cast.bob, kind="holiday", span=on(MONDAY, 0, 24), by=cast.alice)
    nine_to_six(cast, cast.bob, MONDAY + timedelta(days=1))
    assert lay(cast) == (8, 2)


def test_an_ended_pattern_takes_its_later_shifts_along(cast: Cast) -> None:
    row = pattern(cast, cast.bob)
    lay(cast)
    assert end_pattern(row, last_on=MONDAY + timedelta(days=1), by=cast.alice) == 8
    assert Shift.objects.standing().count() == 2
    assert lay(cast) == (0, 0)


def test_patterns_that_make_no_sense_are_refused(cast: Cast) -> None:
    pattern(cast, cast.bob)
    with refused("begins", "has a pattern then"):
        pattern(cast, cast.bob, weekdays=[4], begins=time(17), ends=time(20), breaks=[])
    pattern(cast, cast.bob, weekdays=[5], begins=time(22), ends=time(6), breaks=[(120, 150)])
    with refused("weekdays"):
        pattern(cast, cast.bob, weekdays=[])
    with refused("breaks", "outside"):
        pattern(cast, cast.quinn, breaks=[(480, 500)])
    with refused("until_on"):
        pattern(cast, cast.quinn, until_on=MONDAY - timedelta(days=1))
    with refused("user"):
        pattern(cast, cast.charlie)
    with refused("until"):
        lay(cast, MONDAY + timedelta(days=400))
    with pytest.raises(PermissionDenied):
        lay_out_patterns(cast.support, since=MONDAY, until=MONDAY, by=cast.bob)


def test_a_copied_week_keeps_local_times_and_is_not_copied_twice(cast: Cast) -> None:
    User.objects.filter(pk=cast.bob.pk).update(time_zone="Europe/Riga")
    nine_to_six(cast, cast.bob)
    later = MONDAY + timedelta(days=7)
    assert copy_week(cast.support, monday=MONDAY, to=later, by=cast.alice) == (1, 0)
    assert copy_week(cast.support, monday=MONDAY, to=later, by=cast.alice) == (0, 1)
    assert Shift.objects.latest("begins_at").span == on(later, 9, 18)
    with refused("to"):
        copy_week(cast.support, monday=MONDAY, to=MONDAY, by=cast.alice)
    with pytest.raises(PermissionDenied):
        copy_week(cast.support, monday=MONDAY, to=later, by=cast.charlie)


def test_an_absence_is_asked_for_and_decided(cast: Cast) -> None:
    absence = ask_for_absence(
        user=cast.bob, kind="training", span=on(MONDAY, 0, 24), stand_in=cast.quinn, note="Why", by=cast.bob
    )
    assert absence.state == Absence.State.REQUESTED
    with pytest.raises(PermissionDenied):
        decide_absence(absence, approve=True, by=cast.bob)
    with pytest.raises(PermissionDenied):
        decide_absence(absence, approve=True, by=cast.charlie)
    decided = decide_absence(absence, approve=True, answer="Enjoy.", by=cast.alice)
    assert (decided.state, decided.decided_by, decided.answer) == ("approved", cast.alice, "Enjoy.")
    with refused(None, "decided already: Approved, by Alice"):
        decide_absence(absence, approve=False, by=cast.ada)
    assert verbs() == ["absence.requested", "absence.approved"]
    assert not any("training" in str(event.particulars) for event in Event.objects.all())
    withdraw_absence(absence, by=cast.bob)
    assert Absence.objects.get().state == "withdrawn"


def test_a_lead_enters_an_absence_and_one_comes_back_early(cast: Cast) -> None:
    now = timezone.now()
    span = Interval(now - timedelta(hours=3), now + timedelta(days=2))
    absence = ask_for_absence(user=cast.bob, kind="illness", span=span, by=cast.alice)
    assert absence.state == Absence.State.APPROVED
    back = withdraw_absence(absence, by=cast.bob)
    assert back.state == Absence.State.APPROVED
    assert now <= back.ends_at <= timezone.now()
    with refused(None, "over"):
        withdraw_absence(back, by=cast.bob)
    with pytest.raises(PermissionDenied):
        ask_for_absence(user=cast.bob, kind="illness", span=span, by=cast.charlie)


def test_absences_that_make_no_sense_are_refused(cast: Cast) -> None:
    def ask(**changes: object) -> Absence:
        given = {"user": cast.bob, "kind": "holiday", "span": on(MONDAY, 0, 24), "by": cast.bob}
        return ask_for_absence(**(given | changes))  # type: ignore[arg-type]

    with refused("ends"):
        ask(span=on(MONDAY, 24, 0))
    with refused("stand_in", "themself"):
        ask(stand_in=cast.bob)
    with refused("stand_in", "Charlie shares no team with Bob"):
        ask(stand_in=cast.charlie)
    ask_for_absence(user=cast.quinn, kind="holiday", span=on(MONDAY, 20, 30), by=cast.alice)
    with refused("stand_in", "Quinn is away at that time, too"):
        ask(stand_in=cast.quinn)
    ask()
    with refused("begins", "away then already"):
        ask(span=on(MONDAY, 12, 36))


def test_a_shift_changes_hands_when_a_colleague_takes_it_and_a_lead_confirms(cast: Cast) -> None:
    dora = member("Dora", Role.AGENT, cast.support)
    shift = nine_to_six(cast, cast.bob)
    with pytest.raises(PermissionDenied):
        offer_shift(shift, by=dora)
    swap = offer_shift(shift, by=cast.bob)
    with refused(None, "already"):
        offer_shift(shift, by=cast.bob)
    with refused("to", "does not belong"):
        take_shift(swap, by=cast.charlie)
    with refused("to", "your own"):
        take_shift(swap, by=cast.bob)
    swap = take_shift(swap, by=dora)
    assert (swap.state, Shift.objects.get().user) == ("taken", cast.bob)
    with pytest.raises(PermissionDenied):
        decide_swap(swap, confirm=True, by=dora)
    decide_swap(swap, confirm=True, by=cast.alice)
    assert (Shift.objects.get().user, Shift.objects.get().revision) == (dora, 1)
    assert verbs()[1:] == ["swap.offered", "swap.taken", "shift.handed_over", "swap.confirmed"]
    with refused(None, "no longer open: Confirmed"):
        decide_swap(swap, confirm=False, by=cast.alice)


def test_two_exchange_shifts_that_overlap(cast: Cast) -> None:
    dora = member("Dora", Role.AGENT, cast.support)
    early, late = (
        nine_to_six(cast, cast.bob),
        add_shift(user=dora, team=cast.support, span=on(MONDAY, 11, 20), by=cast.alice),
    )
    with refused("to", "has another shift then"):
        offer_shift(early, to=dora, by=cast.bob)
    swap = offer_shift(early, in_return=late, by=cast.bob)
    assert swap.offered_to == dora
    with pytest.raises(PermissionDenied):
        take_shift(swap, by=cast.quinn)
    decide_swap(take_shift(swap, by=dora), confirm=True, by=cast.alice)
    early.refresh_from_db()
    late.refresh_from_db()
    assert (early.user, late.user) == (dora, cast.bob)


def test_a_company_may_let_colleagues_swap_by_themselves(cast: Cast) -> None:
    Company.objects.update(swaps_by_themselves=True)
    swap = take_shift(offer_shift(nine_to_six(cast, cast.bob), to=cast.quinn, by=cast.bob), by=cast.quinn)
    assert (swap.state, Shift.objects.get().user) == ("confirmed", cast.quinn)


def test_an_offer_ends_when_its_owner_keeps_the_shift_or_has_it_no_more(cast: Cast) -> None:
    shift = nine_to_six(cast, cast.bob)
    swap = offer_shift(shift, by=cast.bob)
    with pytest.raises(PermissionDenied):
        withdraw_swap(swap, by=cast.alice)
    withdraw_swap(swap, by=cast.bob)
    swap = offer_shift(shift, by=cast.bob)
    cancel_shift(shift, by=cast.alice)
    assert SwapRequest.objects.get(pk=swap.pk).state == "withdrawn"
    begun = Shift.objects.create(
        user=cast.bob,
        team=cast.support,
        begins_at=timezone.now() - timedelta(hours=1),
        ends_at=timezone.now() + timedelta(hours=1),
    )
    with refused(None, "begun"):
        offer_shift(begun, by=cast.bob)


def test_who_is_on_now_is_not_away_and_may_be_on_a_break(cast: Cast) -> None:
    shift = add_shift(
        user=cast.bob, team=cast.support, span=on(MONDAY, 9, 18), breaks=[on(MONDAY, 12, 12.5)], by=cast.alice
    )
    nine_to_six(cast, cast.quinn)
    ask_for_absence(user=cast.quinn, kind="illness", span=on(MONDAY, 0, 24), by=cast.alice)
    noon = datetime(2048, 3, 23, 10, 15, tzinfo=UTC)
    (bob,) = on_now([cast.support.pk], noon)
    assert (bob.user, bob.until, bob.break_until) == (cast.bob, shift.ends_at, on(MONDAY, 12, 12.5).end)
    assert on_now([cast.sales.pk], noon) == []
    assert on_now([cast.support.pk], shift.ends_at) == []
