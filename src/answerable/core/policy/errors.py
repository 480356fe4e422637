"""What is wrong with a policy document, where, and what to do."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from dataclasses import field as dataclass_field

from answerable.core.policy.positions import Path


@dataclass(frozen=True)
class PolicyError:
    """One mistake. `line` and `column` count from 1; `field` is dotted, empty for the whole document.

    `path` leads to the value that is wrong, or to where it is missing: keys and list positions from the root.
    """

    line: int
    column: int
    field: str
    problem: str
    remedy: str
    path: Path = dataclass_field(default=(), compare=False)

    def __str__(self) -> str:
        where = f"line {self.line}, column {self.column}"
        return f"{where}: {self.field + ': ' if self.field else ''}{self.problem} {self.remedy}".rstrip()


class PolicyErrors(Exception):
    """All mistakes found in one document, in its order; at least one."""

    def __init__(self, errors: Iterable[PolicyError]) -> None:
        self.errors = tuple(sorted(errors, key=lambda error: (error.line, error.column)))
        super().__init__("\n".join(map(str, self.errors)))


def suggestion(value: str, options: Collection[str]) -> str:
    """What to write instead: the closest option, or all of them while they are few."""
    close = difflib.get_close_matches(value[:80], list(options), n=1)
    if close:
        return f"Did you mean “{close[0]}”?"
    if not options:
        return "There is none to choose from yet."
    few = sorted(options) if len(options) <= 12 else []
    return f"Use one of: {', '.join(few)}." if few else ""


def shown(value: object) -> str:
    """A value as a reader may see it, not too long."""
    text = str(value)
    return f"“{text[:57]}…”" if len(text) > 60 else f"“{text}”"
