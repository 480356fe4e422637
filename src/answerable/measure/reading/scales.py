"""On which scale a column of ratings is, told by all its values, and what of it can stand on 1 to 5.

A rating of 8 of 10 is no 4 of 5, and a share of those below 6 would be a figure of nobody: ratings on a scale that is
no 1 to 5 are left out whole, and that is said, unless they say the same in other marks. A few that are off the scale of
all others are no scale, but mistakes in their rows.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from answerable.measure.reading import sql
from answerable.measure.reading.answer_words import FACES, rating_words
from answerable.measure.reading.casting import Cast
from answerable.measure.words import Said, gettext_noop

_MOST = 200
"""More different values than these are no ratings by hand."""
_OF_FIVE = re.compile(r"([0-5])(?:[.,]0+)? ?(?:/|of|out of|von|de|sur|no|из|su|z) ?5(?: ?stars?)?", re.IGNORECASE)
_NUMBER = re.compile(r"([-+]?\d+)(?:[.,]0+)? ?(%?)(?: ?(?:stars?|★))?", re.IGNORECASE)
_TOP = 5
_PERCENT = (20, 25)
_FEW = 0.1
"""Fewer of all ratings than this are mistakes: on 1 to 10 more are above 5, however cross customers are."""
_KINDS, _RARE = 5, 0.01
"""So many different values off the scale, in so many of the rows, are no mistakes: counts of votes go on and on."""
_ENOUGH = 50
"""Of so many ratings one at least is the best of its scale."""
_NONE = gettext_noop("{column}: 0 is taken for not rated")
_SHARES = gettext_noop("{column}: percentages are put on 1 to 5, so that a hundred percent is 5")
_OTHER = gettext_noop(
    "{column}: ratings up to {most} are not on the scale from 1 to 5 and are left out; say what each means with words "
    "in map.toml"
)
_NUMBERS = gettext_noop("{column}: so many different numbers are no ratings from 1 to 5 and are left out")
_NO_BEST = gettext_noop("{column}: no rating is above {most}; it is taken for a scale from 1 to 5, which may be wrong")


def settle(con: Any, cast: Cast) -> list[str]:
    """Give the words of a column of ratings their numbers from 1 to 5; what of it a person should check."""
    source = cast.mapping.columns.get("score")
    if source is None or source.column is None or source.words:
        return []
    column = sql.name(source.column)
    relation = sql.name(cast.staged.relation)
    query = f"SELECT CAST({column} AS VARCHAR) AS v, count(*) FROM {relation} WHERE v IS NOT NULL GROUP BY v ORDER BY v"
    found = dict(con.execute(query).fetchmany(_MOST + 1))
    if len(found) > _MOST:
        return _no_ratings(cast, source.column, list(found))
    if not found:
        return []
    meant, doubts, proxies = _meant(source.column, _usual(found))
    if meant:
        columns = {**cast.mapping.columns, "score": replace(source, words=meant)}
        cast.mapping = replace(cast.mapping, columns=columns, proxies=(*cast.mapping.proxies, *proxies))
    best = max((value for text in found if (value := _value(text)) is not None), default=_TOP)
    if not meant and best < _TOP and sum(found.values()) >= _ENOUGH:
        doubts.append(Said(_NO_BEST, column=source.column, most=best))
    return doubts


def _no_ratings(cast: Cast, column: str, found: list[str]) -> list[str]:
    """Conversations without a column of more different numbers than ratings have; a person's comments stay."""
    if cast.mapping.kind != "conversations" or sum(_value(text) is not None for text in found) < len(found) / 2:
        return []
    cast.mapping = replace(cast.mapping, columns={k: v for k, v in cast.mapping.columns.items() if k != "score"})
    return [Said(_NUMBERS, column=column)]


def _usual(found: Mapping[str, int]) -> list[str]:
    """The texts, how often each stands there given, without a few that are above 5 or below 0 where the rest is not."""
    usual = [text for text in found if (value := _value(text)) is None or 0 <= value <= 5]
    every = sum(found.values())
    strays = every - sum(found[text] for text in usual)
    counted = len(found) - len(usual) > _KINDS and strays > _RARE * every
    return usual if strays < _FEW * every and not counted else list(found)


def _meant(column: str, found: list[str]) -> tuple[Mapping[str, str], list[str], tuple[str, ...]]:
    """What each text means from 1 to 5, or nothing; what to say of it; and the proxy that it is."""
    said, proxies = rating_words(found)
    if said:
        return said, [], proxies
    read = {text.lower(): value for text in found if (value := _value(text)) is not None}
    marked = any("%" in text for text in read)
    numbers = set(read.values())
    low, high = min(numbers, default=1), max(numbers, default=1)
    if low >= 1 and high <= _TOP and not marked:
        plain = all(re.fullmatch(r"[1-5]([.,]0+)?", text) for text in read)
        return ({} if plain else _texts(read, {each: each for each in numbers})), [], ()
    if numbers in ({0, 1}, {0, 100}):
        return _texts(read, {low: 1, high: 5}), [], (FACES,)
    if low >= 0 and high <= _TOP and not marked:
        return _texts(read, {each: each or None for each in numbers}), [Said(_NONE, column=column)], ()
    for step in _PERCENT if 20 <= high <= 100 else ():
        steps = {share: share // step + (step == 25) for share in numbers if share % step == 0}
        if set(steps) == numbers and min(steps.values()) >= 1 and len(numbers) > 1:
            return _texts(read, steps), [Said(_SHARES, column=column)], ()
    return {text.lower(): "" for text in found}, [Said(_OTHER, column=column, most=high)], ()


def _value(text: str) -> int | None:
    """The number that a rating is: 4, 4.0, 4/5, 80 %, four stars."""
    if stars := text.count("★") if not re.search(r"\d", text) else 0:
        return stars
    text = re.sub("^rated ", "", text, flags=re.IGNORECASE)
    match = _OF_FIVE.fullmatch(text) or _NUMBER.fullmatch(text)
    return int(match[1]) if match else None


def _texts(read: Mapping[str, int], meant: Mapping[int, int | None]) -> dict[str, str]:
    """The words of a mapping: each text, and what its number means."""
    return {text: str(meant[value]) if meant[value] is not None else "" for text, value in read.items()}
