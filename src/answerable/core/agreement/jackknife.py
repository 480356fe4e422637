"""An interval by leaving one thing out at a time: no distribution assumed, no random numbers drawn."""

from __future__ import annotations

from collections.abc import Callable
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from answerable.core.estimates.distributions import t_quantile

Floats = NDArray[np.float64]


def jackknife(
    tables: Floats, of: Callable[[Floats], float | None], bounds: tuple[float, float], confidence: float
) -> tuple[float | None, float | None, float | None]:
    """The value of a figure of the sum of `tables` (units first), with its low and high limit within `bounds`.

    No interval with two units or fewer, or when the figure hangs on one of them.
    Source: Tukey (1958); Efron & Tibshirani (1993), An Introduction to the Bootstrap, chapter 11.
    """
    whole = tables.sum(axis=0)
    value, n = of(whole), len(tables)
    if value is None or n < 3:
        return value, None, None
    without = [of(whole - table) for table in tables]
    known = np.array([each for each in without if each is not None])
    if len(known) < n:
        return value, None, None
    error = sqrt((n - 1) / n * float(((known - known.mean()) ** 2).sum()))
    half = t_quantile(0.5 + confidence / 2, n - 1) * error
    return value, min(value, max(bounds[0], value - half)), max(value, min(bounds[1], value + half))
