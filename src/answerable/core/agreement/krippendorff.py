"""Krippendorff's alpha: do several reviewers, not all of whom saw everything, grade alike?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from answerable.core.agreement.agreement import Agreement
from answerable.core.agreement.jackknife import jackknife
from answerable.core.estimates import CONFIDENCE, Definition, Estimate
from answerable.core.estimates.estimate import nothing

METHOD = "Krippendorff's alpha (2011), jackknife interval over units"
RAW = Definition("agreement.raw", 1)
RAW_METHOD = "mean agreement of pairs of reviewers within a unit, jackknife interval over units"

Level = Literal["nominal", "ordinal", "interval"]
Floats = NDArray[np.float64]


def krippendorff(
    grades: Sequence[Sequence[float | None]], level: Level, *, confidence: float = CONFIDENCE
) -> Agreement:
    """Alpha of `grades[unit][reviewer]`, None where a reviewer did not grade, with raw agreement beside.

    Units that fewer than two graded count nowhere; n is the units that count. Nominal: a difference is a
    difference; ordinal: by the ranks between; interval: squared. Interval by leaving one unit out at a time.
    Source: Krippendorff (2011), Computing Krippendorff's Alpha-Reliability, University of Pennsylvania;
    jackknife: Efron & Tibshirani (1993), chapter 11.

    Not defined, without a value, when all grades are alike: then nothing could have been told apart.
    Raises ValueError on a grade that is not a number.
    """
    definition = Definition(f"krippendorff.alpha.{level}", 1)
    units = [[float(grade) for grade in unit if grade is not None] for unit in grades]
    if any(not np.isfinite(grade) for unit in units for grade in unit):
        raise ValueError("Krippendorff's alpha needs grades that are numbers, or None where there is none.")
    units = [unit for unit in units if len(unit) > 1]
    if not units:
        return Agreement(
            nothing(definition, "coefficient", METHOD), nothing(RAW, "share", RAW_METHOD), "nothing graded twice"
        )
    values = np.array(sorted({grade for unit in units for grade in unit}))
    tables = np.array([_coincidences(unit, values) for unit in units])
    alpha = jackknife(tables, lambda table: _alpha(table, values, level), (-1.0, 1.0), confidence)
    raw = jackknife(tables, _raw, (0.0, 1.0), confidence)
    return Agreement(
        Estimate(*alpha, len(units), None, definition, METHOD, "coefficient"),
        Estimate(*raw, len(units), None, RAW, RAW_METHOD, "share"),
        "all grades are alike" if alpha[0] is None else None,
    )


def _coincidences(unit: list[float], values: Floats) -> Floats:
    """How often each pair of values met in one unit: its (V, V) part of the coincidence matrix."""
    counts = np.array([unit.count(value) for value in values], dtype=np.float64)
    table: Floats = (np.outer(counts, counts) - np.diag(counts)) / (len(unit) - 1)
    return table


def _distances(values: Floats, totals: Floats, level: Level) -> Floats:
    """The squared differences between values that a level of measurement knows of."""
    if level == "nominal":
        return 1.0 - np.eye(len(values))
    if level == "interval":
        return np.subtract.outer(values, values) ** 2
    middle = np.cumsum(totals) - totals / 2
    return np.subtract.outer(middle, middle) ** 2


def _alpha(table: Floats, values: Floats, level: Level) -> float | None:
    """1 - observed over expected disagreement, None where no disagreement could be expected."""
    totals = table.sum(axis=1)
    n = float(totals.sum())
    distances = _distances(values, totals, level)
    expected = float(totals @ distances @ totals)
    if n <= 1 or expected <= 0:
        return None
    return 1 - (n - 1) * float((table * distances).sum()) / expected


def _raw(table: Floats) -> float | None:
    """The share of pairs that agree."""
    total = float(table.sum())
    return float(np.trace(table)) / total if total else None
