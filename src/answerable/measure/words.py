"""The report's words. English here; a page passes its own translation of each, and a locale for numbers.

`words` everywhere is a callable from the English text to the reader's (gettext is one). Placeholders in
braces are filled after translation. Durations and dates are written by Babel.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING

from babel import Locale
from babel.dates import format_date, format_skeleton
from babel.numbers import format_decimal, format_percent
from babel.units import format_unit

from answerable.core.said import Said as Said
from answerable.core.said import Words as Words
from answerable.core.said import gettext_noop as gettext_noop

if TYPE_CHECKING:
    from answerable.core.estimates import Estimate

Plurals = Callable[[str, str, int], str]
"""From the English text for one, that for many, and how many there are, to the reader's (ngettext is one)."""


def english(text: str) -> str:
    """The words when nobody translates."""
    return text


def english_plurals(one: str, many: str, n: int) -> str:
    """The plurals when nobody translates."""
    return one if n == 1 else many


INDICATORS = {
    "first_response": gettext_noop("First response time"),
    "resolution": gettext_noop("Resolution time"),
    "first_response_compliance": gettext_noop("First responses within the standard"),
    "next_response_compliance": gettext_noop("Later responses within the standard"),
    "resolution_compliance": gettext_noop("Resolutions within the standard"),
    "csat": gettext_noop("Customer satisfaction (CSAT)"),
    "nps": gettext_noop("Recommendation (NPS)"),
    "ces": gettext_noop("Ease (CES)"),
    "retention": gettext_noop("Customer retention"),
    "servqual": gettext_noop("Service quality gap (SERVQUAL)"),
    "engagement": gettext_noop("Employee engagement"),
    "reopened": gettext_noop("Solved conversations that came back"),
    "refunds": gettext_noop("Refunds"),
    "returned": gettext_noop("Returns"),
    "refunded": gettext_noop("Refunds and compensations"),
}

FEW_HOURS = 48
_UNITS = (("day", 86_400), ("hour", 3_600), ("minute", 60), ("second", 1))


def duration(seconds: float, locale: str) -> str:
    """The two largest units of a duration: 3 hr 20 min, 45 sec."""
    rest = round(seconds)
    parts: list[str] = []
    for unit, size in _UNITS:
        count, rest = divmod(rest, size)
        if count or (unit == "second" and not parts):
            parts.append(_quantity(count, unit, locale))
        if len(parts) == 2 or (parts and not count):
            break
    return " ".join(parts[:2])


def working(seconds: float, locale: str) -> str:
    """Business time in hours and minutes, such as 27 hr 30 min, never in days: a day of it is nobody's day.
    From two days' worth of hours on, minutes say nothing."""
    hours, minutes = divmod(round(seconds / 60), 60)
    parts = [_quantity(hours, "hour", locale)] if hours else []
    if (minutes and hours < FEW_HOURS) or not hours:
        parts.append(_quantity(minutes, "minute", locale))
    return " ".join(parts)


def _quantity(count: int, unit: str, locale: str) -> str:
    return format_unit(count, f"duration-{unit}", length="short", locale=locale).replace(" ", "\N{NO-BREAK SPACE}")


def is_business(estimate: Estimate) -> bool:
    """Whether it was counted by business hours."""
    return ".business." in estimate.definition.name


def of_estimate(value: float, estimate: Estimate, locale: str, digits: int = 1) -> str:
    """A value as its estimate's kind is said, by its unit and the clock it was counted by."""
    if estimate.unit == "seconds" and is_business(estimate):
        return working(value, locale)
    return number(value, estimate.unit, locale, digits)


def between(edges: tuple[int, ...], place: int, locale: str, *, business: bool) -> str:
    """Such as 1–2 hr: from an edge (seconds) to the next, in the unit that fits; the last is open."""
    say = working if business else duration
    if place == len(edges) - 1:
        return f"> {say(edges[place], locale)}"
    low, high = edges[place], edges[place + 1]
    if low == 0:
        return f"< {say(high, locale)}"
    for unit, size in _UNITS[business:]:
        if low % size == 0 and high % size == 0:
            return f"{low // size}–{_quantity(high // size, unit, locale)}"
    return f"{say(low, locale)} – {say(high, locale)}"


def number(value: float, unit: str, locale: str, digits: int = 1) -> str:
    """A value for people: a share as a percentage, seconds as a duration, scores with decimals."""
    if unit == "share":
        return percent(value, locale, digits)
    if unit == "seconds":
        return duration(value, locale)
    pattern = "#,##0." + "0" * digits if digits > 1 else None  # 4.20 beside 4.43
    return format_decimal(round(value, digits), pattern, locale=locale)


def percent(share: float, locale: str, digits: int = 0) -> str:
    """A share in percent: 62.5%, in Latvian and Kazakh 62,5 %, as the sign is set there."""
    gap = "\N{NO-BREAK SPACE}" if locale.partition("_")[0] in ("lv", "kk") else ""
    return format_percent(share, f"#,##0{'.' if digits else ''}{'0' * digits}{gap}%", locale=locale)


def percent_points(value: float, locale: str) -> str:
    """A difference of shares in percentage points, without a sign."""
    return format_decimal(round(100 * abs(value), 1), locale=locale)


def day(value: date, locale: str, *, year: bool = False) -> str:
    """A day, short: 5 Oct, 5. okt., 5 ოქტ."""
    pattern = Locale.parse(locale).date_formats["medium"].pattern if year else "d MMM"
    return format_date(value, pattern, locale=locale)


def month(value: date, locale: str) -> str:
    """The month of a day, with its year: Mar 2026, 2026. g. marts, მარ. 2026."""
    return str(format_skeleton("yMMM", value, locale=locale))
