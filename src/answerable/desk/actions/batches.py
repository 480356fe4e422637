"""The same for many conversations: begun, worked through one by one, stopped, undone.

Each conversation goes through the action that one alone goes through, by the same person, in a transaction that also
keeps what came of it. So whoever is killed in the middle has done some wholly and the others not at all, and goes on
with those.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Count
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from answerable.desk.actions.changes import HANDLERS, STATUS_VERBS, change_assignee, change_team
from answerable.desk.actions.conversations import (
    assign,
    set_priority,
    set_tags,
    snooze,
    wake,
)
from answerable.desk.actions.held import hold, locked
from answerable.desk.actions.macros_at_once import applied_so_far, take_back_from_one
from answerable.desk.actions.spam import unmark_spam
from answerable.desk.actions.undoing import change_since, take_back_change
from answerable.desk.errors import Refused, check_can_handle
from answerable.desk.models import Batch, BatchItem, Conversation
from answerable.events.inserting import insert, insert_all
from answerable.events.models import Event, noun
from answerable.events.record import record
from answerable.people.models import Team, User
from answerable.web.words import reader

MOST = 10_000
"""Conversations of one batch."""
FEW = 50
"""So many are done at once, while one waits; more by the worker, and their progress is shown."""
Change = Callable[[Conversation, User], Conversation]
Standing = dict[str, Any]
Outcome = BatchItem.Outcome
UNDER_WAY = (Batch.State.WAITING, Batch.State.RUNNING)


def standing(conversation: Conversation, change: str) -> Standing:
    """What of it such a change may alter, as JSON."""
    slept = conversation.snoozed_until
    known: dict[str, Standing] = {
        "assignment": {"assignee": conversation.assignee_id},
        "team": {"team": conversation.team_id, "assignee": conversation.assignee_id},
        "status": {"status": conversation.status, "until": slept.isoformat() if slept else None},
        "priority": {"priority": int(conversation.priority)},
        "tags": {"tags": list(conversation.tags)},
        "snooze": {"until": slept.isoformat() if slept else None},
        "spam": {"spam": conversation.spam_at is not None},
    }
    return known[change]


def begin_batch(ids: Sequence[int], *, change: str, given: Mapping[str, Any], label: str, by: User) -> Batch:
    """Which conversations, and what is asked of them. Nothing is done yet. One long one at a time a person."""
    if not ids:
        raise Refused(_("Select at least one conversation."))
    if len(ids) > MOST:
        raise Refused(
            _("At most %(most)s conversations at once: choose fewer of them.") % {"most": reader().number(MOST)}
        )
    if len(ids) > FEW and Batch.objects.going_on().filter(user=by).exists():
        raise Refused(_("Something else that you have begun with many conversations still goes on."))
    with transaction.atomic():
        batch = insert(Batch(user=by, change=change, given=dict(given), label=label[:200]))
        insert_all([BatchItem(batch=batch, conversation_id=pk) for pk in sorted(ids)])
        record("batch.begun", subject=batch, by=by, change=change, conversations=len(ids))
    return batch


def is_few(batch: Batch) -> bool:
    """Whether it is done at once, while one waits."""
    return batch.items.count() <= FEW


def work_on(batch: Batch, change: Change, *, limit: int | None = None) -> bool:
    """Do it to those that wait, `limit` of them at most. Whether none is left."""
    Batch.objects.filter(pk=batch.pk, state=Batch.State.WAITING).update(state=Batch.State.RUNNING)
    left = batch.items.filter(outcome=Outcome.WAITING).order_by("id")
    with translation.override(batch.user.language):
        for number in list(left.values_list("pk", flat=True)[:limit]):
            if not _do_one(number, batch, change):
                return True  # somebody has stopped it
    if left.exists():
        return False
    _end(batch, UNDER_WAY, Batch.State.DONE, "batch.ended")
    return True


def stop_batch(batch: Batch, *, by: User) -> None:
    """What is done stays done, until it is undone."""
    _check_is_own(batch, by)
    going_on = Batch.objects.filter(pk=batch.pk, state__in=UNDER_WAY)
    with transaction.atomic():
        if going_on.update(state=Batch.State.STOPPED, ended_at=timezone.now()):
            record("batch.stopped", subject=batch, by=by)


def undo_batch(batch: Batch, *, by: User) -> None:
    """Ask for all of it to be as it was before."""
    _check_is_own(batch, by)
    batch.refresh_from_db()
    if not batch.may_be_undone:
        raise Refused(_("It is too late to undo this, or it was undone already."))
    with transaction.atomic():
        ended = Batch.objects.filter(pk=batch.pk, state=batch.state)
        if ended.update(state=Batch.State.UNDOING, undone_at=timezone.now()):
            record("batch.taken_back", subject=batch, by=by)


def take_back(batch: Batch, *, limit: int | None = None) -> bool:
    """Put those back that were changed, `limit` of them at most, unless somebody has changed them since."""
    left = batch.items.filter(outcome=Outcome.DONE).order_by("-id")
    with translation.override(batch.user.language):
        for number in list(left.values_list("pk", flat=True)[:limit]):
            _undo_one(number, batch)
    if left.exists():
        return False
    _end(batch, (Batch.State.UNDOING,), Batch.State.UNDONE, "batch.undone")
    return True


def tally(batch: Batch) -> dict[str, int]:
    """How many by outcome; those that wait as `waiting`."""
    counted = batch.items.values_list("outcome").annotate(number=Count("pk")).order_by()
    return {outcome or "waiting": number for outcome, number in counted}


def _end(batch: Batch, under_way: Sequence[str], state: str, verb: str) -> None:
    """Unless somebody has stopped it. Its page hears of it, too, whoever is killed in between."""
    with transaction.atomic():
        if Batch.objects.filter(pk=batch.pk, state__in=under_way).update(state=state, ended_at=timezone.now()):
            record(verb, subject=batch, by=batch.user, **tally(batch))


def _check_is_own(batch: Batch, by: User) -> None:
    if batch.user_id != by.pk:
        raise PermissionDenied


def _do_one(number: int, batch: Batch, change: Change) -> bool:
    """Whether it goes on. Held meanwhile, so that who stops and undoes it finds this one done, or not begun."""
    with transaction.atomic():
        if Batch.objects.select_for_update().get(pk=batch.pk).state not in UNDER_WAY:
            return False
        item = BatchItem.objects.select_for_update().get(pk=number)
        if item.outcome == Outcome.WAITING:
            _settle(item, lambda: _changed(item, batch, change), Outcome.REFUSED)
            item.save(update_fields=["outcome", "reason", "before", "after", "change"])
    return True


def _changed(item: BatchItem, batch: Batch, change: Change) -> BatchItem.Outcome:
    row = Conversation.objects.visible_to(batch.user).filter(pk=item.conversation_id).first()
    if row is None:
        raise Refused(_("It is not there, or not open to you."))
    held = hold(row)
    item.before = _standing(held.conversation, batch)
    change(row, batch.user)
    item.change = {**change_since(held)}
    item.after = _standing(Conversation.objects.get(pk=row.pk), batch)
    return Outcome.SAME if item.after == item.before else Outcome.DONE


def _undo_one(number: int, batch: Batch) -> None:
    with transaction.atomic():
        item = BatchItem.objects.select_for_update().get(pk=number)
        if item.outcome != Outcome.DONE:
            return
        _settle(item, lambda: _put_back(item, batch), Outcome.KEPT)
        item.save(update_fields=["outcome", "reason"])


def _standing(row: Conversation, batch: Batch) -> Standing:
    """Of a macro: what one has applied there, and begun to write oneself."""
    return applied_so_far(row, batch.user) if batch.change == "macro" else standing(row, batch.change)


def _settle(item: BatchItem, act: Callable[[], BatchItem.Outcome], otherwise: BatchItem.Outcome) -> None:
    """Do it; what is refused is written down with its reason, and nothing else of it is kept."""
    try:
        with transaction.atomic():
            item.outcome, item.reason = act(), ""
    except Refused as refusal:
        item.outcome, item.reason = otherwise, str(refusal)[:300]
    except PermissionDenied:
        item.outcome, item.reason = otherwise, _("You may read it, but not change it.")


def _put_back(item: BatchItem, batch: Batch) -> BatchItem.Outcome:
    row = locked(item.conversation_id)
    if _standing(row, batch) != item.after:
        raise Refused(_("Somebody has changed it since."))
    if batch.change == "status":
        _undo_status(row, item.change, batch.user)
    else:
        UNDO[batch.change](row, item.before, batch.user)
    return Outcome.UNDONE


def _undo_team(row: Conversation, before: Standing, by: User) -> None:
    """By whoever moved it, also where they no longer see it: back to the team they took it from."""
    moved = Event.objects.filter(root=noun(row), verb="conversation.moved").order_by("-id").first()
    if moved is None or moved.actor_id != by.pk or not by.holds(*HANDLERS, team_id=before["team"]):
        raise PermissionDenied
    held = hold(row)
    change_team(held, to=Team.objects.get(pk=before["team"]), by=by)
    if before["assignee"]:
        change_assignee(held, to=User.objects.get(pk=before["assignee"]), by=by)
    held.keep()


def _undo_assignment(row: Conversation, before: Standing, by: User) -> None:
    assign(row, to=User.objects.get(pk=before["assignee"]) if before["assignee"] else None, by=by)


def _undo_status(row: Conversation, change: Mapping[str, Any], by: User) -> None:
    """Clocks and figures included: it was neither solved nor opened again."""
    check_can_handle(by, row)
    held = hold(row)
    begun_at = Event.objects.filter(root=noun(row), verb__in=STATUS_VERBS).latest("id").at
    take_back_change(held, change, by=by, begun_at=begun_at)
    held.keep()


def _undo_snooze(row: Conversation, before: Standing, by: User) -> None:
    until = datetime.fromisoformat(before["until"]) if before["until"] else None
    if until and until > timezone.now():
        snooze(row, until=until, by=by)
    else:
        wake(row, by=by)


def _undo_spam(row: Conversation, before: Standing, by: User) -> None:
    if before["spam"]:
        raise Refused(_("It was said not to be spam; mark it again by hand."))
    unmark_spam(row, by=by)


UNDO: Mapping[str, Callable[[Conversation, Standing, User], object]] = {
    "assignment": _undo_assignment,
    "team": _undo_team,
    "priority": lambda row, before, by: set_priority(row, to=before["priority"], by=by),
    "tags": lambda row, before, by: set_tags(row, tags=before["tags"], by=by),
    "snooze": _undo_snooze,
    "spam": _undo_spam,
    "macro": take_back_from_one,
}
