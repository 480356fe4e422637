"""Days ahead by a structural time series (statsmodels): a level that drifts, a weekday's pattern, holidays.

The square root of a Poisson number has nearly the same spread whatever its mean, so days are modelled as the root of
N + 1/4 and brought back by the mean of its square (Brown, Gans, Mandelbaum, Sakov, Shen, Zeltyn and Zhao 2005,
Statistical analysis of a telephone call center, JASA 100:36-50). The model: Harvey (1989), Forecasting, structural
time series models and the Kalman filter; a random walk with a constant drift, seven dummies that add up to nothing,
and, over two years or more, the year in three waves.

statsmodels takes 130 MB, so it is loaded by the process of a forecast alone (docs/adr).
"""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

import numpy as np

from answerable.core.staffing.forecast import Days
from answerable.core.staffing.unusual import unusual
from answerable.core.staffing.volumes import WEEK

if TYPE_CHECKING:
    from numpy.typing import NDArray

FOUR_WEEKS = 28
LEAST_HOLIDAYS = 2
YEAR = 365.25
WAVES = 3
NORMAL_95 = 1.959964


def structural(days: NDArray[np.float64], first: int, holidays: NDArray[np.float64], ahead: int) -> Days:
    """A `core.staffing.forecast.DayModel`. Contacts of a holiday shrink by a share that is learned from those there
    were; where these are fewer than two, or not distinguishable from ordinary days (95 %), those ahead are taken for
    ordinary. Unusual days are as if nobody had counted them."""
    roots = np.sqrt(days + 0.25)
    strange = unusual(roots, holidays[: len(days)] > 0)
    roots[strange] = np.nan
    weekday = (np.arange(len(days) + ahead) + first) % WEEK
    known = holidays[: len(days)]
    usual = _usual(roots, weekday[: len(days)], known)
    closed = holidays * usual[weekday]
    found = None
    if known.sum() >= LEAST_HOLIDAYS and closed[: len(days)].any():
        found = _fitted(roots, closed[: len(days)])
        effect, error = _holiday(found)
        found = found if abs(effect) > NORMAL_95 * error else None
    has_holidays = found is not None
    found = found or _fitted(roots, None)
    told = found.get_forecast(ahead, exog=closed[len(days) :, None] if has_holidays else None)
    mean, variance = np.asarray(told.predicted_mean), np.asarray(told.var_pred_mean)
    mean, spread = np.maximum(mean, 0.0), NORMAL_95 * np.sqrt(variance)
    drift = float(found.trend.smoothed[-1])
    level = float(found.level.smoothed[-1])
    return Days(
        expected=np.maximum(0.0, mean**2 + np.where(mean > 0, variance, 0.0) - 0.25),
        low=np.maximum(0.0, np.maximum(mean - spread, 0.0) ** 2 - 0.25),
        high=np.maximum(0.0, (mean + spread) ** 2 - 0.25),
        trend=((max(level + FOUR_WEEKS * drift, 0.0) / level) ** 2 - 1) if level > 0 else None,
        holiday=max(0.0, 1 + _holiday(found)[0]) ** 2 if has_holidays else None,
        unusual=tuple(np.flatnonzero(strange).tolist()),
    )


def _usual(
    roots: NDArray[np.float64], weekday: NDArray[np.int64], holidays: NDArray[np.float64]
) -> NDArray[np.float64]:
    """The mean root of each weekday, its holidays left out."""
    chosen = [roots[(weekday == day) & (holidays == 0)] for day in range(WEEK)]
    return np.array([np.nanmean(each) if np.isfinite(each).any() else 0.0 for each in chosen])


def _fitted(roots: NDArray[np.float64], closed: NDArray[np.float64] | None) -> Any:
    from statsmodels.tsa.statespace.structural import UnobservedComponents

    year = [{"period": YEAR, "harmonics": WAVES}] if len(roots) >= 2 * YEAR else None
    model = UnobservedComponents(
        roots,
        level="local linear deterministic trend",
        seasonal=WEEK,
        stochastic_seasonal=False,
        freq_seasonal=year,
        stochastic_freq_seasonal=[False] if year else None,
        exog=None if closed is None else closed[:, None],
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of a likelihood that is flat, as where every day is alike: any maximum does
        return model.fit(disp=False, maxiter=200)


def _holiday(found: Any) -> tuple[float, float]:
    """What a holiday adds to a weekday's root, as a share of it, and the standard error of that."""
    place = found.model.param_names.index("beta.x1")
    return float(found.params[place]), float(found.bse[place])
