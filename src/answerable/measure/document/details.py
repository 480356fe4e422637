"""What only one indicator has: SERVQUAL's gaps and quadrants, the cohorts and survival of customers, questions of
engagement."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from answerable.measure import charts
from answerable.measure.document.model import Block, Drawing, Grid, Paragraph, Points
from answerable.measure.document.terms import DEPARTURES, DIMENSIONS
from answerable.measure.kpi.engagement import EngagementDetail
from answerable.measure.kpi.retention import RetentionDetail
from answerable.measure.kpi.servqual import ServqualDetail
from answerable.measure.words import day, gettext_noop, number

if TYPE_CHECKING:
    from answerable.core.estimates import Estimate
    from answerable.measure.document.pen import Pen
    from answerable.measure.drivers import Driving
    from answerable.measure.measuring import Detail

QUADRANTS = {
    "concentrate here": gettext_noop("mend first"),
    "keep up the good work": gettext_noop("keep up"),
    "low priority": gettext_noop("can wait"),
    "possible overkill": gettext_noop("perhaps too much"),
}
AGES_SHOWN = 12
FEWEST_JUDGES = 10
"""Of fewer people than this nothing is said of what to mend first."""
SIGNS = {
    ("first_response", 1): gettext_noop("the longer, the better the rating"),
    ("first_response", -1): gettext_noop("the longer, the worse the rating"),
    ("resolution", 1): gettext_noop("the longer, the better the rating"),
    ("resolution", -1): gettext_noop("the longer, the worse the rating"),
    ("reopened", 1): gettext_noop("opened again, it is rated better"),
    ("reopened", -1): gettext_noop("opened again, it is rated worse"),
}


def detail(of: Detail | None, pen: Pen) -> Iterator[Block]:
    """The blocks of one indicator's own detail; none where there is none."""
    match of:
        case ServqualDetail():
            yield from _servqual(of, pen)
        case RetentionDetail():
            yield from _retention(of, pen)
        case EngagementDetail():
            yield from _engagement(of, pen)


DRIVERS = {
    "first_response": gettext_noop("First response time"),
    "resolution": gettext_noop("Resolution time"),
    "reopened": gettext_noop("Reopened"),
}

UNEXPLAINED = gettext_noop(
    "Satisfaction goes with none of these: {names}. All together they explain {value} of the differences between {n} "
    "ratings."
)


def driving(of: Driving | None, pen: Pen) -> Iterator[Block]:
    """What satisfaction goes with, by Shapley shares with their sign; where next to nothing is explained, that."""
    if of is None or of.drivers is None:
        return
    explained = number(of.drivers.r_squared.value or 0.0, "share", pen.locale)
    if not of.drivers.telling:
        names = ", ".join(pen(DRIVERS.get(each.name, each.name)) for each in of.drivers.drivers)
        yield Paragraph(pen(UNEXPLAINED, names=names, value=explained, n=pen.count(of.n)))
        return
    headers = tuple(
        pen(each)
        for each in (
            gettext_noop("Satisfaction goes with"), gettext_noop("Share of what is explained"),
            gettext_noop("Direction"),
        )
    )  # fmt: skip
    rows = tuple(
        (
            pen(DRIVERS.get(each.name, each.name)),
            "" if each.share is None else number(each.share, "share", pen.locale),
            pen(
                gettext_noop("unclear: it changes once the others are held equal")
                if each.conflicting
                else SIGNS.get((each.name, each.sign), gettext_noop("none"))
            ),
        )
        for each in of.drivers.drivers
    )
    yield Grid("csat-drivers", pen(gettext_noop("What satisfaction goes with")), headers, rows, frozenset({1}))
    yield Paragraph(
        pen(
            gettext_noop("All together they explain {value} of the differences between {n} ratings. "
                "What goes together is not yet a cause."),
            value=explained, n=pen.count(of.n),
        )
    )  # fmt: skip


def _servqual(of: ServqualDetail, pen: Pen) -> Iterator[Block]:
    weighted = any(each.weight is not None for each in of.result.dimensions)
    headers = [
        pen(gettext_noop("Dimension")), pen(gettext_noop("Expected")), pen(gettext_noop("Perceived")),
        pen(gettext_noop("Gap")), pen(gettext_noop("Interval")), pen(gettext_noop("Reliability (alpha)")),
    ]  # fmt: skip
    headers += [pen(gettext_noop("Weight"))] if weighted else []
    rows = []
    for each in of.result.dimensions:
        row = [
            _dimension(each.whole.name, pen), pen.value(each.whole.expectation), pen.value(each.whole.perception),
            pen.value(each.whole.gap), pen.interval(each.whole.gap), pen.value(each.gap_alpha),
        ]  # fmt: skip
        weight = "" if each.weight is None else number(each.weight, "weight", pen.locale, 1)
        rows.append((*row, weight) if weighted else tuple(row))
    title = pen(gettext_noop("Gaps by dimension"))
    yield Grid("servqual-dimensions", title, tuple(headers), tuple(rows), frozenset({1, 2, 3, 4, 5, 6}))
    judged = of.result.respondents >= FEWEST_JUDGES
    yield from _items(of, pen, judged=judged)
    if judged and (chart := charts.importance(of, pen.style())) is not None:
        yield Drawing(chart)
    yield Points(tuple(_remarks(of, pen, judged=judged)))


def _items(of: ServqualDetail, pen: Pen, *, judged: bool) -> Iterator[Block]:
    headers = tuple(
        pen(each)
        for each in (
            gettext_noop("Dimension"), gettext_noop("Question"), gettext_noop("Expected"), gettext_noop("Perceived"),
            gettext_noop("Gap"), gettext_noop("Interval"), gettext_noop("Importance and performance"),
        )
    )  # fmt: skip
    where = of.quadrants.attributes if of.quadrants and judged else {}
    rows = tuple(
        (
            _dimension(each.whole.name, pen), item.name, pen.value(item.expectation), pen.value(item.perception),
            pen.value(item.gap), pen.interval(item.gap),
            pen(QUADRANTS[str(where[item.name])]) if item.name in where else "",
        )
        for each in of.result.dimensions
        for item in each.items
    )  # fmt: skip
    shown = len(headers) if where else len(headers) - 1
    said = tuple(row[:shown] for row in rows)
    yield Grid("servqual-items", pen(gettext_noop("Gaps by question")), headers[:shown], said, frozenset({2, 3, 4, 5}))


def _remarks(of: ServqualDetail, pen: Pen, *, judged: bool) -> Iterator[str]:
    low, high = (number(end, "count", pen.locale, 0) for end in of.scale)
    scale = gettext_noop("Asked on a scale from {low} to {high}.")
    if of.scale_guessed:
        scale = gettext_noop("Asked on a scale from {low} to {high}, as far as the answers show.")
    yield pen(scale, low=low, high=high)
    if not judged:
        said = gettext_noop(
            "Fewer than {n} people answered: what matters most, and what to mend first, cannot be told."
        )
        yield pen(said, n=pen.count(FEWEST_JUDGES))
    elif of.quadrants:
        cross = of.quadrants.crosshair
        yield pen(
            gettext_noop(
                "A question matters where its mean expectation is {importance} or more, and does well where its mean "
                "perception is {performance} or more: the means over all questions."
            ),
            importance=pen.decimal(cross.importance), performance=pen.decimal(cross.performance),
        )  # fmt: skip
    if of.weights is not None:
        yield pen(gettext_noop("Weights: the mean of {n} customers' points."), n=pen.count(of.weighers))
    if of.left_out:
        yield pen.ngettext(
            "{n} customer gave points that do not sum to 100 and is left out.",
            "{n} customers gave points that do not sum to 100; they are left out.",
            of.left_out,
        ).format(n=pen.count(of.left_out))
    for each in of.result.departures:
        yield pen(
            gettext_noop("Not as published: {what} is {found}, the published instrument has {standard}."),
            what=pen(DEPARTURES.get(each.what, each.what)), found=each.found, standard=each.standard,
        )  # fmt: skip


def _dimension(name: str, pen: Pen) -> str:
    return pen(DIMENSIONS[name]) if name in DIMENSIONS else name


def _retention(of: RetentionDetail, pen: Pen) -> Iterator[Block]:
    yield Paragraph(
        pen(
            gettext_noop("Held against those active in {period}. Bought again on another day: {repeat}."),
            period=pen.period(of.base), repeat=_share(of.repeat, pen),
        )
    )  # fmt: skip
    ages = min(AGES_SHOWN, max((len(row) for row in of.cohorts.cells), default=0))
    headers = (pen(gettext_noop("First seen")), pen(gettext_noop("Customers")), *(str(age) for age in range(ages)))
    rows = tuple(
        (
            day(of.cohort_starts[cohort], pen.locale, year=True), pen.count(size),
            *(_value(cells[age], pen) if age < len(cells) else "" for age in range(ages)),
        )
        for cohort, size, cells in zip(of.cohorts.cohorts, of.cohorts.sizes, of.cohorts.cells, strict=True)
    )  # fmt: skip
    title = pen(gettext_noop("Cohorts: the share active so many months after the first"))
    yield Grid("retention-cohorts", title, headers, rows, frozenset(range(1, ages + 2)))
    if of.survival.days:
        yield Drawing(charts.survival(of, pen.style()))


def _share(estimate: Estimate, pen: Pen) -> str:
    interval = pen.interval(estimate)
    return f"{pen.value(estimate)} ({interval})" if interval else pen.value(estimate)


def _value(estimate: Estimate, pen: Pen) -> str:
    return "" if estimate.value is None else number(estimate.value, "share", pen.locale, 0)


def _engagement(of: EngagementDetail, pen: Pen) -> Iterator[Block]:
    if of.people is None:
        yield Paragraph(
            pen(gettext_noop("Fewer than {n} people answered: nothing is shown."), n=pen.count(of.floor)), "warn"
        )
        return
    headers = tuple(
        pen(each)
        for each in (
            gettext_noop("Question"), gettext_noop("Agree (4 and 5)"), gettext_noop("Interval"), gettext_noop("Mean"),
            gettext_noop("Answers"),
        )
    )  # fmt: skip
    rows = tuple(
        (
            each.item.key, pen.value(each.favourable), pen.interval(each.favourable), pen.value(each.mean),
            pen.count(each.favourable.n),
        )
        for each in of.items
    )  # fmt: skip
    yield Grid("engagement-items", pen(gettext_noop("Question by question")), headers, rows, frozenset({1, 2, 3, 4}))
    if of.recommend is not None and of.recommend.n:
        said = _share(of.recommend, pen)
        yield Paragraph(pen(gettext_noop("Would recommend working here (eNPS): {value}."), value=said))
