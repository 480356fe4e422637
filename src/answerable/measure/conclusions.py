"""What may be said of the figures in words, and what may not."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from answerable.measure.words import (
    INDICATORS,
    Words,
    duration,
    english,
    gettext_noop,
    is_business,
    number,
    percent_points,
    working,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from answerable.measure.figure import Indicator

SENTENCES = {
    "empty": gettext_noop("{name}: nothing to measure in this period."),
    "not_reached": gettext_noop("{name}: fewer than half have ended, the median is longer than {low}."),
    "same": gettext_noop("{name}: not distinguishable from the period before."),
    "longer": gettext_noop("{name}: longer than in the period before, by {change}."),
    "shorter": gettext_noop("{name}: shorter than in the period before, by {change}."),
    "higher": gettext_noop("{name}: higher than in the period before, by {change} percentage points."),
    "lower": gettext_noop("{name}: lower than in the period before, by {change} percentage points."),
    "up": gettext_noop("{name}: higher than in the period before, by {change}."),
    "down": gettext_noop("{name}: lower than in the period before, by {change}."),
    "met": gettext_noop("{name}: target of {target} met."),
    "missed": gettext_noop("{name}: target of {target} missed."),
    "open": gettext_noop("{name}: not distinguishable from the target of {target}."),
    "one_sided": gettext_noop("{name}: too few to compare with the period before."),
}


_CHANGED = {"seconds": ("longer", "shorter"), "share": ("higher", "lower")}


@dataclass(frozen=True, slots=True)
class Conclusion:
    """One sentence: which indicator, which of `SENTENCES`, and the numbers in it, in their unit (`business`: of
    business time)."""

    indicator: str
    code: str
    unit: str
    change: float | None = None
    target: float | None = None
    low: float | None = None
    business: bool = False

    def sentence(self, words: Words = english, locale: str = "en") -> str:
        """The sentence in the reader's language."""
        say = working if self.business else duration

        def said(value: float, digits: int) -> str:
            return say(abs(value), locale) if self.unit == "seconds" else number(value, self.unit, locale, digits)

        change = ""
        if self.change is not None:
            change = percent_points(self.change, locale) if self.unit == "share" else said(abs(self.change), 2)
        return words(SENTENCES[self.code]).format(
            name=words(INDICATORS[self.indicator]),
            change=change,
            target="" if self.target is None else said(self.target, 0 if self.unit == "share" else 2),
            low="" if self.low is None else said(self.low, 1),
        )


def conclude(indicators: Mapping[str, Indicator]) -> list[Conclusion]:
    """The sentences of a report, indicator by indicator. Nothing is claimed that its interval cannot bear."""
    found: list[Conclusion] = []
    for name, indicator in indicators.items():
        business = is_business(indicator.total.estimate)
        found += [replace(each, business=business) for each in _conclude(name, indicator)]
    return found


def _conclude(name: str, indicator: Indicator) -> list[Conclusion]:
    estimate = indicator.total.estimate
    if estimate.n == 0:
        return [Conclusion(name, "empty", estimate.unit)]
    if estimate.value is None:
        code = "not_reached" if estimate.low is not None else "empty"
        return [Conclusion(name, code, estimate.unit, low=estimate.low)]
    found = []
    change = indicator.change
    if change is not None:
        code = "one_sided"
        if change.distinguishable and change.value is not None:
            more, less = _CHANGED.get(estimate.unit, ("up", "down"))
            code = more if change.value > 0 else less
        elif change.value is not None:
            code = "same"
        found.append(Conclusion(name, code, estimate.unit, change=change.value))
    if indicator.against_target is not None:
        code = {"met": "met", "missed": "missed"}.get(indicator.against_target, "open")
        found.append(Conclusion(name, code, estimate.unit, target=indicator.target))
    return found
