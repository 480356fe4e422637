"""The cost of quality: what is spent so that nothing fails, and what failures cost."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class Category(StrEnum):
    """Prevention, appraisal, failure. Source: Feigenbaum (1956), Harvard Business Review 34(6); BS 6143-2:1990."""

    PREVENTION = "prevention"
    APPRAISAL = "appraisal"
    INTERNAL_FAILURE = "internal failure"
    EXTERNAL_FAILURE = "external failure"


CONFORMANCE = (Category.PREVENTION, Category.APPRAISAL)
FAILURE = (Category.INTERNAL_FAILURE, Category.EXTERNAL_FAILURE)


@dataclass(frozen=True, slots=True)
class Cost:
    """One cost as recorded: `row` says where, for the reader of an error."""

    row: int
    category: Category
    amount: Decimal
    currency: str


@dataclass(frozen=True, slots=True)
class CostFault:
    """A cost that is left out: its row and why."""

    row: int
    reason: str


@dataclass(frozen=True, slots=True)
class CostOfQuality:
    """Totals of one currency. A category nobody recorded is absent, which is not the same as free.

    `conformance` and `failure` are None unless something of theirs was recorded; `total` likewise.
    """

    currency: str
    categories: dict[Category, Decimal]
    faults: tuple[CostFault, ...]

    @property
    def conformance(self) -> Decimal | None:
        """Prevention and appraisal: the price of doing it right."""
        return self._of(CONFORMANCE)

    @property
    def failure(self) -> Decimal | None:
        """Internal and external failures: the price of doing it wrong."""
        return self._of(FAILURE)

    @property
    def total(self) -> Decimal | None:
        """All that was recorded."""
        return self._of(tuple(Category))

    @property
    def unrecorded(self) -> tuple[Category, ...]:
        """The categories without a single cost: the total is at least what it says."""
        return tuple(category for category in Category if category not in self.categories)

    def share_of(self, revenue: Decimal) -> Decimal | None:
        """The total over revenue of the same period and currency. Raises ValueError unless revenue is above 0."""
        if revenue <= 0:
            raise ValueError(f"Cost of quality: revenue is {revenue}, a share needs one above 0.")
        return None if self.total is None else self.total / revenue

    def _of(self, categories: tuple[Category, ...]) -> Decimal | None:
        found = [self.categories[category] for category in categories if category in self.categories]
        return sum(found, Decimal(0)) if found else None


def cost_of_quality(costs: Iterable[Cost], currency: str) -> CostOfQuality:
    """The sums per category of all costs in `currency`.

    A cost below 0, or that is no number, or of another currency, is left out and reported: none is turned
    round or converted.
    """
    categories: dict[Category, Decimal] = {}
    faults = []
    for cost in costs:
        if not cost.amount.is_finite() or cost.amount < 0:
            faults.append(CostFault(cost.row, f"an amount of {cost.amount}"))
        elif cost.currency != currency:
            faults.append(CostFault(cost.row, f"{cost.currency} among {currency}"))
        else:
            categories[cost.category] = categories.get(cost.category, Decimal(0)) + cost.amount
    ordered = {category: categories[category] for category in Category if category in categories}
    return CostOfQuality(currency, ordered, tuple(faults))
