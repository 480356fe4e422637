"""Axes: units, round steps, and labels in the reader's language."""

from __future__ import annotations

import json
from collections.abc import Sequence
from math import ceil, floor, log10
from typing import TYPE_CHECKING, Any

from babel.numbers import format_decimal

from answerable.measure.words import gettext_noop, is_business, percent

if TYPE_CHECKING:
    from answerable.core.estimates import Estimate
    from answerable.measure.charts.style import Style

_CALENDAR = {
    "minute": gettext_noop("Minutes by the calendar"),
    "hour": gettext_noop("Hours by the calendar"),
    "day": gettext_noop("Days by the calendar"),
}
_BUSINESS = {
    "minute": gettext_noop("Minutes of business time"),
    "hour": gettext_noop("Hours of business time"),
}
_SIZES = {"minute": 60, "hour": 3_600, "day": 86_400}
SHARE = gettext_noop("Share")
NUMBERS = {"points": gettext_noop("Points"), "score": gettext_noop("Points of the scale")}


class Scale:
    """The axis of an estimate: its unit, the step of its ticks and their labels."""

    def __init__(self, estimates: Sequence[Estimate], style: Style, target: float | None, *, from_zero: bool) -> None:
        self.style = style
        self.unit = next((each.unit for each in estimates if each.n), "share")
        self.business = any(is_business(each) for each in estimates)
        ends = [value for each in estimates for value in (each.value, each.low, each.high) if value is not None]
        ends += [] if target is None else [target]
        highest, lowest = max(ends, default=1.0), min(ends, default=0.0)
        if self.unit == "seconds":
            hours = self.business or highest < 3 * 86_400
            self.name = "minute" if highest < 5_400 else "hour" if hours else "day"
            self.size = _SIZES[self.name]
        else:
            self.name, self.size = "share" if self.unit == "share" else "number", 1
        start = 0.0 if from_zero or self.unit == "seconds" or lowest < 0.5 else floor(lowest * 10) / 10
        if self.name == "number":
            highest, start = _around(lowest, highest, from_zero=from_zero)
        if self.unit == "points":
            highest, start = min(highest, 100.0), max(start, -100.0)
        step = _step((highest / self.size - start) or 1, 5)
        start = floor(start / step + 1e-9) * step if start < 0 else start
        self.values = [start + step * i for i in range(ceil((highest / self.size - start) / step) + 1)]
        if self.unit == "share":
            self.values = [round(value, 6) for value in self.values if value <= 1.000001]
        self.domain = [self.values[0], max(self.values[-1], highest / self.size)]

    def axis(self) -> dict[str, Any]:
        """The encoding of a field on this axis, without the field."""
        locale = self.style.locale
        if self.unit == "share":
            labels = shares(self.values, locale)
            title = self.style.words(SHARE)
        elif self.name == "number":
            labels = numbers(self.values, locale)
            title = self.style.words(NUMBERS.get(self.unit, self.unit))
        else:
            labels = numbers(self.values, locale)
            title = self.style.words((_BUSINESS if self.business else _CALENDAR)[self.name])
        return {
            "type": "quantitative", "title": title, "axis": ticks(labels),
            "scale": {"domain": self.domain, "nice": False, "zero": False},
        }  # fmt: skip


def _around(lowest: float, highest: float, *, from_zero: bool) -> tuple[float, float]:
    """Highest and lowest end of an axis of numbers that may lie on both sides of zero."""
    if from_zero:
        return max(0.0, highest), min(0.0, lowest)
    room = (highest - lowest) * 0.1 or 1.0
    return highest + room, lowest - room


def numbers(values: Sequence[float], locale: str) -> dict[float, str]:
    """A label for each, all with as many decimals: 5.5, 6.0, 6.5."""
    digits = _decimals(values)
    pattern = "#,##0" + ("." + "0" * digits if digits else "")
    return {value: format_decimal(round(value, 6), pattern, locale=locale) for value in values}


def shares(values: Sequence[float], locale: str) -> dict[float, str]:
    """A label in percent for each, all with as many decimals."""
    digits = _decimals([100 * value for value in values])
    return {value: percent(value, locale, digits) for value in values}


def _decimals(values: Sequence[float]) -> int:
    """How many decimals tell the values apart and are true to them, three at most."""
    return next((n for n in range(3) if all(abs(value - round(value, n)) < 1e-6 for value in values)), 3)


def ticks(labels: dict[Any, str], at_most: int = 12) -> dict[str, Any]:
    """An axis with these labels at these values, thinned evenly; texts go through JSON, never into code."""
    values = list(labels)[:: ceil(len(labels) / at_most) or 1]
    texts = json.dumps([labels[value] for value in values], ensure_ascii=False)
    return {"values": values, "labelExpr": f"{texts}[indexof({json.dumps(values)}, datum.value)]"}


def share_ticks(top: float, locale: str) -> dict[str, Any]:
    """An axis of shares from none up to `top`."""
    step = _step(top, 5)
    values = [round(step * i, 6) for i in range(ceil(top / step) + 1)]
    return ticks(shares(values, locale))


def points_ticks(lowest: float, highest: float, locale: str) -> dict[str, Any]:
    """Scale and axis of points of a scale between two of them, with some room."""
    step = _step((highest - lowest) or 1.0, 4)
    start = floor(lowest / step - 0.2)
    values = [round(step * i, 6) for i in range(start, ceil(highest / step + 0.2) + 1)]
    scale = {"domain": [values[0], values[-1]], "nice": False, "zero": False}
    return {"scale": scale, "axis": ticks(numbers(values, locale))}


def counts(highest: int, locale: str) -> dict[str, Any]:
    """Scale and axis of counts up to `highest`."""
    step = max(1, round(_step(highest or 1, 5)))
    values = [step * i for i in range(ceil((highest or 1) / step) + 1)]
    labels = {value: format_decimal(value, locale=locale) for value in values}
    return {"scale": {"domain": [0, values[-1]], "nice": False}, "axis": ticks(labels)}


def _step(span: float, pieces: int) -> float:
    """A round step (1, 2, 2.5 or 5 times a power of ten) that cuts `span` into about that many pieces."""
    rough = span / pieces
    power: float = 10 ** floor(log10(rough))
    return next(power * times for times in (1, 2, 2.5, 5, 10) if power * times >= rough * 0.999)
