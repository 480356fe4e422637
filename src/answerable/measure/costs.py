"""What poor quality costs, and what is spent so that nothing fails: sums of what files and a person recorded.

A file of costs is TOML: `currency`; what one `contact` and one `return` cost to handle; and what was spent in the
report's period on `prevention`, `appraisal`, `internal_failure` and `external_failure`. See docs/measures/quality.md.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from answerable.core.quality import Category, Cost, CostOfQuality, cost_of_quality
from answerable.core.said import Wrong, of_system
from answerable.measure.kpi import quality
from answerable.measure.kpi.dated import within
from answerable.measure.words import Said, gettext_noop

if TYPE_CHECKING:
    from pathlib import Path

    import ibis.expr.types as ir

    from answerable.measure.facts import Facts
    from answerable.measure.period import Period
    from answerable.measure.report import Report

CENT = Decimal("0.01")
SPENT = {
    "prevention": Category.PREVENTION,
    "appraisal": Category.APPRAISAL,
    "internal_failure": Category.INTERNAL_FAILURE,
    "external_failure": Category.EXTERNAL_FAILURE,
}
EACH = ("contact", "return")
RECORDED = gettext_noop("As recorded for the period")
REFUNDS = gettext_noop("Refunds")
COMPENSATIONS = gettext_noop("Compensations")
NEGATIVE = gettext_noop("Amounts given back")
AGAIN = gettext_noop("Reopened, a contact each")
HANDLED = gettext_noop("Handling of returns")


class WrongCosts(Wrong):
    """A file of costs that cannot be used; the message names the file and the place."""


@dataclass(frozen=True, slots=True)
class Rates:
    """What a person knows of costs. `each` are of one contact and one return, `spent` of the whole period."""

    currency: str | None = None
    each: Mapping[str, Decimal] = field(default_factory=dict)
    spent: Mapping[str, Decimal] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Line:
    """One kind of cost in one currency ("" where none is named): how many times, how much, and the period before's
    (None where nobody knows)."""

    category: Category
    what: str
    currency: str
    count: int | None
    amount: Decimal
    before: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Costs:
    """The cost of quality of a period: its lines, the totals and what customers paid, by currency."""

    lines: tuple[Line, ...]
    totals: Mapping[str, CostOfQuality]
    revenue: Mapping[str, Decimal]


def read_rates(path: Path | None) -> Rates:
    """What a file of costs says. Raises WrongCosts."""
    if path is None:
        return Rates()
    try:
        written = tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise WrongCosts(
            Said(gettext_noop("{path}: It cannot be opened ({error})."), path=str(path), error=of_system(error))
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise WrongCosts(
            Said(gettext_noop("{path}: It is not TOML ({error})."), path=str(path), error=str(error))
        ) from error
    unknown = [key for key in written if key not in ("currency", *EACH, *SPENT)]
    if unknown:
        known = ", ".join(("currency", *EACH, *SPENT))
        unlike = gettext_noop("{path}: There is no “{name}” in a file of costs; there are {known}.")
        raise WrongCosts(Said(unlike, path=str(path), name=unknown[0], known=known))
    amounts = {key: _amount(path, key, value) for key, value in written.items() if key != "currency"}
    currency = written.get("currency")
    if currency is not None and not (isinstance(currency, str) and currency.strip()):
        raise WrongCosts(Said(gettext_noop('{path}: currency must be a text, such as "EUR".'), path=str(path)))
    return Rates(
        currency and currency.strip(),
        {key: amounts[key] for key in EACH if key in amounts},
        {key: amounts[key] for key in SPENT if key in amounts},
    )


def _amount(path: Path, key: str, value: object) -> Decimal:
    try:
        amount = Decimal(str(value)) if isinstance(value, (int, float, str)) and not isinstance(value, bool) else None
    except InvalidOperation:
        amount = None
    if amount is None or not amount.is_finite() or amount < 0:
        below = gettext_noop("{path}: {key} must be an amount of 0 or more, not {value}.")
        raise WrongCosts(Said(below, path=str(path), key=key, value=repr(value)))
    return amount


def costs_of(facts: Facts, report: Report, rates: Rates) -> Costs | None:
    """The cost of quality of the report's period; None where nothing is known of any."""
    lines = tuple(each for each in _lines(facts, report, rates) if each.amount or each.count is None)
    if not lines:
        return None
    currencies = tuple(dict.fromkeys(each.currency for each in lines))
    rows = [Cost(row, each.category, each.amount, each.currency) for row, each in enumerate(lines, start=1)]
    totals = {
        currency: cost_of_quality([row for row in rows if row.currency == currency], currency)
        for currency in currencies
    }
    return Costs(lines, totals, _revenue(facts, report.period, rates))


def _lines(facts: Facts, report: Report, rates: Rates) -> Iterator[Line]:
    own = rates.currency or ""
    for key, category in SPENT.items():
        if key in rates.spent:
            yield Line(category, RECORDED, own, None, rates.spent[key].quantize(CENT))
    external = Category.EXTERNAL_FAILURE
    if facts.returns is not None:
        rows = facts.returns.filter(facts.returns.error == 0)
        for column, what in (("refund", REFUNDS), ("compensation", COMPENSATIONS)):
            yield from _given(facts, report, rows.mutate(given=rows[column]), what, own)
    if facts.activity is not None:
        rows = _dated(quality.amounts(facts.activity), report.period, report.before)
        yield from _given(facts, report, rows.mutate(given=-rows.amount), NEGATIVE, own)
    for key, name, what in (("contact", quality.REOPENED, AGAIN), ("return", quality.RETURNED, HANDLED)):
        indicator = report.indicators.get(name)
        if key in rates.each and indicator is not None:
            count = indicator.total.counts["defects"]
            earlier = indicator.before.counts["defects"] if indicator.before else None
            before = None if earlier is None else (earlier * rates.each[key]).quantize(CENT)
            yield Line(external, what, own, count, (count * rates.each[key]).quantize(CENT), before)


def _given(facts: Facts, report: Report, rows: ir.Table, what: str, own: str) -> Iterator[Line]:
    """What was given back in the period, by currency, beside the period before."""
    found = _sums(facts, rows, report.period)
    earlier = _sums(facts, rows, report.before) if report.before else None
    for currency, (count, amount) in found.items():
        before = None if earlier is None else earlier.get(currency, (0, Decimal(0)))[1]
        yield Line(Category.EXTERNAL_FAILURE, what, currency or own, count, amount, before)


def _sums(facts: Facts, rows: ir.Table, period: Period) -> dict[str, tuple[int, Decimal]]:
    """How often something was given in a period, and how much, by currency."""
    rows = within(rows, [period])
    rows = rows.filter((rows.given > 0).fill_null(False))
    sums = rows.group_by("currency").agg(n=rows.count(), given=rows.given.sum())
    found = facts.fetch(sums.order_by("currency")).to_pylist()
    return {row["currency"] or "": (int(row["n"]), Decimal(str(row["given"])).quantize(CENT)) for row in found}


def _dated(rows: ir.Table, *periods: Period | None) -> ir.Table:
    """Activity has local days; as instants of the report's zone, its rows are within the same periods."""
    import ibis

    branches = [
        ((rows.day >= each.first_day) & (rows.day < each.first_day + each.days), each.instants[0])
        for each in periods
        if each is not None
    ]
    return rows.mutate(at=ibis.cases(*branches, else_=-1).cast("int64"))


def _revenue(facts: Facts, period: Period, rates: Rates) -> dict[str, Decimal]:
    """What customers paid in the period, by currency."""
    if facts.activity is None:
        return {}
    rows = _dated(quality.amounts(facts.activity), period)
    found = _sums(facts, rows.mutate(given=rows.amount), period)
    return {currency or rates.currency or "": amount for currency, (_, amount) in found.items()}
