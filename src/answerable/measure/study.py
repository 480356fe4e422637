"""Anyone's files into a report: what was asked, what was read, and what came of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal
from zoneinfo import ZoneInfo

from answerable.core.said import Wrong, said_of
from answerable.measure.period import EPOCH, Cut, Period
from answerable.measure.promises import Promises, read_promises
from answerable.measure.words import Said, gettext_noop

if TYPE_CHECKING:
    from answerable.measure.cluster import Cluster
    from answerable.measure.costs import Costs
    from answerable.measure.drivers import Driving
    from answerable.measure.facts import Facts
    from answerable.measure.kpi.conversations import Conversations
    from answerable.measure.reading import Reading
    from answerable.measure.report import Report
    from answerable.measure.shapes import Distribution

Progress = Callable[[str, float], None]
DIMENSIONS = ("team", "channel", "segment", "region", "language", "priority")
MOST_GROUPS = 40
DUCKDB = "duckdb"
_MEASURING = gettext_noop("measuring")
UNTOLD = gettext_noop("These files do not say which {dimension}. Name its column in map.toml, or leave it out.")


class Refused(Wrong):
    """A report that cannot be made of these files, in a sentence for who asked."""


class Nothing(Refused):
    """Files that hold nothing to measure; `map` is the text of the map.toml that would be proposed for them."""

    def __init__(self, said: str, map: str) -> None:
        super().__init__(said)
        self.map = map


@dataclass(frozen=True, slots=True)
class Question:
    """What was asked. None is guessed: the period from the files, the zone from the hours, groups from the columns.

    `since` is the first day, `until` the day after the last. `activities` maps asked, answered, solved and reopened
    to activities of an event log.
    `scopes` are those of published figures that one belongs to. `engine` counts: DUCKDB, here, or the address of a
    Spark master; its workers find the facts in `exchange`, a directory that they and this machine share.
    """

    files: tuple[Path, ...]
    since: date | None = None
    until: date | None = None
    by: tuple[str, ...] | None = None
    hours: Path | None = None
    targets: Path | None = None
    benchmarks: Path | None = None
    costs: Path | None = None
    scopes: tuple[str, ...] = ()
    map: Path | None = None
    zone: str | None = None
    first: Literal["day", "month"] | None = None
    activities: Mapping[str, Sequence[str]] = field(default_factory=dict)
    engine: str = DUCKDB
    exchange: Path | None = None


@dataclass(slots=True)
class Study:
    """A report with what it was made of; `waits` by indicator and clock, `by` the groups of the report.

    `remarks` are what is to be said of the files as a whole. `dated`: the period is the files', or was asked for; else
    they hold no date, and everything in them counts.
    """

    question: Question
    reading: Reading
    facts: Facts
    report: Report
    promises: Promises
    waits: dict[str, Distribution]
    arrivals: list[list[int]] | None
    cut: Cut
    by: tuple[str, ...]
    driving: Driving | None = None
    costs: Costs | None = None
    remarks: tuple[str, ...] = ()
    dated: bool = True
    _held: ExitStack = field(default_factory=ExitStack, repr=False)

    def close(self) -> None:
        """Forget the tables."""
        self._held.close()

    def __enter__(self) -> Study:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def study(question: Question, progress: Progress | None = None) -> Study:
    """Read the files and measure them.

    Raises Unreadable, MappingError (reading), NoPolicy (hours, targets), WrongCosts, NoCluster (engine), Refused when
    nothing can be measured.
    """
    from answerable.measure.cluster import Cluster
    from answerable.measure.reading import read

    say = progress or _silent
    promises = read_promises(question.hours, question.targets)
    zone = question.zone or promises.zone or "UTC"
    with ExitStack() as held:
        cluster = None
        if question.engine != DUCKDB:
            say(gettext_noop("waiting for Spark"), 0.0)
            cluster = held.enter_context(Cluster.connect(question.engine, question.exchange))
        say(gettext_noop("reading"), 0.0)
        reading = held.enter_context(
            read(
                question.files, question.map, progress,
                zone=zone, first=question.first, activities=question.activities or None,
            )
        )  # fmt: skip
        found = _measure(question, reading, cluster, promises, zone, say)
        found._held = held.pop_all()
        return found


def _measure(
    question: Question, reading: Reading, cluster: Cluster | None, promises: Promises, zone: str, say: Progress
) -> Study:
    from answerable.measure.benchmarks import published
    from answerable.measure.business import count_business, knows_business
    from answerable.measure.costs import costs_of, read_rates
    from answerable.measure.crossing import cross, pairs
    from answerable.measure.drivers import of_satisfaction
    from answerable.measure.measuring import EVERY, Options
    from answerable.measure.remarks import nothing, remarks, whole_days
    from answerable.measure.report import build_report, waiting_times

    if not any(name in reading.tables for name in _SPANS):
        named = any(file.rows or (file.mapping.kind == "ignore" and len(file.columns) > 1) for file in reading.files)
        raise Nothing(nothing(reading.files), reading.map if named else "")
    others, rates = published(question.benchmarks), read_rates(question.costs)
    period, has_before, dated = _period(question, reading, zone)
    by, cut = _groups(question, reading), _cut(period)
    crossed = pairs(by) if question.by is not None else ()
    say(_MEASURING, 0.0)
    conversations = "conversations" in reading.tables
    days = whole_days(reading, zone)
    if conversations and promises.calendar is not None and not days:
        count_business(reading.con, promises.calendar, reading.as_of)
    some, every = knows_business(reading.con) if conversations else (False, False)
    clock: Literal["business", "calendar"] = "business" if every else "calendar"
    before = period.base() if has_before else None
    facts = cross(reading.facts(cluster), crossed)
    waits = waiting_times(facts, period, before, (cut, *by, *crossed)) if conversations else None
    report = build_report(
        facts, since=period.since, until=period.until, zone=zone, clock=clock, group_by=(cut, *by, *crossed),
        compare_to=before, targets=promises.targets(clock), waits=waits, measures=EVERY, benchmarks=others,
        scopes=question.scopes, judged=True,
        options=Options(unanswerable={each.kpi: each.needs for each in reading.missing}),
    )  # fmt: skip
    say(_MEASURING, 1.0)
    shapes = _shapes(report, waits) if waits else {}
    week = _arrivals(report, waits) if waits else None
    driving = of_satisfaction(facts, period, clock)
    said = remarks(reading, days, promises.calendar is not None, partly=some and not every)
    return Study(
        question,
        reading,
        facts,
        report,
        promises,
        shapes,
        week,
        cut,
        by,
        driving,
        costs_of(facts, report, rates),
        said,
        dated,
    )


def _shapes(report: Report, waits: Conversations) -> dict[str, Distribution]:
    """How long waits were, by each clock that is known."""
    from answerable.measure.shapes import distribution

    clocks = ("business", "calendar") if report.clock == "business" else ("calendar",)
    counted = [name for name in ("first_response", "resolution") if _counts(report, name)]
    return {f"{name}-{clock}": distribution(waits, name, clock) for name in counted for clock in clocks}


def _arrivals(report: Report, waits: Conversations) -> list[list[int]] | None:
    """When customers write; None where nobody wrote."""
    from answerable.measure.shapes import arrivals

    return arrivals(waits) if report.population.get("counted") else None


def _counts(report: Report, name: str) -> bool:
    indicator = report.indicators.get(name)
    return indicator is not None and bool(indicator.total.counts.get("ended"))


def _silent(_what: str, _share: float) -> None:
    """Says nothing."""


_SPANS = {
    "conversations": ("started_at", False),
    "ratings": ("invited_at", False),
    "answers": ('"at"', False),
    "activity": ("day", True),
}


_OUTSIDE = gettext_noop("Nothing is left with {asked}: the files speak of {first} to {last}.")


def _period(question: Question, reading: Reading, zone: str) -> tuple[Period, bool, bool]:
    """The days asked for, else those of the files; whether the files hold anything from before; whether there are days.

    Customers' activity needs a window before: of it alone the last whole quarter is taken, or the later half.
    """
    spans = [span for table in _SPANS if (span := _span(reading, table, zone))]
    spans += [span] if (span := _months(reading, zone)) else []
    told = [span for span in spans if span[2] != "activity"]
    dated = bool(spans or question.since or question.until)
    if not spans:
        today = datetime.fromtimestamp(reading.as_of, UTC).date() if reading.as_of else datetime.now(UTC).date()
        spans = [(today, today + timedelta(days=1), "")]
    first, last = min(span[0] for span in spans), max(span[1] for span in spans)
    since, until = question.since, question.until
    if since is None and until is None and told == []:
        since, until = _last_quarter(first, last)
    elif told:
        since = since or min(span[0] for span in told)
        until = until or max(span[1] for span in told)
    since, until = since or first, until or last
    if spans and since >= until and not (question.since and question.until):
        asked = f"--since {question.since}" if question.since else f"--until {question.until}"
        raise Refused(Said(_OUTSIDE, asked=asked, first=str(first), last=str(last - timedelta(days=1))))
    try:
        period = Period(since, until, zone)
    except ValueError as error:
        raise Refused(said_of(error)) from error
    return period, first < period.since, dated


def _span(reading: Reading, table: str, zone: str) -> tuple[date, date, str] | None:
    """First local day and the day after the last that a table speaks of, up to when it was taken."""
    if table not in reading.tables:
        return None
    column, days = _SPANS[table]
    dated = "WHERE instrument <> 'engagement'" if table == "answers" else ""
    asked = f"SELECT min({column}), max({column}) FROM {table} {dated}"  # noqa: S608 - names of ours
    low, high = reading.con.execute(asked).fetchall()[0]
    if low is None:
        return None
    if days:
        begin, end = EPOCH + timedelta(days=low), EPOCH + timedelta(days=high)
    else:
        high = min(high, reading.as_of) if reading.as_of else high
        begin, end = _day(min(low, high), zone), _day(high, zone)
    return begin, end + timedelta(days=1), table


def _months(reading: Reading, zone: str) -> tuple[date, date, str] | None:
    """The months that answers of staff speak of, whole up to when they were taken: no day is kept of them."""
    if "answers" not in reading.tables:
        return None
    asked = 'SELECT min("at"), max("at") FROM answers WHERE instrument = \'engagement\''
    low, high = reading.con.execute(asked).fetchall()[0]
    if low is None:
        return None
    begin, last = _day(low, "UTC"), _day(high, "UTC")
    end = (last + timedelta(days=31)).replace(day=1)
    if reading.as_of:
        end = min(end, max(last, _day(reading.as_of, zone)) + timedelta(days=1))
    return begin, end, "answers"


def _day(instant: int, zone: str) -> date:
    return datetime.fromtimestamp(instant, UTC).astimezone(ZoneInfo(zone)).date()


def _last_quarter(first: date, last: date) -> tuple[date, date]:
    """The last whole quarter of a year that has one before it; of a shorter time the later half."""
    until = last.replace(month=(last.month - 1) // 3 * 3 + 1, day=1)
    before = until - timedelta(days=1)
    since = before.replace(month=(before.month - 1) // 3 * 3 + 1, day=1)
    if first < since:
        return since, until
    return first + (last - first) / 2, last


def _cut(period: Period) -> Cut:
    """Pieces of the period that make a trend one can read."""
    if period.days <= 45:
        return "day"
    return "week" if period.days <= 400 else "month"


def _groups(question: Question, reading: Reading) -> tuple[str, ...]:
    """The dimensions asked for, else those that the files have a few groups of."""
    found = []
    for dimension in question.by if question.by is not None else DIMENSIONS:
        if dimension not in DIMENSIONS and dimension not in ("agent", "team_id", "agent_id"):
            unlike = gettext_noop("Nothing can be grouped by “{dimension}”; there are {known}.")
            raise Refused(Said(unlike, dimension=dimension, known=", ".join(DIMENSIONS)))
        many = max((_distinct(reading, table, dimension) for table in _SPANS), default=0)
        if question.by is not None and not many:
            raise Refused(Said(UNTOLD, dimension=dimension))
        if question.by is not None or 2 <= many <= MOST_GROUPS:
            found.append(dimension)
    return tuple(found)


def _distinct(reading: Reading, table: str, dimension: str) -> int:
    if table not in reading.tables or dimension not in _columns(reading, table):
        return 0
    asked = f"SELECT count(DISTINCT {dimension}) FROM {table}"  # noqa: S608 - names of ours
    return int(reading.con.execute(asked).fetchall()[0][0])


def _columns(reading: Reading, table: str) -> list[str]:
    found: list[Any] = reading.con.execute(f"DESCRIBE {table}").fetchall()
    return [row[0] for row in found]
