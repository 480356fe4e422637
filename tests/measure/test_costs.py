"""The cost of quality of files: money given back, what a person knows of costs, and what cannot be."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from answerable.core.quality import Category
from answerable.measure.costs import WrongCosts, read_rates
from answerable.measure.document import document
from answerable.measure.document.cost import money
from answerable.measure.question import Question
from answerable.measure.study import Study, study

TICKETS = """Ticket ID,Created at,First response at,Solved at,Status,Reopens,Refund amount,Compensation,Product returned
1,2026-04-02 10:00:00,2026-04-02 11:00:00,2026-04-02 12:00:00,solved,0,20,,no
2,2026-04-03 10:00:00,2026-04-03 11:00:00,2026-04-03 12:00:00,solved,1,30,5,yes
3,2026-04-04 10:00:00,2026-04-04 11:00:00,2026-04-04 12:00:00,solved,0,,,no
4,2026-04-05 10:00:00,2026-04-05 11:00:00,2026-04-05 12:00:00,solved,0,-7,,no
5,2026-03-05 10:00:00,2026-03-05 11:00:00,2026-03-05 12:00:00,solved,0,12.50,,no
"""
COSTS = 'currency = "EUR"\ncontact = 4.20\nprevention = 3200\n'


def studied(folder: Path, costs: str | None = COSTS, **files: str) -> Study:
    """April of these files."""
    for name, text in files.items():
        (folder / f"{name}.csv").write_text(text, "utf-8")
    path = folder / "costs.toml"
    if costs is not None:
        path.write_text(costs, "utf-8")
    names = tuple(folder / f"{name}.csv" for name in files)
    since, until = date(2026, 4, 1), date(2026, 5, 1)
    return study(Question(names, since=since, until=until, zone="UTC", costs=path if costs is not None else None))


def test_money_of_files_and_of_a_person_are_failures_and_prevention(tmp_path: Path) -> None:
    """docs/measures/quality.md: refunds of 20 and 30, 5 for the trouble, one opened again at 4.20: 59.20."""
    with studied(tmp_path, tickets=TICKETS) as found:
        assert found.costs is not None
        total = found.costs.totals["EUR"]
        assert total.failure == Decimal("59.20")
        assert total.conformance == Decimal(3200)
        assert total.unrecorded == (Category.APPRAISAL, Category.INTERNAL_FAILURE)
        refunds = next(each for each in found.costs.lines if each.what == "Refunds")
        assert (refunds.count, refunds.amount, refunds.before) == (2, Decimal("50.00"), Decimal("12.50"))
        errors = [each for each in found.report.errors if each.measure == "refunded"]
        assert [(each.count, each.conversations) for each in errors] == [(1, [4])]
        refunded = found.report.indicators["refunded"].total
        assert (refunded.counts["defects"], refunded.counts["units"]) == (2, 3)
        assert found.report.indicators["returned"].total.estimate.value == 1 / 3
        assert "cost" in [section.key for section in document(found).sections]


def test_without_money_or_returns_there_is_no_section(tmp_path: Path) -> None:
    plain = "Ticket ID,Created at\n1,2026-04-02 10:00:00\n2,2026-04-03 10:00:00\n"
    with studied(tmp_path, None, tickets=plain) as found:
        assert found.costs is None
        assert "cost" not in [section.key for section in document(found).sections]


def test_currencies_are_never_added(tmp_path: Path) -> None:
    bought = (
        "Customer ID,Order date,Amount,Currency\nA,2026-04-02,100,EUR\nA,2026-04-03,-10,EUR\nB,2026-04-04,200,GEL\n"
        "B,2026-04-05,-20,GEL\nC,2026-02-05,50,EUR\n"
    )
    with studied(tmp_path, None, purchases=bought) as found:
        assert found.costs is not None
        failures = {currency: total.failure for currency, total in found.costs.totals.items()}
        assert failures == {"EUR": Decimal("10.00"), "GEL": Decimal("20.00")}
        assert found.costs.revenue == {"EUR": Decimal("100.00"), "GEL": Decimal("200.00")}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("contact = -1", "contact must be an amount of 0 or more"),
        ("contact = true", "contact must be an amount"),
        ("rent = 5", "There is no “rent”"),
        ("currency = 5", "currency must be a text"),
        ("contact = ", "not TOML"),
    ],
)
def test_a_file_of_costs_that_cannot_be_used_says_why(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "costs.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(WrongCosts, match=said):
        read_rates(path)


def test_a_currency_that_is_no_code_stands_behind_the_amount() -> None:
    from answerable.measure.document import Pen
    from answerable.measure.words import english

    pen = Pen(english, "en", "UTC")
    assert money(pen, Decimal("1234.5"), "EUR") == "€1,234.50"
    assert money(pen, Decimal("1234.5"), "points") == "1,234.50 points"
    assert money(pen, Decimal("1234.5"), "") == "1,234.50"
