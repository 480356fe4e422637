"""The report's words. English here; a page passes its own translation of each, and a locale for numbers.

`words` everywhere is a callable from the English text to the reader's (gettext is one). Placeholders in
braces are filled after translation. Durations and dates are written by Babel.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from babel import Locale
from babel.dates import format_date
from babel.numbers import format_decimal, format_percent
from babel.units import format_unit

Words = Callable[[str], str]


def gettext_noop(text: str) -> str:
    """Marks a text for the collectors of translations; changes nothing."""
    return text


def english(text: str) -> str:
    """The words when nobody translates."""
    return text


INDICATORS = {
    "first_response": gettext_noop("First response time"),
    "resolution": gettext_noop("Resolution time"),
    "first_response_compliance": gettext_noop("First responses within the standard"),
    "next_response_compliance": gettext_noop("Later responses within the standard"),
    "resolution_compliance": gettext_noop("Resolutions within the standard"),
    "csat": gettext_noop("Customer satisfaction (CSAT)"),
}

_UNITS = (("day", 86_400), ("hour", 3_600), ("minute", 60), ("second", 1))


def duration(seconds: float, locale: str) -> str:
    """The two largest units of a duration: 3 hr 20 min, 45 sec."""
    rest = round(seconds)
    parts: list[str] = []
    for unit, size in _UNITS:
        count, rest = divmod(rest, size)
        if count or (unit == "second" and not parts):
            parts.append(format_unit(count, unit, length="short", locale=locale))
        if len(parts) == 2 or (parts and not count):
            break
    return " ".join(parts[:2])


def number(value: float, unit: str, locale: str, digits: int = 1) -> str:
    """A value for people: a share as a percentage, seconds as a duration, scores with decimals."""
    if unit == "share":
        return format_percent(value, "#,##0" + ("." + "0" * digits if digits else "") + "%", locale=locale)
    if unit == "seconds":
        return duration(value, locale)
    return format_decimal(round(value, digits), locale=locale)


def percent_points(value: float, locale: str) -> str:
    """A difference of shares in percentage points, without a sign."""
    return format_decimal(round(100 * abs(value), 1), locale=locale)


def day(value: date, locale: str, *, year: bool = False) -> str:
    """A day, short: 5 Oct, 5. okt., 5 ოქტ."""
    pattern = Locale.parse(locale).date_formats["medium"].pattern if year else "d MMM"
    return format_date(value, pattern, locale=locale)
