"""Times, durations and names in the reader's words, by CLDR (Babel); static/web/time.js says them the same way."""

from datetime import datetime, timedelta
from functools import cache
from typing import Any, Literal
from zlib import crc32

from babel import Locale, UnknownLocaleError
from babel.dates import format_datetime, format_skeleton, format_timedelta
from babel.units import format_unit
from django.utils import timezone
from django.utils.translation import get_language, to_locale
from django.utils.translation import gettext as _

Unit = Literal["day", "hour", "minute", "second"]
UNITS: tuple[tuple[Unit, int], ...] = (("day", 86_400), ("hour", 3_600), ("minute", 60), ("second", 1))
DATE_AFTER_SECONDS = 7 * 86_400
TINTS = 6


def reader_locale() -> Locale:
    """The locale of the language in force; English where CLDR does not know it."""
    try:
        return Locale.parse(to_locale(get_language() or "en"))
    except (UnknownLocaleError, ValueError):
        return Locale.parse("en")


def duration(length: timedelta) -> str:
    """`length` by its two largest units, such as “1 hr 20 min”. The sign is not said."""
    seconds = round(abs(length.total_seconds()))
    locale = reader_locale()
    parts: list[str] = []
    for place, (unit, size) in enumerate(UNITS):
        count, rest = divmod(seconds, size)
        if count:
            parts.append(_unit(count, unit, locale))
            if rest and place + 1 < len(UNITS) and unit != "minute":
                smaller, smaller_size = UNITS[place + 1]
                if second := rest // smaller_size:
                    parts.append(_unit(second, smaller, locale))
            break
    return " ".join(parts) or _unit(0, "minute", locale)


def _unit(count: int, unit: str, locale: Locale) -> str:
    return format_unit(count, f"duration-{unit}", "short", locale=locale).replace(" ", "\N{NO-BREAK SPACE}")


def ago(at: datetime, now: datetime, *, short: bool = False) -> str:
    """How far `at` is from `now`: “5 minutes ago”, “in 3 hours” (`short`: “5 min. ago”); after a week the date."""
    seconds = round((at - now).total_seconds())
    locale = reader_locale()
    if abs(seconds) < 60:
        return _("just now")
    if abs(seconds) >= DATE_AFTER_SECONDS:
        local = timezone.localtime(at)
        skeleton = "MMMd" if local.year == timezone.localtime(now).year else "yMMMd"
        return format_skeleton(skeleton, local, locale=locale)
    for unit, size in UNITS:
        if abs(seconds) >= size:
            whole = timedelta(seconds=abs(seconds) // size * size * (1 if seconds > 0 else -1))
            return format_timedelta(
                whole,
                granularity=unit,
                threshold=1,
                add_direction=True,
                format="short" if short else "long",
                locale=locale,
            )
    raise AssertionError("a distance of a minute or more has a unit")


def moment(at: datetime) -> str:
    """Date and time in the reader's zone, such as “21 Nov 2026, 17:03:10”."""
    return format_datetime(timezone.localtime(at), "medium", locale=reader_locale())


def initials(name: str) -> str:
    """One or two letters for a name: first and last word, Georgian and Cyrillic alike; “?” for none."""
    words = [word for word in name.replace("@", " ").split() if word[:1].isalnum()]
    letters = [words[0][0], words[-1][0]] if len(words) > 1 else [word[0] for word in words]
    # Georgian has capitals for whole headlines only, so a letter of it stays as it is.
    return "".join(c if "\u10d0" <= c <= "\u10ff" else c.upper() for c in letters) or "?"


def tint(name: str) -> int:
    """One of TINTS grounds for a name, the same on every machine."""
    return crc32(name.encode()) % TINTS


@cache
def time_words(locale: Locale) -> dict[str, Any]:
    """Patterns with `%s` for the number, for scripts: browsers know Georgian and Kazakh only sometimes.

    `plurals` has a digit for each number from 0 to 199, the place of its pattern in every list: `ago` by style
    and unit, `units` by unit. What is 200 or more is as its last two digits after 100.
    """
    categories = [locale.plural_form(number) for number in range(200)]
    kinds = sorted(set(categories))
    examples = [next(n for n in (*range(2, 200), 1, 0) if categories[n] == kind) for kind in kinds]

    def distance(number: int, unit: Unit, style: Literal["long", "short"]) -> str:
        back = timedelta(seconds=-number * dict(UNITS)[unit])
        said = format_timedelta(
            back, granularity=unit, threshold=number, add_direction=True, format=style, locale=locale
        )
        return said.replace(str(number), "%s")

    return {
        "plurals": "".join(str(kinds.index(category)) for category in categories),
        "ago": {
            style: {unit: [distance(n, unit, style) for n in examples] for unit, _size in UNITS}
            for style in ("long", "short")
        },
        "units": {unit: [_unit(n, unit, locale).replace(str(n), "%s") for n in examples] for unit, _size in UNITS},
    }


def script_words() -> dict[str, Any]:
    """What the scripts say, in the reader's language. `%s` is filled in by the script."""
    return {
        "time": time_words(reader_locale()),
        "just_now": _("just now"),
        "close": _("Close"),
        "undo": _("Undo"),
        "undone": _("Undone."),
        "saving": _("Saving…"),
        "saved": _("Saved at %s"),
        "not_saved": _("Not saved yet. Trying again…"),
        "remove": _("Remove %s"),
        "too_large": _("%s is larger than allowed."),
        "nothing_found": _("Nothing fits “%s”."),
        "search_for": _("Search for “%s”"),
        "offline": _("The server can't be reached. What you typed is still here; try again in a moment."),
        "error_400": _("The server did not understand that. Reload the page and try again."),
        "error_403": _("You may not do that, or you were signed out. Reload the page to see."),
        "error_404": _("That is not there any more. Somebody may have moved or merged it."),
        "error_409": _("Somebody changed this before you. Look at what came in, then try again."),
        "error_413": _("That is too large to send."),
        "error_429": _("That was too often. Wait a moment, then try again."),
        "error_500": _("Something went wrong on our side. It was written down; try again in a moment."),
    }
