"""Cohen's kappa: do two reviewers put the same things into the same boxes, beyond chance?"""

from __future__ import annotations

from math import sqrt

import numpy as np
from numpy.typing import NDArray

from answerable.core.agreement.agreement import Agreement
from answerable.core.agreement.krippendorff import RAW
from answerable.core.estimates import CONFIDENCE, Definition, Estimate, share
from answerable.core.estimates.distributions import z_of
from answerable.core.estimates.estimate import nothing

KAPPA = Definition("cohen.kappa", 1)
METHOD = "Cohen's kappa (1960), large-sample interval of Fleiss, Cohen and Everitt (1969)"


def kappa(table: NDArray[np.integer], *, confidence: float = CONFIDENCE) -> Agreement:
    """Kappa of a (k, k) table of counts: the first reviewer's grade by row, the second's by column.

    Source: Cohen (1960), Educational and Psychological Measurement 20:37-46; standard error: Fleiss, Cohen &
    Everitt (1969), Psychological Bulletin 72:323-327. Raw agreement with Wilson's interval.
    Not defined, without a value, when both put everything into one box.
    Raises ValueError on a table that is not square or holds a negative count.
    """
    if table.ndim != 2 or table.shape[0] != table.shape[1] or (table.size and table.min() < 0):
        raise ValueError(f"Kappa needs a square table of counts, none negative: got shape {table.shape}.")
    n, agreed = int(table.sum()), int(np.trace(table))
    raw = share(agreed, n, RAW, confidence=confidence)
    if n == 0:
        return Agreement(nothing(KAPPA, "coefficient", METHOD), raw, "nothing graded twice")
    cells = table / n
    rows, columns = cells.sum(axis=1), cells.sum(axis=0)
    observed, expected = float(np.trace(cells)), float(rows @ columns)
    if expected >= 1 - 1e-15:
        undefined = Estimate(None, None, None, n, None, KAPPA, METHOD, "coefficient")
        return Agreement(undefined, raw, "all grades are alike")
    value = (observed - expected) / (1 - expected)
    diagonal = float(np.diag(cells) @ (1 - (rows + columns) * (1 - value)) ** 2)
    # Off the diagonal: cell (i, j) by the second reviewer's use of i plus the first's of j.
    crossed = cells * (columns[:, None] + rows[None, :]) ** 2
    others = (1 - value) ** 2 * float(crossed.sum() - np.trace(crossed))
    variance = (diagonal + others - (value - expected * (1 - value)) ** 2) / (n * (1 - expected) ** 2)
    half = z_of(confidence) * sqrt(max(0.0, variance))
    low, high = max(-1.0, value - half), min(1.0, value + half)
    return Agreement(Estimate(value, low, high, n, None, KAPPA, METHOD, "coefficient"), raw, None)
