"""Cohorts: customers by the period they came in, and how many of each were active so many periods later."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from answerable.core.estimates.estimate import CONFIDENCE, Definition, Estimate
from answerable.core.estimates.share import share

COHORT = Definition("retention.cohort", 1)


@dataclass(frozen=True, slots=True)
class Cohorts:
    """A cohort table.

    `cells[i][age]` is the active share of `cohorts[i]` after `age` periods, as far as the periods are over;
    `pooled[age]` is that of all cohorts old enough together. Rows get shorter the younger the cohort:
    what has not happened yet is absent, not zero.
    """

    cohorts: tuple[int, ...]
    sizes: tuple[int, ...]
    cells: tuple[tuple[Estimate, ...], ...]
    pooled: tuple[Estimate, ...]


def cohort_table(
    sizes: Mapping[int, int], active: Mapping[tuple[int, int], int], last: int, confidence: float = CONFIDENCE
) -> Cohorts:
    """The table from counts.

    `sizes` maps a cohort, the number of its period, to its customers; `active` maps (cohort, age in periods) to
    those of them active in period cohort + age, nobody where absent; `last` is the last period that is over.
    Raises ValueError, naming the cohort, on more active than there are, on a cohort after `last` or activity
    after it, before the cohort began, or of a cohort without a size.
    """
    for (cohort, age), count in active.items():
        if cohort not in sizes or age < 0 or cohort + age > last:
            raise ValueError(f"Cohort {cohort}: activity at age {age} cannot be, the last period is {last}.")
        if not 0 <= count <= sizes[cohort]:
            raise ValueError(f"Cohort {cohort}: {count} active at age {age} of {sizes[cohort]}.")
    late = [cohort for cohort in sizes if cohort > last]
    if late:
        raise ValueError(f"Cohort {min(late)} begins after the last period, {last}.")
    cohorts = tuple(sorted(sizes))
    cells = tuple(
        tuple(
            share(active.get((cohort, age), 0), sizes[cohort], COHORT, confidence=confidence)
            for age in range(last - cohort + 1)
        )
        for cohort in cohorts
    )
    pooled = []
    for age in range(max((len(row) for row in cells), default=0)):
        old = [cohort for cohort in cohorts if cohort + age <= last]
        count = sum(active.get((cohort, age), 0) for cohort in old)
        pooled.append(share(count, sum(sizes[cohort] for cohort in old), COHORT, confidence=confidence))
    return Cohorts(cohorts, tuple(sizes[cohort] for cohort in cohorts), cells, tuple(pooled))
