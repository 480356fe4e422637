"""The shapes of what a reading holds: the engine's facts (measure/tables.py) and events."""

from __future__ import annotations

from answerable.measure.tables import AMOUNT, COUNT, DAY, GROUPS, IDENTIFIER, INSTANT, TEXT, WORD, Column
from answerable.measure.tables import TABLES as FACTS

EVENTS = (
    Column("conversation_id", IDENTIFIER, "the conversation", required=True),
    Column("activity", WORD, "what happened, in the log's own words", required=True),
    Column("at", INSTANT, "when it happened", required=True),
    Column("agent", WORD, "who did it"),
    *GROUPS,
)

TABLES = {**FACTS, "events": EVENTS}
SQL_TYPES = {
    INSTANT: "BIGINT", "seconds": "BIGINT", COUNT: "BIGINT", DAY: "BIGINT", "flag": "BOOLEAN", AMOUNT: "DOUBLE",
    IDENTIFIER: "VARCHAR", WORD: "VARCHAR", TEXT: "VARCHAR",
}  # fmt: skip
