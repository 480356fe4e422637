"""What somebody had who has left goes back into the line.

For a while, in teams whose conversations are offered by themselves. For what is live (a chat, a call): away or off for
two minutes. For what is written: off, and it falls due before they are back; so nobody's e-mails are taken from them
for the night. What became theirs only after they had left stays: they took it themselves, or somebody wants them to
have it.

For good, in every team, and all that is not solved: deactivated, or no longer in the team (reactions to
`user.deactivated`, `membership.withdrawn` and `membership.moved`). What was solved by then goes back when it is opened
again.
"""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import CharField, Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat
from django.utils import timezone

from answerable.core.presence import State
from answerable.desk.actions.changes import HANDLERS, change_assignee, change_status
from answerable.desk.actions.held import hold_all, keep_all
from answerable.desk.models import Conversation, Status
from answerable.desk.routing.kinds import IN_HAND, WRITTEN, kind_of
from answerable.events.models import Event
from answerable.people.attending import back_at
from answerable.people.models import Attendance, User

LEFT_AFTER = timedelta(minutes=2)
GONE = (State.AWAY, State.OFF)
LEFT = "left"
BATCH = 200
LOOKS_EVERY_SECONDS = 5.0


def give_back_due() -> float:
    """Put back what those left behind who are away. Seconds until it is to be looked at again."""
    now = timezone.now()
    away = Attendance.objects.filter(state__in=GONE, since__lte=now - LEFT_AFTER)
    states = dict(away.values_list("user_id", "state"))
    left = _in_hand_of(states).exclude(Exists(_given_since()))
    rows = list(left.values_list("pk", "channel", "due_at", "assignee_id"))
    back = back_at({row[3] for row in rows if states[row[3]] == State.OFF}, now)
    give_back(
        [
            (pk, person)
            for pk, channel, due_at, person in rows
            if kind_of(channel) != WRITTEN or (states[person] == State.OFF and _is_due_before(due_at, back.get(person)))
        ][:BATCH]
    )
    deactivated = User.objects.filter(is_active=False).values_list("pk", flat=True)
    give_back(list(_opened_again(list(deactivated)).values_list("pk", "assignee_id")[:BATCH]))
    return LOOKS_EVERY_SECONDS


def follow_leaver(event: Event) -> None:
    """user.deactivated, membership.withdrawn, membership.moved: what they may no longer handle goes back."""
    person = User.objects.filter(pk=int(event.subject.removeprefix("user-"))).first()
    if person is None:
        return
    had = Conversation.objects.unsolved().filter(assignee=person).values_list("pk", "team_id")
    give_back(
        [(pk, person.pk) for pk, team in had if not person.is_active or not person.holds(*HANDLERS, team_id=team)]
    )


def give_back(left: Sequence[tuple[int, int]]) -> int:
    """Conversations by number, each with whom it is taken from; those that are still theirs. How many were."""
    if not left:
        return 0
    with transaction.atomic():
        held = hold_all(pk for pk, _person in left)
        theirs = [held[pk] for pk, person in left if pk in held and held[pk].conversation.assignee_id == person]
        for one in theirs:
            change_assignee(one, to=None, by=None, because=LEFT)
            is_live = kind_of(one.conversation.channel) != WRITTEN
            if is_live and one.conversation.status == Status.PENDING:  # at whose other end nobody is now
                change_status(one, to=Status.OPEN, by=None, at=timezone.now())
        keep_all(theirs)
    return len(theirs)


def _in_hand_of(people: Collection[int]) -> "QuerySet[Conversation]":
    """What they work on, in teams whose conversations are offered."""
    rows = Conversation.objects.unsolved().filter(IN_HAND, team__routing__automatic_since__isnull=False)
    return rows.filter(assignee__in=people)


def _opened_again(deactivated: Collection[int]) -> "QuerySet[Conversation]":
    """Theirs, since they left. What was taken over from elsewhere goes back once somebody has written in it here; until
    then a newer export says whose it is. People by number, and the index's order: by a join with them, or in another
    order, PostgreSQL read all that is open."""
    written_here = Q(imported_at=None) | Q(last_message_at__gt=F("imported_at"))
    rows = Conversation.objects.awake().filter(written_here, assignee__in=deactivated)
    return rows.order_by("assignee", "-last_message_at", "-pk")


def _given_since() -> "QuerySet[Event]":
    """It became theirs only after they had left: by their own hand, or by somebody's who knew that."""
    root = Concat(Value("conversation-"), Cast(OuterRef("pk"), CharField()))
    since = OuterRef("assignee__attendance__since")
    return Event.objects.filter(root=root, verb="conversation.assigned", at__gte=since)


def _is_due_before(due_at: datetime | None, back: datetime | None) -> bool:
    return due_at is not None and (back is None or due_at < back)
