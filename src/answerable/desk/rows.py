"""What a list shows of a conversation."""

from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple, cast

from django.utils.translation import gettext as _

from answerable.customers.called import CALLED
from answerable.customers.models import Contact
from answerable.desk.find import find
from answerable.desk.models import Conversation
from answerable.desk.models.conversation import ConversationQuerySet
from answerable.desk.queues import BY_KEY, Queue, Somebody, soon_ends
from answerable.desk.saved import Saved
from answerable.people.models import User
from answerable.web.pager import Order, Page
from answerable.web.standing import Among, Standing


class Row(NamedTuple):
    """A conversation as lists show it. `assignee_name` and `assignee_email` are None while nobody has it;
    `contact_name` is empty for a stranger; `preview_by` and `preview_by_name` are None for the
    customer's own words."""

    pk: int
    subject: str
    preview: str
    preview_by: int | None
    preview_by_name: str | None
    status: str
    priority: int
    last_message_at: datetime
    unanswered_since: datetime | None
    due_at: datetime | None
    snoozed_until: datetime | None
    contact_name: str
    assignee_name: str | None
    assignee_email: str | None
    pilot_arm: str
    channel: str

    @property
    def customer(self) -> str:
        """What they are called, in the reader's language."""
        return self.contact_name or str(Contact())

    def said(self, *, own: bool) -> str:
        """How the last message begins, behind the name of who wrote it unless that is the customer; `own` where that is
        the reader."""
        if own:
            return _("You: %(words)s") % {"words": self.preview}
        name = self.preview_by_name
        return f"{name.split()[0]}: {self.preview}" if name else self.preview


JOINED: dict[str, Any] = {"contact_name": CALLED, "preview_by_name": "preview_by__name"}
COLUMNS = tuple(JOINED.get(name, name.replace("assignee_", "assignee__")) for name in Row._fields)


def for_list(rows: ConversationQuerySet) -> Any:
    """The columns of a Row, with the names, in one query."""
    return rows.values_list(*COLUMNS)


def made(found: Iterable[tuple[Any, ...]]) -> list[Row]:
    """Rows out of the columns that `for_list` asks for."""
    return [Row._make(columns) for columns in found]


def of_queue(queue: Queue | Saved, user: User, cursor: str | None = None) -> Page[Row]:
    """A page of it. The first is what everybody looks at all day, so its query is kept. Raises BadCursor."""
    order = _order(queue)
    place = order.place(cursor)
    if place:
        return order.page(made(order.slice(for_list(queue.rows(user)), place)), place)
    first = (
        fitting(queue, user.team_ids, queue.seen_from())
        if isinstance(queue, Saved)
        else _first(queue.key, user.team_ids, soon_ends())
    )
    return order.page(made(first.values(user=user.pk)))


def of_words(text: str, user: User, *, before: tuple[datetime, int] | None = None, typing: bool = False) -> list[Row]:
    """A page of those the user may see that hold every word of the text, newest first (see desk/find.py)."""
    keys = find(text, teams=sorted(user.team_ids), before=before, typing=typing)
    return made(_found(user.team_ids).values(keys=keys)) if keys else []


@lru_cache(maxsize=1024)
def _found(team_ids: frozenset[int]) -> Standing[Any]:
    """Those of the keys given that the teams may see."""
    reader = cast(User, Somebody(team_ids))
    return Standing(
        lambda: for_list(
            Conversation.objects.visible_to(reader)
            .filter(Among("keys", Conversation))
            .order_by("-last_message_at", "-id")
        )
    )


def _order(queue: Queue | Saved) -> Order:
    return Order("desk.conversation", queue.column, queue.ascending)


@lru_cache(maxsize=1024)
def _first(key: str, team_ids: frozenset[int], _soon_ends: datetime) -> Standing[Any]:
    queue, user = BY_KEY[key], cast(User, Somebody(team_ids))
    return Standing(lambda: _order(queue).slice(for_list(queue.rows(user))))


@lru_cache(maxsize=128)  # those of this minute; older ones are asked no more
def fitting(queue: Saved, team_ids: frozenset[int], now: datetime) -> Standing[Any]:
    """Those of a queue's first page, seen from an instant, that somebody of the teams may see."""
    reader = cast(User, Somebody(team_ids))
    return Standing(lambda: _order(queue).slice(for_list(queue.rows(reader, now))))
