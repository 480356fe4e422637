"""Instants in text: which form a column's dates have, decided from the whole column.

The shape of a value is the value with each digit as 9. DuckDB counts the shapes of a column in one pass; each
shape is read by one format, and what has no format is a bad row. Day first or month first is decided by numbers
over 12 anywhere in the column, else by the file's other columns; what stays ambiguous is said. Names of months in
another language than English are written anew first (month_names.py).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from answerable.measure.reading import sql
from answerable.measure.reading.month_names import Rewriting, rewriting
from answerable.measure.words import Said, gettext_noop

Order = Literal["day", "month"]
ISO, EPOCH, EXCEL, NATIVE = "ISO 8601", "epoch", "Excel serial", "native"
DAY_SECONDS = 86_400
ZERO = "0000-00-00"
"""What MySQL writes where there is no date."""
NOTHING = ("not set", "not assigned", "not specified", "unknown", "not available", "not applicable")
"""What exports write where there is no date, besides what they write where there is nothing."""
_ZONE = "[0-9](Z|z| ?UTC| ?GMT|[+-][0-9]{2}:?([0-9]{2})?)$"
_MOST_SHAPES = 400
_CODE = re.compile("%.")
_CODES = {
    "%Y": "YYYY", "%y": "YY", "%m": "MM", "%d": "DD", "%b": "Mon", "%B": "Month", "%a": "Day", "%A": "Weekday",
    "%H": "hh", "%I": "hh", "%M": "mm", "%S": "ss", "%f": "ffffff", "%p": "AM/PM", "%z": "±hhmm", "%Z": "UTC",
}  # fmt: skip
_KINDS = {
    EPOCH: gettext_noop("counted since 1970"),
    EXCEL: gettext_noop("numbers of days, as spreadsheets count them"),
    NATIVE: gettext_noop("dates of the file's own type"),
}
_NO_FORM = gettext_noop("none that can be read")
_MONTHS = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
_MONTH = rf"(?P<name>(?:{_MONTHS})[a-z]*)\.?"
_WEEKDAY = r"(?:(?P<weekday>(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*)(?P<after>,?\s+))?"
_DATES = (
    r"(?P<y>9999)(?P<a>[-/. ])(?P<m>99?)(?P<b>[-/. ])(?P<d>99?)",
    r"(?P<x>99?)(?P<a>\. |[-/. ])(?P<z>99?)(?P<b>\. |[-/. ])(?P<y>9999|99)",
    rf"(?P<d>99?)(?P<a>[-/. ]\s?){_MONTH}(?P<b>[-/. ,]\s?)(?P<y>9999|99)",
    rf"{_MONTH}(?P<a>[-/. ])(?P<d>99?)(?P<b>,?[-/ ])(?P<y>9999)",
    r"(?P<y>9999)(?P<m>99)(?P<d>99)",
)
_CTIME = re.compile(
    rf"[a-z]{{3}} (?:{_MONTHS})(?P<gap> {{1,2}})99? 99:99:99(?P<zone> UTC| GMT| [+-]9999)? 9999", re.IGNORECASE
)
"""Mon Mar  2 09:00:00 2026, as C and Request Tracker write it, or 09:00:00 +0000 2026, as social networks do."""
_TIME = (
    r"(?P<gap>T|,?\s+(?:(?:at|@)\s+)?|\s*)(?P<H>99?)(?P<s1>:)(?P<M>99)(?::(?P<S>99)(?:(?P<point>[.,])(?P<f>9{1,9}))?)?"
    r"(?:(?P<space>\s*)(?P<p>[ap](?:\. ?)?m\.?))?"
    r"(?P<offset>(?P<before>\s?(?:GMT(?=[+-]))?)(?:Z|(?:UTC|GMT)[+-]99?(?!9|:)|UTC|GMT|[+-]99:?99|[A-Z]{3,4})"
    r"(?P<tail>\s\([a-z ]+\))?)?"
)
_FORMS = [re.compile(rf"{_WEEKDAY}{date}(?:{_TIME})?", re.IGNORECASE) for date in _DATES]


@dataclass(frozen=True, slots=True)
class Format:
    """How one shape is read: a strptime format, and whether day and month could be the other way around."""

    text: str
    swappable: bool = False
    zoned: bool = False
    comma: bool = False
    dotted: bool = False
    whole: bool = False

    def ordered(self, order: Order) -> Format:
        """With day or month first."""
        if not self.swappable or order == "day":
            return self
        swapped = self.text.replace("%d", "\0").replace("%m", "%d").replace("\0", "%m")
        return replace(self, text=swapped)


@dataclass(frozen=True, slots=True)
class Column:
    """What a pass over a column of dates found.

    `kind` is one of ISO, EPOCH, EXCEL, NATIVE or "formats"; `formats` maps each shape that can be read to its
    format. `votes` counts values that only day-first, or only month-first, explains.
    """

    name: str
    kind: str
    formats: dict[str, Format]
    unit: float = 1.0
    votes: tuple[int, int] = (0, 0)
    zoned: bool = False
    rewriting: Rewriting | None = None

    @property
    def order(self) -> Order | None:
        """Which comes first by the column's own evidence; None where there is none."""
        day, month = self.votes
        return None if day == month else "day" if day > month else "month"

    @property
    def ambiguous(self) -> bool:
        """Whether the order matters and nothing in the column decides it."""
        return self.order is None and any(each.swappable for each in self.formats.values())


def examine(con: Any, relation: str, column: str, kind: str = "text", months: str | None = None) -> Column:
    """Look through a whole column. `months` is the language of its months' names, where somebody said it."""
    if kind in ("timestamp", "timestamptz", "date"):
        return Column(column, NATIVE, {}, zoned=kind == "timestamptz")
    source, value = sql.name(relation), _text(column, kind)
    iso = f"TRY_CAST({value} AS TIMESTAMPTZ) IS NOT NULL OR starts_with({value}, '{ZERO}')"
    if kind == "text" and _all(con, source, iso, value):
        zone = rf"length({value}) > 10 AND regexp_matches({value}, '{_ZONE}')"
        return Column(
            column, ISO, {}, zoned=bool(con.execute(f"SELECT bool_or({zone}) FROM {source}").fetchall()[0][0])
        )
    shapes = _shapes(con, source, value)
    rewritten = rewriting(shapes, months)
    if rewritten is not None:
        value = rewritten.of(value)
        shapes = _shapes(con, source, value)
    formats = {shape: found for shape, _ in shapes if (found := format_of(shape)) is not None}
    numbers = sum(count for shape, count in shapes if re.fullmatch(r"-?9{5,16}(\.9+)?", shape))
    total = sum(count for shape, count in shapes if shape != "9")
    if numbers > total / 2 and not _compact(con, source, value, formats):
        return _numeric(con, source, value, column)
    votes = _votes(con, source, value, [shape for shape, found in formats.items() if found.swappable])
    zoned = any(found.zoned for found in formats.values())
    return Column(column, "formats", formats, votes=votes, zoned=zoned, rewriting=rewritten)


def _shapes(con: Any, source: str, value: str) -> list[tuple[str, int]]:
    """The shapes of a column with how many values have each, the most frequent first."""
    found: list[tuple[str, int]] = con.execute(
        f"SELECT translate(v, '012345678', '999999999') AS shape, count(*) FROM (SELECT {value} AS v FROM {source}) "
        f"WHERE v IS NOT NULL GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT {_MOST_SHAPES}"
    ).fetchall()
    return [(shape, count) for shape, count in found if shape.lower() not in NOTHING]


def _text(column: str, kind: str) -> str:
    """A column as text."""
    return sql.name(column) if kind == "text" else f"CAST({sql.name(column)} AS VARCHAR)"


def _all(con: Any, source: str, condition: str, value: str) -> bool:
    """Whether a condition holds for every value there is: a quick look first, then all of them."""
    for rows in (f"(FROM {source} LIMIT 1000)", source):
        wrong, right = con.execute(
            f"SELECT count(*) FILTER (WHERE {value} IS NOT NULL AND NOT ({condition})), count({value}) FROM {rows}"
        ).fetchall()[0]
        if wrong or (rows == source and not right):
            return False
    return True


def _compact(con: Any, source: str, value: str, formats: dict[str, Format]) -> bool:
    """Whether eight digits are dates such as 19970101."""
    if "99999999" not in formats:
        return False
    wrong, right = con.execute(
        f"SELECT count(*) FILTER (WHERE d IS NULL), count(d) FROM (SELECT TRY_STRPTIME(v, '%Y%m%d') AS d FROM "
        f"(SELECT {value} AS v FROM {source}) WHERE length(v) = 8) WHERE d IS NULL OR year(d) BETWEEN 1950 AND 2100"
    ).fetchall()[0]
    return bool(right > 9 * wrong)


def _numeric(con: Any, source: str, value: str, column: str) -> Column:
    """Seconds, milliseconds or microcounted since 1970, or Excel's days since 1900, by their size."""
    middle = con.execute(f"SELECT median(TRY_CAST({value} AS DOUBLE)) FROM {source}").fetchall()[0][0] or 0
    if middle < 200_000:
        return Column(column, EXCEL, {})
    unit = next((unit for size, unit in ((1e11, 1.0), (1e14, 1e3), (1e17, 1e6)) if middle < size), 1e9)
    return Column(column, EPOCH, {}, unit)


def _votes(con: Any, source: str, value: str, shapes: Sequence[str]) -> tuple[int, int]:
    """How many values have a first number over 12, and how many a second."""
    if not shapes:
        return 0, 0
    first, second = (f"TRY_CAST(regexp_extract(v, '^[^0-9]*([0-9]+)[^0-9]+([0-9]+)', {n}) AS INTEGER)" for n in (1, 2))
    found: tuple[int, int] = con.execute(
        f"SELECT count(*) FILTER (WHERE a > 12 AND b <= 12), count(*) FILTER (WHERE b > 12 AND a <= 12) FROM "
        f"(SELECT {first} AS a, {second} AS b FROM (SELECT DISTINCT {value} AS v FROM {source}) "
        f"WHERE translate(v, '012345678', '999999999') IN ({sql.literals(shapes)}))"
    ).fetchall()[0]
    return found


def format_of(shape: str) -> Format | None:
    """The strptime format of a shape; None where it is none we know."""
    for form in _FORMS:
        if (match := form.fullmatch(shape)) is not None:
            return _format(match)
    if (match := _CTIME.fullmatch(shape)) is not None:
        zone = " %z" if "9" in (match["zone"] or "") else match["zone"] or ""
        return Format(f"%a %b{match['gap']}%d %H:%M:%S{zone} %Y", zoned=bool(zone))
    return None


def _format(match: re.Match[str]) -> Format:
    """The pieces of a shape as a format."""
    piece = {key: value for key, value in match.groupdict().items() if value is not None}
    year = "%Y" if len(piece["y"]) == 4 else "%y"
    swappable = "x" in piece
    month = ("%B" if len(piece["name"]) > 3 else "%b") if "name" in piece else "%m"
    a, b = piece.get("a", ""), piece.get("b", "")
    if match.start("y") < max(match.start(key) for key in ("d", "z", "name") if key in piece):
        date = f"{year}{a}{month}{b}%d"
    elif "name" in piece and match.start("name") < match.start("d"):
        date = f"{month}{a}%d{b}{year}"
    else:
        date = f"%d{a}{month}{b}{year}"
    if "weekday" in piece:
        date = ("%a" if len(piece["weekday"]) == 3 else "%A") + piece["after"] + date
    if "H" not in piece:
        return Format(date, swappable)
    time = ("%I" if "p" in piece else "%H") + ":%M" + (":%S" if "S" in piece else "") + (".%f" if "f" in piece else "")
    time += piece.get("space", "") + "%p" if "p" in piece else ""
    offset = piece.get("offset", "")
    tail = piece.get("tail", "")
    mark = offset.removesuffix(tail).strip().upper()
    whole = bool(re.fullmatch("(UTC|GMT)[+-]99?", mark))
    if mark in ("Z", "UTC", "GMT"):
        time += offset
    elif whole:
        time += "%z"
    elif mark:
        time += piece.get("before", "") + ("%z" if "9" in mark else "%Z") + tail
    dotted = "." in piece.get("p", "")
    text = date + piece["gap"] + time
    return Format(text, swappable, bool(mark), piece.get("point") == ",", dotted, whole)


def instants(column: Column, expression: str, order: Order, zone: str) -> str:
    """SQL from the column's text (or own type) to Unix seconds; null where a value has no such form."""
    value = expression if column.kind == NATIVE else f"CAST({expression} AS VARCHAR)"
    if column.rewriting is not None:
        value = column.rewriting.of(value)
    if column.kind == NATIVE:
        return _seconds(f"CAST({expression} AS TIMESTAMPTZ)")
    if column.kind == ISO:
        return _seconds(f"TRY_CAST({value} AS TIMESTAMPTZ)")
    if column.kind == EPOCH:
        return f"CAST(floor(TRY_CAST({value} AS DOUBLE) / {column.unit}) AS BIGINT)"
    if column.kind == EXCEL:
        days = f"TRY_CAST(replace({value}, ',', '.') AS DOUBLE)"
        days = f"CASE WHEN {days} BETWEEN 1 AND 200000 THEN {days} END"
        local = f"TIMESTAMP '1899-12-30' + to_seconds(CAST(round(({days}) * 86400) AS BIGINT))"
        return _seconds(f"timezone({sql.literal(zone)}, {local})")
    return _formatted(column, value, order, zone)


def _formatted(column: Column, value: str, order: Order, zone: str) -> str:
    """Each format reads the shapes it is for."""
    shapes: dict[Format, list[str]] = {}
    for shape, form in column.formats.items():
        shapes.setdefault(form.ordered(order), []).append(shape)
    reads = {form: _seconds(_read(form, value, zone)) for form in shapes}
    if not reads:
        return "CAST(NULL AS BIGINT)"
    if len(reads) == 1:
        return next(iter(reads.values()))
    shape = f"translate({value}, '012345678', '999999999')"
    branches = " ".join(f"WHEN {shape} IN ({sql.literals(shapes[form])}) THEN {read}" for form, read in reads.items())
    return f"CASE {branches} END"


def _read(form: Format, value: str, zone: str) -> str:
    """One format's reading, as an instant."""
    if form.comma:
        value = f"regexp_replace({value}, '(:[0-9]{{2}}),', '\\1.')"
    if form.whole:
        value = f"regexp_replace({value}, '\\s?(?:GMT|UTC)([+-])([0-9]{{1,2}})$', '\\1\\2:00')"
        value = f"regexp_replace({value}, '([+-])([0-9]):00$', '\\10\\2:00')"
    if form.dotted:
        value = f"regexp_replace({value}, '([AaPp])[.] ?([Mm])[.]?', '\\1\\2')"
    read = f"TRY_STRPTIME({value}, {sql.literal(form.text)})"
    if "%z" in form.text or "%Z" in form.text:
        return read
    return f"timezone({sql.literal('UTC' if form.zoned else zone)}, {read})"


def _seconds(instant: str) -> str:
    """Whole Unix seconds of an instant, floored; null where it is infinite."""
    return f"TRY(epoch_us({instant}) // 1000000)"


def local_day(seconds: str, zone: str) -> str:
    """SQL from Unix seconds to the days since 1 January 1970 in a zone."""
    if zone == "UTC":
        return f"({seconds}) // {DAY_SECONDS}"
    local = f"timezone({sql.literal(zone)}, to_timestamp({seconds}))"
    return f"epoch_us({local}) // {DAY_SECONDS}000000"


def shown(column: Column, order: Order) -> str:
    """The form for the person who checks it: 2026-03-02 as YYYY-MM-DD."""
    if column.kind != "formats":
        return _KINDS.get(column.kind, column.kind)
    found = dict.fromkeys(each.ordered(order).text for each in column.formats.values())
    return ", ".join(_CODE.sub(lambda match: _CODES.get(match[0], match[0]), text) for text in found) or _NO_FORM


def decide(columns: Sequence[Column], given: Order | None, hint: Callable[[], Order]) -> tuple[Order, str | None]:
    """Day or month first in a file: as given, else by its columns' evidence, else by the hint, which is said."""
    if given is not None:
        return given, None
    day, month = (sum(column.votes[side] for column in columns) for side in (0, 1))
    if day or month:
        against = gettext_noop("the order of day and month was decided by most dates; those that speak against it: {n}")
        doubt = Said(against, n=min(day, month)) if day and month else None
        return ("day" if day >= month else "month"), doubt
    guessed = hint()
    if any(column.ambiguous for column in columns):
        return guessed, gettext_noop("no date in the file shows whether the day or the month comes first")
    return guessed, None
