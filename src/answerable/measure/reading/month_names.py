"""Dates with the names of months in another language than English: written anew, so that one reader of dates is enough.

The names are those of CLDR (Babel), as they stand alone and within a date, in full and short, with or without their
dots, and inflected as far as their beginning tells one month from all others.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from babel import Locale

from answerable.measure.reading import sql

LANGUAGES = (
    "lv", "ru", "ka", "kk", "de", "es", "pt", "fr", "it", "nl", "pl", "lt", "et", "fi", "sv", "da", "nb", "uk", "cs",
    "sk", "tr", "ro", "hu", "bg",
)  # fmt: skip
"""Tried in this order, after English; the first that knows most of a column's words is taken."""
ENGLISH = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_ALSO = {"de": {"mrz": 3}, "es": {"set": 9}, "ru": {"сент": 9}}
_ANYWHERE = frozenset({"am", "pm", "a", "p", "m", "t", "z", "utc", "gmt", "at"})
_FILLERS = frozenset(
    {
        *("a", "al", "alle", "as", "à", "às", "d", "de", "del", "dem", "den", "der", "di", "du", "el", "g", "gada"),
        *("gads", "il", "kell", "kl", "klo", "klockan", "la", "las", "le", "los", "m", "o", "of", "ore", "plkst", "r"),
        *("roku", "uhr", "um", "в", "г", "год", "года", "ж", "жыл", "жылғы", "о", "р", "року", "წ", "წელი", "წელს"),
        *("წლის", "რიცხვი"),
    }
)
_LETTERS = re.compile(r"[^\W\d_]+")
_LEAST, _ENDING = 3, 3
_LONGEST = 60
_A_DAY = re.compile(r"(?<!9)99?(?!9).*(?<!9)(99|9999)(?!9)|(?<!9)9999(?!9).*(?<!9)99?(?!9)")


@dataclass(frozen=True, slots=True)
class Rewriting:
    """How the values of a column become English: which words are months, weekdays and mere fillers, in `language`."""

    language: str
    months: Mapping[int, Sequence[str]]
    others: Sequence[str]

    def of(self, value: str) -> str:
        """SQL from a text to one like 2 Mar 2026 10:15, null where it is null."""
        value = _replaced(value, r"\p{Zs}", " ")
        value = _replaced(value, r"(?i)([0-9])\s*([ap])\.?\s?m\b\.?", r"\1 \2m")
        for number, words in self.months.items():
            value = _replaced(value, _words(words), rf"\1 {ENGLISH[number - 1]} \2")
        for _ in range(2 * bool(self.others)):  # two in a row share the space between them
            value = _replaced(value, _words(self.others), r"\1 \2")
        month = "|".join(ENGLISH)
        for pattern, by in (
            (rf"[-./,\s]*({month})[-./,\s]*", r" \1 "),
            (rf"^[\s.,]*([0-9]{{4}})[-./,\s]+([0-9]{{1,2}}) ({month}) ?", r"\2 \3 \1 "),
            (rf"^[\s.,]*([0-9]{{4}}) ({month}) ([0-9]{{1,2}})[.,]?", r"\3 \2 \1 "),
            (r"^[-\s,.]+|[\s,.]+$", ""),
            (r"\s+,", ","),
            (r"\s+", " "),
        ):
            value = _replaced(value, pattern, by)
        return f"trim({value})"


def rewriting(shapes: Iterable[tuple[str, int]], given: str | None = None) -> Rewriting | None:
    """What is to be done with a column of these texts (with how many there are of each); None where nothing is.

    `given` is the language of the names, where somebody said it.
    """
    words: Counter[str] = Counter()
    for shape, count in shapes:
        for word in _LETTERS.findall(shape.lower()):
            words[word] += count
    english = _ANYWHERE.union(_known("en"), _weekdays("en"))
    foreign = [word for word in words if word not in english]
    if not foreign:
        return None
    languages = LANGUAGES if given is None else (given,)
    best = max(languages, key=lambda each: sum(n * _likeness(word, each) for word, n in words.items()))
    months: dict[int, list[str]] = {}
    weekdays = _weekdays(best) | _weekdays("en")
    for word in words:
        if number := _known(best).get(word) or (word not in weekdays and month_of(word, best)):
            months.setdefault(number, []).append(word)
    found = {word for each in months.values() for word in each}
    others = sorted(_FILLERS.union(weekdays).intersection(words) - found)
    if found.union(others).isdisjoint(foreign):  # as in 2 Mar 2026 10:15 EST
        return None
    if not months and not set(others).issuperset(foreign):
        return None
    return Rewriting(best, months, tuple(others))


def is_dated(shape: str) -> bool:
    """Whether a text, each of its digits a 9, looks like a day with its month written out in one of the languages."""
    if len(shape) > _LONGEST or not _A_DAY.search(shape):
        return False
    found = rewriting([(shape, 1)])
    if found is None:
        return False
    known = _ANYWHERE.union(found.others, *found.months.values())
    return all(word in known for word in _LETTERS.findall(shape.lower()))


def _likeness(word: str, language: str) -> int:
    """How much a word speaks for a language."""
    return 2 * (word in _known(language) or word in _weekdays(language)) or int(month_of(word, language) is not None)


@lru_cache(maxsize=1 << 14)
def month_of(word: str, language: str) -> int | None:
    """The month (1 to 12) that a word in small letters names in a language."""
    if (number := _known(language).get(word)) is not None:
        return number
    if len(word) < _LEAST:
        return None
    likely = set()
    for number, name in _names(language):
        stem = max(_LEAST, len(name) - _ENDING)
        if name.startswith(word) or (len(name) >= _LEAST and word.startswith(name[:stem])):
            likely.add(number)
    return likely.pop() if len(likely) == 1 else None


@cache
def _known(language: str) -> dict[str, int]:
    """Every name of a month in small letters without its dots."""
    months = Locale.parse(language).months
    kinds = ((context, width) for context in ("format", "stand-alone") for width in ("wide", "abbreviated"))
    found = {_bare(name): number for context, width in kinds for number, name in months[context][width].items()}
    return {**found, **_ALSO.get(language, {})}


@cache
def _names(language: str) -> tuple[tuple[int, str], ...]:
    """The months' full names, within a date and alone."""
    months = Locale.parse(language).months
    return tuple(
        (number, _bare(name))
        for context in ("format", "stand-alone")
        for number, name in months[context]["wide"].items()
    )


@cache
def _weekdays(language: str) -> frozenset[str]:
    days = Locale.parse(language).days
    kinds = ((context, width) for context in ("format", "stand-alone") for width in ("wide", "abbreviated", "short"))
    names = (name for context, width in kinds for name in days[context].get(width, {}).values())
    return frozenset(word for name in names for word in _LETTERS.findall(name.lower()))


def _bare(name: str) -> str:
    return name.lower().rstrip(".")


def _words(words: Sequence[str]) -> str:
    """A pattern for whole words, the longest first, with their dots; before them, after them stays what was there."""
    longest = "|".join(re.escape(word) for word in sorted(words, key=lambda word: (-len(word), word)))
    return rf"(?i)(^|[^\p{{L}}])(?:{longest})\.?($|[^\p{{L}}])"


def _replaced(value: str, pattern: str, by: str) -> str:
    return f"regexp_replace({value}, {sql.literal(pattern)}, {sql.literal(by)}, 'g')"
