"""A volume file into contacts by quarter of an hour."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from answerable.core.said import Said, Wrong, gettext_noop
from answerable.measure import scratch
from answerable.measure.reading import BadRow, Limits, read, sql
from answerable.measure.reading.building import Shelf
from answerable.measure.reading.casting import Cast, Check, decide
from answerable.measure.reading.mapping import FileMap, Source
from answerable.measure.reading.opening import Desk, open_parts
from answerable.measure.reading.part import Part
from answerable.measure.volumes.columns import CHANNELS, Columns, Counted, columns_of

QUARTER = 900
LONGEST_HANDLING_SECONDS = 8 * 3600
MOST_CONTACTS = 1_000_000
SHOWN_BAD = 5

NEGATIVE = gettext_noop("is less than nothing")
TOO_MANY = gettext_noop("is more than a million contacts in one interval")
NO_CHANNEL = gettext_noop("is not a channel: write email, form, chat, phone or api")
NO_TIME = gettext_noop("is not a handling time between a second and eight hours")
NOTHING = gettext_noop("It holds no row of contacts.")
WHOLE_DAYS = gettext_noop(
    "All its intervals begin at the same hour of the day. People are planned by the hour: give a row for each hour, or "
    "less."
)
NO_COLUMNS = gettext_noop(
    "It has no column of arrivals beside one of interval starts, and is no list of conversations. Its columns: "
    "{columns}"
)
NO_BEGINNINGS = gettext_noop("It tells no beginning of a conversation, and has no column of arrivals.")
LEFT_OUT = gettext_noop("Rows left out because they cannot be read: {n}")
COUNTED = gettext_noop("Counted are the beginnings of {n} conversations; the file has no column of arrivals.")


@dataclass(slots=True)
class Filled:
    """Contacts by channel and quarter of an hour (its number since 1970); the mean handling time by channel, in
    seconds, where the file tells one; and what is to be said of it."""

    quarters: dict[str, dict[int, float]] = field(default_factory=dict)
    handling: dict[str, float] = field(default_factory=dict)
    notes: list[Said] = field(default_factory=list)

    def add(self, channel: str, quarter: int, number: float) -> None:
        by_quarter = self.quarters.setdefault(channel, {})
        by_quarter[quarter] = by_quarter.get(quarter, 0.0) + number


class NoVolumes(Wrong):
    """The file cannot be used; or `rows` are the first of `count` that are wrong."""

    def __init__(self, why: str, rows: tuple[BadRow, ...] = (), count: int = 0) -> None:
        super().__init__(why)
        self.rows, self.count = rows, count


def read_volumes(path: Path, name: str, *, zone: str, channel: str = "email", limits: Limits | None = None) -> Filled:
    """`channel` is that of a file that names none; `zone` that of times that name none.

    One row that is wrong refuses a volume file: a hole in a day would be forecast as a quiet hour. Raises NoVolumes,
    Unreadable, MappingError.
    """
    import duckdb

    limits = limits or Limits()
    folder = scratch.make(prefix="answerable-volumes-")
    try:
        parts = open_parts(path, name, Desk(folder, limits))
        fitting = [(part, columns) for part in parts if (columns := columns_of(part.columns)) is not None]
        if not fitting:
            return _begun(path, zone, channel, parts)
        with duckdb.connect(
            config={
                "memory_limit": f"{limits.memory >> 20}MB",
                "temp_directory": str(folder / "spilled"),
                "autoinstall_known_extensions": False,
                "autoload_known_extensions": False,
            }
        ) as con:
            con.execute("SET enable_progress_bar = false")
            return _counted(con, fitting, zone, channel)
    finally:
        scratch.remove(folder)


def _counted(con: Any, parts: list[tuple[Part, Columns]], zone: str, channel: str) -> Filled:
    found, times = Filled(), _Times()
    shelf = Shelf(con, SHOWN_BAD)
    for number, (part, columns) in enumerate(parts):
        for place, counted in enumerate(columns.counted):
            _column(shelf, part, columns, counted, _Place(zone, channel, f"part_{number}_{place}"), found, times)
    if shelf.bad_count:
        raise NoVolumes("", tuple(shelf.bad), shelf.bad_count)
    if not any(sum(each.values()) for each in found.quarters.values()):
        raise NoVolumes(NOTHING)
    if len(times.starts) > 1 and len(times.of_day) == 1:
        raise NoVolumes(WHOLE_DAYS)
    found.handling = {key: times.seconds[key] / times.weight[key] for key in times.seconds if times.weight[key]}
    return found


@dataclass(slots=True)
class _Times:
    """Interval starts and handling times as they are met."""

    starts: set[int] = field(default_factory=set)
    of_day: set[str] = field(default_factory=set)
    seconds: dict[str, float] = field(default_factory=dict)
    weight: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Place:
    zone: str
    channel: str
    relation: str


def _column(
    shelf: Shelf, part: Part, columns: Columns, counted: Counted, place: _Place, found: Filled, times: _Times
) -> None:
    """One column of arrivals."""
    mapping = _mapping(part, columns, counted, place.channel)
    staged = part.stage(shelf.con, place.relation, mapping.wanted())
    shelf.bad += staged.rejected[: shelf.room(part.name)]
    shelf.bad_count += staged.rejected_count
    cast = Cast(mapping, staged, decide(shelf.con, part, staged, mapping, place.zone, None))
    typed = {"at": cast.instant("at", required=True), "value": cast.number("value"), "channel": cast.word("channel")}
    typed["first_response_seconds"] = cast.seconds("first_response_seconds")
    _check(cast, counted)
    relation = shelf.build(part, cast, typed)
    seconds = sql.name("first_response_seconds")
    query = (
        f'SELECT channel, CAST(floor("at" / {QUARTER}) AS BIGINT), sum(value), '
        f"sum(value * {seconds}) FILTER (WHERE {seconds} > 0), sum(value) FILTER (WHERE {seconds} > 0), "
        f"strftime(to_timestamp(min(\"at\")), '%H:%M') FROM {sql.name(relation)} WHERE value > 0 OR value = 0 "
        "GROUP BY 1, 2"
    )
    for channel, quarter, number, spent, weighted, hour in shelf.con.execute(query).fetchall():
        found.add(channel, quarter, number)
        times.starts.add(quarter)
        times.of_day.add(hour)
        if weighted:
            times.seconds[channel] = times.seconds.get(channel, 0.0) + spent
            times.weight[channel] = times.weight.get(channel, 0.0) + weighted
    for each in (place.relation, relation):
        shelf.con.execute(f"DROP TABLE {sql.name(each)}")


def _mapping(part: Part, columns: Columns, counted: Counted, channel: str) -> FileMap:
    """As the readers' casting has it: the handling time stands under the name of a duration that it knows."""
    called = {word: key for key, several in CHANNELS.items() for word in several}
    sources: dict[str, Source] = {"at": Source(columns.start), "value": Source(counted.column)}
    if columns.channel is not None:
        sources["channel"] = Source(columns.channel, words=called)
    else:
        sources["channel"] = Source(value=counted.channel or channel)
    if counted.handling is not None:
        sources["first_response_seconds"] = Source(counted.handling, unit=counted.unit)
    return FileMap(part.name, "conversations", sources)


def _check(cast: Cast, counted: Counted) -> None:
    """What no volume is."""
    seconds = sql.name("first_response_seconds")
    if counted.channel is None:
        cast.need("value")
    cast.checks += [
        Check("value", counted.column, "value < 0", NEGATIVE),
        Check("value", counted.column, f"value > {MOST_CONTACTS}", TOO_MANY),
    ]
    if (source := cast.mapping.columns["channel"]).column is not None:
        known = sql.literals(list(CHANNELS))
        cast.need("channel")
        cast.checks.append(Check("channel", source.column, f"channel NOT IN ({known})", NO_CHANNEL))
    if counted.handling is not None:
        wrong = f"value > 0 AND {seconds} NOT BETWEEN 1 AND {LONGEST_HANDLING_SECONDS}"
        cast.checks.append(Check("first_response_seconds", counted.handling, wrong, NO_TIME))


def _begun(path: Path, zone: str, channel: str, parts: list[Part]) -> Filled:
    """The beginnings of conversations in a list of them, or in an event log."""
    with read([path], zone=zone) as reading:
        if "conversations" not in reading.tables:
            if not any(file.mapping.kind != "ignore" for file in reading.files):
                columns = ", ".join(column for part in parts for column in part.columns[:20])
                raise NoVolumes(Said(NO_COLUMNS, columns=columns[:300]))
            raise NoVolumes(NO_BEGINNINGS)
        found = Filled()
        for named, quarter, number in _beginnings(reading.con):
            found.add(_channel(named, channel), quarter, number)
        if not found.quarters:
            raise NoVolumes(NO_BEGINNINGS)
        total = sum(sum(each.values()) for each in found.quarters.values())
        found.notes.append(Said(COUNTED, n=round(total)))
        if reading.bad_count:
            found.notes.append(Said(LEFT_OUT, n=reading.bad_count))
        return found


def _beginnings(con: Any) -> Iterator[tuple[str | None, int, int]]:
    yield from con.execute(
        f"SELECT lower(channel), CAST(floor(started_at / {QUARTER}) AS BIGINT), count(*) FROM conversations "
        "WHERE started_at IS NOT NULL AND NOT coalesce(spam, FALSE) AND merged_into IS NULL "
        "AND coalesce(opened_by, 'customer') <> 'agent' GROUP BY 1, 2"
    ).fetchall()


def _channel(named: str | None, otherwise: str) -> str:
    """Which channel a word means; that of the file where it means none."""
    known: Mapping[str, str] = {word: key for key, several in CHANNELS.items() for word in several}
    return known.get((named or "").strip(), otherwise)
