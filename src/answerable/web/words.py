"""Times, durations and names in the reader's words, by CLDR (Babel); static/web/time.js says them the same way."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from functools import cache, cached_property, lru_cache
from typing import Any, Literal
from zlib import crc32

from babel import Locale, UnknownLocaleError
from babel.dates import format_skeleton, format_time, format_timedelta
from babel.numbers import format_decimal
from babel.units import format_unit
from django.utils import timezone
from django.utils.translation import get_language, pgettext, to_locale
from django.utils.translation import gettext as _

Unit = Literal["day", "hour", "minute", "second"]
UNITS: tuple[tuple[Unit, int], ...] = (("day", 86_400), ("hour", 3_600), ("minute", 60), ("second", 1))
DATE_AFTER_SECONDS = 7 * 86_400
TINTS = 6


@dataclass(frozen=True)
class Reader:
    """Whoever reads: how their language and their zone say times."""

    language: str
    zone: tzinfo

    @cached_property
    def locale(self) -> Locale:
        return _locale(self.language)

    @cached_property
    def patterns(self) -> "TimePatterns":
        return time_patterns(self.locale)

    def number(self, count: int) -> str:
        """With its digits in groups: “12,000”, “12 000”."""
        return str(format_decimal(count, locale=self.locale))

    def duration(self, length: timedelta) -> str:
        """`length` by its two largest units, such as “1 hr 20 min”. The sign is not said."""
        seconds = round(abs(length.total_seconds()))
        patterns = self.patterns
        for place, (unit, size) in enumerate(UNITS):
            count, rest = divmod(seconds, size)
            if not count:
                continue
            said = patterns.say(patterns.units[unit], count)
            if unit in ("day", "hour"):
                smaller, smaller_size = UNITS[place + 1]
                if second := rest // smaller_size:
                    return f"{said} {patterns.say(patterns.units[smaller], second)}"
            return said
        return patterns.say(patterns.units["minute"], 0)

    def ago(self, at: datetime, now: datetime, *, short: bool = False) -> str:
        """How far `at` is from `now`: “5 minutes ago”, “in 3 hours” (`short`: “5 min. ago”); after a week the date."""
        seconds = round((at - now).total_seconds())
        if abs(seconds) < 60:
            return _("just now")
        if abs(seconds) >= DATE_AFTER_SECONDS:
            local = at.astimezone(self.zone)
            return _day(local.date(), local.year != now.astimezone(self.zone).year, self.language)
        patterns = self.patterns
        side = patterns.ahead if seconds > 0 else patterns.ago["short" if short else "long"]
        unit, size = next((unit, size) for unit, size in UNITS if abs(seconds) >= size)
        return patterns.say(side[unit], abs(seconds) // size)

    def moment(self, at: datetime) -> str:
        """Date and time, such as “Nov 21, 2026, 5:03 PM”."""
        local = at.astimezone(self.zone)
        day = _day(local.date(), True, self.language)
        return _date_and_time(self.language).replace("{1}", day).replace("{0}", self.time_of_day(at))

    def time_of_day(self, at: datetime | time) -> str:
        """Such as “5:03 PM”. A time without a day is said as it stands, in no zone."""
        local = at.astimezone(self.zone) if isinstance(at, datetime) else at
        return _time_of_day(time(local.hour, local.minute), self.language)


def reader() -> Reader:
    """By the language and the time zone in force; English where CLDR does not know the language."""
    return _reader(get_language() or "en", timezone.get_current_timezone())


def reader_locale() -> Locale:
    return reader().locale


def duration(length: timedelta) -> str:
    return reader().duration(length)


@lru_cache(maxsize=1024)
def _reader(language: str, zone: tzinfo) -> Reader:
    return Reader(language, zone)


@cache
def _locale(language: str) -> Locale:
    try:
        return Locale.parse(to_locale(language))
    except (UnknownLocaleError, ValueError):
        return Locale.parse("en")


@lru_cache(maxsize=4096)
def _day(day: date, with_year: bool, language: str) -> str:
    return format_skeleton("yMMMd" if with_year else "MMMd", day, locale=_locale(language))


@lru_cache(maxsize=8192)
def _time_of_day(at: time, language: str) -> str:
    return format_time(at, "short", locale=_locale(language))


@cache
def _date_and_time(language: str) -> str:
    return str(_locale(language).datetime_formats["medium"])


@dataclass(frozen=True)
class TimePatterns:
    """What a language says around a number, `%s`: one pattern for each of its plural kinds.

    `plurals` has a digit for each number from 0 to 199, the place of its pattern in every list; what is 200 or
    more is as its last two digits after 100. `ago` goes by style and unit, `ahead` and `units` by unit.
    """

    plurals: str
    ago: dict[str, dict[str, list[str]]]
    ahead: dict[str, list[str]]
    units: dict[str, list[str]]

    def say(self, patterns: list[str], number: int) -> str:
        place = self.plurals[number if number < 200 else 100 + number % 100]
        return patterns[int(place)].replace("%s", str(number))


@cache
def time_patterns(locale: Locale) -> TimePatterns:
    """Taken from Babel (CLDR) by asking it for one number of each plural kind, once for each language."""
    categories = [locale.plural_form(number) for number in range(200)]
    kinds = sorted(set(categories))
    examples = [next(n for n in (*range(2, 200), 1, 0) if categories[n] == kind) for kind in kinds]
    sizes = dict(UNITS)

    def distances(unit: Unit, style: Literal["long", "short"], sign: int) -> list[str]:
        return [
            format_timedelta(
                timedelta(seconds=sign * number * sizes[unit]),
                granularity=unit,
                threshold=number,
                add_direction=True,
                format=style,
                locale=locale,
            ).replace(str(number), "%s")
            for number in examples
        ]

    def quantities(unit: Unit) -> list[str]:
        said = [format_unit(n, f"duration-{unit}", "short", locale=locale).replace(str(n), "%s") for n in examples]
        return [pattern.replace(" ", "\N{NO-BREAK SPACE}") for pattern in said]

    return TimePatterns(
        plurals="".join(str(kinds.index(category)) for category in categories),
        ago={
            "long": {unit: distances(unit, "long", -1) for unit, _size in UNITS},
            "short": {unit: distances(unit, "short", -1) for unit, _size in UNITS},
        },
        ahead={unit: distances(unit, "long", 1) for unit, _size in UNITS},  # CLDR lacks short ones for Georgian
        units={unit: quantities(unit) for unit, _size in UNITS},
    )


def initials(name: str) -> str:
    """One or two letters for a name: first and last word, Georgian and Cyrillic alike; “?” for none."""
    words = [word for word in name.replace("@", " ").split() if word[:1].isalnum()]
    letters = [words[0][0], words[-1][0]] if len(words) > 1 else [word[0] for word in words]
    return "".join(_capital(letter) for letter in letters) or "?"


def begun(words: str) -> str:
    """Words as a line begins with them: with a capital, where the script has them."""
    return _capital(words[:1]) + words[1:]


def _capital(letter: str) -> str:
    # Georgian has capitals for whole headlines only, so a letter of it stays as it is.
    return letter if "\u10d0" <= letter <= "\u10ff" else letter.upper()


def tint(name: str) -> int:
    """One of TINTS grounds for a name, the same on every machine."""
    return crc32(name.encode()) % TINTS


def script_words() -> dict[str, Any]:
    """What the scripts say, in the reader's language. `%s` is filled in by the script."""
    patterns = reader().patterns
    return {
        # Browsers know Georgian and Kazakh only sometimes, so the scripts say times by our patterns.
        "time": {"plurals": patterns.plurals, "ago": patterns.ago, "units": patterns.units},
        "just_now": _("just now"),
        "close": _("Close"),
        "undo": _("Undo"),
        "undone": _("Undone."),
        "saving": _("Saving…"),
        "saved": _("Saved at %s"),
        "not_saved": _("Not saved yet. Trying again…"),
        "elsewhere": _("You have gone on in another tab. What you write here is not kept yet."),
        "keep_both": _("Put both together"),
        "keep_these": _("Keep these words"),
        "remove": _("Remove %s"),
        "added": _("Added: %s"),
        "removed": _("Removed: %s"),
        "no_address": _("%s is no e-mail address."),
        "most_copies": _("At most %s people can get a copy."),
        "too_large": _("%s is larger than allowed."),
        "too_large_together": _("The files have %(size)s together. A message may carry at most %(most)s.")
        % {"size": "%s", "most": "%m"},
        "picture": _("(a picture)"),
        "picture_refused": _("The picture %s could not be taken in."),
        "picture_lost": _("The picture %s did not get there: the server can't be reached."),
        "try_again": _("Try again"),
        "nothing_found": _("Nothing fits “%s”."),
        "recent": pgettext("where one was", "Lately"),
        "search_for": _("Search for “%s”"),
        "signed_out": _("You are signed out here. Sign in again to go on; what you wrote to customers is kept."),
        "offline": _("The server can't be reached. What you typed is still here; try again in a moment."),
        "error_400": _("The server did not understand that. Reload the page and try again."),
        "error_403": _("You may not do that, or you were signed out. Reload the page to see."),
        "error_404": _("That is not there any more. Somebody may have moved or merged it."),
        "error_409": _("Somebody changed this before you. Look at what came in, then try again."),
        "error_413": _("That is too large to send."),
        "error_429": _("That was too often. Wait a moment, then try again."),
        "error_500": _("Something went wrong on our side. It was written down; try again in a moment."),
    }
