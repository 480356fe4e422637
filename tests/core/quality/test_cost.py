from decimal import Decimal

import pytest

from answerable.core.quality import Category, Cost, cost_of_quality


def test_prevention_appraisal_and_failures_add_up() -> None:
    """docs/measures/quality.md: a quarter of a small desk."""
    amounts = {
        Category.PREVENTION: ("1200.00", "300.50"),
        Category.APPRAISAL: ("800.00",),
        Category.INTERNAL_FAILURE: ("950.10",),
        Category.EXTERNAL_FAILURE: ("2600.00", "149.40"),
    }
    costs = [Cost(row, kind, Decimal(each), "EUR") for row, kind in enumerate(amounts) for each in amounts[kind]]
    found = cost_of_quality(costs, "EUR")
    assert (found.conformance, found.failure, found.total) == (
        Decimal("2300.50"), Decimal("3699.50"), Decimal("6000.00"),
    )  # fmt: skip
    assert found.share_of(Decimal(40000)) == Decimal("0.15")
    assert found.unrecorded == ()
    assert found.faults == ()


def test_what_was_not_recorded_is_not_free_and_what_is_wrong_is_told() -> None:
    found = cost_of_quality(
        [
            Cost(2, Category.EXTERNAL_FAILURE, Decimal("10"), "EUR"),
            Cost(3, Category.EXTERNAL_FAILURE, Decimal("-4"), "EUR"),
            Cost(4, Category.APPRAISAL, Decimal("5"), "USD"),
            Cost(5, Category.APPRAISAL, Decimal("NaN"), "EUR"),
        ],
        "EUR",
    )
    assert (found.total, found.conformance) == (Decimal(10), None)
    assert found.unrecorded == (Category.PREVENTION, Category.APPRAISAL, Category.INTERNAL_FAILURE)
    assert [(fault.row, fault.reason) for fault in found.faults] == [
        (3, "an amount of -4"), (4, "USD among EUR"), (5, "an amount of NaN"),
    ]  # fmt: skip
    empty = cost_of_quality([], "EUR")
    assert (empty.total, empty.share_of(Decimal(5))) == (None, None)
    with pytest.raises(ValueError, match="revenue is 0"):
        found.share_of(Decimal(0))
