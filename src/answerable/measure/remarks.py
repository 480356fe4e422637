"""What a reader should know of the files as a whole before the figures: what they cannot tell, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from answerable.core.said import in_lines, said
from answerable.measure.reading import sql
from answerable.measure.reading.casting import NO_ZONE
from answerable.measure.words import Said, gettext_noop

if TYPE_CHECKING:
    from answerable.measure.reading import Reading, Understood

WHOLE_DAYS = gettext_noop("The times in these files are days without an hour, so waits are known in whole days only.")
NO_TIMES = gettext_noop("The business hours change nothing: these files tell of no conversation.")
NO_HOURS = gettext_noop("The business hours could not be counted: the times in these files are days without an hour.")
PARTLY = gettext_noop(
    "These files count business hours only of what has ended, so the figures are by the calendar, in which everybody "
    "who still waits counts. With your business hours (--hours) both can be counted in them."
)
_NO_ROWS = gettext_noop("{files}: There is a header and no row below it. Export it again, with its rows.")
_NOTHING = gettext_noop(
    "There is nothing in these files that the report measures: {files}. It needs when conversations began and were "
    "answered, ratings, answers of a survey, or customers and dates."
)


def whole_days(reading: Reading, zone: str) -> bool:
    """Whether no instant of any conversation has an hour: each stands at midnight of the zone."""
    if "conversations" not in reading.tables:
        return False
    local = f"epoch_us(timezone({sql.literal(zone)}, to_timestamp({{}}))) // 1000000 % 86400 = 0"
    instants = ("started_at", "first_responded_at", "solved_at")
    each = " AND ".join(f"coalesce(bool_and({local.format(at)}), TRUE)" for at in instants)
    ended = "count(*) > 1 AND count(coalesce(first_responded_at, solved_at)) > 0"
    return bool(reading.con.execute(f"SELECT {ended} AND {each} FROM conversations").fetchall()[0][0])  # noqa: S608


def remarks(reading: Reading, days: bool, hours: bool, *, partly: bool = False) -> tuple[str, ...]:
    """What is to be said. `days`: no instant has an hour. `hours`: business hours were given. `partly`: the files know
    business time of some waits, and not of all."""
    if hours and "conversations" not in reading.tables:
        return (Said(NO_TIMES),)
    told = {WHOLE_DAYS: days, NO_HOURS: days and hours, PARTLY: partly and not hours}
    return tuple(Said(each) for each, holds in told.items() if holds)


def nothing(files: tuple[Understood, ...]) -> Said:
    """Why there is no report of these files."""
    if files and all(not file.rows and file.mapping.kind != "ignore" for file in files):
        return Said(_NO_ROWS, files=", ".join(file.name for file in files))
    told = (f"{file.name} ({_columns(file.columns)})" for file in files)
    why = [Said("{file}: {wrong}.", file=file.name, wrong=said(each)) for file, each in _why(files)]
    return in_lines([Said(_NOTHING, files=", ".join(told)), *why])


def _why(files: tuple[Understood, ...]) -> list[tuple[Understood, str]]:
    """What was said of the files that were understood, and had nothing left in the end."""
    understood = [file for file in files if file.mapping.kind != "ignore"]
    return [(file, each) for file in understood for each in file.doubts if said(each).template != NO_ZONE]


def _columns(columns: tuple[str, ...]) -> str:
    shown = ", ".join(columns[:8])
    return f"{shown}, …" if len(columns) > 8 else shown
