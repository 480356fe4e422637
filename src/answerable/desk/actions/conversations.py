"""What can be done to a conversation."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import partial

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from answerable.customers.models import Contact
from answerable.desk.actions import clocks
from answerable.desk.actions.search import add_words, introduction
from answerable.desk.errors import Refused, check_can_handle
from answerable.desk.models import Conversation, Inbox, Notice, Priority, Status
from answerable.events.models import Event
from answerable.events.record import event_of, record, record_all
from answerable.events.setbacks import Setbacks
from answerable.people.models import Role, Team, User

LONGEST_TAG = 60
LONGEST_SLEEP = timedelta(days=5 * 366)
HANDLERS = (Role.ADMINISTRATOR, Role.LEAD, Role.AGENT)
"""Analysts only read."""
_sleepers = Setbacks("snoozed conversation")


def locked(conversation: Conversation | int) -> Conversation:
    """The row as it is now, held until the transaction ends: two people never act on it at once."""
    pk = conversation if isinstance(conversation, int) else conversation.pk
    return Conversation.objects.select_for_update(of=("self",)).select_related("team").get(pk=pk)


def open_conversation(
    *,
    inbox: Inbox,
    contact: Contact,
    subject: str,
    by: User | None,
    at: datetime | None = None,
    copied: Iterable[str] = (),
    language: str = "",
    follows: Conversation | None = None,
) -> Conversation:
    """A new conversation, by the contact (`by` none) or by an agent who writes first. Its first message comes next."""
    at = at or timezone.now()
    if by is not None and not by.holds(*HANDLERS, team_id=inbox.team_id):
        raise PermissionDenied
    conversation = new_conversation(
        inbox=inbox,
        contact=contact,
        subject=subject,
        by=by,
        at=at,
        copied=copied,
        language=language,
        follows=follows,
    )
    with transaction.atomic():
        conversation.save(force_insert=True)
        add_words(conversation, *introduction(conversation))
        record_all([opened(conversation, by=by)])
    return conversation


def new_conversation(
    *,
    inbox: Inbox,
    contact: Contact,
    subject: str,
    by: User | None,
    at: datetime,
    copied: Iterable[str] = (),
    language: str = "",
    follows: Conversation | None = None,
) -> Conversation:
    """The row as it begins, not saved yet."""
    return Conversation(
        inbox=inbox,
        channel=inbox.channel,
        team=follows.team if follows else inbox.team,
        contact=contact,
        subject=subject[:500],
        language=language or contact.language or inbox.language,
        segment=contact.segment_key,
        region=contact.region or inbox.region,
        copied=list(copied),
        opened_by=by,
        created_at=at,
        last_message_at=at,
        follows=follows,
    )


def opened(conversation: Conversation, *, by: User | None) -> Event:
    """The event that a conversation begins with."""
    return event_of(
        "conversation.opened",
        subject=conversation,
        by=by,
        team_id=conversation.team_id,
        at=conversation.created_at,
        inbox=conversation.inbox_id,
        channel=conversation.channel,
        follows=conversation.follows_id,
    )


def assign(conversation: Conversation, *, to: User | None, by: User | None) -> Conversation:
    """Give it to somebody of its team, or to nobody. Whoever gets it from another is told."""
    with transaction.atomic():
        conversation = locked(conversation)
        check_can_handle(by, conversation)
        if to is not None and not (to.is_active and to.holds(*HANDLERS, team_id=conversation.team_id)):
            raise Refused(
                _("%(name)s does not handle conversations of the team %(team)s, so it can't be assigned to them.")
                % {"name": to, "team": conversation.team}
            )
        before = conversation.assignee
        if before == to:
            return conversation
        conversation.assignee = to
        conversation.save(update_fields=["assignee"])
        if to is not None and to != by:
            Notice.objects.create(user=to, conversation=conversation, kind="assignment")
        _record(conversation, "assigned", by, before=before.pk if before else None, to=to.pk if to else None)
    return conversation


def move(conversation: Conversation, *, to: Team, by: User | None) -> Conversation:
    """Hand it to another team. Its assignee keeps it only if they are in that team, too."""
    with transaction.atomic():
        conversation = locked(conversation)
        check_can_handle(by, conversation)
        if conversation.team_id == to.pk:
            return conversation
        before = conversation.team_id
        # Those who lose sight of it hear so as well: the hint goes to both teams.
        _record(conversation, "left", by, to=to.pk)
        conversation.team = to
        if conversation.assignee and not conversation.assignee.holds(*HANDLERS, team_id=to.pk):
            conversation.assignee = None
        conversation.save(update_fields=["team", "assignee"])
        clocks.team_changed(conversation)
        _record(conversation, "moved", by, before=before, to=to.pk)
    return conversation


def set_status(conversation: Conversation, *, to: str, by: User | None, at: datetime | None = None) -> Conversation:
    """Open, pending, on hold, solved or closed. Solving stops the resolution clock; opening again starts another."""
    at = at or timezone.now()
    with transaction.atomic():
        conversation = locked(conversation)
        check_can_handle(by, conversation)
        change_status(conversation, to=to, by=by, at=at)
    return conversation


def change_status(conversation: Conversation, *, to: str, by: User | None, at: datetime) -> None:
    """The same on a row the caller has locked, in the caller's transaction."""
    before = conversation.status
    if before == to:
        return
    if before == Status.CLOSED:
        raise Refused(_("This conversation is closed. A new message from the customer starts a follow-up."))
    if to == Status.NEW:
        raise Refused(_("A conversation is new only until somebody has looked at it."))
    reopened = before == Status.SOLVED and to != Status.CLOSED
    conversation.status = to
    conversation.snoozed_until = None
    if to == Status.SOLVED:
        conversation.solved_at = at
        conversation.solution_seconds = clocks.business_seconds(conversation, until=at)
        conversation.unanswered_since = None
    elif to == Status.CLOSED:
        conversation.closed_at = at
        if conversation.solved_at is None:
            conversation.solved_at = at
            conversation.solution_seconds = clocks.business_seconds(conversation, until=at)
    elif reopened:
        conversation.solved_at = conversation.solution_seconds = None
        conversation.reopen_count += 1
    conversation.save(
        update_fields=[
            "status",
            "snoozed_until",
            "solved_at",
            "solution_seconds",
            "closed_at",
            "reopen_count",
            "unanswered_since",
        ]
    )
    clocks.status_changed(conversation, before=before, at=at, by=by)
    verb = {Status.SOLVED: "solved", Status.CLOSED: "closed"}.get(
        Status(to), "reopened" if reopened else "status_changed"
    )
    _record(
        conversation,
        verb,
        by,
        at=at,
        before=before,
        to=to,
        agent=conversation.assignee_id,
        channel=conversation.channel,
    )


def set_priority(conversation: Conversation, *, to: int, by: User | None) -> Conversation:
    with transaction.atomic():
        conversation = locked(conversation)
        check_can_handle(by, conversation)
        before = conversation.priority
        if before == to:
            return conversation
        conversation.priority = Priority(to)
        conversation.save(update_fields=["priority"])
        clocks.priority_changed(conversation, by=by)
        _record(conversation, "prioritised", by, before=before, to=to)
    return conversation


def set_tags(conversation: Conversation, *, tags: Iterable[str], by: User | None) -> Conversation:
    """Exactly these tags, in lower case, each once, in the order given."""
    wanted = list(dict.fromkeys(tag.strip().lower() for tag in tags if tag.strip()))
    for tag in wanted:
        if len(tag) > LONGEST_TAG:
            raise Refused(_("A tag has at most %(longest)s letters.") % {"longest": LONGEST_TAG})
    with transaction.atomic():
        conversation = locked(conversation)
        check_can_handle(by, conversation)
        before = conversation.tags
        if before == wanted:
            return conversation
        conversation.tags = wanted
        conversation.save(update_fields=["tags"])
        _record(
            conversation,
            "tagged",
            by,
            added=[tag for tag in wanted if tag not in before],
            removed=[tag for tag in before if tag not in wanted],
        )
    return conversation


def set_copied(conversation: Conversation, *, to: Iterable[str], by: User | None) -> Conversation:
    """These addresses get a copy of each reply from now on."""
    wanted = list(dict.fromkeys(to))
    with transaction.atomic():
        conversation = locked(conversation)
        check_can_handle(by, conversation)
        before = conversation.copied
        if before == wanted:
            return conversation
        conversation.copied = wanted
        conversation.save(update_fields=["copied"])
        _record(conversation, "copied", by, before=before, to=wanted)
    return conversation


def snooze(conversation: Conversation, *, until: datetime, by: User) -> Conversation:
    """Out of the queues until then, or until the customer writes."""
    if until <= timezone.now():
        raise Refused(_("Choose a time to come."))
    if until > timezone.now() + LONGEST_SLEEP:
        raise Refused(_("Choose a time within the next five years."))
    with transaction.atomic():
        conversation = locked(conversation)
        check_can_handle(by, conversation)
        if not conversation.is_unsolved:
            raise Refused(_("It is solved already; there is nothing to be reminded of."))
        conversation.snoozed_until = until
        conversation.save(update_fields=["snoozed_until"])
        _record(conversation, "snoozed", by, until=until.isoformat())
    return conversation


def wake(conversation: Conversation, *, by: User | None) -> Conversation:
    """Back into the queues: because the time has come, or by hand."""
    with transaction.atomic():
        conversation = locked(conversation)
        check_can_handle(by, conversation)
        if conversation.snoozed_until is None:
            return conversation
        conversation.snoozed_until = None
        conversation.save(update_fields=["snoozed_until"])
        _record(conversation, "woken", by)
    return conversation


def wake_due(limit: int = 100) -> float | None:
    """Wake what has slept until now. Seconds until the next one (none: nobody sleeps)."""
    sleeping = Conversation.objects.exclude(snoozed_until=None).order_by("snoozed_until", "id")
    due = sleeping.filter(snoozed_until__lte=timezone.now()).exclude(pk__in=_sleepers.resting())
    for pk in list(due.values_list("pk", flat=True)[:limit]):
        _sleepers.attempt(pk, partial(_wake_in_time, pk))
    others = sleeping.exclude(pk__in=_sleepers.resting())
    upcoming = others.values_list("snoozed_until", flat=True).first()
    wanted = None if upcoming is None else max(0.0, (upcoming - timezone.now()).total_seconds())
    return _sleepers.sooner(wanted)


def _wake_in_time(pk: int) -> None:
    """Unless somebody has put it off further meanwhile."""
    with transaction.atomic():
        conversation = locked(pk)
        if conversation.snoozed_until and conversation.snoozed_until <= timezone.now():
            wake(conversation, by=None)


def _record(
    conversation: Conversation, verb: str, by: User | None, *, at: datetime | None = None, **more: object
) -> None:
    record(f"conversation.{verb}", subject=conversation, by=by, team_id=conversation.team_id, at=at, **more)
