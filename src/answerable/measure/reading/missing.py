"""What the files do not have, and which KPI needs it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from answerable.measure.reading.building import Shelf
from answerable.measure.reading.events import of_messages
from answerable.measure.reading.mapping import FileMap
from answerable.measure.words import gettext_noop

NEEDS = {
    "first_response": gettext_noop("when each conversation began and when it was first answered"),
    "resolution": gettext_noop("when each conversation was solved"),
    "csat": gettext_noop("ratings from 1 to 5"),
    "nps": gettext_noop("answers from 0 to 10 to the question of recommending"),
    "ces": gettext_noop("answers from 1 to 7 to how easy it was"),
    "servqual": gettext_noop("pairs of expectation and perception"),
    "engagement": gettext_noop("answers of an engagement survey, 1 to 5"),
    "retention": gettext_noop("what customers did on which day: customer and date"),
}
_ANSWERED = gettext_noop("name the activities that mean answered")
_SOLVED = gettext_noop("name the activities that mean solved")
_COLUMN = gettext_noop("name the column in map.toml as first_responded_at, or first_response_seconds with its unit")
_FILE = gettext_noop("give a file that has it, or say in map.toml which columns hold it")
_ANSWERS = "instrument = '{}' AND part <> 'expectation'"
_FROM = {
    **{kpi: {"answers": _ANSWERS.format(kpi)} for kpi in NEEDS},
    "first_response": {"conversations": "first_responded_at IS NOT NULL"},
    "resolution": {"conversations": "solved_at IS NOT NULL"},
    "csat": {"ratings": "score IS NOT NULL", "answers": _ANSWERS.format("csat")},
    "retention": {"activity": "TRUE"},
}
"""The tables that an indicator may be measured from, and the rows of each that tell of it."""


@dataclass(frozen=True, slots=True)
class Missing:
    """A KPI that cannot be measured, what it needs, and what would help for these files."""

    kpi: str
    needs: str
    remedy: str


def missing(shelf: Shelf, files: Sequence[FileMap]) -> tuple[Missing, ...]:
    """The KPIs that the tables cannot answer."""
    return tuple(
        Missing(kpi, needs, _remedy(kpi, files))
        for kpi, needs in NEEDS.items()
        if not any(_has(shelf, table, where) for table, where in _FROM[kpi].items())
    )


def _has(shelf: Shelf, table: str, where: str) -> bool:
    """Whether a table has any such row."""
    asked = f"SELECT 1 FROM {table} WHERE {where} LIMIT 1"
    return bool(shelf.counts.get(table)) and bool(shelf.con.execute(asked).fetchall())


def _works(file: FileMap) -> bool:
    """Whether a file is a log of work, whose activities may be named."""
    return file.kind == "events" and not of_messages(file.activities)


def _remedy(kpi: str, files: Sequence[FileMap]) -> str:
    if kpi in ("first_response", "resolution") and any(_works(file) for file in files):
        return _ANSWERED if kpi == "first_response" else _SOLVED
    if kpi == "first_response" and any(file.kind == "conversations" for file in files):
        return _COLUMN
    return _FILE
