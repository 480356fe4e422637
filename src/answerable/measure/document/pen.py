"""Values in the reader's language: figures, intervals, days, instants."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime, format_interval
from babel.numbers import format_decimal

from answerable.measure.charts import Style
from answerable.measure.words import (
    Plurals,
    Said,
    Words,
    duration,
    english_plurals,
    gettext_noop,
    month,
    of_estimate,
    percent_points,
    working,
)

if TYPE_CHECKING:
    from answerable.core.estimates import Difference, Estimate
    from answerable.measure.period import Period

NONE = "–"
OR_MORE = gettext_noop("%s or more")
UP_TO = gettext_noop("up to %s")
SAME = gettext_noop("Not distinguishable from the period before (%s).")
NO_BEFORE = gettext_noop("The period before has nothing to compare with.")
_CHANGES = {
    ("time", True): gettext_noop("%(change)s longer than in the period before (%(was)s), distinguishable."),
    ("time", False): gettext_noop("%(change)s shorter than in the period before (%(was)s), distinguishable."),
    ("share", True): gettext_noop(
        "%(change)s percentage points higher than in the period before (%(was)s), distinguishable."
    ),
    ("share", False): gettext_noop(
        "%(change)s percentage points lower than in the period before (%(was)s), distinguishable."
    ),
    ("score", True): gettext_noop("%(change)s higher than in the period before (%(was)s), distinguishable."),
    ("score", False): gettext_noop("%(change)s lower than in the period before (%(was)s), distinguishable."),
}


@dataclass(frozen=True, slots=True)
class Pen:
    """Writes for one reader: their words, and numbers and dates by their locale."""

    words: Words
    locale: str
    zone: str
    ngettext: Plurals = english_plurals

    def __call__(self, text: str, **values: str) -> str:
        """A text in the reader's language, with the values in its braces."""
        if isinstance(text, Said):
            return text.by(self.words, self.count)
        said = self.words(text)
        return said.format(**values) if values else said

    def style(self, palette: str = "page") -> Style:
        """How charts are written."""
        return Style(self.words, self.locale, palette, self.ngettext)

    def said(self, value: float, estimate: Estimate) -> str:
        """A value as its kind is said; scores with two decimals."""
        return of_estimate(value, estimate, self.locale, 2 if estimate.unit in ("score", "coefficient") else 1)

    def value(self, estimate: Estimate) -> str:
        """The value; “> low” where fewer than half have ended; a dash where there is none."""
        if estimate.value is not None:
            return self.said(estimate.value, estimate)
        if estimate.n and estimate.low is not None and estimate.unit == "seconds":
            return f"> {self.said(estimate.low, estimate)}"
        return NONE

    def interval(self, estimate: Estimate) -> str:
        """From low to high, open where the data do not bound it."""
        if estimate.value is None:
            return ""
        low, high = (None if end is None else self.said(end, estimate) for end in (estimate.low, estimate.high))
        if low and high:
            return f"{low} – {high}"
        if low:
            return self.words(OR_MORE) % low
        return self.words(UP_TO) % high if high else ""

    def count(self, n: int) -> str:
        """A count by the reader's locale."""
        return format_decimal(n, locale=self.locale)

    def decimal(self, value: float, digits: int = 2) -> str:
        """A number with as many decimals."""
        return format_decimal(value, "#,##0." + "0" * digits, locale=self.locale)

    def number(self, value: float) -> str:
        """A number with the decimals it has."""
        return format_decimal(value, locale=self.locale)

    def seconds(self, value: float, *, business: bool) -> str:
        """A duration by either clock."""
        return (working if business else duration)(value, self.locale)

    def size(self, change: float, unit: str, estimate: Estimate) -> str:
        """How large a change is, without its sign."""
        return percent_points(change, self.locale) if unit == "share" else self.said(abs(change), estimate)

    def change(self, change: Difference | None, before: Estimate | None, estimate: Estimate) -> str:
        """Against the period before, claiming only what the interval bears."""
        if change is None or before is None or change.value is None:
            return self(NO_BEFORE)
        was = self.value(before)
        if not change.distinguishable:
            return self.words(SAME) % was
        kind = {"seconds": "time", "share": "share"}.get(change.unit, "score")
        words = self.words(_CHANGES[kind, change.value > 0])
        return words % {"change": self.size(change.value, change.unit, estimate), "was": was}

    def day(self, day: date) -> str:
        """A day with its year."""
        return str(format_date(day, "medium", locale=self.locale))

    def month(self, day: date) -> str:
        """Its month with the year."""
        return month(day, self.locale)

    def instant(self, at: int) -> str:
        """An instant (Unix seconds) by the report's zone: 2026-03-02 09:00, elsewhere 02.03.2026 09:00."""
        local = datetime.fromtimestamp(at, UTC).astimezone(ZoneInfo(self.zone))
        day = "yyyy-MM-dd" if self.locale.startswith("en") else "dd.MM.yyyy"
        return str(format_datetime(local, f"{day} HH:mm", locale="en"))

    def period(self, period: Period) -> str:
        """First and last day, such as Nov 1 – 21, 2026."""
        last = period.until - timedelta(days=1)
        return str(format_interval(period.since, last, "yMMMd", locale=self.locale))
