"""What can be done to a conversation."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from functools import partial
from types import MappingProxyType

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from answerable.core.bidi import unturned
from answerable.customers.models import Contact
from answerable.desk.actions.changes import (
    HANDLERS,
    change_assignee,
    change_language,
    change_priority,
    change_snooze,
    change_status,
    change_tags,
    change_team,
)
from answerable.desk.actions.checklists import begin_with_checklists
from answerable.desk.actions.copies import change_copies
from answerable.desk.actions.held import Held, hold, locked
from answerable.desk.actions.search import add_words, introduction
from answerable.desk.errors import Refused, check_can_handle
from answerable.desk.models import Conversation, Inbox, Status
from answerable.events.falling_due import fallen_due
from answerable.events.record import record
from answerable.events.setbacks import Setbacks
from answerable.people.models import Team, User

LONGEST_SLEEP = timedelta(days=5 * 366)
_sleepers = Setbacks("snoozed conversation")


def open_conversation(
    *,
    inbox: Inbox,
    contact: Contact,
    subject: str,
    by: User | None,
    at: datetime | None = None,
    copied: Iterable[str] = (),
    language: str | None = None,
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
    held = Held(conversation)
    note_opened(held, by=by)
    with transaction.atomic():
        held.insert()
        add_words(conversation, *introduction(conversation))
        held.keep()
        if by is None:
            begin_with_checklists([conversation])
    return conversation


def new_conversation(
    *,
    inbox: Inbox,
    contact: Contact,
    subject: str,
    by: User | None,
    at: datetime,
    copied: Iterable[str] = (),
    language: str | None = None,
    follows: Conversation | None = None,
    channel: str = "",
    details: Mapping[str, str] = MappingProxyType({}),
) -> Conversation:
    """The row as it begins, not saved yet. It came by `channel`, else by the inbox's own. Its `language` is empty where
    it is none of ours; where nobody can say (None), the contact's is taken, else the inbox's."""
    return Conversation(
        inbox=inbox,
        channel=channel or inbox.channel,
        team=follows.team if follows else inbox.team,
        contact=contact,
        subject=unturned(subject)[:500],
        language=(contact.language or inbox.language) if language is None else language,
        segment=contact.segment_key,
        region=contact.region or inbox.region,
        copied=list(copied),
        details=dict(details),
        opened_by_id=by.pk if by else None,
        created_at=at,
        last_message_at=at,
        follows=follows,
    )


def note_opened(held: Held, *, by: User | None) -> None:
    """The event that a conversation begins with."""
    conversation = held.conversation
    held.record(
        "conversation.opened",
        by=by,
        at=conversation.created_at,
        inbox=conversation.inbox_id,
        channel=conversation.channel,
        follows=conversation.follows_id,
    )


def assign(conversation: Conversation, *, to: User | None, by: User | None) -> Conversation:
    """Give it to somebody of its team, or to nobody. Whoever gets it from another is told."""
    return _change(conversation, by, lambda held: change_assignee(held, to=to, by=by))


def move(conversation: Conversation, *, to: Team, by: User | None) -> Conversation:
    """Hand it to another team. Its assignee keeps it only if they are in that team, too."""
    return _change(conversation, by, lambda held: change_team(held, to=to, by=by))


def set_status(conversation: Conversation, *, to: str, by: User | None, at: datetime | None = None) -> Conversation:
    """Open, pending, on hold, solved or closed. Solving stops the resolution clock; opening again starts another."""
    at = at or timezone.now()
    return _change(conversation, by, lambda held: change_status(held, to=to, by=by, at=at))


def solve_for_customer(conversation: Conversation, *, contact: Contact, at: datetime | None = None) -> Conversation:
    """The customer says themselves that they have what they wanted; where it is solved already, nothing changes."""
    at = at or timezone.now()

    def solve(held: Held) -> bool:
        if not held.conversation.is_unsolved:
            return False
        return change_status(held, to=Status.SOLVED, by=None, at=at, contact=contact.pk)

    return _change(conversation, None, solve)


def set_priority(conversation: Conversation, *, to: int, by: User | None) -> Conversation:
    """By a person, it may choose other promises."""
    return _change(conversation, by, lambda held: change_priority(held, to=to, by=by))


def set_language(conversation: Conversation, *, to: str, by: User | None) -> Conversation:
    """What the customer writes in: answers, macros and routing go by it from now on."""
    return _change(conversation, by, lambda held: change_language(held, to=to, by=by))


def set_copied(conversation: Conversation, *, to: Iterable[str], by: User | None) -> Conversation:
    """These addresses get a copy of each reply from now on."""
    return _change(conversation, by, lambda held: change_copies(held, to=to, by=by))


def set_tags(conversation: Conversation, *, tags: Iterable[str], by: User | None) -> Conversation:
    """Exactly these tags, in lower case, each once, in the order given."""
    return _change(conversation, by, lambda held: change_tags(held, to=tags, by=by))


def add_tags(
    conversation: Conversation, *, tags: Iterable[str], by: User | None, at: datetime | None = None
) -> Conversation:
    """These tags besides those it has by then."""
    return _change(conversation, by, lambda held: change_tags(held, to=[*held.conversation.tags, *tags], by=by, at=at))


def snooze(conversation: Conversation, *, until: datetime, by: User) -> Conversation:
    """Out of the queues until then, or until the customer writes."""
    if until <= timezone.now():
        raise Refused(_("Choose a time to come."))
    if until > timezone.now() + LONGEST_SLEEP:
        raise Refused(_("Choose a time within the next five years."))
    with transaction.atomic():
        held = hold(conversation)
        check_can_handle(by, held.conversation)
        if not held.conversation.is_unsolved:
            raise Refused(_("It is solved already; there is nothing to be reminded of."))
        change_snooze(held, until=until, by=by)
        held.keep()
    return held.conversation


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
    sleeping = Conversation.objects.snoozed().order_by("snoozed_until", "id")
    due, upcoming = fallen_due(sleeping.exclude(pk__in=_sleepers.resting()), "snoozed_until", limit)
    for pk in due:
        _sleepers.attempt(pk, partial(_wake_in_time, pk))
    if due:
        others = sleeping.exclude(pk__in=_sleepers.resting())
        upcoming = others.values_list("snoozed_until", flat=True).first()
    wanted = None if upcoming is None else max(0.0, (upcoming - timezone.now()).total_seconds())
    return _sleepers.sooner(wanted)


def _change(conversation: Conversation, by: User | None, change: Callable[[Held], bool]) -> Conversation:
    with transaction.atomic():
        held = hold(conversation)
        check_can_handle(by, held.conversation)
        if change(held):
            held.keep()
    return held.conversation


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
