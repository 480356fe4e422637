"""A mapping for a file nobody has seen before: by the words of its headers, and by what its values look like."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources

from answerable.measure.reading import dates
from answerable.measure.reading.answer_words import rating_words
from answerable.measure.reading.casting import YES
from answerable.measure.reading.mapping import DURATIONS, INSTANTS, NEEDED, FileMap, Source
from answerable.measure.reading.month_names import is_dated
from answerable.measure.reading.numerals import CLOCK, written_as_clock
from answerable.measure.reading.part import Part
from answerable.measure.words import Said, gettext_noop

GUESSED = ("events", "activity", "survey", "conversations")
"""The kinds that headers can tell, in the order in which a tie is decided."""
_UNIT_WORDS = (
    ("minutes", r"\b(min|mins|minutes?|минут\w*|minūtes)\b"),
    ("hours", r"\b(h|hr|hrs|hours?|час\w*|stundas)\b"),
    ("days", r"\b(d|days?|дн\w*|dienas)\b"),
)
_NUMBER = re.compile(r"[^\w.,()-]*\(?[-+]?[\d\s.,'\u00a0\u202f]*\d\)?\s*[^\d\s]{0,3}")
_OPENERS = {
    **dict.fromkeys(("agent", "admin", "teammate", "operator", "staff", "user agent", "outbound", "outgoing"), "agent"),
    **dict.fromkeys(("bot", "system", "automation", "automated", "campaign"), "system"), "*": "customer",
}  # fmt: skip
"""Who opened a conversation, as exports call them."""
_ENOUGH = 0.6
_EMPTY = 0.4
"""How much a column with nothing in it counts, of one that holds what its header says."""
_ZONE = re.compile(r"\((?:UTC|GMT|[A-Z]\w+/[A-Z][\w/-]+)\)")
_STARS = re.compile(r"[1-5]([.,]0+)?( ?(stars?|★))?", re.IGNORECASE)
_REMAINING = re.compile(r"^(custom field|benutzerdefinierte?s? feld\w*) ")
"""Jira's own fields: of its promises they hold what is left, not what was used."""
_NO = ("no", "false", "f", "n", "0", "")
_ANY_DATE = ("date", "time", "timestamp", "datums", "дата", "submitted at", "received at")
"""Headers of dates that need not be when a conversation began."""
_HEADER_SAYS = gettext_noop("its header has the words “{words}”")


@cache
def headings() -> dict[str, dict[str, list[str]]]:
    """headings.toml, its words as `words` makes them."""
    written = tomllib.loads(resources.files(__package__).joinpath("headings.toml").read_text("utf-8"))
    return {
        kind: {key: [words(each) for each in names] for key, names in table.items()} for kind, table in written.items()
    }


def words(header: str) -> str:
    """A header's words in small letters, one space apart, without the time zone that it names in brackets."""
    parted = "number" if header.strip() in ("#", "№") else _ZONE.sub(" ", header)
    parted = re.sub(r"(?<=[a-zа-яё])(?=[A-ZА-ЯЁ])", " ", parted)
    return " ".join(re.findall(r"[^\W_]+", parted.lower()))


def propose(part: Part) -> FileMap | None:
    """The likeliest mapping of a part; None where nothing fits. Every column it names has its reason."""
    found = {kind: _match(part, kind) for kind in GUESSED}
    whole = {kind: match for kind, match in found.items() if all(key in match for key in NEEDED[kind])}
    if not whole:
        return _rated(part) or _headless(part)
    kind = max(whole, key=lambda each: (_score(each, whole[each]), -GUESSED.index(each)))
    match = whole[kind]
    if kind == "conversations" and _only_rated(match) and (rated := _rated(part)) is not None:
        return rated
    columns = {key: _source(key, column, part) for key, (column, _, _) in match.items()}
    reasons = {key: reason for key, (_, _, reason) in match.items()}
    return FileMap(part.name, kind, columns, reasons=reasons, proxies=_faces(match, part))


def _only_rated(match: Mapping[str, tuple[str, float, str]]) -> bool:
    """Whether what looks like conversations tells of nothing but ratings on some date."""
    worked = {"first_responded_at", "solved_at", "status", "last_seen_at", *DURATIONS}
    return "score" in match and not worked & set(match) and words(match["started_at"][0]) in _ANY_DATE


def _rated(part: Part) -> FileMap | None:
    """A row per rating of 1 to 5, with the conversation or the date."""
    match = _match(part, "ratings")
    values = part.values(match["score"][0]) if "score" in match else []
    if not values or not {"conversation_id", "rated_at"} & set(match):
        return None
    if not rating_words(values)[0] and _share(values, lambda value: bool(_STARS.fullmatch(value))) < _ENOUGH:
        return None
    columns = {key: _source(key, column, part) for key, (column, _, _) in match.items()}
    reasons = {key: reason for key, (_, _, reason) in match.items()}
    return FileMap(part.name, "ratings", columns, reasons=reasons, proxies=_faces(match, part))


def _faces(match: Mapping[str, tuple[str, float, str]], part: Part) -> tuple[str, ...]:
    """The proxy that ratings in words are."""
    return rating_words(part.values(match["score"][0]))[1] if "score" in match else ()


def _score(kind: str, match: Mapping[str, tuple[str, float, str]]) -> float:
    """How well a kind's needed columns match; what only some conversations have counts a little."""
    needed = sum(match[key][1] for key in NEEDED[kind]) / len(NEEDED[kind])
    others = sum(score for key, (_, score, _) in match.items() if key not in NEEDED[kind])
    return needed + 0.15 * others


def match_columns(part: Part, kind: str) -> dict[str, str]:
    """The columns of a part for the targets of a kind."""
    return {key: column for key, (column, _, _) in _match(part, kind).items()}


def _match(part: Part, kind: str) -> dict[str, tuple[str, float, str]]:
    """Target -> (column, score, reason): the best pairs first, each column and each target once."""
    pairs = []
    for key, names in headings()[kind].items():
        for place, column in enumerate(part.columns):
            header = words(column)
            score, said = _likeness(header, names)
            if key in DURATIONS and _REMAINING.match(header):
                continue
            values = part.values(column)
            if score and _plausible(key, values):
                score *= 1 if values else _EMPTY
                pairs.append((score, -place, key, column, Said(_HEADER_SAYS, words=said)))
    chosen: dict[str, tuple[str, float, str]] = {}
    used: set[str] = set()
    for score, _, key, column, reason in sorted(pairs, key=lambda pair: (-pair[0], -pair[1])):
        if key not in chosen and column not in used:
            chosen[key] = (column, score, reason)
            used.add(column)
    return chosen


def _likeness(header: str, names: Sequence[str]) -> tuple[float, str]:
    """How well a header matches the first of some names that it has, from 0 to 1."""
    best, said = 0.0, ""
    for rank, name in enumerate(names):
        weight = 1 - 0.4 * rank / len(names)
        if header == name:
            score = weight
        elif f" {name} " in f" {header} " and (" " in name or len(header.split()) < 3):
            score = weight * (0.55 + 0.3 * len(name) / len(header))
        else:
            continue
        if score > best:
            best, said = score, name
    return best, said


def _plausible(key: str, values: Sequence[str]) -> bool:
    """Whether a column's sample may be what its header says."""
    values = values[:200]
    if key in INSTANTS:
        return _share(values, is_date) >= _ENOUGH
    if key in DURATIONS:
        return _share(
            values, lambda value: is_number(value) or ":" in value or bool(re.match(r"\d+ ?[dhm]", value))
        ) >= _ENOUGH and (_share(values, lambda value: dates.format_of(_shape(value)) is not None) < _ENOUGH)
    if key == "score":
        return bool(rating_words(values)[0]) or _share(values, lambda value: bool(re.match(r"\d", value))) >= _ENOUGH
    if key == "returned":
        return _share(values, lambda value: value.lower() in YES or value.lower() in _NO) >= _ENOUGH
    if key in ("amount", "reopened_count", "value", "refund", "compensation"):
        return _share(values, is_number) >= _ENOUGH
    return True


def _share(values: Sequence[str], condition: object) -> float:
    """The share of values of which a condition holds; 1 where there are none to judge by."""
    assert callable(condition)
    return sum(bool(condition(value)) for value in values) / len(values) if values else 1.0


def _shape(value: str) -> str:
    return re.sub(r"[0-9]", "9", value)


def is_date(value: str) -> bool:
    """Whether a value is written like a date, or a number that may be an instant."""
    shape = _shape(value)
    if dates.format_of(shape) is not None or is_dated(shape) or re.match(r"9999-99?-99?([T ]|$)", shape):
        return True
    return is_number(value) and bool(re.fullmatch(r"9{5}(\.9+)?|9{9,10}(\.9+)?|9{13}|9{16}", shape))


def is_number(value: str) -> bool:
    """Whether a value is written like a number."""
    return bool(_NUMBER.fullmatch(value))


def _source(key: str, column: str, part: Part) -> Source:
    """A column, with its unit where it is a duration."""
    if key == "opened_by":
        return Source(column, words=_OPENERS)
    if key == "score":
        return Source(column, words=rating_words(part.values(column))[0])
    if key not in DURATIONS:
        return Source(column)
    if written_as_clock(part.values(column)):
        return Source(column, unit=CLOCK)
    header = words(column)
    unit = next(
        (unit for unit, pattern in _UNIT_WORDS if re.search(pattern, header.replace("business hours", ""))), "seconds"
    )
    return Source(column, unit=unit)


def _headless(part: Part) -> FileMap | None:
    """A file without header words: customer, date and amount by their values, if that is what it has."""
    if part.traits.get("header") != "none":
        return None
    compact = [c for c in part.columns if _share(part.values(c), lambda v: bool(re.fullmatch(r"(19|20)\d{6}", v))) == 1]
    dated = compact or [c for c in part.columns if _share(part.values(c), is_date) > _ENOUGH]
    decimal = [
        c for c in part.columns if _share(part.values(c), lambda v: bool(re.fullmatch(r"-?\d+[.,]\d+", v))) > _ENOUGH
    ]
    if not dated or dated[0] == part.columns[0]:
        return None
    columns = {"customer": Source(part.columns[0]), "date": Source(dated[0])}
    columns |= {"amount": Source(decimal[-1])} if decimal else {}
    reasons = dict.fromkeys(columns, gettext_noop("there is no header; its values look like it"))
    return FileMap(part.name, "activity", columns, reasons=reasons)
