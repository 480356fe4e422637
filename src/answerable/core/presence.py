"""Whether somebody is there to be given work, and why: from what they chose, what their pages tell, and their rota.

The rules, in words and with examples: ``docs/howto/routing.md``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

SILENT_AFTER = timedelta(seconds=75)
"""An open page's stream is noted twice a minute; one that misses two beats is closed."""
IDLE_AFTER = timedelta(minutes=10)
"""Whoever neither moves the mouse nor types for so long has left the desk."""
CHOICE_HOLDS = timedelta(hours=12)
"""What somebody without a rota chose is forgotten after this: a break of yesterday is over."""


class State(StrEnum):
    """Only who is online is offered anything."""

    ONLINE = "online"
    BREAK = "break"
    AWAY = "away"
    OFF = "off"


class Cause(StrEnum):
    """Why somebody is in the state they are in."""

    ACTIVE = "active"
    CHOSEN = "chosen"
    ROTA = "rota"  # a break of the shift; off: no shift now
    ABSENCE = "absence"
    SILENT = "silent"  # no page is open
    IDLE = "idle"
    MISSED = "missed"  # let an offer lapse


class Standing(NamedTuple):
    """A state with its cause."""

    state: State
    cause: Cause


@dataclass(frozen=True)
class Signs:
    """What is known of somebody's own doing. `chosen` is online, break or away; the instants are the latest of each."""

    chosen: State = State.ONLINE
    chosen_at: datetime | None = None
    connected_at: datetime | None = None
    active_at: datetime | None = None
    missed_at: datetime | None = None


@dataclass(frozen=True)
class Planned:
    """What the rota says of one instant, for somebody who has one.

    `since` is when that began to hold: the shift, its break, the absence, or the end of the last shift.
    """

    since: datetime
    on_shift: bool
    on_break: bool = False
    is_absent: bool = False


def standing(signs: Signs, planned: Planned | None, now: datetime) -> Standing:
    """Whether they are there. `planned` is None for who has no rota.

    What somebody chose holds until the rota's next word: who says “online” after their shift works on, and a break
    that was chosen ends with the next shift. Without a rota it holds for `CHOICE_HOLDS`.
    """
    choice = _choice(signs, planned, now)
    if planned is not None and choice is not State.ONLINE:
        if planned.is_absent:
            return Standing(State.OFF, Cause.ABSENCE)
        if not planned.on_shift:
            return Standing(State.OFF, Cause.ROTA)
    if choice in (State.BREAK, State.AWAY):
        return Standing(choice, Cause.CHOSEN)
    if signs.connected_at is None or now - signs.connected_at > SILENT_AFTER:
        return Standing(State.AWAY, Cause.SILENT)
    if planned is not None and planned.on_break and choice is None:
        return Standing(State.BREAK, Cause.ROTA)
    active_at = signs.active_at or signs.connected_at
    if signs.missed_at is not None and active_at <= signs.missed_at:
        return Standing(State.AWAY, Cause.MISSED)
    if now - active_at > IDLE_AFTER:
        return Standing(State.AWAY, Cause.IDLE)
    return Standing(State.ONLINE, Cause.ACTIVE)


def _choice(signs: Signs, planned: Planned | None, now: datetime) -> State | None:
    """What they chose, while it holds."""
    if signs.chosen_at is None:
        return None
    held_since = planned.since if planned is not None else now - CHOICE_HOLDS
    return signs.chosen if signs.chosen_at >= held_since else None
