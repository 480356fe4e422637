"""Which column of a part may be what: by the words of its header, and by how well its values serve as that."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from functools import cache
from importlib import resources

from answerable.measure.reading import dates
from answerable.measure.reading.answer_words import rating_words
from answerable.measure.reading.casting import YES
from answerable.measure.reading.mapping import DURATIONS, INSTANTS, NEEDED
from answerable.measure.reading.month_names import is_dated
from answerable.measure.reading.numerals import written_as_clock
from answerable.measure.reading.part import Part
from answerable.measure.reading.statuses import FAILED, means_solved, means_unsolved
from answerable.measure.words import Said, gettext_noop

_NUMBER = re.compile(r"[^\w.,()-]*\(?[-+]?[\d\s.,'\u00a0\u202f]*\d\)?\s*[^\d\s]{0,3}")
_MODIFIER = 0.6
"""How much a word counts that stands before another one: a ticket name is a name, and no ticket."""
_IDENTIFIED = ("conversation_id", "merged_into", "agent_id", "team_id", "respondent", "customer", "item")
"""What a column of identifiers may be."""
_OTHERS = re.compile(
    r"(respondent|response|person|people|participant|submission|customer|client|user|agent|order|product|invoice|row|"
    r"payment|transaction|charge|message|contact|account|member|employee|zip|postal|phone|collector|network|comment|"
    r"review|survey|organi[sz]ation|company|requester|parent|event|store)\b"
)
"""What has numbers of its own, and is no conversation."""
_UNTIMED = 0.7
"""How much a column of days counts, of one that has the time of day."""
_WRITTEN_AT = re.compile(r"^(.+) (?:date ?time|timestamp|time|date|dttm|dt|ts|on)$")
_ONCE, _SEVERAL = 0.6, 20
"""How much a column of so many customers counts, each of whom stands in it once: it may number their orders."""
_EMPTY = 0.4
"""How much a column with nothing in it counts, of one that holds what its header says."""
_ZONE = re.compile(r"\((?:UTC|GMT|[A-Z]\w+/[A-Z][\w/-]+)\)")
_REMAINING = re.compile(r"^(custom field|benutzerdefinierte?s? feld\w*) ")
"""Jira's own fields: of its promises they hold what is left, not what was used."""
_NO = ("no", "false", "f", "n", "0", "")
_RATED = re.compile(r"(?:rated )?[\d★☆]", re.IGNORECASE)
_STATES = ("state", "estado", "stato", "état", "stan")
"""Words for a status that are words for a region, too."""
_COMPASS = {"n", "s", "e", "w", "ne", "nw", "se", "sw", "north", "south", "east", "west"}
"""Directions of a street, and of no call."""
_POSITION = re.compile(r"\(?[-+]?\d+[.,]\d+|POINT\b")
_HEADER_SAYS = gettext_noop("its header has the words “{words}”")
NUMBERS = ("id", "number", "nr", "no", "key")
"""What anything may have; with a word that nobody knows before it, it is that thing's."""
ENOUGH = 0.6
"""The share of a sample that makes a column what its header says."""


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
    parted = re.sub(r"(?<=[a-zа-яё])(?=[A-ZА-ЯЁ])|(?<=[A-Z])(?=[A-Z][a-z]{2})", " ", parted)
    return " ".join(re.findall(r"[^\W_]+", parted.lower()))


def match_columns(part: Part, kind: str) -> dict[str, str]:
    """The columns of a part for the targets of a kind."""
    return {key: column for key, (column, _, _) in matched(part, kind).items()}


def matched(part: Part, kind: str) -> dict[str, tuple[str, float, str]]:
    """Target -> (column, score, reason): the best pairs first, each column and each target once."""
    pairs = []
    for key, names in headings()[kind].items():
        for place, column in enumerate(part.columns):
            header = words(column)
            if (key in DURATIONS and _REMAINING.match(header)) or (
                header.endswith(" id") and key not in _IDENTIFIED and header not in names
            ):
                continue
            score, said = _likeness(header, names, _written(header) if key in INSTANTS else ())
            values = part.values(column)
            if score and _plausible(key, values) and not (key == "status" and _is_place(header, values)):
                score *= _fitness(kind, key, values) * _filled(kind, key, len(values), len(part.sample))
                if score:
                    pairs.append((score, -place, key, column, Said(_HEADER_SAYS, words=said)))
    chosen: dict[str, tuple[str, float, str]] = {}
    used: set[str] = set()
    for score, _, key, column, reason in sorted(pairs, key=lambda pair: (-pair[0], -pair[1])):
        if key not in chosen and column not in used:
            chosen[key] = (column, score, reason)
            used.add(column)
    return chosen


def _written(header: str) -> tuple[str, ...]:
    """The header of an instant as others write it: “created datetime” is created at."""
    match = _WRITTEN_AT.match(header)
    return (f"{match[1]} at", f"{match[1]} date") if match else ()


def _fitness(kind: str, key: str, values: Sequence[str]) -> float:
    """How well a column's sample, which may be what its header says, serves as that: from 0 to 1."""
    if not values:
        return _EMPTY
    if kind == "conversations" and key == "conversation_id":
        return 0.2 + 0.8 * len(set(values)) / len(values) if len(set(values)) > 1 or len(values) < 3 else 0.0
    if kind == "activity" and key == "customer":
        return _ONCE if len(set(values)) == len(values) > _SEVERAL else 1.0
    if kind == "conversations" and key in INSTANTS and share(values[:200], lambda value: ":" not in value) == 1:
        return 1.0 if share(values[:200], is_number) == 1 else _UNTIMED
    return 1.0


def _filled(kind: str, key: str, values: int, rows: int) -> float:
    """How much a column with gaps counts for what each row must have."""
    return 0.5 + 0.5 * values / rows if key in NEEDED[kind] and values else 1.0


def _likeness(header: str, names: Sequence[str], also: Sequence[str] = ()) -> tuple[float, str]:
    """How well a header, or another way to write it, matches the first of some names that it has, from 0 to 1."""
    best, said = 0.0, ""
    for rank, name in enumerate(names):
        weight = 1 - 0.4 * rank / len(names)
        if name == header or name in also:
            score = weight
        elif f" {name} " in f" {header} " and (" " in name or len(header.split()) < 3):
            score = weight * (0.55 + 0.3 * len(name) / len(header)) * _alone(name, header)
        else:
            continue
        if score > best:
            best, said = score, name
    return best, said


def _alone(name: str, header: str) -> float:
    """How much a name of one word counts beside another word: a ticket name is a name, an order number is no ticket."""
    if " " in name or not name.isascii():
        return 1.0
    if name in NUMBERS and _OTHERS.match(header):
        return 0.0
    return _MODIFIER if header.startswith(name) or name in NUMBERS else 1.0


def _plausible(key: str, values: Sequence[str]) -> bool:
    """Whether a column's sample may be what its header says."""
    values = values[:200]
    if key in INSTANTS:
        return share([each for each in values if each.lower() not in dates.NOTHING], is_date) >= ENOUGH
    if key in DURATIONS:
        return share(
            values, lambda value: is_number(value) or ":" in value or written_as_clock([value])
        ) >= ENOUGH and (share(values, lambda value: dates.format_of(_shape(value)) is not None) < ENOUGH)
    if key == "score":
        return bool(rating_words(values)[0]) or share(values, lambda value: bool(_RATED.match(value))) >= ENOUGH
    if key == "opened_by":
        return not {value.lower() for value in values} <= _COMPASS or not values
    if key == "region":
        return share(values, lambda value: bool(_POSITION.match(value))) < ENOUGH or not values
    if key == "returned":
        return share(values, lambda value: value.lower() in YES or value.lower() in _NO) >= ENOUGH
    if key in ("amount", "reopened_count", "value", "refund", "compensation"):
        return share(values, is_number) >= ENOUGH
    return True


def _is_place(header: str, values: Sequence[str]) -> bool:
    """Whether a “State” is one of a country: none of them is a state of work, or of a purchase."""
    said = set(values) if header.split()[-1] in _STATES else set()
    known = sum(means_solved(each) or means_unsolved(each) or each.lower() in FAILED for each in said)
    return known < len(said) / 2  # New York sounds new


def share(values: Sequence[str], condition: object) -> float:
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
