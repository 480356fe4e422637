"""What poor quality costs, in money, and how many sigma each way of failing has."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from babel.numbers import format_currency, format_decimal

from answerable.core.quality import Category
from answerable.core.quality.cost import FAILURE
from answerable.measure import charts
from answerable.measure.costs import NEGATIVE, RECORDED, REFUNDS
from answerable.measure.document.model import Block, Drawing, Grid, Paragraph, Points, Section
from answerable.measure.document.pen import NONE
from answerable.measure.document.texts import name_of
from answerable.measure.kpi import quality
from answerable.measure.words import gettext_noop, number

if TYPE_CHECKING:
    from decimal import Decimal

    from answerable.measure.costs import Costs
    from answerable.measure.document.pen import Pen
    from answerable.measure.study import Study

CATEGORIES = {
    Category.PREVENTION: gettext_noop("Prevention"),
    Category.APPRAISAL: gettext_noop("Appraisal"),
    Category.INTERNAL_FAILURE: gettext_noop("Failures found before the customer saw them"),
    Category.EXTERNAL_FAILURE: gettext_noop("Failures that reached the customer"),
}


def cost(study: Study, pen: Pen) -> Iterator[Section]:
    """The section of cost and sigma; none where nothing came back and nobody said what it cost."""
    parts = [
        Section("cost-money", pen(gettext_noop("In money")), tuple(_money(study.costs, pen)) if study.costs else ()),
        Section("cost-sigma", pen(gettext_noop("In defects")), tuple(_defects(study, pen))),
    ]
    if any(part.blocks for part in parts):
        said = gettext_noop(
            "What it costs that things go wrong, beside what is spent so that they do not: prevention (training, "
            "guides), appraisal (reviews, surveys), and failures, found before the customer saw them or after "
            "(Feigenbaum 1956)."
        )
        blocks = (Paragraph(pen(said)),)
        title = pen(gettext_noop("Cost of quality"))
        yield Section("cost", title, blocks, tuple(part for part in parts if part.blocks))


def money(pen: Pen, amount: Decimal, currency: str) -> str:
    """An amount as the reader's locale writes it; a currency that is no code of three letters stands behind."""
    if len(currency) == 3 and currency.isalpha():
        return format_currency(amount, currency.upper(), locale=pen.locale)
    said = format_decimal(amount, "#,##0.00", locale=pen.locale)
    return f"{said} {currency}".strip()


def _money(costs: Costs, pen: Pen) -> Iterator[Block]:
    headers = tuple(
        pen(each)
        for each in (
            gettext_noop("Kind"), gettext_noop("What"), gettext_noop("How many"), gettext_noop("Amount"),
            gettext_noop("Period before"),
        )
    )  # fmt: skip
    for currency, total in costs.totals.items():
        lines = [each for each in costs.lines if each.currency == currency]
        bars = [(_what(each.what, each.category, pen), float(each.amount), each.category in FAILURE) for each in lines]
        yield Drawing(charts.costs(bars, currency, pen.style()))
        rows = [
            (
                pen(CATEGORIES[each.category]), pen(each.what), NONE if each.count is None else pen.count(each.count),
                money(pen, each.amount, currency), NONE if each.before is None else money(pen, each.before, currency),
            )
            for each in lines
        ]  # fmt: skip
        title = pen(gettext_noop("Cost of quality"))
        yield Grid("cost-of-quality", f"{title}, {currency}" if currency else title, headers, tuple(rows),
                   frozenset({2, 3, 4}))  # fmt: skip
        said = [_total(pen, gettext_noop("All that is recorded: {amount}."), total.total, currency)]
        said.append(_total(pen, gettext_noop("Failures of it: {amount}."), total.failure, currency))
        revenue = costs.revenue.get(currency)
        if revenue and total.failure is not None:
            share = number(float(total.failure / revenue), "share", pen.locale)
            words = gettext_noop("Failures cost {share} of what customers paid in the period ({amount}).")
            said.append(pen(words, share=share, amount=money(pen, revenue, currency)))
        if total.unrecorded:
            names = ", ".join(pen(CATEGORIES[each]) for each in total.unrecorded)
            words = gettext_noop("Nobody recorded, so not in the sum, which does not mean free: {names}.")
            said.append(pen(words, names=names))
        yield Points(tuple(each for each in said if each))
        if {REFUNDS, NEGATIVE} <= {each.what for each in lines}:
            words = gettext_noop(
                "Refunds stand with the conversations, and amounts given back among the purchases: if they are the "
                "same money, it is counted twice here. Leave one of the columns out in map.toml then."
            )
            yield Paragraph(pen(words), "warn")
    yield Paragraph(
        pen(
            gettext_noop(
                "These are sums of everything recorded, not estimates from a sample, so they have no interval. Amounts "
                "in different currencies are never added. Training, reviews and what a contact costs are in no "
                "export: write them into a file and name it with --costs."
            )
        )
    )


def _what(what: str, category: Category, pen: Pen) -> str:
    """A bar's name: what was recorded as a whole goes by its kind."""
    return pen(CATEGORIES[category]) if what == RECORDED else pen(what)


def _total(pen: Pen, words: str, amount: Decimal | None, currency: str) -> str:
    return "" if amount is None else pen(words, amount=money(pen, amount, currency))


def _defects(study: Study, pen: Pen) -> Iterator[Block]:
    """Each way of failing, per million and in sigma."""
    headers = tuple(
        pen(each)
        for each in (
            gettext_noop("What"), gettext_noop("Of how many"), gettext_noop("Came back"), gettext_noop("Share"),
            gettext_noop("Interval"), gettext_noop("Per million"), gettext_noop("Sigma"), gettext_noop("Interval"),
        )
    )  # fmt: skip
    rows = []
    for name in quality.NAMES:
        indicator = study.report.indicators.get(name)
        if indicator is None or not indicator.total.estimate.n:
            continue
        total, beside = indicator.total, indicator.total.beside
        level, many = beside["sigma"], beside["dpmo"]
        rows.append(
            (
                pen(name_of(name)), pen.count(total.counts["units"]), pen.count(total.counts["defects"]),
                pen.value(total.estimate), pen.interval(total.estimate),
                NONE if many.value is None else pen.count(round(many.value)),
                pen.value(level) if level.value is not None or level.low is None
                else pen(gettext_noop("{sigma} or more"), sigma=pen.said(level.low, level)),
                pen.interval(level),
            )
        )  # fmt: skip
    if rows:
        title = pen(gettext_noop("Defects and sigma"))
        yield Grid("sigma", title, headers, tuple(rows), frozenset(range(1, 8)))
        yield Paragraph(
            pen(
                gettext_noop(
                    "Sigma says how rare failures are, whatever is counted: 3 sigma is about 67,000 defects in a "
                    "million, 4 about 6,200, 5 about 230. It holds the customary shift of 1.5; the value without it "
                    "stands with each indicator."
                )
            )
        )
