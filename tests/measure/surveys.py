"""Answers and activity for tests, as people would write them, as facts."""

from __future__ import annotations

from datetime import date
from typing import Any

from answerable.measure.facts import Facts
from answerable.measure.period import EPOCH
from tests.measure.desks import AS_OF, at, table

MARCH = {"since": date(2026, 3, 1), "until": date(2026, 4, 1)}


def day(text: str) -> int:
    """A day as activity has it."""
    return (date.fromisoformat(text) - EPOCH).days


def answer(
    instrument: str, value: float | None, when: str | None = "2026-03-10 12:00", **others: Any
) -> dict[str, Any]:
    """An answer of team 1, score by default."""
    return {
        "instrument": instrument,
        "respondent": 1,
        "at": None if when is None else at(when),
        "item": instrument,
        "part": "score",
        "value": value,
        "team_id": 1,
        "team": "Care",
        **others,
    }


def pairs(who: int, item: str, dimension: str, halves: tuple[float | None, float | None], **others: Any) -> list[Any]:
    """What somebody expected and perceived of one item."""
    parts = zip(("expectation", "perception"), halves, strict=True)
    return [
        answer("servqual", value, respondent=who, item=item, dimension=dimension, part=part, **others)
        for part, value in parts
        if value is not None
    ]


def surveyed(answers: list[dict[str, Any]], as_of: int = AS_OF) -> Facts:
    """Facts of answers alone."""
    return Facts.from_arrow({"answers": table("answers", answers)}, as_of=as_of)


def active(rows: list[tuple[int | str, int, float | None]], as_of: int = AS_OF, **columns: Any) -> Facts:
    """Facts of activity alone: customer, day since 1970, amount; more columns by name, a value per row."""
    made = [
        {"customer": customer, "day": day, "amount": amount, **{name: values[n] for name, values in columns.items()}}
        for n, (customer, day, amount) in enumerate(rows)
    ]
    return Facts.from_arrow({"activity": table("activity", made)}, as_of=as_of)
