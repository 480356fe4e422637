"""Queues made of conditions, as pages use them, and how many stand in each.

No page counts them: it shows what was counted last, and where that may be wrong by now it asks for the counts as a
part that comes later. A queue is counted again only when something has happened, and at most a twentieth of the time,
however long counting takes; and never beyond what is said (“99+”), nor where it speaks of conversations that are done,
of which there is no end.
"""

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from django.db import connection
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from answerable.core.criteria import Node, Unreadable, checks, read
from answerable.desk.criteria import ME, condition, is_bounded, is_field, speaks_of_times, tells_time
from answerable.desk.models import Conversation, SavedQueue
from answerable.desk.models.conversation import ConversationQuerySet
from answerable.events.prepared import ask
from answerable.people.models import User
from answerable.web.numbers import key_in

PREFIX = "saved-"
NOTHING = _("Nothing fits now")
WHY_NOTHING = _("What fits the conditions of this queue stands here, and leaves when it no longer does.")
SHOW_ALL = _("Show all open conversations")
COLUMNS: Mapping[str, tuple[str, bool]] = {
    SavedQueue.Order.NEWEST: ("last_message_at", False),
    SavedQueue.Order.OLDEST: ("last_message_at", True),
    SavedQueue.Order.DUE: ("due_at", True),
    SavedQueue.Order.WAITING: ("unanswered_since", True),
}
"""By order: the column, and whether it ascends. Rows without a value of it are not in the queue."""
RESTS = 20
"""After counting it rests for so many times as long as that took."""
MINUTE_SECONDS = 60.0
MOST_KEPT = 2000
NO_TIME = datetime(1970, 1, 1, tzinfo=UTC)
# A team's queue is seen by whoever sees the team or one below it. `place` and `id` order it.
SEEN = """
FROM desk_savedqueue AS saved WHERE saved.retired_at IS NULL AND (saved.owner_id = %s OR saved.team_id IN (
    SELECT above.id FROM people_team AS above JOIN people_team AS below ON starts_with(below.path, above.path)
    WHERE below.id = ANY(ARRAY[{teams}]::bigint[])
))
"""
LISTED = """
coalesce((SELECT jsonb_agg(jsonb_build_array(
    saved.id, saved.revision, saved.name, saved.conditions, saved."order", saved.columns, saved.team_id
) ORDER BY saved.team_id IS NULL, saved.place, saved.id) {seen}), '[]'::jsonb)
"""


@dataclass(frozen=True)
class Saved:
    """A queue of conditions. It has what `desk.queues.Queue` has, so that lists know no difference."""

    pk: int
    revision: int
    name: str
    tree: Node
    order: str
    columns: tuple[int, ...]
    is_own: bool
    empty_title: Promise = field(default=NOTHING, compare=False)
    empty_text: Promise = field(default=WHY_NOTHING, compare=False)
    empty_action: Promise = field(default=SHOW_ALL, compare=False)
    empty_leads_to: str = "open"

    @property
    def key(self) -> str:
        return f"{PREFIX}{self.pk}"

    @property
    def icon(self) -> str:
        return "bookmark" if self.is_own else "list-filter"

    @property
    def label(self) -> str:
        return self.name

    @property
    def column(self) -> str:
        return COLUMNS[self.order][0]

    @property
    def ascending(self) -> bool:
        return COLUMNS[self.order][1]

    @property
    def is_counted(self) -> bool:
        return is_bounded(self.tree)

    def seen_from(self) -> datetime:
        """Whence its times are seen by those who look at it now: this minute's beginning, so that one query serves them
        all; where it speaks of no time, always the same."""
        return timezone.now().replace(second=0, microsecond=0) if speaks_of_times(self.tree) else NO_TIME

    def rows(self, user: User, now: datetime | None = None) -> ConversationQuerySet:
        """What of it the user may see: nothing of spam, of what was merged, or with third parties."""
        counted = Conversation.objects.visible_to(user).that_count()
        fitting = counted.filter(condition(self.tree, me=user.pk, now=now or timezone.now()))
        return fitting.exclude(**{self.column: None}) if self.column != "last_message_at" else fitting


def listed(columns: Iterable[Sequence[Any]]) -> list[Saved]:
    """Out of what LISTED answers; one whose conditions can't be read any more is left out."""
    found = []
    for pk, revision, name, conditions, order, shown, team in columns:
        tree = _tree(pk, revision, conditions)
        if tree is not None:
            found.append(Saved(pk, revision, name, tree, order, tuple(shown), team is None))
    return found


_trees: dict[tuple[int, int], Node | None] = {}


def _tree(pk: int, revision: int, conditions: object) -> Node | None:
    """Read once for each revision."""
    if (pk, revision) not in _trees:
        if len(_trees) >= MOST_KEPT:
            _trees.clear()
        try:
            _trees[pk, revision] = read(conditions, is_field)
        except Unreadable:
            _trees[pk, revision] = None
    return _trees[pk, revision]


@lru_cache(maxsize=1024)
def listing(teams: frozenset[int]) -> str:
    """SQL for all the queues that somebody of these teams sees; their own by one parameter, the user's key."""
    return LISTED.format(seen=SEEN.format(teams=", ".join(str(int(team)) for team in sorted(teams))))


def saved_of(user: User) -> list[Saved]:
    """All that the user sees, the teams' first."""
    return listed(ask(f"SELECT {listing(user.team_ids)}", [user.pk])[0][0])


def saved_queue(key: str, user: User) -> Saved | None:
    """The one of a key such as saved-7, if the user sees it."""
    number = key_in(key.removeprefix(PREFIX)) if key.startswith(PREFIX) else None
    return None if number is None else next((one for one in saved_of(user) if one.pk == number), None)


@dataclass(frozen=True)
class Counted:
    """How many, up to the most; what had happened by then (the newest event), when (monotonic) and how long it took."""

    count: int
    event: int
    at: float
    took: float


_counted: dict[tuple[object, ...], Counted] = {}


def known_counts(saved: Sequence[Saved], user: User, event: int) -> tuple[dict[int, int], bool]:
    """By queue, what was counted last; and whether all of them are right after `event`."""
    found, is_right = {}, True
    now = time.monotonic()
    for one in saved:
        if one.is_counted:
            kept = _counted.get(_kept_as(one, user))
            is_right = is_right and kept is not None and _is_right(one, kept, event, now)
            if kept is not None:
                found[one.pk] = kept.count
    return found, is_right


def count_again(saved: Sequence[Saved], user: User, event: int, most: int) -> None:
    """Count those that may be wrong by now and have rested, in one statement; up to `most` + 1 each."""
    now = time.monotonic()
    due = [one for one in saved if one.is_counted and _is_due(one, user, event, now)]
    if not due:
        return
    parts: list[str] = []
    values: list[Any] = []
    for one in due:
        sql, parameters = one.rows(user).order_by().values("pk")[: most + 1].query.sql_with_params()
        parts.append(f"(SELECT count(*) FROM ({sql}) AS found)")  # noqa: S608 (by the ORM, with parameters)
        values += parameters
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(parts)}", values)
        numbers = cursor.fetchone() or ()
    took = time.monotonic() - now
    if len(_counted) >= MOST_KEPT:
        _counted.clear()
    for one, number in zip(due, numbers, strict=True):
        _counted[_kept_as(one, user)] = Counted(number, event, now, took)


def _kept_as(one: Saved, user: User) -> tuple[object, ...]:
    """Whose conversations are counted, and by which conditions."""
    is_personal = any(ME in check.values for check in checks(one.tree))
    return one.pk, one.revision, user.team_ids, user.pk if is_personal else 0


def _is_right(one: Saved, kept: Counted, event: int, now: float) -> bool:
    """Nothing has happened since; and where what fits changes with time alone, a minute has not passed."""
    return kept.event >= event and (now - kept.at < MINUTE_SECONDS or not tells_time(one.tree))


def _is_due(one: Saved, user: User, event: int, now: float) -> bool:
    kept = _counted.get(_kept_as(one, user))
    return kept is None or (not _is_right(one, kept, event, now) and now - kept.at >= RESTS * kept.took)
