"""How true the waits were that customers were told as they began to wait: bias, error, and how many waited as told.

Each was told a wait, and between what and what four of five wait; told less waited is how much too long was told.
Who went without an answer says nothing of the wait they would have had; who still waits, past the range, did not wait
within it whatever comes. A worked example stands in docs/measures/told-waits.md.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING

from answerable.core.waiting import Accuracy

if TYPE_CHECKING:
    from answerable.core.estimates import Estimate

MEANT = 0.8
"""The share that is to wait between `low` and `high`."""


@dataclass(frozen=True, slots=True)
class Tally:
    """Customers who were told a wait, by what became of them; of those answered, sums of told less waited in seconds:
    as it is (`too_long`), without its sign (`off`), and of the squares."""

    within: int = 0
    outside: int = 0
    waiting: int = 0
    overdue: int = 0
    left: int = 0
    too_long: float = 0.0
    off: float = 0.0
    squares: float = 0.0

    def __add__(self, other: Tally) -> Tally:
        return Tally(*(getattr(self, each.name) + getattr(other, each.name) for each in fields(self)))

    @property
    def told(self) -> int:
        """Everybody."""
        return self.answered + self.waiting + self.overdue + self.left

    @property
    def answered(self) -> int:
        return self.within + self.outside

    @property
    def settled(self) -> int:
        """Of whom it is known whether they waited within the range."""
        return self.answered + self.overdue

    @property
    def accuracy(self) -> Accuracy | None:
        """Without intervals; None where nobody was answered yet."""
        n = self.answered
        return Accuracy(n, self.too_long / n, self.off / n, self.within / self.settled) if n else None


@dataclass(frozen=True, slots=True)
class Truth:
    """`bias`: seconds told too long on average, too short where it is below 0; `error`: seconds off either way on
    average; `within`: the share that waited within the range they were told."""

    bias: Estimate
    error: Estimate
    within: Estimate


def truth(tally: Tally) -> Truth:
    """With intervals: Student's of the means, Wilson's of the share."""
    from answerable.core.estimates import Definition, mean_of_sums, share

    coverage = tally.answered / tally.told if tally.told else None
    n, squares = tally.answered, tally.squares
    bias, error = Definition("told_wait.bias", 1), Definition("told_wait.error", 1)
    off = mean_of_sums(n, tally.off, squares, error, "seconds", coverage=coverage)
    return Truth(
        mean_of_sums(n, tally.too_long, squares, bias, "seconds", coverage=coverage),
        off if off.low is None else replace(off, low=max(0.0, off.low)),
        share(
            tally.within,
            tally.settled,
            Definition("told_wait.within", 1),
            coverage=tally.settled / tally.told if tally.told else None,
        ),
    )
