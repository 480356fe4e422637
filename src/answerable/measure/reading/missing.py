"""What the files do not have, and which KPI needs it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from answerable.measure.reading.building import Shelf
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
_FROM = {
    "first_response": ("conversations", "first_responded_at IS NOT NULL"),
    "resolution": ("conversations", "solved_at IS NOT NULL"),
    "csat": ("ratings", "score IS NOT NULL"),
    "retention": ("activity", "TRUE"),
}


@dataclass(frozen=True, slots=True)
class Missing:
    """A KPI that cannot be measured, what it needs, and what would help for these files."""

    kpi: str
    needs: str
    remedy: str


def missing(shelf: Shelf, files: Sequence[FileMap]) -> tuple[Missing, ...]:
    """The KPIs that the tables cannot answer."""
    found = []
    for kpi, needs in NEEDS.items():
        table, where = _FROM.get(kpi, ("answers", f"instrument = '{kpi}' AND part <> 'expectation'"))
        if (
            not shelf.counts.get(table)
            or not shelf.con.execute(f"SELECT 1 FROM {table} WHERE {where} LIMIT 1").fetchall()
        ):
            found.append(Missing(kpi, needs, _remedy(kpi, files)))
    return tuple(found)


def _remedy(kpi: str, files: Sequence[FileMap]) -> str:
    if kpi in ("first_response", "resolution") and any(file.kind == "events" for file in files):
        return _ANSWERED if kpi == "first_response" else _SOLVED
    if kpi == "first_response" and any(file.kind == "conversations" for file in files):
        return _COLUMN
    return _FILE
