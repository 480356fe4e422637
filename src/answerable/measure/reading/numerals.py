"""Numbers in text: decimal comma or point, thousands, currencies; and durations."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from answerable.measure.reading import sql
from answerable.measure.words import gettext_noop

UNITS = {"milliseconds": 0.001, "seconds": 1, "minutes": 60, "hours": 3_600, "days": 86_400}
CLOCK = "hh:mm:ss"
_BARE = r"^[^0-9+\-.,(]+|[^0-9.,)]+$"
_SPACES = " \u00a0\u202f'"
_CLOCK = r"-?[0-9]+:[0-5]?[0-9](:[0-5]?[0-9]([.][0-9]+)?)?( ?(hrs?|h))?"
_WORDS = (
    r"-?([0-9.]+ *(weeks?|w|wochen?|days?|d|tage?n?|jours?|j|días?|dias?|hours?|hrs?|heures?|horas?|h|stunden?|std\.?|"
    r"minutes?|minuten|minutos?|mins?|min\.|m|seconds?|sekunden?|sek\.?|secondes?|segundos?|secs?|s|giorn[io]|or[ae]|"
    r"minut[aieoy]?|second[oi]|dni|dzień|godz\.?|godzin[ay]?|dien[au]s?|stund[aiu]s?|st\.?|minūt[eu]s?|дн\.?|день|дня|дней|"
    r"д\.?|час\.?|часа|часов|ч\.?|минут[аы]?|мин\.?|секунд[аы]?|сек\.?|күн|сағат|сағ\.?|დღე|საათი|სთ|წუთი|წთ|წამი|წმ)"
    r"( and|[ ,])*)+"
)
_LETTERS = (
    ("w", 604_800), ("(?:[djtд]|gi|күн|დღ)", 86_400), ("(?:h|st|go|or|ч|сағ|სთ|საათ)", 3_600),
    ("(?:m(?:[^s]|$)|мин|წთ|წუთ)", 60), ("(?:s(?:[^t]|$)|сек|წმ|წამ)", 1),
)  # fmt: skip
"""How the words of a unit begin, and its seconds."""


def decimal_mark(con: Any, relation: str, columns: Sequence[str]) -> tuple[str, str | None]:
    """The decimal mark of columns of numbers, from all their values, and the doubt where there is one.

    A comma with other than three digits behind it is a decimal mark; so is one after points. A point likewise.
    """
    if not columns:
        return ".", None
    parts = " UNION ALL ".join(f"SELECT {sql.name(c)} AS v FROM {sql.name(relation)}" for c in columns)
    comma, point, unclear = con.execute(
        "SELECT count(*) FILTER (WHERE regexp_matches(v, '[0-9],([0-9]{1,2}|[0-9]{4,})[^0-9.,]*$|[.][0-9]{3},[0-9]')), "
        "count(*) FILTER (WHERE regexp_matches(v, '[0-9][.]([0-9]{1,2}|[0-9]{4,})[^0-9.,]*$|,[0-9]{3}[.][0-9]')), "
        "count(*) FILTER (WHERE regexp_matches(v, '^[^0-9]*[0-9]{1,3},[0-9]{3}[^0-9.,]*$')) "
        f"FROM ({parts}) WHERE contains(v, ',') OR contains(v, '.')"
    ).fetchall()[0]
    if comma and not point:
        return ",", None
    if point and comma:
        return ("," if comma > point else "."), gettext_noop("both commas and points are used as decimal marks")
    if unclear and not point:
        return ".", gettext_noop("a comma is taken for thousands")
    return ".", None


def number(value: str, decimal: str = ".", kind: str = "text") -> str:
    """SQL from text to DOUBLE; null where it is no number. (5) is minus five; currencies and percent signs go."""
    if kind == "number":
        return f"CAST({value} AS DOUBLE)"
    cleaned = f"translate(regexp_replace({value}, '{_BARE}', '', 'g'), {sql.literal(_SPACES)}, '')"
    thousands, mark = (".", ",") if decimal == "," else (",", ".")
    cleaned = f"replace(replace({cleaned}, '{thousands}', ''), '{mark}', '.')"
    cleaned = f"TRY_CAST(replace(replace({cleaned}, '(', '-'), ')', '') AS DOUBLE)"
    return f"coalesce(TRY_CAST({value} AS DOUBLE), {cleaned})" if decimal == "." else cleaned


def seconds(value: str, unit: str, decimal: str = ".", kind: str = "text") -> str:
    """SQL from a duration to whole seconds: a number of a unit, or, of the unit hh:mm:ss, also 1d 2h 3m."""
    if unit != CLOCK or kind == "number":
        return f"TRY_CAST(round(({number(value, decimal, kind)}) * {UNITS.get(unit, 1)}) AS BIGINT)"
    part = "coalesce(TRY_CAST(nullif(regexp_extract({v}, '{p}', 1), '') AS DOUBLE), 0)"
    clock = " + ".join(
        f"{part.format(v=value, p=pattern)} * {size}"
        for pattern, size in (("^-?([0-9]+):", 3600), ("^-?[0-9]+:([0-9]+)", 60), ("^-?[0-9]+:[0-9]+:([0-9.]+)", 1))
    )
    words = " + ".join(
        f"{part.format(v=f'lower({value})', p=f'([0-9.]+) *{letter}')} * {size}" for letter, size in _LETTERS
    )
    sign = f"CASE WHEN starts_with({value}, '-') THEN -1 ELSE 1 END"
    return (
        f"TRY_CAST(round({sign} * CASE WHEN regexp_full_match({value}, '{_CLOCK}') THEN {clock} "
        f"WHEN regexp_full_match(lower({value}), '{_WORDS}') THEN {words} END) AS BIGINT)"
    )


def written_as_clock(values: Sequence[str]) -> bool:
    """Whether sampled durations are written hh:mm, hh:mm:ss, or 1d 2h 3m."""
    found = sum(bool(re.fullmatch(_CLOCK, value) or re.fullmatch(_WORDS, value.lower())) for value in values)
    return found > len(values) / 2
