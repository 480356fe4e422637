"""Small desks for the tests of the report: rows as people would write them, as facts."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pyarrow as pa

from answerable.measure.facts import TABLES, Facts


def at(text: str) -> int:
    """Unix seconds of an instant written as 2026-03-02 09:00, in UTC."""
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())


AS_OF = at("2026-05-01 00:00")


def conversation(number: int, started: str | None, **others: Any) -> dict[str, Any]:
    """A conversation that a customer of team 1 opened by e-mail."""
    return {
        "conversation_id": number,
        "started_at": None if started is None else at(started),
        "opened_by": "customer",
        "spam": False,
        "merged_into": None,
        "team_id": 1,
        "team": "Care",
        "channel": "email",
        "first_responded_at": None,
        "solved_at": None,
        **others,
    }


def facts(
    conversations: list[dict[str, Any]],
    clocks: list[dict[str, Any]] | None = None,
    ratings: list[dict[str, Any]] | None = None,
    as_of: int = AS_OF,
) -> Facts:
    """Facts of rows as dictionaries; columns they do not have are null."""
    tables = {"conversations": conversations, "clocks": clocks, "ratings": ratings}
    return Facts.from_arrow({name: table(name, rows) for name, rows in tables.items() if rows is not None}, as_of=as_of)


def table(name: str, rows: list[dict[str, Any]]) -> pa.Table:
    """Rows as an Arrow table with every column of that fact."""
    from answerable.measure.facts import schema

    wanted = schema(name)
    return pa.table(
        {c.name: pa.array([row.get(c.name) for row in rows], wanted.field(c.name).type) for c in TABLES[name]}
    )
