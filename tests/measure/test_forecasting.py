"""The structural model finds again what a series was made of."""

from datetime import date, timedelta

import numpy as np
import pytest

from answerable.core.staffing.forecast import forecast
from answerable.core.staffing.volumes import Volumes
from answerable.measure.forecasting import structural

MONDAY = date(2025, 1, 6)
WEEKDAYS = np.array([1.3, 1.1, 1.0, 1.0, 0.9, 0.3, 0.2])
HOURS = np.array([0.0] * 8 + [1.0, 2.0, 3.0, 2.0, 1.0, 2.0, 2.0, 1.0] + [0.0] * 8) / 14


def level(day: np.ndarray) -> np.ndarray:
    """Roots that grow evenly: 100 a day at first, 121 after 200 days."""
    return (10 + day / 200) ** 2


def test_without_noise_the_days_ahead_are_found() -> None:
    """Roots of N + 1/4 that are a line and a weekday's pattern: exactly the model's own."""
    day = np.arange(7 * 26)
    roots = 10 + day / 100 + np.array([1.0, 0.5, 0.0, 0.0, -0.5, -0.5, -0.5])[day % 7]
    found = structural(roots[:140] ** 2 - 0.25, 0, np.zeros(len(day)), len(day) - 140)
    assert found.expected == pytest.approx(roots[140:] ** 2 - 0.25, rel=0.01)
    assert found.trend == pytest.approx((11.68 / 11.4) ** 2 - 1, abs=0.005)
    assert found.holiday is None


def test_a_trend_weekdays_and_holidays_are_recovered() -> None:
    """Poisson contacts of a known mean, half a year and a month: the error on the month held back is hardly more than
    that of who knows the mean; so are the weeks after, and a holiday that leaves a fifth."""
    random = np.random.default_rng(20260101)
    days = 7 * 30
    number = np.arange(days + 28)
    off = {7 * week + week % 5 for week in range(2, 34, 4)}
    share = np.where(np.isin(number, list(off)), 0.2, 1.0)
    mean = level(number) * WEEKDAYS[number % 7] * share
    hours = random.poisson(mean[:days, None] * HOURS)
    found = forecast(Volumes(MONDAY, hours.astype(float)), 28, structural, lambda on: float((on - MONDAY).days in off))
    assert found.error is not None
    assert found.error.day < 1.25 * found.error.chance_day
    assert found.error.hour < 1.1 * found.error.chance_hour
    assert found.error.day < found.error.naive_day
    assert abs(found.error.bias) < 0.05
    assert np.abs(found.days.expected - mean[days:]).sum() / mean[days:].sum() < 0.06
    assert found.days.holiday == pytest.approx(0.2, abs=0.08)
    assert found.days.trend == pytest.approx(float(np.divide(*level(np.array([days + 28, days])))) - 1, abs=0.02)
    assert found.shape == pytest.approx(np.tile(HOURS, (7, 1)), abs=0.03)
    actual = random.poisson(mean[days:])
    inside = (actual >= found.days.low - 1) & (actual <= found.days.high + 1)
    assert inside.mean() >= 0.85
    assert found.first == MONDAY + timedelta(days=days)


def test_days_without_anything_are_a_forecast_of_nothing() -> None:
    found = structural(np.zeros(60), 0, np.zeros(70), 10)
    assert found.expected == pytest.approx(np.zeros(10), abs=0.05)
