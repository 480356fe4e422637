"""Volumes, the shape of a week, and how far off a forecast is."""

from datetime import UTC, date, datetime, timedelta
from math import exp, factorial
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from answerable.core.staffing.forecast import Days, TooShort, forecast, mean_miss
from answerable.core.staffing.unusual import unusual
from answerable.core.staffing.volumes import Volumes, counted, shape_of_week

RIGA = ZoneInfo("Europe/Riga")
MONDAY = date(2026, 1, 5)


def weeks(number: int, level: float = 10.0) -> Volumes:
    """All at nine o'clock, on weekdays only."""
    hours = np.zeros((7 * number, 24))
    hours[np.arange(7 * number) % 7 < 5, 9] = level
    return Volumes(MONDAY, hours)


def perfect(days: np.ndarray, first: int, holidays: np.ndarray, ahead: int) -> Days:
    """Knows that a weekday brings ten, and a holiday none."""
    number = np.arange(len(days), len(days) + ahead)
    found = np.where((number + first) % 7 < 5, 10.0, 0.0) * (1 - holidays[len(days) :])
    return Days(found, found, found)


def test_quarters_become_local_hours() -> None:
    """The clocks go forward on 29 March 2026: 00:30 and 01:30 UTC are 02:30 and 04:30 in Riga."""
    at = [datetime(2026, 3, 29, 0, 30, tzinfo=UTC), datetime(2026, 3, 29, 1, 30, tzinfo=UTC)]
    found = counted({int(each.timestamp()) // 900: 2.0 for each in at}, RIGA, last=date(2026, 3, 30))
    assert (found.first, found.last, len(found)) == (date(2026, 3, 29), date(2026, 3, 30), 2)
    assert [hour for hour in range(24) if found.hours[0, hour]] == [2, 4]
    assert found.days.tolist() == [4, 0]
    with pytest.raises(ValueError, match="Nothing"):
        counted({}, RIGA, last=date(2026, 3, 30))


def test_the_shape_of_a_weekday_is_drawn_to_that_of_all() -> None:
    """One Monday of 24 at 9:00, one Tuesday of 24 at 15:00: (24 + 24 / 2) / 48 of a Monday at 9:00, a quarter at
    15:00; a weekday that brought nothing has the shape of all."""
    hours = np.zeros((7, 24))
    hours[0, 9], hours[1, 15] = 24, 24
    shape = shape_of_week(Volumes(MONDAY, hours))
    assert shape[0, [9, 15]] == pytest.approx([0.75, 0.25])
    assert shape[4, [9, 15]] == pytest.approx([0.5, 0.5])
    assert shape.sum(axis=1) == pytest.approx(np.ones(7))


def test_a_poisson_number_misses_its_mean_by_so_much() -> None:
    """Against the sum over the distribution; for m = 1 it is 2 / e (Crow 1958)."""
    for mean in (0.2, 1.0, 4.5, 30.0):
        plain = sum(abs(n - mean) * exp(-mean) * mean**n / factorial(n) for n in range(120))
        assert mean_miss(mean) == pytest.approx(plain)
    assert mean_miss(1.0) == pytest.approx(2 / np.e)
    assert mean_miss(0.0) == 0


def test_the_error_is_that_of_days_held_back() -> None:
    """Twelve weeks: the last four are held back. In the third of them nothing came, which the model foresaw not."""
    volumes = weeks(12)
    volumes.hours[70:77] = 0
    found = forecast(volumes, 14, perfect)
    assert found.is_modelled
    assert (found.first, found.error and found.error.first) == (
        MONDAY + timedelta(days=84),
        MONDAY + timedelta(days=56),
    )
    assert found.error is not None
    assert (found.error.days, found.error.contacts) == (28, 150)
    assert found.error.day == pytest.approx(50 / 150)
    assert found.error.bias == pytest.approx(50 / 150)
    assert found.error.naive_day == pytest.approx(50 / 150)
    assert found.error.hour == pytest.approx(50 / 150)
    assert not found.error.is_worth_it
    assert found.error.chance_day == pytest.approx(20 * mean_miss(10.0) / 150)
    assert found.hours().sum() == pytest.approx(100)
    told = forecast(volumes, 14, perfect, lambda on: float(on == found.first))
    assert told.days.expected[0] == 0


@pytest.mark.parametrize(("number", "held"), [(7, 7), (8, 14), (10, 28), (30, 28)])
def test_six_weeks_to_learn_from_are_kept(number: int, held: int) -> None:
    found = forecast(weeks(number), 7, perfect)
    assert found.error is not None
    assert found.error.days == held


def test_little_history_says_what_weekdays_bring() -> None:
    found = forecast(weeks(6), 9, perfect)
    assert (found.is_modelled, found.error) == (False, None)
    assert found.days.expected == pytest.approx([10, 10, 10, 10, 10, 0, 0, 10, 10])
    with pytest.raises(TooShort):
        forecast(weeks(1), 7, perfect)


def test_days_unlike_their_weekday_are_found() -> None:
    """Of 25 a day the root is 5: 6.75 is 3.5 spreads of chance away, not more; a strike of a week is, and a holiday
    is expected to be. What lasts is no exception any more."""
    roots = np.full(7 * 12, 5.0)
    roots[30], roots[44:51], roots[70] = 6.75, 6.8, 0.5
    is_holiday = np.arange(len(roots)) == 70
    assert np.flatnonzero(unusual(roots, is_holiday)).tolist() == list(range(44, 51))
    roots[56:] = 9.0
    assert not unusual(roots, is_holiday)[56:].any()
