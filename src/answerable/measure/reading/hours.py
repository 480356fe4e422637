"""The time of day in a column of its own, beside the date's; and the time zone in a third.

“Created date” and “Created time” are one instant. Which columns belong together is told by their headers, and by
values that are times of day; the two are joined in DuckDB, before the forms of dates are decided.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from zoneinfo import available_timezones

from answerable.measure.reading import sql
from answerable.measure.reading.mapping import DURATIONS, INSTANTS, FileMap, Source
from answerable.measure.reading.matching import share, words
from answerable.measure.reading.part import Part, Staged
from answerable.measure.words import Said, gettext_noop

_DAYS = {
    "date", "dates", "day", "on", "at", "dt", "datums", "datuma", "datum", "data", "fecha", "дата", "день",
    "თარიღი", "დღე", "күні", "күн", "dia", "día", "jour", "tag", "giorno", "dzień", "kuupäev", "päivämäärä", "dato",
}  # fmt: skip
_WHOLE_HOURS = {
    "hour", "hours", "hr", "hora", "heure", "heures", "stunde", "ora", "час", "часы", "stunda", "godzina", "საათი",
    "сағат", "сағаты",
}  # fmt: skip
_HOURS = _WHOLE_HOURS | {
    "time", "of", "day", "clock", "laiks", "uhrzeit", "zeit", "время", "orario", "czas", "დრო", "уақыт", "уақыты",
    "tijd", "tijdstip", "tid", "kellonaeg", "aeg", "kello", "klo", "час",
}  # fmt: skip
"""What headers call a day, and a time of day; some mean the hour alone."""
_BEGUN = {"start", "started", "begin", "call", "created", "creation", "open", "opened", "chat", "conversation"}
_ANSWERED = ("call answered", "call answered at", "answered", "answered at", "answer time", "answered time")
QUEUED = gettext_noop("the wait in a queue until somebody answered stands for the first response")
_COMPOUND = re.compile(r"(?<=\w{3})(?:s?datum|s?uhrzeit|s?zeit|s?tijd)$")
_AGAIN = re.compile(r" \(\d+\)$")
_HOUR = re.compile(
    r"(?:\S*(?:1899|1900|1904|1970)\S*?[ T])?(?:[01]?\d|2[0-3])(?:[:.]| ?h ?)[0-5]\d(?:[:.][0-5]\d(?:[.,]\d+)?)?"
    r"(?: ?[ap]\.? ?m\.?)?(?: ?(?:uhr|h|Z|UTC|GMT|[+-]\d\d:?\d\d))?",
    re.IGNORECASE,
)
_BARE_HOUR = re.compile(r"(?:[01]?\d|2[0-3])(?:[0-5]\d)?h?")
_MIDNIGHT = r"[ T](00?:00(:00([.]0+)?)?|12:00(:00)? ?AM)$"
_WRITTEN = (
    (r"^\S*(1899|1900|1904|1970)\S*?[ T]", ""), (r"(?i) ?(uhr|h)$", ""), (r"^([0-9]{1,2})$", r"\1:00"),
    (r"^([0-9]{1,2})([0-9]{2})$", r"\1:\2"), (r"(?i)^([0-9]{1,2}) ?[.h] ?([0-9]{2})", r"\1:\2"),
    (r"^([0-9]{1,2}:[0-9]{2})[.]([0-9]{2})$", r"\1:\2"),
)  # fmt: skip
"""How times of day are written, and what becomes of it: behind a spreadsheet's day 0, 9 Uhr, 9, 0930, 9h30, 9.30."""
_NEARLY = 0.9
_LIKE = 4
"""How many letters two words share that are of one: created, creation."""
_WORKING = 6
"""The hour after which most of a day's times are, and before which most durations are."""
_ZONES = ("time zone", "timezone", "tz", "zeitzone", "laika josla", "часовой пояс", "fuseau horaire", "zona horaria")
_OFFSET = re.compile(r"(?:UTC|GMT)? ?([+-])0?(\d{1,2})(?::?00)?", re.IGNORECASE)
_ALONE = gettext_noop("{column} has the hour without its minutes: waits are right to within an hour")
_SEVERAL = gettext_noop("its rows name several time zones in {column} ({zones}); all are read as of one")


def with_hours(mapping: FileMap, part: Part) -> FileMap:
    """A guess with the hours of its dates that stand in columns of their own, and the zone that a column names."""
    columns = dict(mapping.columns)
    dated = {key: source for key, source in columns.items() if key in INSTANTS and key != "date" and source.column}
    for key, source in dated.items():
        hour = _beside(str(source.column), part, columns)
        if hour is not None:
            columns[key] = replace(source, hour=hour)
            taken = [each for each, other in columns.items() if other.column == hour]
            columns = {each: other for each, other in columns.items() if each not in taken}
    answered = _answered(columns, part)
    if answered is not None:
        columns["first_responded_at"] = answered
        mapping = replace(mapping, proxies=(*mapping.proxies, QUEUED))
    return replace(mapping, columns=columns, zone=mapping.zone or (_zone(part) if dated else None))


def _answered(columns: Mapping[str, Source], part: Part) -> Source | None:
    """When a call was answered, on the day on which it began: its hour alone. None where there is more, or nothing."""
    began = columns.get("started_at", Source())
    if began.hour is None or {"first_responded_at", "first_response_seconds"} & set(columns):
        return None
    found = (each for each in part.columns if words(each) in _ANSWERED and _is_of_day(each, part, None))
    return next((replace(began, hour=each) for each in found), None)


def _beside(column: str, part: Part, mapped: Mapping[str, Source]) -> str | None:
    """The column of a date's time of day; None where the date has its own, or there is none."""
    timed = re.compile(_MIDNIGHT)
    if share(part.values(column)[:200], lambda value: ":" not in timed.sub("", value)) < _NEARLY:
        return None
    place = part.columns.index(column)
    found = [
        (likeness, -number, each)
        for number, each in enumerate(part.columns)
        if each != column
        and (likeness := _likeness(column, each, number - place))
        and _is_of_day(each, part, next((key for key, source in mapped.items() if source.column == each), None))
    ]
    return max(found)[2] if found else None


def _likeness(date: str, hour: str, apart: int) -> int:
    """How surely two headers are of one instant: 0 where they are not."""
    said, told = _stem(date, _DAYS), _stem(hour, _HOURS)
    if said == told:
        return 3
    if said <= _BEGUN and told <= _BEGUN:
        return 2
    near = apart == 1 and (not told or any(one[:_LIKE] == other[:_LIKE] for one in said for other in told))
    return 1 if near else 0


def _stem(header: str, without: set[str]) -> frozenset[str]:
    """What a header says besides that it is a date, or a time of day."""
    said = words(_AGAIN.sub("", header)).split()
    return frozenset(_COMPOUND.sub("", each) for each in said if each not in without and not each.isdigit())


def _is_of_day(column: str, part: Part, key: str | None) -> bool:
    """Whether a column holds times of day; one that might be a duration must look like a day's work."""
    values = part.values(column)[:200]
    bare = not _WHOLE_HOURS.isdisjoint(words(column).split())
    if not values or share(values, lambda value: _is_hour(value, bare)) < _NEARLY:
        return False
    if key not in DURATIONS or share(values, lambda value: value.lower().rstrip(".").endswith("m")) > _NEARLY:
        return key is None or key in DURATIONS
    started = sorted(int(match[0]) for value in values if (match := re.match(r"\d+", value)))
    return bool(started) and started[len(started) // 2] >= _WORKING


def _is_hour(value: str, bare: bool) -> bool:
    return bool(_HOUR.fullmatch(value) or (bare and _BARE_HOUR.fullmatch(value)))


def _zone(part: Part) -> str | None:
    """The one time zone that a column names."""
    zones = {zone for column in _of_zones(part) for value in part.values(column) if (zone := _named(value))}
    return zones.pop() if len(zones) == 1 else None


def doubts(mapping: FileMap, part: Part) -> list[str]:
    """What a person should check of the hours and zones that stand in columns of their own."""
    said = dict.fromkeys(source.hour for source in mapping.columns.values() if source.hour is not None)
    alone = [hour for hour in said if all(re.fullmatch(r"\d{1,2}", value) for value in part.values(hour))]
    found: list[str] = [Said(_ALONE, column=hour) for hour in alone]
    for column in _of_zones(part) if mapping.zone is None else ():
        zones = dict.fromkeys(part.values(column))
        if len(zones) > 1:
            found.append(Said(_SEVERAL, column=column, zones=", ".join(list(zones)[:5])))
    return found


def _of_zones(part: Part) -> Sequence[str]:
    return [column for column in part.columns if words(column) in _ZONES]


def _named(value: str) -> str | None:
    """A zone by its name, or by its whole hours from UTC."""
    if value in available_timezones():
        return value
    offset = _OFFSET.fullmatch(value)
    zone = f"Etc/GMT{'-' if offset[1] == '+' else '+'}{int(offset[2])}" if offset else ""  # its signs are the other way
    return zone if zone in available_timezones() else None


def joined(con: Any, staged: Staged, mapping: FileMap) -> tuple[Staged, FileMap]:
    """The staged rows with a column for each date and its hour, and the mapping of those."""
    columns, types = dict(mapping.columns), dict(staged.types)
    for key, source in mapping.columns.items():
        if source.column is None or source.hour is None:
            continue
        both = f"{source.column} {source.hour}"
        columns[key] = replace(source, column=both, hour=None)
        if both not in types:
            table, value = sql.name(staged.relation), _both(source.column, source.hour)
            if key != "started_at" and source.column == mapping.columns.get("started_at", Source()).column:
                value = f"CASE WHEN {sql.name(source.hour)} IS NOT NULL THEN {value} END"  # its day is another's
            con.execute(f"ALTER TABLE {table} ADD COLUMN {sql.name(both)} VARCHAR")
            con.execute(f"UPDATE {table} SET {sql.name(both)} = {value}")
            types[both] = "text"
    return replace(staged, types=types), replace(mapping, columns=columns)


def _both(date: str, hour: str) -> str:
    """SQL for a date and its time of day as one text; the date alone where there is no hour."""
    day = f"regexp_replace(CAST({sql.name(date)} AS VARCHAR), '{_MIDNIGHT}', '')"
    time = f"CAST({sql.name(hour)} AS VARCHAR)"
    for pattern, by in _WRITTEN:
        time = f"regexp_replace({time}, {sql.literal(pattern)}, {sql.literal(by)})"
    return f"CASE WHEN {sql.name(hour)} IS NULL THEN {day} ELSE {day} || ' ' || {time} END"


def parted(mapping: FileMap, before: FileMap) -> FileMap:
    """The mapping as it was used, its dates and hours, messages and what they answer, in the columns of the file."""
    apart = {key: source for key, source in before.columns.items() if source.hour or source.answers}
    return replace(mapping, columns={**mapping.columns, **apart})
