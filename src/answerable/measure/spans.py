"""Which days, in which pieces, and by which groups a report of anyone's files is made, where nobody says so."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from answerable.core.said import said_of
from answerable.measure.period import EPOCH, Cut, Period
from answerable.measure.question import Question, Refused
from answerable.measure.words import Said, gettext_noop

if TYPE_CHECKING:
    from answerable.measure.reading import Reading

DIMENSIONS = ("team", "channel", "segment", "region", "language", "priority")
MOST_GROUPS = 40
UNTOLD = gettext_noop("These files do not say which {dimension}. Name its column in map.toml, or leave it out.")
SPANS = {
    "conversations": ("started_at", False),
    "ratings": ("invited_at", False),
    "answers": ('"at"', False),
    "activity": ("day", True),
}
"""By table: the column of its time, and whether that is a day's number."""
OUTSIDE = gettext_noop("Nothing is left with {asked}: the files speak of {first} to {last}.")


def period_of(question: Question, reading: Reading, zone: str) -> tuple[Period, bool, bool]:
    """The days asked for, else those of the files; whether the files hold anything from before; whether there are days.

    Customers' activity needs a window before: of it alone the last whole quarter is taken, or the later half.
    """
    spans = [span for table in SPANS if (span := _span(reading, table, zone))]
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
        raise Refused(Said(OUTSIDE, asked=asked, first=str(first), last=str(last - timedelta(days=1))))
    try:
        period = Period(since, until, zone)
    except ValueError as error:
        raise Refused(said_of(error)) from error
    return period, first < period.since, dated


def _span(reading: Reading, table: str, zone: str) -> tuple[date, date, str] | None:
    """First local day and the day after the last that a table speaks of, up to when it was taken."""
    if table not in reading.tables:
        return None
    column, days = SPANS[table]
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


def cut_of(period: Period) -> Cut:
    """Pieces of the period that make a trend one can read."""
    if period.days <= 45:
        return "day"
    return "week" if period.days <= 400 else "month"


def groups_of(question: Question, reading: Reading) -> tuple[str, ...]:
    """The dimensions asked for, else those that the files have a few groups of."""
    found = []
    for dimension in question.by if question.by is not None else DIMENSIONS:
        if dimension not in DIMENSIONS and dimension not in ("agent", "team_id", "agent_id"):
            unlike = gettext_noop("Nothing can be grouped by “{dimension}”; there are {known}.")
            raise Refused(Said(unlike, dimension=dimension, known=", ".join(DIMENSIONS)))
        many = max((_distinct(reading, table, dimension) for table in SPANS), default=0)
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
