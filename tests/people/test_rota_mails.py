"""Who hears of a change of the rota: those it concerns, in their language and time, and never who made it."""

from datetime import date
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from procrastinate.contrib.django.models import ProcrastinateJob

from answerable.core.calendar import Interval, instant
from answerable.events.dispatch import dispatch
from answerable.people.actions.absences import ask_for_absence, decide_absence, withdraw_absence
from answerable.people.actions.shifts import add_shift, cancel_shift, change_shift
from answerable.people.actions.swaps import decide_swap, offer_shift, take_shift
from answerable.people.jobs import tell_of_rota
from answerable.people.models import User
from tests.cast import Cast

RIGA = ZoneInfo("Europe/Riga")


def on(begins: int, ends: int) -> Interval:
    day = date(2048, 3, 23)
    return Interval(instant(RIGA, day, begins * 60), instant(RIGA, day, ends * 60))


@pytest.fixture
def people(cast: Cast) -> Cast:
    User.objects.update(time_zone="Europe/Riga")
    return cast


done: set[int] = set()


def mailed() -> list[tuple[str, str]]:
    """What left since the last time: to whom, and its subject."""
    mail.outbox.clear()
    dispatch()
    for job in ProcrastinateJob.objects.filter(task_name__endswith="tell_of_rota").order_by("pk"):
        if job.pk not in done:
            done.add(job.pk)
            tell_of_rota(**job.args)
    return [(each.to[0].partition("@")[0], each.subject) for each in mail.outbox]


def test_a_swap_tells_its_three_people_in_turn(people: Cast) -> None:
    cast, when = people, "Monday, March 23, 09:00–18:00"
    shift = add_shift(user=cast.bob, team=cast.support, span=on(9, 18), by=cast.alice)
    assert mailed() == [("bob", f"A shift is yours: {when}, Support")]
    swap = offer_shift(shift, to=cast.quinn, by=cast.bob)
    assert mailed() == [("quinn", f"Bob offers a shift: {when}")]
    take_shift(swap, by=cast.quinn)
    assert mailed() == [("alice", f"Quinn would work for Bob, and you decide: {when}")]
    decide_swap(swap, confirm=True, by=cast.alice)
    assert mailed() == [("bob", f"The swap is confirmed: {when}"), ("quinn", f"The swap is confirmed: {when}")]
    assert "/rota/shifts/" in mail.outbox[0].body


def test_an_absence_tells_the_lead_then_the_absent_and_who_stands_in(people: Cast) -> None:
    cast, when = people, "Monday, March 23, 00:00–12:00"
    absence = ask_for_absence(user=cast.bob, kind="illness", span=on(0, 12), stand_in=cast.quinn, by=cast.bob)
    assert mailed() == [("alice", f"Bob asks to be away: {when}")]
    decide_absence(absence, approve=True, by=cast.alice)
    assert sorted(mailed()) == [
        ("bob", f"Your absence is approved: {when}"),
        ("quinn", f"You stand in for Bob: {when}"),
    ]
    assert not any("llness" in each.body for each in mail.outbox)
    withdraw_absence(absence, by=cast.bob)
    assert mailed() == [("quinn", f"Bob is there after all, and not away: {when}")]


def test_a_changed_shift_tells_whose_it_was_and_whose_it_is(people: Cast) -> None:
    cast = people
    shift = add_shift(user=cast.bob, team=cast.support, span=on(9, 18), by=cast.alice)
    mailed()
    changed = change_shift(shift, revision=0, user=cast.quinn, team=cast.support, span=on(8, 17), by=cast.alice)
    assert mailed() == [
        ("bob", "Quinn has a shift of yours now: Monday, March 23, 08:00–17:00, Support"),
        ("quinn", "Your shift is now: Monday, March 23, 08:00–17:00, Support"),
    ]
    cancel_shift(changed, by=cast.alice)
    assert mailed() == [("quinn", "A shift of yours is out of the rota: Monday, March 23, 08:00–17:00, Support")]


def test_what_was_overtaken_or_asked_for_twice_is_told_once_at_most(people: Cast) -> None:
    cast = people
    shift = add_shift(user=cast.bob, team=cast.support, span=on(9, 18), by=cast.alice)
    offer_shift(shift, by=cast.bob)
    cancel_shift(shift, by=cast.alice)
    dispatch()
    assert [subject for _to, subject in mailed()] == [
        "A shift of yours is out of the rota: Monday, March 23, 09:00–18:00, Support"
    ]
    User.objects.filter(pk=cast.bob.pk).update(is_active=False)
    add_shift(user=cast.quinn, team=cast.support, span=on(9, 18), by=cast.alice)
    assert [to for to, _subject in mailed()] == ["quinn"]
