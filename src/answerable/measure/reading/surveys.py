"""Survey files, a row per respondent or a row per answer: the table `answers`, one answer a row."""

from __future__ import annotations

import secrets
from collections.abc import Mapping

from answerable.measure.reading import numerals, sql
from answerable.measure.reading.answer_words import LIKERT, LIKERT_7, NOT_APPLICABLE
from answerable.measure.reading.building import Shelf
from answerable.measure.reading.casting import Cast, Check, whole
from answerable.measure.reading.conversations import groups
from answerable.measure.reading.mapping import GROUPS
from answerable.measure.reading.part import Part
from answerable.measure.reading.questionnaires import SCORE, WEIGHT, half, known, parse, servqual_items
from answerable.measure.words import Said, gettext_noop

SCALES = {"nps": (0, 10), "ces": (1, 7), "csat": (1, 5)}
"""What an answer may be, where the definition says so. Others are as long as their questionnaire makes them."""
_ONLY_IN_7 = set(LIKERT_7) - set(LIKERT)
"""Words that a scale of five has not: somewhat agree, and not somewhat satisfied."""
_NO_ANSWER = gettext_noop("is not an answer that can be read")
SAME = ("respondent", '"at"', "instrument", "item", "part", "coalesce(value, -1)")
"""What makes two answers the same, where it is known who answered and when; of engagement nothing is."""
_MONTH = "epoch_us(CAST(date_trunc('month', to_timestamp(\"at\")) AS TIMESTAMP)) // 1000000"
"""The local month, as a date: midnight in UTC of its first day wherever the answers were given."""


def build(shelf: Shelf, part: Part, cast: Cast) -> None:
    """Rows of one part into `answers`."""
    relation = _wide(shelf, part, cast) if cast.mapping.items else _long(shelf, part, cast)
    shelf.seen(relation, ('"at"',))


def _wide(shelf: Shelf, part: Part, cast: Cast) -> str:
    """A row per respondent: one insertion for each question."""
    mapping = cast.mapping
    columns = _common(shelf, cast)
    for place, (column, item) in enumerate(mapping.items.items()):
        key, raw = f"v{place}", sql.name(f"raw {column}")
        instrument = _instrument(mapping.instrument, item.item)
        columns[key] = _value(part, cast, column)
        wrong = f"{raw} IS NOT NULL AND lower(CAST({raw} AS VARCHAR)) NOT IN ({_not_applicable()}) AND ({key} IS NULL)"
        cast.checks.append(Check(key, column, wrong, _NO_ANSWER))
        if item.part != WEIGHT and instrument in SCALES:
            cast.checks.append(_scale(instrument, key, column, key))
    relation = shelf.build(part, cast, columns)
    for place, item in enumerate(mapping.items.values()):
        instrument = _instrument(mapping.instrument, item.item)
        fixed = {
            "instrument": sql.literal(instrument),
            "item": sql.literal(item.item.removeprefix(f"{instrument}: ")),
            "part": sql.literal(item.part),
            "dimension": sql.literal(item.dimension) if item.dimension else "CAST(NULL AS VARCHAR)",
            "value": f"v{place}",
        }
        same = () if instrument == "engagement" else SAME
        shelf.put("answers", relation, _kept(relation, instrument) | fixed, f"v{place} IS NOT NULL", same)
    return relation


def _long(shelf: Shelf, part: Part, cast: Cast) -> str:
    """A row per answer; halves, dimensions and instruments are looked up by the items there are."""
    mapping = cast.mapping
    columns = _common(shelf, cast)
    source = mapping.columns["value"].column or ""
    columns |= {
        "item": cast.word("item"),
        "part": cast.word("part"),
        "value": _value(part, cast, source),
    }
    raw = sql.name(f"raw {source}")
    wrong = f"{raw} IS NOT NULL AND lower(CAST({raw} AS VARCHAR)) NOT IN ({_not_applicable()}) AND value IS NULL"
    cast.checks.append(Check("value", source, wrong, _NO_ANSWER))
    cast.need("item")
    columns["instrument"] = sql.literal(mapping.instrument) if mapping.instrument else "CAST(NULL AS VARCHAR)"
    if cast.has("instrument"):
        told = {name: found for name in _named(shelf, cast, "instrument") if (found := known(name)) is not None}
        columns["instrument"] = _looked_up(cast.word("instrument"), told, "NULL")
    cast.need("instrument")
    for instrument in SCALES:
        check = _scale(instrument, "value", source, "value")
        condition = f"instrument = '{instrument}' AND ({check.condition})"
        cast.checks.append(Check("value", source, condition, check.reason))
    items = _named(shelf, cast, "item")
    pairs = servqual_items(items)
    parsed = {name: read for name in items if (read := pairs.get(name) or parse(name)) is not None} if pairs else {}
    halves = {word: said for word in _named(shelf, cast, "part") if (said := half(word)) is not None}
    item, part_ = columns["item"], columns["part"]
    columns["part"] = (
        f"coalesce({_looked_up(part_, halves, 'NULL')}, "
        f"{_looked_up(item, {name: each.part for name, each in parsed.items()}, 'NULL')}, '{SCORE}')"
    )
    dimensions = {name: each.dimension for name, each in parsed.items() if each.dimension}
    columns["dimension"] = _looked_up(item, dimensions, "NULL")
    columns["item"] = _looked_up(item, {name: each.item for name, each in parsed.items()}, item)
    relation = shelf.build(part, cast, columns)
    fixed = {key: sql.name(key) for key in ("instrument", "item", "part", "dimension", "value")}
    shelf.put("answers", relation, _kept(relation, "") | fixed, "instrument <> 'engagement'", SAME)
    shelf.put("answers", relation, _kept(relation, "engagement") | fixed, "instrument = 'engagement'")
    return relation


def _common(shelf: Shelf, cast: Cast) -> dict[str, str]:
    """Who answered, when, and of which groups."""
    source = cast.mapping.columns.get("respondent")
    numeric = whole(shelf.con, cast.staged.relation, source.column if source else None)
    return {
        "respondent": cast.identifier("respondent", numeric),
        "at": cast.instant("at"),
        "number": f"hash(rowid, {secrets.randbits(62)}) >> 1",
        **groups(cast),
    }


def _kept(relation: str, instrument: str) -> dict[str, str]:
    """What is kept of who answered: of engagement a number that nobody can trace, and the month. One without a name
    goes by the place in the files."""
    place = f"'{relation.removesuffix('_typed')}:' || (row + 1)"
    kept = {key: sql.name(key) for key in GROUPS}
    if instrument == "engagement":
        return kept | {"respondent": "CAST(number AS BIGINT)", "at": _MONTH}
    return kept | {"respondent": f"coalesce(CAST(respondent AS VARCHAR), {place})", "at": '"at"'}


def _instrument(given: str | None, item: str) -> str:
    """A wide file's instrument, or the one that stands before its item."""
    return given or item.partition(":")[0]


def _value(part: Part, cast: Cast, column: str) -> str:
    """An answer as a number: written as one, beginning with one, or in words of agreement."""
    expression = sql.name(column)
    if cast.staged.types[column] == "number":
        return f"CAST({expression} AS DOUBLE)"
    seven = any(value.lower() in _ONLY_IN_7 for value in part.values(column))
    said = LIKERT_7 if seven else LIKERT
    text = f"CAST({expression} AS VARCHAR)"
    return (
        f"coalesce(TRY_CAST(nullif(regexp_extract({text}, '^\\pL[^0-9]*[^0-9]([0-9]{{1,2}})$', 1), '') AS DOUBLE), "
        f"{numerals.number(text, cast.forms.decimal)}, {_looked_up(f'lower({text})', said, 'NULL')}, "
        f"TRY_CAST(nullif(regexp_extract({text}, '^([0-9]{{1,2}})[^0-9]', 1), '') AS DOUBLE))"
    )


def _looked_up(expression: str, found: Mapping[str, object], other: str) -> str:
    """A word for a word; `other` for what is not among them."""
    if not found:
        return other if other != "NULL" else "CAST(NULL AS VARCHAR)"
    branches = " ".join(
        f"WHEN {sql.literal(word)} THEN {meant if isinstance(meant, int) else sql.literal(str(meant))}"
        for word, meant in found.items()
    )
    return f"CASE {expression} {branches} ELSE {other} END"


def _named(shelf: Shelf, cast: Cast, key: str, limit: int = 2000) -> list[str]:
    """The different words of a column."""
    if not cast.has(key) or cast.mapping.columns[key].column is None:
        return []
    column = sql.name(cast.mapping.columns[key].column or "")
    found = shelf.con.execute(
        f"SELECT DISTINCT CAST({column} AS VARCHAR) AS v FROM {sql.name(cast.staged.relation)} "
        f"WHERE {column} IS NOT NULL ORDER BY v LIMIT {limit}"
    ).fetchall()
    return [word for (word,) in found]


def _scale(instrument: str, key: str, column: str, value: str) -> Check:
    """An answer outside the definition's scale."""
    low, high = SCALES[instrument]
    return Check(
        key, column, f"{value} NOT BETWEEN {low} AND {high} OR {value} <> floor({value})",
        Said(
            gettext_noop("{instrument} answers are whole numbers from {low} to {high}"),
            instrument=instrument.upper(), low=low, high=high,
        ),
    )  # fmt: skip


def _not_applicable() -> str:
    return sql.literals(NOT_APPLICABLE)
