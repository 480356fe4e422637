"""Names of the users and teams that events speak of."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from answerable.events.models import Event
from answerable.people.models import Team, User

USERS = {
    "conversation.assigned": ("before", "to"),
    "conversation.offered": ("to",),
    "conversation.passed": ("to",),
    "conversation.lapsed": ("to",),
}
TEAMS = {"conversation.moved": ("before", "to"), "conversation.overflowed": ("before", "to")}
"""Which particulars of a verb hold ids of users and of teams."""


class Names:
    """Names of the users and teams that events speak of: one query each, made when the first is asked for."""

    def __init__(self, events: Iterable[Event] = ()) -> None:
        self._ids: dict[str, set[int]] = {"user": set(), "team": set()}
        self._found: dict[str, dict[int, Any]] = {}
        for event in events:
            self.note(event)

    def note(self, event: Event) -> None:
        for kind, table in (("user", USERS), ("team", TEAMS)):
            ids = [event.particulars.get(name) for name in table.get(event.verb, ())]
            self._ids[kind].update(pk for pk in ids if isinstance(pk, int))
        outcome = event.particulars.get("outcome")
        if isinstance(outcome, dict):
            self.note_outcome(outcome)
        for each in event.particulars.get("outcomes", ()):
            self.note_outcome(each)

    def note_outcome(self, outcome: Mapping[str, Any]) -> None:
        """Whom a step of an escalation concerned."""
        self._ids["user"].update(outcome.get("told", ()), [outcome["assignee"]] if outcome.get("assignee") else [])
        self._ids["team"].update([outcome["team"]] if outcome.get("team") else [])
        self._ids["user"].update(absent for _acting, absent in outcome.get("instead_of", ()))

    def user(self, pk: object) -> str:
        return self._name("user", pk)

    def team(self, pk: object) -> str:
        return self._name("team", pk)

    def _name(self, kind: str, pk: object) -> str:
        if kind not in self._found:
            rows: Any = User.objects if kind == "user" else Team.objects
            self._found[kind] = rows.in_bulk(self._ids[kind])
        row = self._found[kind].get(pk) if isinstance(pk, int) else None
        return str(row) if row else _("somebody")
