"""What somebody changed, to be taken back: as it was before, clocks included, if nobody has changed it since."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext as _

from answerable.desk.actions import clocks
from answerable.desk.actions.held import CLOCK, CONVERSATION, Held
from answerable.desk.errors import Refused
from answerable.desk.models import Clock, Conversation
from answerable.people.models import User

Change = Mapping[str, Any]
"""Columns with what stood there before and after, as JSON keeps it: of the conversation, and of clocks by number."""
WRITTEN = ("preview", "preview_by_id", "message_count", "last_message_at", "due_at")
"""What messages change, and what is worked out: no reason to refuse."""


def change_of(held: Held) -> Change:
    """What has changed since it was held."""
    row = _differing(held.conversation, CONVERSATION, held.read)
    known = {clock.pk: clock for clock in held.clocks if clock.pk}
    changed = {str(pk): _differing(clock, CLOCK, held.clocks_read[pk]) for pk, clock in known.items()}
    return {"conversation": row, "clocks": {pk: columns for pk, columns in changed.items() if columns}}


def change_since(before: Held) -> Change:
    """What has changed and was written since it was held, in the same transaction."""
    row = Conversation.objects.get(pk=before.conversation.pk)
    clocks = {clock.pk: clock for clock in row.clocks.filter(pk__in=before.clocks_read)}
    changed = {str(pk): _differing(clock, CLOCK, before.clocks_read[pk]) for pk, clock in clocks.items()}
    return {
        "conversation": _differing(row, CONVERSATION, before.read),
        "clocks": {pk: columns for pk, columns in changed.items() if columns},
    }


def take_back_change(held: Held, change: Change, *, by: User, begun_at: datetime) -> None:
    """As it was before. Raises Refused where somebody has changed the same since. What began with it, is void."""
    row = change["conversation"]
    _check_is_so(held.conversation, row)
    numbers = [int(pk) for pk in change["clocks"]]
    missing = set(numbers) - {clock.pk for clock in held.clocks}
    held.hold_clocks(held.conversation.clocks.filter(pk__in=missing))
    known = {clock.pk: clock for clock in held.clocks}
    if not known.keys() >= set(numbers):  # they count for another conversation by now
        raise Refused(_("It is too late: it has been changed since."))
    for clock in list(held.going_on()):
        if clock.pk not in numbers and clock.started_at == begun_at:
            clocks.cancel(held, clock, at=begun_at, by=by, because="taken_back")
    for pk, columns in change["clocks"].items():
        _check_is_so(known[int(pk)], columns)
        _restore(known[int(pk)], columns)
    _restore(held.conversation, row)
    _say(held, row, by, begun_at)


def _differing(row: Model, columns: Iterable[str], before: Iterable[Any]) -> dict[str, list[Any]]:
    pairs = ((name, was, getattr(row, name)) for name, was in zip(columns, before, strict=True))
    return {name: [_plain(was), _plain(now)] for name, was, now in pairs if was != now}


def _check_is_so(row: Conversation | Clock, columns: Mapping[str, list[Any]]) -> None:
    if any(_plain(getattr(row, name)) != after for name, (_was, after) in columns.items() if name not in WRITTEN):
        raise Refused(_("It is too late: it has been changed since."))


def _restore(row: Conversation | Clock, columns: Mapping[str, list[Any]]) -> None:
    fields: Any = row._meta
    for name, (before, _after) in columns.items():
        if name not in WRITTEN:
            setattr(row, name, fields.get_field(name).to_python(before))


def _say(held: Held, row: Mapping[str, list[Any]], by: User, begun_at: datetime) -> None:
    """The events that say so, the other way round, so that whoever follows them knows how it stands; `of` is when it
    was done, so that whoever counts leaves that out."""
    back: dict[str, Any] = {"taken_back": True, "of": begun_at.isoformat()}
    verbs = {"status": "status_changed", "priority": "prioritised", "assignee_id": "assigned", "team_id": "moved"}
    for column, verb in verbs.items():
        if column in row:
            before, after = row[column]
            held.record(f"conversation.{verb}", by=by, before=after, to=before, **back)
    if "tags" in row:
        before, after = row["tags"]
        added = [tag for tag in before if tag not in after]
        removed = [tag for tag in after if tag not in before]
        held.record("conversation.tagged", by=by, added=added, removed=removed, **back)


def _plain(value: Any) -> Any:
    """As JSON keeps it."""
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, str | int):
        return str(value) if isinstance(value, str) else int(value)
    return value
