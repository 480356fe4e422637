"""What is wrong with a policy document, where, and what to do."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from dataclasses import field as dataclass_field

from answerable.core.policy.positions import Path
from answerable.core.said import Said, gettext_noop, in_lines

NOBODY = gettext_noop("Nobody here has the address {address}.")


@dataclass(frozen=True)
class PolicyError:
    """One mistake. `line` and `column` count from 1; `field` is dotted, empty for the whole document.

    `problem` and `remedy` can be said in any language; a problem may go on from the field, in small letters.
    `path` leads to the value that is wrong, or to where it is missing: keys and list positions from the root.
    """

    line: int
    column: int
    field: str
    problem: Said
    remedy: Said
    path: Path = dataclass_field(default=(), compare=False)

    @property
    def told(self) -> Said:
        """What is wrong and what to do."""
        return Said("{problem} {remedy}", problem=self.problem, remedy=self.remedy) if self.remedy else self.problem

    @property
    def said(self) -> Said:
        """The same with its place, in one line."""
        what = Said("{field}: {told}", field=self.field, told=self.told) if self.field else self.told
        where = gettext_noop("line {line}, column {column}: {what}")
        return Said(where, line=str(self.line), column=str(self.column), what=what)

    def __str__(self) -> str:
        return str(self.said)


class PolicyErrors(Exception):
    """All mistakes found in one document, in its order; at least one."""

    def __init__(self, errors: Iterable[PolicyError]) -> None:
        self.errors = tuple(sorted(errors, key=lambda error: (error.line, error.column)))
        self.said = in_lines(error.said for error in self.errors)
        super().__init__(self.said)


def suggestion(value: str, options: Collection[str]) -> Said:
    """What to write instead: the closest option, or all of them while they are few."""
    close = difflib.get_close_matches(value[:80], list(options), n=1)
    if close:
        return Said(gettext_noop("Did you mean “{name}”?"), name=close[0])
    if not options:
        return Said(gettext_noop("There is none to choose from yet."))
    few = sorted(options) if len(options) <= 12 else []
    return Said(gettext_noop("Use one of: {names}."), names=", ".join(few)) if few else Said("")


def shown(value: object) -> str:
    """A value as a reader may see it, not too long."""
    text = str(value)
    return f"“{text[:57]}…”" if len(text) > 60 else f"“{text}”"
