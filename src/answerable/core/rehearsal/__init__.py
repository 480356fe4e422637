"""A policy rehearsed on what happened: conversations replayed under one policy and another, by arrays.

    history = history_of(beginnings, happenings, as_of)
    rehearse(history, policy, draft, who, time_zone="Europe/Riga")

What is assumed, and what is as at the desk, is described in docs/howto/rehearse-a-policy.md.
"""

from answerable.core.rehearsal.comparison import (
    Change,
    Comparison,
    Differing,
    Escalations,
    Example,
    Kept,
    Line,
    compare,
    rehearse,
)
from answerable.core.rehearsal.happenings import Beginnings, Happenings, Status, What, history_of
from answerable.core.rehearsal.history import KINDS, NOBODY, History, Rests, Timeline, Turns, Waits
from answerable.core.rehearsal.instants import NEVER, SECOND, micros, moment
from answerable.core.rehearsal.open_time import OpenTime
from answerable.core.rehearsal.replay import NOTHING, Firings, Outcome, Replay, replay
from answerable.core.rehearsal.telling import Days, Person, Telling, Told, Who, tell

__all__ = [
    "KINDS",
    "NEVER",
    "NOBODY",
    "NOTHING",
    "SECOND",
    "Beginnings",
    "Change",
    "Comparison",
    "Days",
    "Differing",
    "Escalations",
    "Example",
    "Firings",
    "Happenings",
    "History",
    "Kept",
    "Line",
    "OpenTime",
    "Outcome",
    "Person",
    "Replay",
    "Rests",
    "Status",
    "Telling",
    "Timeline",
    "Told",
    "Turns",
    "Waits",
    "What",
    "Who",
    "compare",
    "history_of",
    "micros",
    "moment",
    "rehearse",
    "replay",
    "tell",
]
