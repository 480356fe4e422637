"""What a comparison of reviewers says: agreement beyond chance, and never without the plain one."""

from __future__ import annotations

from dataclasses import dataclass

from answerable.core.estimates import Estimate


@dataclass(frozen=True, slots=True)
class Agreement:
    """A coefficient, the raw share of agreement beside it, and why the coefficient is not defined, if so."""

    coefficient: Estimate
    raw: Estimate
    undefined: str | None
