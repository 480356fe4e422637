"""ONE vocabulary of what can be done to a conversation: by macros, by rules, by escalations."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any


class Do(StrEnum):
    """What a step does. REASSIGN is an escalation's word: to a person of the team, or to a team."""

    ASSIGN = "assign"
    MOVE = "move"
    SET_PRIORITY = "set_priority"
    RAISE_PRIORITY = "raise_priority"
    SET_STATUS = "set_status"
    SNOOZE = "snooze"
    ADD_TAGS = "add_tags"
    REMOVE_TAGS = "remove_tags"
    SET_FIELD = "set_field"
    COPY = "copy"
    REPLY = "reply"
    NOTE = "note"
    NOTIFY = "notify"
    ASK_FOR_RATING = "ask_for_rating"
    MARK_SPAM = "mark_spam"
    REASSIGN = "reassign"


class Takes(StrEnum):
    """What a step wants to be told: `to` is one of these, `text` another."""

    NOTHING = ""
    ASSIGNEE = "assignee"
    TEAM = "team"
    PRIORITY = "priority"
    STATUS = "status"
    SPAN = "span"
    TAGS = "tags"
    FIELD = "field"
    VALUE = "value"
    ADDRESSES = "addresses"
    TEXT = "text"
    WORDS = "words"
    RECIPIENT = "recipient"


TAKES: Mapping[Do, tuple[Takes, Takes]] = {
    Do.ASSIGN: (Takes.ASSIGNEE, Takes.NOTHING),
    Do.MOVE: (Takes.TEAM, Takes.NOTHING),
    Do.SET_PRIORITY: (Takes.PRIORITY, Takes.NOTHING),
    Do.RAISE_PRIORITY: (Takes.NOTHING, Takes.NOTHING),
    Do.SET_STATUS: (Takes.STATUS, Takes.NOTHING),
    Do.SNOOZE: (Takes.SPAN, Takes.NOTHING),
    Do.ADD_TAGS: (Takes.NOTHING, Takes.TAGS),
    Do.REMOVE_TAGS: (Takes.NOTHING, Takes.TAGS),
    Do.SET_FIELD: (Takes.FIELD, Takes.VALUE),
    Do.COPY: (Takes.NOTHING, Takes.ADDRESSES),
    Do.REPLY: (Takes.NOTHING, Takes.TEXT),
    Do.NOTE: (Takes.NOTHING, Takes.TEXT),
    Do.NOTIFY: (Takes.RECIPIENT, Takes.WORDS),
    Do.ASK_FOR_RATING: (Takes.NOTHING, Takes.NOTHING),
    Do.MARK_SPAM: (Takes.NOTHING, Takes.NOTHING),
}
"""For each step of a macro or a rule, what its `to` and its `text` are."""
OF_MACROS = tuple(do for do in TAKES if do not in (Do.REPLY, Do.NOTE))
"""A macro's own text goes into the box, where the agent reads it before it leaves."""
OF_RULES = tuple(TAKES)
ME = "me"
NOBODY = "nobody"
SOLVER = "solver"
LEAD = "lead"
ASSIGNEE = "assignee"
TEAM = "team"


@dataclass(frozen=True, slots=True)
class Step:
    """One step. `to`: me, nobody, solver (who solved it last), lead, assignee, team, `team:KEY`, `user:EMAIL`; a
    team's key; a priority; a status; a span of time; a field's number. `text`: words, tags, addresses, a value."""

    do: Do
    to: str = ""
    text: str = ""

    @property
    def plain(self) -> dict[str, str]:
        """As JSON keeps it."""
        return {key: str(value) for key, value in asdict(self).items() if value}


def steps_of(plain: Iterable[Mapping[str, Any]]) -> tuple[Step, ...]:
    """From what `plain` gave. Raises ValueError for what is no step."""
    return tuple(Step(Do(each["do"]), str(each.get("to", "")), str(each.get("text", ""))) for each in plain)


def words_of(text: str) -> list[str]:
    """Tags or addresses separated by commas, in lower case, each once."""
    return list(dict.fromkeys(word.strip().lower() for word in text.split(",") if word.strip()))
