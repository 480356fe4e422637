"""The shapes of the facts: which tables, which columns, and what each means.

Each table is wide, so that no measure needs a join, and carries the groups as they were at the event.
`DESK` is what a desk delivers; `TABLES` is all that can be measured.
"""

from __future__ import annotations

from dataclasses import dataclass

INSTANT = "instant"  # int64, Unix seconds UTC
SECONDS = "seconds"  # int64, a duration
COUNT = "count"  # int64
IDENTIFIER = "identifier"  # int64 or string
WORD = "word"  # string, few distinct values; dictionary-encoded
FLAG = "flag"  # bool
TEXT = "text"  # string
AMOUNT = "amount"  # float64
DAY = "day"  # int64, days after 1 January 1970


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a fact table. `required` columns must be delivered; others may be absent (all null)."""

    name: str
    kind: str
    meaning: str
    required: bool = False


GROUPS = (
    Column("team_id", IDENTIFIER, "the team that had it; null when none"),
    Column("team", WORD, "that team's name"),
    Column("channel", WORD, "email, form, chat, ..."),
    Column("segment", WORD, "the customer's segment, as it was when the conversation began"),
    Column("region", WORD, "the customer's region, likewise"),
    Column("language", WORD, "the conversation's language"),
    Column("priority", WORD, "low, normal, high, urgent"),
)

CONVERSATIONS = (
    Column("conversation_id", IDENTIFIER, "the conversation", required=True),
    Column("started_at", INSTANT, "the customer's first inbound message; of a merged one the earliest", True),
    Column("opened_by", WORD, "customer, agent or system: who wrote first", required=True),
    Column("spam", FLAG, "judged to be spam"),
    Column("merged_into", IDENTIFIER, "the conversation this one was merged into; null when it stands"),
    *GROUPS,
    Column("first_responded_at", INSTANT, "first public, human, not automatic reply; null while none", True),
    Column(
        "first_response_business_seconds",
        SECONDS,
        "business time from the start to that reply, or to `as_of` while none; null without calendar",
    ),
    Column("solved_at", INSTANT, "when last solved; null while open, also when open again", required=True),
    Column(
        "resolution_business_seconds",
        SECONDS,
        "business time from the start to `solved_at`, or to `as_of` while open; null without calendar",
    ),
    Column("reopened_count", COUNT, "how often it came back after being solved"),
    Column("imported", FLAG, "taken over from another system: it began under hours that are not ours"),
)

CLOCKS = (
    Column("conversation_id", IDENTIFIER, "the conversation", required=True),
    Column("kind", WORD, "first_response, next_response or resolution", required=True),
    Column("started_at", INSTANT, "the customer's message that started the clock", required=True),
    *GROUPS,
    Column("standard", WORD, "the standard's key in the policy"),
    Column("promise", WORD, "the standard's sentence"),
    Column("policy_version", WORD, "the version frozen on the clock"),
    Column("target_seconds", SECONDS, "business time promised"),
    Column("state", WORD, "running, paused, met, breached or cancelled (spam, merged: counts nowhere)", True),
    Column("due_at", INSTANT, "when the promise falls due; null while paused", required=True),
    Column("stopped_at", INSTANT, "when the clock stopped; null while it has not"),
    Column("elapsed_business_seconds", SECONDS, "counted time, once stopped"),
)

RATINGS = (
    Column("conversation_id", IDENTIFIER, "the conversation", required=True),
    Column("invited_at", INSTANT, "when the customer was asked", required=True),
    Column("rated_at", INSTANT, "when they answered; null while they have not", required=True),
    Column("score", COUNT, "1 to 5; null with a `rated_at` means not applicable", required=True),
    Column("agent_id", IDENTIFIER, "who solved it"),
    Column("agent", WORD, "that agent's name"),
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
    Column("currency", WORD, "of the amount"),
    Column("segment", WORD, "the customer's segment"),
    Column("region", WORD, "the customer's region"),
)

RETURNS = (
    Column("reference", IDENTIFIER, "the conversation, or the customer who bought", required=True),
    Column("at", INSTANT, "when it began, or was bought", required=True),
    Column("returned", FLAG, "whether something was sent back; null where nobody says"),
    Column("refund", AMOUNT, "money given back, 0 for none; null where nobody says"),
    Column("compensation", AMOUNT, "money given for the trouble, likewise"),
    Column("currency", WORD, "of the money"),
    *GROUPS,
)

DESK = {"conversations": CONVERSATIONS, "clocks": CLOCKS, "ratings": RATINGS}
TABLES = {**DESK, "answers": ANSWERS, "activity": ACTIVITY, "returns": RETURNS}
