"""Cronbach's alpha: whether the questions of one dimension ask about one thing."""

from __future__ import annotations

import numpy as np

from answerable.core.estimates import CONFIDENCE, Definition, Estimate
from answerable.core.estimates.distributions import beta_quantile
from answerable.core.estimates.estimate import nothing
from answerable.core.moments import Moments

ALPHA = Definition("cronbach.alpha", 1)
METHOD = "Cronbach's alpha (1951) of pairwise covariances, Feldt's interval (1965)"


def cronbach(moments: Moments, *, confidence: float = CONFIDENCE) -> Estimate:
    """k / (k - 1) times (1 - sum of the variances / sum of all covariances); n is the smallest pair's.

    Source: Cronbach (1951), Psychometrika 16:297-334. Covariances are pairwise, so that a form that asks each
    person for some of the questions (by rotation) has an alpha; where everybody answered everything it is the
    ordinary one. Interval: Feldt (1965), Psychometrika 30:357-370.

    No value with fewer than two questions or two persons, or when all answered alike: not defined. No
    interval with two persons.
    """
    k = moments.size
    n = int(moments.counts.min()) if k else 0
    if n == 0:
        return nothing(ALPHA, "coefficient", METHOD)
    covariance = moments.covariance()
    total = float(covariance.sum())
    if k < 2 or n < 2 or not total > 1e-12 * float(np.trace(covariance)):
        return Estimate(None, None, None, n, None, ALPHA, METHOD, "coefficient")
    value = k / (k - 1) * (1 - float(np.trace(covariance)) / total)
    if n == 2:
        return Estimate(value, None, None, n, None, ALPHA, METHOD, "coefficient")
    tail = (1 - confidence) / 2
    low, high = (1 - (1 - value) * _f_quantile(p, n - 1, (n - 1) * (k - 1)) for p in (1 - tail, tail))
    return Estimate(value, low, high, n, None, ALPHA, METHOD, "coefficient")


def _f_quantile(p: float, first: float, second: float) -> float:
    """The value below which a share `p` of the F distribution lies, by way of the beta's."""
    x = beta_quantile(p, first / 2, second / 2)
    return second * x / (first * (1 - x))
