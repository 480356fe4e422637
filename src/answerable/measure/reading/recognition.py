"""Exports of known systems, told by their columns: systems/*.toml has a table of names for each."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from answerable.measure.reading.mapping import DURATIONS, FileMap, Source
from answerable.measure.reading.numerals import CLOCK, written_as_clock
from answerable.measure.reading.part import Part
from answerable.measure.words import Said, gettext_noop


@dataclass(frozen=True, slots=True)
class Table:
    """One kind of export of a system. It is recognised when it has one of each of `needs`."""

    system: str
    kind: str
    needs: Sequence[Sequence[str]]
    columns: Mapping[str, Any]
    solved: tuple[str, ...]
    proxies: tuple[str, ...]
    rating_proxy: str | None


_GOOD_OR_BAD = gettext_noop(
    "satisfaction is good or bad: good counts as 5 and bad as 1, so the share holds and the mean says nothing"
)
PROXIES = {
    "last activity": gettext_noop("it does not say when a conversation was resolved: its last activity is taken"),
    "faces": gettext_noop("the faces of its survey are put on 1 to 5: extremely and very happy 5, happy 4, neutral 3"),
    "first comment": gettext_noop("first response is Jira's date of it: the first comment by anybody but the reporter"),
    "first closed": gettext_noop(
        "it tells when a ticket was first closed, not last: one that came back counts until it was closed first"
    ),
    "good or bad": _GOOD_OR_BAD,
    "metrics alone": gettext_noop(
        "metrics without their tickets: when the ticket was made is taken from when its metrics were"
    ),
}
"""What stands for something that it is not quite, by the words that systems/*.toml have for it."""


@cache
def tables() -> tuple[Table, ...]:
    """Every table of every system."""
    found = []
    for file in sorted(resources.files(__package__).joinpath("systems").iterdir(), key=lambda each: each.name):
        if file.name.endswith(".toml"):
            written = tomllib.loads(file.read_text("utf-8"))
            found += [
                Table(
                    written["name"], table["kind"], table["needs"], table["columns"],
                    tuple(table.get("solved", ())), tuple(PROXIES[each] for each in table.get("proxies", ())),
                    PROXIES[table["rating_proxy"]] if "rating_proxy" in table else None,
                )
                for table in written["table"]
            ]  # fmt: skip
    return tuple(found)


def recognise(part: Part) -> FileMap | None:
    """The mapping of a known system's export; None where it is none."""
    names = {_plain(column): column for column in reversed(part.columns)}
    fitting = [table for table in tables() if all(_first(alternatives, names) for alternatives in table.needs)]
    if not fitting:
        return None
    table = max(fitting, key=lambda each: (len(each.needs), sum(key in names for key in _wanted(each))))
    columns = {key: source for key, wanted in table.columns.items() if (source := _source(key, wanted, names, part))}
    reasons = dict.fromkeys(columns, Said(gettext_noop("as {system} exports it"), system=table.system))
    proxies = table.proxies + ((table.rating_proxy,) if table.rating_proxy and "score" in columns else ())
    return FileMap(
        part.name, table.kind, columns, solved=table.solved, system=table.system, reasons=reasons, proxies=proxies
    )


def _plain(name: str) -> str:
    """A column's name, without case and outer space."""
    return " ".join(name.lower().split())


def _first(alternatives: Sequence[str], names: Mapping[str, str]) -> str | None:
    """The first of some names that the part has, as it writes it."""
    return next((names[_plain(each)] for each in alternatives if _plain(each) in names), None)


def _wanted(table: Table) -> list[str]:
    """Every name that a table knows."""
    return [_plain(name) for wanted in table.columns.values() for each in _ways(wanted) for name in each["columns"]]


def _ways(wanted: Any) -> Sequence[Mapping[str, Any]]:
    """The ways in which a table may have a target, the likelier first: lists of names, or names with their unit."""
    if isinstance(wanted, dict):
        return [wanted]
    return wanted if isinstance(wanted[0], dict) else [{"columns": wanted}]


def _source(key: str, wanted: Any, names: Mapping[str, str], part: Part) -> Source | None:
    """Where a target comes from in this part; None where it has no such column."""
    found = ((each, column) for each in _ways(wanted) if (column := _first(each["columns"], names)) is not None)
    written, column = next(found, ({}, None))
    if column is None:
        return None
    unit = written.get("unit")
    if key in DURATIONS and written_as_clock(part.values(column)):
        unit = CLOCK
    equals = _first(written["equals"], names) if "equals" in written else None
    if "equals" in written and equals is None:
        return None
    return Source(column, unit=unit, words=written.get("words", {}), equals=equals)
