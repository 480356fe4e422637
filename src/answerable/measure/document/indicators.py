"""A section for each indicator: what it says, how it went, how it is spread, who differs, what is behind it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from answerable.measure import charts
from answerable.measure.behind import amounts, answers, conversations
from answerable.measure.crossing import halves
from answerable.measure.document.apart import crossed, differs, standing_apart
from answerable.measure.document.cover import WAITS, lines
from answerable.measure.document.details import detail, driving
from answerable.measure.document.model import Block, Drawing, Grid, Pairs, Paragraph, Points, Section
from answerable.measure.document.pen import NONE
from answerable.measure.document.terms import DIMENSIONS, PARTS
from answerable.measure.document.texts import CLOCKS, DEFINITIONS, name_of
from answerable.measure.kpi import compliance, csat, quality, retention, servqual
from answerable.measure.kpi.answers import COLUMNS
from answerable.measure.measuring import SIX
from answerable.measure.period import CUTS, EPOCH
from answerable.measure.words import gettext_noop, is_business

if TYPE_CHECKING:
    from answerable.core.estimates import Estimate
    from answerable.measure.document.pen import Pen
    from answerable.measure.figure import Indicator
    from answerable.measure.study import Study

LISTED = 25
POINTS_SHOWN = 4
FEWEST_ARRIVALS = 20
"""When customers write is not drawn of fewer conversations."""
RULES = {
    2: gettext_noop("Nine points in a row on one side of the centre"),
    3: gettext_noop("Six points in a row, all rising or all falling"),
    4: gettext_noop("Fourteen points in a row, up and down by turns"),
    5: gettext_noop("Two of three points far out on one side"),
    6: gettext_noop("Four of five points out on one side"),
    7: gettext_noop("Fifteen points in a row close to the centre"),
    8: gettext_noop("Eight points in a row away from the centre, on both sides"),
}
"""Nelson's rules but the first, which is to lie beyond a limit."""
_BESIDE = {
    **DIMENSIONS,
    "dpmo": gettext_noop("Defects per million"),
    "sigma": gettext_noop("Sigma, with the shift of 1.5"),
    "sigma_unshifted": gettext_noop("Sigma, without the shift"),
    "p90": gettext_noop("Nine of ten within"),
    "naive_p50": gettext_noop("Naive median, ended ones only"),
    "naive_p90": gettext_noop("Naive, nine of ten within"),
    "mean": gettext_noop("Mean"),
    "weighted": gettext_noop("Weighted"),
    "recommend": gettext_noop("eNPS"),
}
_COUNTS = {
    "ended": {"first_response": gettext_noop("Answered"), "resolution": gettext_noop("Solved")},
    "waiting": {"first_response": gettext_noop("Still without an answer"), "resolution": gettext_noop("Still open")},
    "settled": {"": gettext_noop("Solved without an answer")},
    "not_applicable": {"": gettext_noop("Not applicable")},
    "unanswered": {"": gettext_noop("Asked, no answer")},
    "promoters": {"": gettext_noop("Promoters (9 and 10)")},
    "passives": {"": gettext_noop("Passives (7 and 8)")},
    "detractors": {"": gettext_noop("Detractors (0 to 6)")},
    "met": {"": gettext_noop("In time")},
    "missed": {"": gettext_noop("Missed")},
    "not_due": {"": gettext_noop("Not due yet")},
    "people": {"": gettext_noop("People")},
    "units": {"": gettext_noop("Finished")},
    "defects": {"": gettext_noop("Came back")},
}
_COLUMNS = {
    "conversation_id": gettext_noop("Conversation"),
    "at": gettext_noop("Began"),
    "ended": gettext_noop("Ended"),
    "settled": gettext_noop("Solved without an answer"),
    "calendar": gettext_noop("By the calendar"),
    "business": gettext_noop("Business time"),
    "standard": gettext_noop("Promise"),
    "state": gettext_noop("State"),
    "due_at": gettext_noop("Due"),
    "elapsed_business_seconds": gettext_noop("Business time"),
    "score": gettext_noop("Score"),
    "rated_at": gettext_noop("Rated"),
    "resolution_calendar": gettext_noop("By the calendar"),
    "reopened": gettext_noop("Reopened"),
    "returned": gettext_noop("Returned"),
    "refund": gettext_noop("Refund"),
    "compensation": gettext_noop("Compensation"),
    "currency": gettext_noop("Currency"),
    "customer": gettext_noop("Customer"),
    "day": gettext_noop("Day"),
    "amount": gettext_noop("Amount"),
    "last": gettext_noop("Last seen"),
    "times": gettext_noop("Days active before"),
    "respondent": gettext_noop("Who answered"),
    "item": gettext_noop("Question"),
    "part": gettext_noop("Asked for"),
    "value": gettext_noop("Answer"),
}
_NUMBERS = (
    "calendar",
    "business",
    "score",
    "value",
    "resolution_calendar",
    "refund",
    "compensation",
    "amount",
    "times",
)
_FAILED = {quality.REOPENED: "reopened", quality.RETURNED: "came_back", quality.REFUNDED: "came_back"}


def sections(study: Study, pen: Pen) -> Iterator[Section]:
    """Measured indicators, the six first."""
    measured = study.report.indicators
    for name in (*SIX, *(each for each in measured if each not in SIX)):
        if name in measured and measured[name].total.estimate.n:
            yield _section(study, pen, measured[name])


def _section(study: Study, pen: Pen, indicator: Indicator) -> Section:
    name = indicator.name
    definition = pen(DEFINITIONS.get(name, ""))
    if name in WAITS:
        definition += " " + pen(CLOCKS[study.report.clock])
    own = tuple(detail(study.report.details.get(name), pen))
    if name == csat.NAME:
        own = tuple(driving(study.driving, pen))
    parts = [
        Section(f"{name}-trend", pen(gettext_noop("Over time")), tuple(_trend(study, pen, indicator))),
        Section(f"{name}-spread", pen(gettext_noop("Distribution")), tuple(_spread(study, pen, indicator))),
        Section(f"{name}-detail", pen(gettext_noop("In detail")), own),
        Section(f"{name}-groups", pen(gettext_noop("By group")), tuple(_groups(study, pen, indicator))),
        Section(f"{name}-behind", pen(gettext_noop("Behind the figure")), tuple(_behind(study, pen, indicator))),
    ]
    return Section(
        name, pen(name_of(name)), (Paragraph(definition), Pairs(tuple(_figures(study, pen, indicator)))),
        tuple(part for part in parts if part.blocks),
    )  # fmt: skip


def _figures(study: Study, pen: Pen, indicator: Indicator) -> Iterator[tuple[str, str]]:
    """The value with all that qualifies it."""
    estimate = indicator.total.estimate
    yield pen(gettext_noop("Value")), with_interval(pen, estimate)
    yield from lines(study, pen, indicator)
    for key, beside in indicator.total.beside.items():
        yield pen(_BESIDE.get(key, key)), with_interval(pen, beside)
    other = study.report.other_clock.get(indicator.name)
    if other is not None and other.estimate.n:
        yield _clock(pen, other.estimate, estimate.n), with_interval(pen, other.estimate)
    for key, count in indicator.total.counts.items():
        if key in _COUNTS and not (key == "unanswered" and estimate.coverage is None):
            said = _COUNTS[key]
            yield pen(said.get(indicator.name, said.get("", key))), pen.count(count)
    yield from _definition(pen, estimate)


def _clock(pen: Pen, other: Estimate, n: int) -> str:
    """What a figure by the other clock is called; of how many it is, where that is not all."""
    if not is_business(other):
        return pen(gettext_noop("By the calendar"))
    if other.n < n:
        return pen(gettext_noop("Business time, known of {n}"), n=pen.count(other.n))
    return pen(gettext_noop("Business time"))


def _definition(pen: Pen, estimate: Estimate) -> Iterator[tuple[str, str]]:
    definition = f"{estimate.definition.name}, v{estimate.definition.version}; {pen(estimate.method)}"
    yield pen(gettext_noop("Definition and method")), definition


def with_interval(pen: Pen, estimate: Estimate) -> str:
    """A value and its interval in brackets."""
    interval = pen.interval(estimate)
    return f"{pen.value(estimate)} ({interval})" if interval else pen.value(estimate)


def _trend(study: Study, pen: Pen, indicator: Indicator) -> Iterator[Block]:
    cut = cut_of(indicator)
    if cut is None or sum(group.figure.estimate.low is not None for group in indicator.groups[cut]) < 2:
        return  # points without an interval are no trend
    yield Drawing(charts.trend(indicator, cut, pen.style()))
    yield from _limits(pen, indicator)


def _limits(pen: Pen, indicator: Indicator) -> Iterator[Block]:
    """What the control chart says: which points are out of what the process does by itself."""
    chart = indicator.control
    if chart is None or len(chart.keys) < 3:
        return
    said = []
    if chart.outside:
        days = ", ".join(_points(pen, chart.cut, chart.outside))
        said.append(pen(gettext_noop("Beyond the control limits: {days}."), days=days))
    else:
        said.append(pen(gettext_noop("No point lies beyond the control limits.")))
    rules: dict[int, list[str]] = {}
    for rule, key in chart.signals:
        if rule != 1:
            rules.setdefault(rule, []).append(key)
    said += [f"{pen(RULES[rule])}: {', '.join(_points(pen, chart.cut, keys))}." for rule, keys in sorted(rules.items())]
    if chart.provisional:
        said.append(pen(gettext_noop("Fewer than twenty points: the limits are provisional.")))
    yield Points(tuple(said))


def _points(pen: Pen, cut: str, keys: Sequence[str]) -> list[str]:
    """The last few of some days, weeks or months, and how many there were before them."""
    more = len(keys) - POINTS_SHOWN
    say = pen.month if cut == "month" else pen.day
    said = [say(date.fromisoformat(key)) for key in keys[-POINTS_SHOWN:]]
    return (
        said
        if more <= 0
        else [pen.ngettext("{n} earlier one", "{n} earlier ones", more).format(n=pen.count(more)), *said]
    )


def _spread(study: Study, pen: Pen, indicator: Indicator) -> Iterator[Block]:
    if indicator.name in WAITS:
        for shape in study.waits.values():
            if shape.name == indicator.name:
                yield Drawing(charts.waits(shape, pen.style()))
    if indicator.name == "csat":
        yield Drawing(charts.scores(indicator, pen.style()))
    if indicator.name in charts.GOOD:
        yield Drawing(charts.answers(indicator, pen.style()))
    if indicator.name == "first_response" and study.arrivals and sum(map(sum, study.arrivals)) >= FEWEST_ARRIVALS:
        yield Drawing(charts.hours(study.arrivals, pen.style()))


def _groups(study: Study, pen: Pen, indicator: Indicator) -> Iterator[Block]:
    for dimension, groups in indicator.groups.items():
        if dimension in CUTS or len(groups) < 2 or not any(group.key is not None for group in groups):
            continue
        if halves(dimension):
            yield from crossed(pen, indicator, dimension)
        elif shown := [group for group in groups if not group.hidden]:
            yield Drawing(charts.comparison(replace(indicator, groups={dimension: shown}), dimension, pen.style()))
        apart = standing_apart(groups)
        differ = [differs(pen, group) for group in apart]
        if hidden := sum(group.hidden for group in groups):
            few = pen.ngettext(
                "{n} group is of too few people to be shown.", "{n} groups are of too few people to be shown.", hidden
            )
            differ.append(few.format(n=pen.count(hidden)))
        elif not apart:
            differ.append(pen(gettext_noop("No group is distinguishable from the others, all judged together.")))
        yield Points(tuple(differ))


def cut_of(indicator: Indicator) -> str | None:
    """The pieces of time that an indicator's trend is of."""
    return next((dimension for dimension in indicator.groups if dimension in CUTS), None)


def listed(name: str) -> bool:
    """Whether the conversations behind an indicator can be listed."""
    return name in (*WAITS, *compliance.NAMES, csat.NAME, quality.REOPENED, quality.RETURNED, quality.REFUNDED)


def answered(name: str) -> bool:
    """Whether the answers behind an indicator can be listed; those of staff never are."""
    return name in (*COLUMNS, servqual.NAME)


def _behind(study: Study, pen: Pen, indicator: Indicator) -> Iterator[Block]:
    """The first conversations or answers; the report as tables has them all."""
    selection, title = indicator.total.selection, gettext_noop("Conversations, the oldest first")
    if listed(indicator.name):
        if outcome := _FAILED.get(indicator.name):
            selection, title = replace(selection, outcome=outcome), gettext_noop("What came back, the oldest first")
        rows = conversations(study.facts, selection, limit=LISTED + 1)
    elif answered(indicator.name):
        rows, title = answers(study.facts, selection, limit=LISTED + 1), gettext_noop("Answers, the oldest first")
    elif indicator.name == quality.REFUNDS:
        rows = amounts(study.facts, selection, limit=LISTED + 1, given_back=True)
        title = gettext_noop("What was given back, the oldest first")
    elif isinstance(of := study.report.details.get(indicator.name), retention.RetentionDetail):
        rows = retention.lost(study.facts, of, LISTED + 1)
        title = gettext_noop("Customers who did not come again, those who came most often first")
    else:
        return
    more = rows.num_rows > LISTED
    rows = rows.slice(0, LISTED)
    columns = [column for column in rows.column_names if rows[column].null_count < rows.num_rows]
    grid = tuple(
        tuple(_cell(pen, column, row[column]) for column in columns) for row in rows.select(columns).to_pylist()
    )
    if not grid:
        return
    names = _COLUMNS if listed(indicator.name) else {**_COLUMNS, "at": gettext_noop("When")}
    headers = tuple(pen(names.get(column, column)) for column in columns)
    numbers = frozenset(place for place, column in enumerate(columns) if column in _NUMBERS)
    yield Grid(f"{indicator.name}-behind", pen(title), headers, grid, numbers, more)


def _cell(pen: Pen, column: str, value: Any) -> str:
    """A cell of a list as it is read."""
    if value is None:
        return NONE
    if isinstance(value, bool):
        return pen(gettext_noop("yes")) if value else pen(gettext_noop("no"))
    if column in ("at", "due_at", "rated_at"):
        return pen.instant(value)
    if column in ("calendar", "business", "elapsed_business_seconds", "resolution_calendar"):
        return pen.seconds(value, business="business" in column)
    if column in ("refund", "compensation", "amount"):
        return pen.decimal(value)
    if column in ("last", "day"):
        return pen.day(EPOCH + timedelta(days=value))
    if column == "value":
        return pen.number(value)
    if column == "item" and value in DIMENSIONS:
        return pen(DIMENSIONS[value])
    if column == "part":
        return pen(PARTS[value])
    return str(value)
