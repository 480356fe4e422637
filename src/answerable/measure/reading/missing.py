"""What the files do not have, and which KPI needs it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from answerable.measure.reading.building import Shelf
from answerable.measure.reading.mapping import FileMap

NEEDS = {
    "first_response": "when each conversation began and when it was first answered",
    "resolution": "when each conversation was solved",
    "csat": "ratings from 1 to 5",
    "nps": "answers from 0 to 10 to the question of recommending",
    "ces": "answers from 1 to 7 to how easy it was",
    "servqual": "pairs of expectation and perception",
    "engagement": "answers of an engagement survey",
    "retention": "what customers did on which day: customer and date",
}
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
        role = "answered" if kpi == "first_response" else "solved"
        return f"name the activities that mean {role}"
    if kpi == "first_response" and any(file.kind == "conversations" for file in files):
        return "name the column in map.toml as first_responded_at, or first_response_seconds with its unit"
    return "give a file that has it, or say in map.toml which columns hold it"
