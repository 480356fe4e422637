"""What was measured, beside the floor measured in the same turns and the bar that was set."""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Bar:
    """What is good enough: at most the limit, or (`at_least`) at least it."""

    limit: float
    at_least: bool = False

    def met_by(self, value: float) -> bool:
        return value >= self.limit if self.at_least else value <= self.limit


@dataclass
class Figure:
    """One value a turn. `floor` holds the values of the least that could do the work, taken between the others."""

    work: str
    unit: str
    values: list[float]
    size: int | None = None
    bar: Bar | None = None
    floor: list[float] | None = None
    floor_is: str = ""
    remark: str = ""

    @property
    def median(self) -> float:
        return statistics.median(self.values)

    @property
    def ratio(self) -> float | None:
        """How many times the floor's time it takes, or of the floor's rate it lacks: 1 is the best there could be."""
        if not self.floor or not self.median:
            return None
        floor = statistics.median(self.floor)
        return floor / self.median if self.unit.startswith("/") else self.median / floor

    @property
    def verdict(self) -> str:
        if self.bar is None:
            return ""
        return "met" if self.bar.met_by(self.median) else "not met"


COLUMNS = ("work", "conversations", "median", "spread", "floor", "times the floor", "bar", "")


def row(figure: Figure) -> list[str]:
    """One line of the table, in the order of COLUMNS."""
    bar = f"{'≥' if figure.bar.at_least else '≤'} {said(figure.bar.limit, figure.unit)}" if figure.bar else ""
    floor = f"{said(statistics.median(figure.floor), figure.unit)} ({figure.floor_is})" if figure.floor else ""
    return [
        f"{figure.work}{f' ({figure.remark})' if figure.remark else ''}",
        f"{figure.size:,}" if figure.size else "",
        said(figure.median, figure.unit),
        f"{said(min(figure.values))}-{said(max(figure.values))}" if len(figure.values) > 1 else "once",
        floor,
        f"{figure.ratio:.1f}" if figure.ratio else "",
        bar,
        figure.verdict,
    ]


def said(value: float, unit: str = "") -> str:
    """Three digits that count, and the unit."""
    text = f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
    return f"{text}{'' if unit.startswith('/') or not unit else ' '}{unit}"


def growth(figures: Iterable[Figure]) -> list[tuple[str, float, float, float]]:
    """For work done at several sizes: work, how many times the smallest's cost the largest's is, how many times
    larger it is, and the exponent b of cost = a * size ** b fitted by least squares of the logarithms."""
    by_work: dict[str, list[Figure]] = {}
    for figure in figures:
        if figure.size and figure.median > 0:
            by_work.setdefault(figure.work, []).append(figure)
    found = []
    for work, some in by_work.items():
        some.sort(key=lambda figure: figure.size or 0)
        if len({figure.size for figure in some}) < 2:
            continue
        costs = [1 / figure.median if figure.unit.startswith("/") else figure.median for figure in some]
        sizes = [math.log(figure.size or 1) for figure in some]
        fit = statistics.linear_regression(sizes, [math.log(cost) for cost in costs])
        found.append((work, costs[-1] / costs[0], math.exp(sizes[-1] - sizes[0]), fit.slope))
    return found
