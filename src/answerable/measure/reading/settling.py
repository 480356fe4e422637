"""What only the values of a whole file tell: the unit of durations that name none, the statuses that mean solved, the
scale of ratings (scales.py)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from answerable.measure.reading import dates, numerals, scales, sql
from answerable.measure.reading.casting import Cast
from answerable.measure.reading.mapping import DURATIONS
from answerable.measure.reading.statuses import SOLVED, means_solved, means_unsolved
from answerable.measure.words import Said, gettext_noop

_ENDS = {"first_response_seconds": "first_responded_at", "resolution_seconds": "solved_at"}
"""The instant at which a duration ends that began with the conversation."""
_LOOKED_AT = 20_000
_NEARLY = 0.1
_MOSTLY = 0.9
_MOST = 200
_NO_UNIT = gettext_noop("{column} names no unit; its numbers are taken for seconds")
_AS_INSTANTS = gettext_noop("{column} names no unit; its numbers are taken for milliseconds, as its instants are")
_BY_DATES = gettext_noop("taken to mean solved, for their rows have a date of solution: {statuses}")


def settle(con: Any, cast: Cast) -> tuple[str, ...]:
    """Complete the mapping of conversations by the whole file; what of it a person should check."""
    if cast.mapping.kind == "ratings":
        return tuple(scales.settle(con, cast))
    if cast.mapping.kind != "conversations":
        return ()
    return *_units(con, cast), *_statuses(con, cast), *scales.settle(con, cast)


def _units(con: Any, cast: Cast) -> list[str]:
    """Give durations that name no unit that by which they fit the dates beside them, else seconds, which is said."""
    columns = dict(cast.mapping.columns)
    unnamed = [key for key in DURATIONS if key in columns and columns[key].column and columns[key].unit is None]
    if not unnamed:
        return []
    shown = [found for key in _ENDS if key in unnamed and (found := _unit_by_dates(con, cast, key)) is not None]
    counted = any(each.kind == dates.EPOCH and each.unit == 1e3 for each in cast.forms.dates.values())
    unit = shown[0] if shown else "milliseconds" if counted else "seconds"
    cast.mapping = replace(cast.mapping, columns=columns | {key: replace(columns[key], unit=unit) for key in unnamed})
    guessed = [] if shown else [key for key in unnamed if _ENDS.get(key) not in columns]
    return [Said(_AS_INSTANTS if counted else _NO_UNIT, column=columns[key].column or "") for key in guessed]


def _unit_by_dates(con: Any, cast: Cast, key: str) -> str | None:
    """The unit in which a duration is as long as from the start to its end."""
    columns, forms = cast.mapping.columns, cast.forms
    began, ended = (columns[each].column if each in columns else None for each in ("started_at", _ENDS[key]))
    column = columns[key].column
    if began is None or ended is None or column is None:
        return None
    start, end = (dates.instants(forms.dates[each], sql.name(each), forms.order, forms.zone) for each in (began, ended))
    number = numerals.number(sql.name(column), forms.decimal, cast.staged.types[column])
    size = con.execute(
        f"SELECT median(({end} - {start}) / n) FROM (SELECT *, {number} AS n FROM {sql.name(cast.staged.relation)} "
        f"LIMIT {_LOOKED_AT}) WHERE n > 0"
    ).fetchall()[0][0]
    return next((unit for unit, one in numerals.UNITS.items() if size and abs(size / one - 1) < _NEARLY), None)


def _statuses(con: Any, cast: Cast) -> list[str]:
    """Find the statuses that mean solved: by their words, or for nearly all of their rows have a date of solution."""
    if cast.mapping.solved or not cast.has("status"):
        return []
    status, relation = cast.word("status"), sql.name(cast.staged.relation)
    found = [
        each for (each,) in con.execute(f"SELECT DISTINCT {status} AS s FROM {relation} ORDER BY s").fetchmany(_MOST)
    ]
    worded = [each for each in found if each is not None and means_solved(each)]
    unknown = [each for each in found if each is not None and each not in worded and not means_unsolved(each)]
    dated = _dated(con, cast, unknown) if unknown and cast.has("solved_at") else []
    if dated or any(each.lower() not in SOLVED for each in worded):
        cast.mapping = replace(cast.mapping, solved=(*worded, *dated))
    return [Said(_BY_DATES, statuses=", ".join(dated))] if dated else []


def _dated(con: Any, cast: Cast, statuses: list[str]) -> list[str]:
    """Those of some statuses of which nearly all rows have a date of solution."""
    found = con.execute(
        f"SELECT status FROM (SELECT {cast.word('status')} AS status, {cast.present('solved_at')} AS solved "
        f"FROM {sql.name(cast.staged.relation)}) WHERE status IN ({sql.literals(statuses)}) GROUP BY 1 "
        f"HAVING count(solved) >= {_MOSTLY} * count(*) ORDER BY 1"
    ).fetchall()
    return [status for (status,) in found]
