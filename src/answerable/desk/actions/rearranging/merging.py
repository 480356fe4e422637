"""Several conversations about one matter become one. Messages stay rows of their own; the other lives on in it."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F, Max, Value
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from answerable.customers.models import Address
from answerable.desk.actions import clocks
from answerable.desk.actions.changes import HANDLERS
from answerable.desk.actions.deliveries import addresses_of
from answerable.desk.actions.held import Held, hold_all, keep_all
from answerable.desk.actions.offers import withdraw
from answerable.desk.actions.rearranging.drafts import bring_drafts
from answerable.desk.actions.rearranging.links import bring_links
from answerable.desk.actions.rearranging.photograph import Photograph, keep_besides
from answerable.desk.actions.rearranging.tally import time_again
from answerable.desk.actions.search import join_words
from answerable.desk.actions.tasks import count_blocking
from answerable.desk.errors import Refused, check_can_handle
from answerable.desk.models import (
    Clock,
    Conversation,
    Delivery,
    Follower,
    Inbox,
    Message,
    Rearrangement,
    Status,
    Task,
)
from answerable.people.models import User

MOST_AT_ONCE = 20
BEHIND = (Status.OPEN, Status.NEW, Status.PENDING, Status.ON_HOLD, Status.SOLVED, Status.CLOSED)
"""The more there is left to do, the further to the front."""
GROUPS: tuple[Collection[str], ...] = (clocks.ANSWERS, (Clock.Kind.RESOLUTION,))
"""Of each of these one promise goes on."""


def merge(
    kept: Conversation, *, absorb: Iterable[Conversation], by: User, at: datetime | None = None
) -> list[Rearrangement]:
    """All of these become part of `kept`, one after the other; each can be undone, the last one first."""
    numbers = list(dict.fromkeys(one.pk for one in absorb))
    if not numbers:
        raise Refused(_("Choose at least two conversations."))
    if len(numbers) > MOST_AT_ONCE:
        raise Refused(_("At most %(most)s conversations can be merged at once.") % {"most": MOST_AT_ONCE})
    with transaction.atomic():
        hold_all([kept.pk, *numbers])  # all of them first, in their order, so that nobody waits for each other
        return [_merge(kept.pk, number, by, at or timezone.now()) for number in numbers]


def check_can_merge(kept: Conversation, gone: Conversation) -> None:
    """Raises Refused where it makes no sense."""
    for one in (kept, gone):
        check_can_be_rearranged(one)
    if kept.pk == gone.pk:
        raise Refused(_("This is one and the same conversation."))
    if kept.status == Status.CLOSED:
        raise Refused(_("#%(number)s is closed. Choose one that is not as the one that stays.") % {"number": kept.pk})
    check_nothing_is_leaving(Message.objects.filter(conversation=gone))


def check_can_be_rearranged(conversation: Conversation) -> None:
    number = {"number": conversation.pk}
    if conversation.status == Status.MERGED:
        raise Refused(_("#%(number)s was merged into another one already.") % number)
    if conversation.status == Status.BESIDE:
        raise Refused(_("#%(number)s is with a third party. It stays beside its conversation.") % number)
    if conversation.spam_at is not None:
        raise Refused(_("#%(number)s is marked as spam. Say first that it is none.") % number)


def check_nothing_is_leaving(messages: Any) -> None:
    """What is on its way bears the name of where it was written."""
    if messages.filter(delivery__state=Delivery.State.WAITING).exists():
        raise Refused(_("A reply is still on its way. Wait until it has left, then try again."))


def urgency(clock: Clock) -> tuple[bool, bool, datetime]:
    """What is promised first: a promise that is broken already, then the one that falls due first; one that rests
    falls due at some time later."""
    return clock.breached_at is None, clock.due_at is None, clock.due_at or clock.started_at


def one_goes_on(to: Held, came: Sequence[Clock], held: Sequence[Held], *, at: datetime, by: User, because: str) -> None:
    """Of the promises that run in `to` and those that `came` to it, one of each kind goes on: that due first. The
    others end, and count nowhere."""
    owner = {id(clock): one for one in held for clock in one.clocks}
    for kinds in GROUPS:
        rivals = [clock for clock in (*to.going_on(kinds), *came) if clock.kind in kinds and clock.stopped_at is None]
        for clock in sorted(rivals, key=urgency)[1:]:
            clocks.cancel(owner.get(id(clock), to), clock, at=at, by=by, because=because)


def _merge(kept_pk: int, gone_pk: int, by: User, at: datetime) -> Rearrangement:
    held = hold_all([kept_pk, gone_pk])
    kept, gone = held[kept_pk], held[gone_pk]
    for one in (kept, gone):
        check_can_handle(by, one.conversation)
    check_can_merge(kept.conversation, gone.conversation)
    row = Rearrangement.objects.create(
        kind=Rearrangement.Kind.MERGE, source=gone.conversation, target=kept.conversation, by=by, at=at
    )
    before = Photograph([kept, gone])
    one_goes_on(kept, gone.going_on(), [kept, gone], at=at, by=by, because="merged")
    coming = gone.going_on()
    for clock in coming:
        note_moved(kept, clock, by=by, at=at, source=gone_pk, because="merged")
    past = list(Clock.objects.filter(conversation=gone_pk, stopped_at__isnull=False).exclude(state="cancelled"))
    _fill(kept.conversation, gone.conversation)
    kept.take_over(gone, coming)
    time_again(kept, before)
    for clock in kept.going_on():
        clocks.rest_or_go_on(clock, kept.conversation.status, at)
    _empty(gone.conversation, into=kept.conversation)
    messages = list(Message.objects.filter(conversation=gone_pk).order_by("id").values_list("pk", "origin"))
    changed = {
        "messages": [pk for pk, _origin in messages],
        "fresh": [pk for pk, origin in messages if origin is None],
        "drafts": bring_drafts(gone.conversation, kept.conversation),
        "followed": _follow(gone.conversation, kept.conversation),
        "past": [clock.pk for clock in past],
        "tasks": _bring_tasks(gone.conversation, kept.conversation),
        "asides": _bring_asides(gone.conversation, kept.conversation),
        "links": bring_links(gone.conversation, kept.conversation),
    }
    count = len(messages)
    kept.record("conversation.absorbed", by=by, at=at, rearrangement=row.pk, other=gone_pk, count=count)
    gone.record("conversation.merged", by=by, at=at, rearrangement=row.pk, other=kept_pk, count=count)
    keep_all([gone, kept])
    for one in (kept, gone):
        keep_besides(one.conversation)
    bring_clocks([*coming, *past], kept_pk)
    bring_messages(Message.objects.filter(conversation=gone_pk), kept_pk)
    withdraw(gone.conversation)
    join_words(gone.conversation, kept.conversation)
    counts = {str(one.conversation.pk): one.conversation.message_count for one in (kept, gone)}
    row.changed = changed | before.changes() | {"counts": counts, "last": last_message()}
    row.save(update_fields=["changed"])
    return row


def note_moved(to: Held, clock: Clock, *, by: User, at: datetime, source: int, because: str) -> None:
    """The event that its page tells it by."""
    to.record("clock.moved", subject=clock, by=by, at=at, kind=clock.kind, source=source, because=because)


def last_message() -> int:
    """The newest there is: what comes later came after this."""
    return Message.objects.order_by("-id").values_list("pk", flat=True).first() or 0


def bring_clocks(moved: Iterable[Clock], to: int) -> None:
    """They count for another conversation from now on; what ran there of their kind has been stopped."""
    rows = list(moved)
    for clock in rows:
        clock.conversation_id = to
    Clock.objects.filter(pk__in=[clock.pk for clock in rows]).update(conversation=to)


def bring_messages(messages: Any, to: int) -> None:
    """They stand in another conversation from now on, and know where they came to first."""
    messages.update(origin=Coalesce(F("origin"), F("conversation")), conversation=Value(to))


def _fill(kept: Conversation, gone: Conversation) -> None:
    """What is known of either is known of both; what is waited for in either is waited for."""
    if gone.created_at < kept.created_at:
        kept.created_at, kept.opened_by_id = gone.created_at, gone.opened_by_id
    kept.status = _status(kept.status, gone.status)
    solved = [one.solved_at for one in (kept, gone) if one.solved_at]
    kept.solved_at = max(solved) if solved and not kept.is_unsolved else None
    kept.reopen_count += gone.reopen_count
    kept.first_answered_at = earliest(kept.first_answered_at, gone.first_answered_at)
    kept.unanswered_since = earliest(kept.unanswered_since, gone.unanswered_since)
    if gone.is_unsolved:
        slept = kept.snoozed_until, gone.snoozed_until
        kept.snoozed_until = min(filter(None, slept)) if all(slept) else None
    if gone.last_message_at > kept.last_message_at:
        kept.last_message_at = gone.last_message_at
        kept.preview, kept.preview_by_id = gone.preview, gone.preview_by_id
    kept.asked_at = _latest(kept.asked_at, gone.asked_at)
    kept.message_count += gone.message_count
    kept.priority = max(kept.priority, gone.priority)
    kept.tags = list(dict.fromkeys([*kept.tags, *gone.tags]))
    kept.details = gone.details | kept.details
    kept.copied = _participants(kept, gone)
    if kept.assignee_id is None and gone.assignee and gone.assignee.holds(*HANDLERS, team_id=kept.team_id):
        kept.assignee = gone.assignee


def _status(kept: str, gone: str) -> str:
    """Of the two the one that leaves more to do; what comes to one that was looked at is not new any more."""
    first = min(Status(kept), Status(gone), key=BEHIND.index)
    return Status.OPEN if first == Status.NEW and kept != Status.NEW else first


def earliest(*instants: datetime | None) -> datetime | None:
    return min((each for each in instants if each), default=None)


def _latest(*instants: datetime | None) -> datetime | None:
    return max((each for each in instants if each), default=None)


def _participants(kept: Conversation, gone: Conversation) -> list[str]:
    """Who is on copy of either, and the other's customer, where that is somebody else."""
    theirs = [] if gone.contact_id == kept.contact_id else addresses_of(gone)[:1]
    own = {each.lower() for each in Address.objects.filter(contact=kept.contact_id).values_list("value", flat=True)}
    ours = {each.lower() for each in Inbox.objects.values_list("address", flat=True)}
    return [each for each in dict.fromkeys([*kept.copied, *theirs, *gone.copied]) if each.lower() not in own | ours]


def _empty(gone: Conversation, *, into: Conversation) -> None:
    gone.status = Status.MERGED
    gone.merged_into = into
    gone.snoozed_until = gone.unanswered_since = gone.asked_at = None
    gone.message_count = 0


def _bring_asides(gone: Conversation, kept: Conversation) -> list[int]:
    """What went on beside it with third parties goes on beside the other."""
    rows = Conversation.objects.filter(beside=gone)
    numbers = list(rows.order_by("pk").values_list("pk", flat=True))
    rows.update(beside=kept, team=kept.team)
    return numbers


def _bring_tasks(gone: Conversation, kept: Conversation) -> list[int]:
    """What was to be done about the one is to be done about the other, behind what is to be done there."""
    rows = Task.objects.filter(conversation=gone)
    numbers = list(rows.order_by("pk").values_list("pk", flat=True))
    if numbers:
        last = Task.objects.filter(conversation=kept).aggregate(last=Max("place"))["last"] or 0
        rows.update(conversation=kept, place=F("place") + last)
        for one in (gone, kept):
            count_blocking(one)
    return numbers


def _follow(gone: Conversation, kept: Conversation) -> list[int]:
    """Who follows the one follows the other. Those who did not before."""
    known = set(Follower.objects.filter(conversation=kept).values_list("user_id", flat=True))
    others = Follower.objects.filter(conversation=gone).exclude(user__in=known).values_list("user_id", flat=True)
    added = sorted(user.pk for user in User.objects.filter(pk__in=others) if kept.team_id in user.team_ids)
    Follower.objects.bulk_create(Follower(conversation=kept, user_id=user) for user in added)
    return added
