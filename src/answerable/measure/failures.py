"""What goes wrong with files, said for the person who has them."""

from __future__ import annotations

from dataclasses import dataclass

from answerable.core.said import Said, Wrong, gettext_noop, said

EMPTY = gettext_noop("It is empty.")
CLOSED = gettext_noop("It cannot be opened ({error}).")
COLUMNS = gettext_noop("It has {n} columns.")
AGAIN = gettext_noop("Export it again.")
CUT_OFF = gettext_noop("Is it cut off? Export it again.")
ANEW = gettext_noop("Export it, or download it, again.")
AS_TEXT = gettext_noop("Export it again, as CSV in UTF-8.")
SHOWN = 80
"""A value that cannot be read is shown up to this many characters."""


class Unreadable(Wrong):
    """A file that cannot be read at all: `file`, why (`reason`), and what would help (`remedy`).

    Both are sentences marked by gettext_noop, or Said where they name facts.
    """

    def __init__(self, file: str, reason: str, remedy: str) -> None:
        super().__init__(Said("{file}: {reason} {remedy}", file=file, reason=said(reason), remedy=said(remedy)))
        self.file, self.reason, self.remedy = file, reason, remedy


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that was left out: where, which value, and why. `line` is physical, from 1, None where a format has
    no lines; for XLSX it is the sheet's row, for XES and JSON the number of the event or object."""

    file: str
    line: int | None
    column: str | None
    value: str | None
    reason: str


def shortened(value: object) -> str | None:
    """A value as text of at most `SHOWN` characters, without line breaks or control characters."""
    if value is None:
        return None
    text = "".join(character if character.isprintable() else " " for character in str(value)[: SHOWN + 1])
    return text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"
