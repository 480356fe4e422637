"""From what came in to what will: days by a model that is handed in, hours by the shape of a week; and how far off.

The top-down way of Ibrahim, Ye, L'Ecuyer and Shen (2016), Modeling and forecasting call center arrivals: a literature
survey and a case study, International Journal of Forecasting 32:865-874: a forecast of each day is spread over its
hours.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from math import exp, floor, lgamma, log
from typing import TYPE_CHECKING, Protocol

import numpy as np

from answerable.core.staffing.volumes import WEEK, Volumes, shape_of_week

if TYPE_CHECKING:
    from numpy.typing import NDArray

LEAST_DAYS = 2 * WEEK
MODELLED_DAYS = 6 * WEEK
"""With fewer, there is no trend worth the name: what a weekday usually brings is all that is said."""
HELD_BACK_DAYS = 4 * WEEK
USUAL_WEEKS = 6

Holidays = Callable[[date], float]
"""The share of the places served that have a holiday on a date, 0 to 1."""


@dataclass(frozen=True, eq=False)
class Days:
    """What days ahead will bring: the mean, and between what 95 % of days will lie."""

    expected: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    trend: float | None = None
    """By which share the level changes in four weeks; None where no trend was looked for."""
    holiday: float | None = None
    """What a holiday leaves of a day's usual contacts; None where there were too few to learn it."""
    unusual: tuple[int, ...] = ()
    """The numbers of days of history from which nothing was learned."""


class DayModel(Protocol):
    """Forecasts so many days after `days`, the first of which is of the weekday `first` (Monday 0). `holidays` has
    a share for each day, those ahead included."""

    def __call__(self, days: NDArray[np.float64], first: int, holidays: NDArray[np.float64], ahead: int, /) -> Days: ...


@dataclass(frozen=True)
class Error:
    """How far a forecast of days held back was off. `day` and `hour` are |forecast - actual| summed over days, or
    over hours, as a share of all that came (WAPE); `bias` is their signed difference. `naive_` is the same for the
    week before, repeated; `chance_` what the truth itself would miss by, since contacts come at random (Poisson).
    """

    first: date
    days: int
    contacts: float
    day: float
    hour: float
    bias: float
    naive_day: float
    naive_hour: float
    chance_day: float
    chance_hour: float

    @property
    def is_worth_it(self) -> bool:
        """Whether the model came closer than the week before, repeated."""
        return self.day < self.naive_day


@dataclass(frozen=True, eq=False)
class Forecast:
    """`days` begin on `first`; `shape` spreads each over its hours. `error` is None where history was too short."""

    first: date
    days: Days
    shape: NDArray[np.float64]
    is_modelled: bool
    error: Error | None

    def hours(self) -> NDArray[np.float64]:
        """The mean of each hour: days x 24."""
        return spread(self.days.expected, self.first, self.shape)


class TooShort(ValueError):
    """There are fewer than `LEAST_DAYS` days of history."""


def forecast(volumes: Volumes, ahead: int, model: DayModel, holidays: Holidays = lambda _on: 0.0) -> Forecast:
    """The days after the last. Raises TooShort.

    The error is that of the same forecast made of all but the last four weeks, or of as many as leave six to learn
    from, but one at least; else there is none, and nothing but usual weekdays is forecast.
    """
    if len(volumes) < LEAST_DAYS:
        raise TooShort(f"{len(volumes)} days")
    after = volumes.last + timedelta(days=1)
    held = min(HELD_BACK_DAYS, (len(volumes) - MODELLED_DAYS) // WEEK * WEEK)
    if held < WEEK:
        return Forecast(after, usual_weekdays(volumes, ahead), shape_of_week(volumes), False, None)
    error = _held_back(volumes, held, model, holidays)
    return Forecast(after, _ahead(volumes, ahead, model, holidays), shape_of_week(volumes), True, error)


def usual_weekdays(volumes: Volumes, ahead: int) -> Days:
    """What each weekday brought on average in the last weeks, without a trend; the spread is that of Poisson."""
    recent = volumes.from_to(max(0, len(volumes) - USUAL_WEEKS * WEEK), len(volumes))
    means = np.array([recent.days[recent.weekdays == day].mean() for day in range(WEEK)])
    expected = means[(np.arange(ahead) + volumes.last.weekday() + 1) % WEEK]
    width = 1.96 * np.sqrt(expected)
    return Days(expected, np.maximum(0, expected - width), expected + width)


def spread(days: NDArray[np.float64], first: date, shape: NDArray[np.float64]) -> NDArray[np.float64]:
    """Days over their hours by the shape of their weekdays."""
    hours: NDArray[np.float64] = days[:, None] * shape[(np.arange(len(days)) + first.weekday()) % WEEK]
    return hours


def mean_miss(mean: float) -> float:
    """How far a Poisson number lies from its mean on average: 2 e^-m m^(k + 1) / k!, k the whole part of m.

    Source: Crow (1958), The mean deviation of the Poisson distribution, Biometrika 45:556-562.
    """
    if mean <= 0:
        return 0.0
    whole = floor(mean)
    return 2 * exp(-mean + (whole + 1) * log(mean) - lgamma(whole + 1))


def _ahead(volumes: Volumes, ahead: int, model: DayModel, holidays: Holidays) -> Days:
    shares = [holidays(volumes.first + timedelta(days=number)) for number in range(len(volumes) + ahead)]
    return model(volumes.days, volumes.first.weekday(), np.array(shares, dtype=np.float64), ahead)


def _held_back(volumes: Volumes, held: int, model: DayModel, holidays: Holidays) -> Error | None:
    """None where nothing came in the days held back."""
    cut = len(volumes) - held
    known, actual = volumes.from_to(0, cut), volumes.from_to(cut, len(volumes))
    total = float(actual.days.sum())
    if not total:
        return None
    days = _ahead(known, held, model, holidays).expected
    hours = spread(days, actual.first, shape_of_week(known))
    naive = np.tile(known.hours[-WEEK:], (held // WEEK, 1))

    def off(guess: NDArray[np.float64], truth: NDArray[np.float64]) -> float:
        return float(np.abs(guess - truth).sum()) / total

    return Error(
        actual.first, held, total,
        day=off(days, actual.days), hour=off(hours, actual.hours), bias=float(days.sum()) / total - 1,
        naive_day=off(naive.sum(axis=1), actual.days), naive_hour=off(naive, actual.hours),
        chance_day=sum(map(mean_miss, days.tolist())) / total,
        chance_hour=sum(map(mean_miss, hours.ravel().tolist())) / total,
    )  # fmt: skip
