"""The queues agents work from: what stands in each, in which order, and what an empty one says."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, cast

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from answerable.desk.models import Conversation, Notice, Task
from answerable.desk.models.conversation import ConversationQuerySet
from answerable.desk.saved import Saved, listed, listing, saved_queue
from answerable.events.models import Event
from answerable.people.models import Team, User
from answerable.policy.models import Acknowledgement, Review
from answerable.policy.models.review import SOON
from answerable.web.standing import Given, Text, ask, text

MOST_COUNTED = 99
"""A count stops here and says “99+”: nobody works by the difference between 4,000 and 5,000."""
SHOW_ALL = _("Show all open conversations")


@dataclass(frozen=True)
class Queue:
    """A saved filter. `column` orders it (with the id), newest first unless `ascending`."""

    key: str
    icon: str
    label: Promise
    choose: Callable[[ConversationQuerySet, User], ConversationQuerySet]
    empty_title: Promise
    empty_text: Promise
    empty_action: Promise = SHOW_ALL
    empty_leads_to: str = "open"
    column: str = "last_message_at"
    ascending: bool = False
    is_counted: bool = True

    def rows(self, user: User) -> ConversationQuerySet:
        """What of it the user may see."""
        return self.choose(Conversation.objects.visible_to(user), user)


def soon_ends(now: datetime | None = None) -> datetime:
    """A day from the next full hour, in the reader's time; one that ends on a weekend ends on Monday instead.

    What falls due on Monday morning is Friday's work. The same for an hour, so that queries can be kept.
    """
    here = timezone.localtime(now or timezone.now())
    ends = here.replace(minute=0, second=0, microsecond=0) + timedelta(hours=25)
    days_to_monday = 8 - ends.isoweekday()
    return ends + timedelta(days=days_to_monday if days_to_monday <= 2 else 0)


def _of_my_teams(rows: ConversationQuerySet, user: User) -> ConversationQuerySet:
    return rows.awake().filter(team_id__in=Team.objects.filter(memberships__user=user).values("pk"))


MINE = Queue(
    "mine",
    "user-check",
    _("Mine"),
    lambda rows, user: rows.mine(user),
    _("Nothing waits for you"),
    _("What is assigned to you and not yet solved stands here."),
    _("Take from the unassigned"),
    "unassigned",
)
UNASSIGNED = Queue(
    "unassigned",
    "inbox",
    _("Unassigned"),
    lambda rows, user: rows.unassigned(),
    _("Everything has somebody"),
    _("Conversations that nobody has taken yet stand here."),
)
QUEUES: tuple[Queue, ...] = (
    MINE,
    UNASSIGNED,
    Queue(
        "team",
        "users",
        _("My team"),
        _of_my_teams,
        _("Your team has nothing open"),
        _("What your own team works on stands here, whoever has it."),
    ),
    Queue(
        "breaching",
        "alarm-clock",
        _("Breaching soon"),
        lambda rows, user: rows.breaching_soon(until=soon_ends()),
        _("No promise is in danger"),
        _("What is late or falls due within a day stands here, the most urgent first. Weekends are not counted."),
        column="due_at",
        ascending=True,
    ),
    Queue(
        "open",
        "layout-list",
        _("All open"),
        lambda rows, user: rows.awake(),
        _("Nothing is open"),
        _("Everything that is not solved and not asleep stands here."),
        _("Show what is solved"),
        "solved",
    ),
    Queue(
        "snoozed",
        "hourglass",
        _("Snoozed"),
        lambda rows, user: rows.snoozed(),
        _("Nothing is asleep"),
        _("What you put aside until later stands here, and comes back by itself."),
        column="snoozed_until",
        ascending=True,
    ),
    Queue(
        "solved",
        "check-check",
        pgettext_lazy("queue", "Solved"),
        lambda rows, user: rows.solved(),
        _("Nothing is solved yet"),
        _("Conversations that are done stand here; a customer's reply opens them again."),
        is_counted=False,
    ),
    Queue(
        "spam",
        "ban",
        pgettext_lazy("queue", "Spam"),
        lambda rows, user: rows.spam(),
        _("Nothing is marked as spam"),
        _("What you mark as spam is closed, stands here and counts in no report."),
        is_counted=False,
    ),
)
BY_KEY = {queue.key: queue for queue in QUEUES}


def queue_of(key: str, user: User) -> Queue | Saved | None:
    """Everybody's queue of that key, or one made of conditions that the user sees."""
    return BY_KEY.get(key) or saved_queue(key, user)


@dataclass(frozen=True)
class Counts:
    """How many stand in each counted queue, and how many notices are unread, each up to MOST_COUNTED + 1; how many
    versions of the policy the user has to read, how many of its objectives to review and how many tasks to do; the
    queues made of conditions, which are not counted here.

    `last_event` is the newest event's id: what is read after this shows at least that much.
    """

    queues: Mapping[str, int]
    unread: int
    to_read: int
    to_review: int
    tasks: int
    last_event: int
    saved: Sequence[Saved]


def counts(user: User) -> Counts:
    """One query, bounded by its limits."""
    keys, asked = _counting(user.team_ids, soon_ends())
    (*found, unread, to_read, to_review, tasks, last_event, saved) = ask(asked.sql, asked.values({"user": user.pk}))[0]
    return Counts(dict(zip(keys, found, strict=True)), unread, to_read, to_review, tasks, last_event, listed(saved))


class Somebody(Given):
    """Stands for a user of these teams who is yet to be named."""

    def __init__(self, team_ids: frozenset[int]) -> None:
        super().__init__("user")
        self.team_ids, self.pk = team_ids, self


@lru_cache(maxsize=1024)
def _counting(team_ids: frozenset[int], until: datetime) -> tuple[Sequence[str], Text]:
    """The keys of the queues that are counted (somebody without a team has none), and the query."""
    user = cast(User, Somebody(team_ids))
    counted = [queue for queue in QUEUES if queue.is_counted] if team_ids else []
    unread = Notice.objects.filter(user=user, read_at=None)
    parts: list[str] = []
    values: list[Any] = []
    to_read = Acknowledgement.objects.of(user).open()
    to_review = Review.objects.waiting_for(user, until=until.date() + SOON)
    tasks = Task.objects.visible_to(user).open().filter(assignee=user)
    rows: QuerySet[Any]
    for rows in (*(queue.rows(user) for queue in counted), unread, to_read, to_review, tasks):
        sql, parameters = rows.order_by().values("pk")[: MOST_COUNTED + 1].query.sql_with_params()
        parts.append(f"(SELECT count(*) FROM ({sql}) AS found)")  # noqa: S608 (by the ORM, with parameters)
        values.extend(parameters)
    parts.append(f"coalesce((SELECT max(id) FROM {Event._meta.db_table}), 0)")  # noqa: S608 (a table of ours)
    parts.append(listing(team_ids))
    values.append(Given("user"))
    return [queue.key for queue in counted], text(f"SELECT {', '.join(parts)}", values)
