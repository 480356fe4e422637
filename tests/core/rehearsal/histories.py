"""Small histories for the tests of rehearsals: what happened, in minutes from a Monday morning."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

import numpy as np

from answerable.core.conditions import FIELDS, PRIORITIES
from answerable.core.policy import Policy, compile_policy
from answerable.core.rehearsal import NOBODY, Beginnings, Happenings, History, Status, What, history_of, micros

MONDAY = datetime(2026, 3, 2, 7, tzinfo=UTC)
MINUTE = 60_000_000
TEAMS = ("support", "sales")
Happened = tuple[What, int, int]  # what, minute, value

HEAD = """
title = "Tests"
mission = "We answer everyone soon."
language = "en"

[hours.office]
time_zone = "Europe/Riga"
monday = ["09:00-13:00", "14:00-18:00"]
tuesday = ["09:00-18:00"]
wednesday = ["09:00-18:00"]
thursday = ["09:00-18:00"]
friday = ["09:00-15:00"]

[[objective]]
key = "soon"
sentence = "Soon."
serves = "We answer everyone soon."
kpi = "compliance"
target = "95 %"
"""
STANDARD = """
[[standard]]
key = "{key}"
promise = "We keep {key}."
objective = "soon"
clock = "{clock}"
within = "{within}"
hours = "{hours}"
{more}
"""
CHAIN = """
[[escalation]]
key = "usual"
steps = [
    { at = "50%", do = "notify", to = "assignee" },
    { at = "100%", do = "raise_priority" },
    { at = "100%", do = "notify", to = "lead" },
    { at = "180%", do = "notify", to = "team" },
]
"""


def standard(key: str, clock: str, within: str, hours: str = "office", more: str = 'escalation = "usual"') -> str:
    """One standard of a document."""
    return STANDARD.format(key=key, clock=clock, within=within, hours=hours, more=more)


def policy(*standards: str, chain: str = CHAIN) -> Policy:
    """A policy of these standards."""
    return compile_policy(HEAD + "".join(standards) + chain, holidays=lambda *_: {})


def usual() -> Policy:
    """A promise for each clock, and a sharper first answer for what is urgent."""
    urgent = 'when = { priority = ["urgent"] }\nescalation = "usual"'
    return policy(
        standard("first", "first_response", "2 hours"),
        standard("urgent", "first_response", "30 minutes", "always", urgent),
        standard("next", "next_response", "4 hours"),
        standard("solved", "resolution", "1 working day"),
    )


def at(minute: int) -> int:
    """A minute as an instant."""
    return micros(MONDAY) + minute * MINUTE


def history(
    conversations: Sequence[Sequence[Happened]],
    *,
    until: int,
    priority: Mapping[int, int] | None = None,
    georgian: Sequence[int] = (),
) -> History:
    """What happened in each conversation, in order; `priority` is that at the beginning (normal, unless given).

    Those in `georgian` are of the region GE, the others of none.
    """
    rows = [(place, *each) for place, told in enumerate(conversations) for each in told]
    columns = np.array(rows, dtype=np.int64).reshape(-1, 4).T
    count = len(conversations)
    words: dict[str, tuple[str, ...]] = dict.fromkeys(FIELDS, ())
    words |= {"channel": ("email",), "priority": PRIORITIES, "team": TEAMS, "region": ("GE",)}
    facts = {name: np.full(count, NOBODY, dtype=np.int32) for name in FIELDS}
    facts["channel"][:] = facts["team"][:] = 0
    facts["priority"][:] = [(priority or {}).get(place, 1) for place in range(count)]
    facts["region"][list(georgian)] = 0
    begun = Beginnings(
        ids=np.arange(100, 100 + count),
        began_at=np.array([at(told[0][1]) for told in conversations], dtype=np.int64),
        facts=facts,
        words=words,
        assignee=np.full(count, NOBODY, dtype=np.int32),
        by_agent=np.zeros(count, dtype=np.bool_),
    )
    happened = Happenings(
        columns[0].astype(np.int32),
        columns[1].astype(np.int16),
        micros(MONDAY) + columns[2] * MINUTE,
        columns[3].astype(np.int32),
    )
    return history_of(begun, happened, at(until))


def asked(minute: int) -> Happened:
    return What.ASKED, minute, NOBODY


def answered(minute: int, by: int = 0) -> Happened:
    return What.ANSWERED, minute, by


def turned(minute: int, to: Status) -> Happened:
    return What.STATUS, minute, to


def prioritised(minute: int, to: int) -> Happened:
    return What.PRIORITY, minute, to
