"""Rows and clocks before and after, as JSON: what a rearrangement changed, field by field.

`changed` of a Rearrangement:

    rows      {conversation: {field: [before, after]}}
    clocks    {clock: {field: [before, after]}}
    begun     clocks that began by it
    messages  those that went to the target; `fresh` are those of them that had not been elsewhere before
    counts    {conversation: how many messages it had then}
    last      the newest message of all then: what has come since is newer
    past      clocks that had stopped and went along
    drafts    [[draft, user, kind, text that was put below another draft, its files, its looks], ...] (see `drafts`)
    tasks     what was to be done about the source
    asides    what stood beside the source, with third parties
    links     {end: what the source was linked by at its `source` or `target` end}
    followed  users who follow the target by it
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db.models import Model

from answerable.desk.actions.held import CLOCK, CONVERSATION, Held
from answerable.desk.models import Clock, Conversation

BESIDES = ("created_at", "opened_by_id", "tags", "details", "merged_into_id")
"""Columns of a conversation that `Held.keep` leaves alone."""
ROW = (*CONVERSATION, *BESIDES)
TIMES = (*CLOCK, "conversation_id")
Changes = dict[str, dict[str, list[Any]]]


class Photograph:
    """How these conversations and their clocks stand now."""

    def __init__(self, held: Iterable[Held]) -> None:
        self.held = list(held)
        self.rows = {one.conversation.pk: _values(one.conversation, ROW) for one in self.held}
        self.clocks = {clock.pk: _values(clock, TIMES) for one in self.held for clock in one.clocks}

    def row(self, conversation: Conversation) -> dict[str, Any]:
        """A conversation's columns as they were."""
        return {name: _read(conversation, name, value) for name, value in self.rows[conversation.pk].items()}

    def changes(self) -> dict[str, Changes]:
        """What has changed since, once all is written."""
        clocks = {clock.pk: clock for one in self.held for clock in one.clocks if clock.pk in self.clocks}
        return {
            "rows": _changed(self.rows, {one.conversation.pk: one.conversation for one in self.held}, ROW),
            "clocks": _changed(self.clocks, clocks, TIMES),
        }


def is_as_left(row: Conversation | Clock, changes: Mapping[str, list[Any]]) -> bool:
    """Whether nothing of it has been changed since."""
    return all(_as_json(getattr(row, name)) == after for name, (_before, after) in changes.items())


def put_back(row: Conversation | Clock, changes: Mapping[str, list[Any]], *, always: bool = False) -> None:
    """Give each field its value from before, unless it has been changed since."""
    for name, (before, after) in changes.items():
        if always or _as_json(getattr(row, name)) == after:
            setattr(row, name, _read(row, name, before))


def keep_besides(conversation: Conversation) -> None:
    """Write the columns that `Held.keep` does not."""
    conversation.save(update_fields=[name.removesuffix("_id") for name in BESIDES])


def _values(row: Model, names: Iterable[str]) -> dict[str, Any]:
    return {name: _as_json(getattr(row, name)) for name in names}


def _as_json(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def _read(row: Model, name: str, value: Any) -> Any:
    field: Any = row._meta.get_field(name.removesuffix("_id") if name.endswith("_id") else name)
    return field.target_field.to_python(value) if field.is_relation else field.to_python(value)


def _changed(before: Mapping[int, dict[str, Any]], rows: Mapping[int, Model], names: Iterable[str]) -> Changes:
    names, found = list(names), {}
    for pk, row in rows.items():
        then, now = before[pk], _values(row, names)
        # A clock that has gone elsewhere may stop there, so all of it is kept.
        has_gone = then.get("conversation_id") != now.get("conversation_id")
        if differs := {name: [then[name], now[name]] for name in names if has_gone or then[name] != now[name]}:
            found[str(pk)] = differs
    return found
