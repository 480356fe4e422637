"""Our figures beside those that others have published: where they may be compared, and why not where they may not."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from types import MappingProxyType
from typing import TYPE_CHECKING

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from answerable.core.comparison import Comparison, Refusal, Standing, compare
from answerable.core.policy import Kpi
from answerable.insight.cards import Words
from answerable.insight.forms import EARLIEST, LATEST
from answerable.insight.objectives import MEASURED
from answerable.measure.words import INDICATORS, number
from answerable.people.middleware import company_zone
from answerable.policy.models import PublishedFigure
from answerable.policy.published import NAMES

if TYPE_CHECKING:
    from answerable.core.estimates import Estimate
    from answerable.core.policy import Objective, Policy
    from answerable.measure.report import Report

WIDTH, HEIGHT, MARGIN = 240, 18, 6
REFUSALS: dict[Refusal, str | Promise] = {
    Refusal.STATISTIC: gettext_lazy("it counts something else"),
    Refusal.UNIT: gettext_lazy("it has another unit"),
    Refusal.SCOPE: gettext_lazy("it is about others than us"),
}
BETTER, WORSE = gettext_lazy("ours is better"), gettext_lazy("ours is worse")
STANDINGS = MappingProxyType(
    {
        Standing.ALIKE: (gettext_lazy("not distinguishable"), "", "equal"),
        Standing.UNKNOWN: (gettext_lazy("nothing of ours to compare yet"), "", "minus"),
    }
)


@dataclass(frozen=True)
class Strip:
    """A line of a shared axis: a point in a box of WIDTH by HEIGHT, and an interval, all places along it."""

    point: str
    low: str
    width: str
    box: str = f"0 0 {WIDTH} {HEIGHT}"


@dataclass(frozen=True)
class Beside:
    """A published figure that may be compared with ours. `months` is how old, where that has to be said."""

    figure: PublishedFigure
    value: str
    standing: str
    tone: str
    symbol: str
    months: int
    strip: Strip


@dataclass(frozen=True)
class Apart:
    """A published figure that may not be, and why; `scope` where we could say that we belong to it."""

    figure: PublishedFigure
    value: str
    statistic: str
    reasons: tuple[str, ...]
    scope: str


@dataclass(frozen=True)
class Panel:
    """One figure of ours and those beside it, along one axis from `bottom` to `top`."""

    statistic: str
    value: str
    interval: str
    sample: str
    strip: Strip | None
    bottom: str
    top: str
    beside: tuple[Beside, ...]


@dataclass(frozen=True)
class Compared:
    """What an objective is set beside. Without panels the desk does not measure it; `apart` are then not refused."""

    key: str
    panels: tuple[Panel, ...]
    apart: tuple[Apart, ...]
    is_measured: bool


class Comparing:
    """The figures of one report beside published ones, for a reader. `on` is the day they are looked at."""

    def __init__(self, report: Report, words: Words, scopes: Iterable[str], on: date) -> None:
        self.report, self.words, self.on = report, words, on
        self.scopes = frozenset(scopes)

    def objective(self, policy: Policy, objective: Objective, figures: Sequence[PublishedFigure]) -> Compared:
        """Those of an objective's KPI, that have ended."""
        ours = self._ours(policy, objective)
        mine = [each for each in figures if each.kpi == objective.kpi and each.has_ended(self.on)]
        by_name = {name: estimate for name, estimate in ours.items() if name in {each.statistic for each in mine}}
        headline = dict([*ours.items()][: 1 if objective.kpi is not Kpi.COMPLIANCE else None])
        held: dict[str, list[tuple[PublishedFigure, Comparison]]] = {}
        apart = []
        for figure in mine:
            estimate = by_name.get(figure.statistic) or next(iter(ours.values()), None)
            found = compare(estimate, figure.as_published(), self._scopes(figure), self.on) if estimate else None
            if found is None or found.refusals:
                apart.append(self._apart(figure, found))
            else:
                held.setdefault(figure.statistic, []).append((figure, found))
        shown = {**headline, **{name: ours[name] for name in held}}
        lower = objective.kpi.lower_is_better
        panels = tuple(self._panel(name, each, held.get(name, []), lower=lower) for name, each in shown.items())
        nearest = tuple(sorted(apart, key=lambda each: len(each.reasons)))  # of equals the newest, as they came
        return Compared(objective.key, panels, nearest, bool(ours))

    def _scopes(self, figure: PublishedFigure) -> frozenset[str]:
        """Whom we compare with: a competitor we have named ourselves, or those we count ourselves among."""
        return frozenset({figure.competitor}) if figure.competitor else self.scopes

    def _ours(self, policy: Policy, objective: Objective) -> dict[str, Estimate]:
        """Every figure that the report has of the KPI, by the name of its definition; the headline first."""
        if objective.kpi is Kpi.COMPLIANCE:
            kinds = {str(each.clock) for each in policy.standards.values() if each.objective == objective.key}
            found = [self.report.indicators[f"{kind}_compliance"].total.estimate for kind in sorted(kinds)]
        elif objective.kpi in MEASURED:
            name = str(objective.kpi)
            figures = [self.report.indicators[name].total]
            figures += [self.report.other_clock[name]] if name in self.report.other_clock else []
            found = [each for figure in figures for each in (figure.estimate, *figure.beside.values())]
        else:
            found = []
        return {each.definition.name: each for each in found}

    def _apart(self, figure: PublishedFigure, found: Comparison | None) -> Apart:
        refusals = found.refusals if found else ()
        alone = refusals == (Refusal.SCOPE,)
        return Apart(
            figure,
            self.value(figure.value, figure.unit),
            str(NAMES.get(figure.statistic, figure.statistic)),
            tuple(str(REFUSALS[each]) for each in refusals),
            figure.scope if alone and not figure.competitor else "",
        )

    def _panel(
        self, name: str, ours: Estimate, held: list[tuple[PublishedFigure, Comparison]], *, lower: bool
    ) -> Panel:
        values = [figure.value for figure, _found in held]
        bottom, top = _ends(
            [each for each in (ours.value, ours.low, ours.high, *values) if each is not None], ours.unit
        )
        low, high = (end if end is not None else edge for end, edge in ((ours.low, bottom), (ours.high, top)))
        interval = (low, high) if ours.value is not None else None
        return Panel(
            statistic=str(NAMES[name]) if name in NAMES else _(INDICATORS.get(_indicator(name), name)),
            value=self.words.value(ours),
            interval=self.words.interval(ours),
            sample=self.words.count(ours.n),
            strip=_strip(ours.value, interval, bottom, top) if ours.value is not None else None,
            bottom=self.words.said(bottom, ours),
            top=self.words.said(top, ours),
            beside=tuple(
                Beside(
                    figure,
                    self.words.said(figure.value, ours),
                    *_standing(found.standing or Standing.UNKNOWN, lower=lower),
                    found.months_old if found.stale else 0,
                    _strip(figure.value, interval, bottom, top),
                )
                for figure, found in held
            ),
        )

    def value(self, value: float, unit: str) -> str:
        """A value in the reader's words."""
        return number(value, unit, self.words.locale)


def _indicator(definition: str) -> str:
    """compliance.first_response -> first_response_compliance."""
    return "_".join(reversed(definition.split(".", 1)))


def _standing(standing: Standing, *, lower: bool) -> tuple[str, str, str]:
    """In words, with tone and icon."""
    if standing in STANDINGS:
        words, tone, symbol = STANDINGS[standing]
        return str(words), tone, symbol
    if (standing is Standing.BELOW) == lower:
        return str(BETTER), "good", "check"
    return str(WORSE), "bad", "x"


def _ends(values: list[float], unit: str) -> tuple[float, float]:
    """Where the axis begins and ends: a tenth beyond what is on it, not beyond what can be."""
    low, high = min(values, default=0.0), max(values, default=1.0)
    room = (high - low or abs(high) or 1.0) / 10
    low, high = low - room, high + room
    if unit in ("share", "seconds"):
        low = max(0.0, low)
    return low, min(1.0, high) if unit == "share" else high


def _strip(value: float, interval: tuple[float, float] | None, bottom: float, top: float) -> Strip:
    def place(at: float) -> float:
        return MARGIN + (min(max(at, bottom), top) - bottom) / (top - bottom) * (WIDTH - 2 * MARGIN)

    low, high = (place(end) for end in interval) if interval else (0.0, 0.0)
    return Strip(f"{place(value):.1f}", f"{low:.1f}", f"{high - low:.1f}")


@dataclass(frozen=True)
class Change:
    """What became of a published figure: added, changed or retired, whichever was last."""

    what: str
    figure: PublishedFigure
    at: datetime


def changes_since(since: date, kpi: str | None = None) -> list[Change]:
    """What changed among published figures since a local day, newest first; of one KPI, if given. One query, and the
    company's zone."""
    start = datetime.combine(min(max(since, EARLIEST), LATEST), time(), company_zone()).astimezone(UTC)
    figures = PublishedFigure.objects.touched_since(start)
    found = [_last(figure) for figure in (figures.filter(kpi=kpi) if kpi else figures)]
    return sorted(found, key=lambda each: each.at, reverse=True)


def _last(figure: PublishedFigure) -> Change:
    if figure.retired_at is not None:
        return Change("retired", figure, figure.retired_at)
    if figure.changed_at is not None:
        return Change("changed", figure, figure.changed_at)
    return Change("added", figure, figure.added_at)
