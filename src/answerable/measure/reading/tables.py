"""The shapes of what a reading holds beside the engine's own facts (facts.py): events, answers, activity."""

from __future__ import annotations

from answerable.measure.facts import COUNT, GROUPS, IDENTIFIER, INSTANT, TEXT, WORD, Column
from answerable.measure.facts import TABLES as FACTS

AMOUNT = "amount"  # float64
DAY = "day"  # int64, days after 1 January 1970

EVENTS = (
    Column("conversation_id", IDENTIFIER, "the conversation", required=True),
    Column("activity", WORD, "what happened, in the log's own words", required=True),
    Column("at", INSTANT, "when it happened", required=True),
    Column("agent", WORD, "who did it"),
    *GROUPS,
)

ANSWERS = (
    Column("instrument", WORD, "csat, nps, ces, servqual or engagement", required=True),
    Column("respondent", IDENTIFIER, "who answered; of engagement only a number, different in each file", True),
    Column("at", INSTANT, "when; null where unknown, and of engagement the first of the month"),
    Column("item", WORD, "the question; of weights the dimension", required=True),
    Column("part", WORD, "score, expectation, perception or weight", required=True),
    Column("dimension", WORD, "tangibles, reliability, ...; null where there is none"),
    Column("value", AMOUNT, "the answer; null means not applicable", required=True),
    *GROUPS,
)

ACTIVITY = (
    Column("customer", IDENTIFIER, "the customer", required=True),
    Column("day", DAY, "the local day on which they bought or used something", required=True),
    Column("amount", AMOUNT, "how much"),
    Column("segment", WORD, "the customer's segment"),
    Column("region", WORD, "the customer's region"),
)

TABLES = {**FACTS, "events": EVENTS, "answers": ANSWERS, "activity": ACTIVITY}
SQL_TYPES = {
    INSTANT: "BIGINT", "seconds": "BIGINT", COUNT: "BIGINT", DAY: "BIGINT", "flag": "BOOLEAN", AMOUNT: "DOUBLE",
    IDENTIFIER: "VARCHAR", WORD: "VARCHAR", TEXT: "VARCHAR",
}  # fmt: skip
