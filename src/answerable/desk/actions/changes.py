"""What changes a conversation that is held: its status, priority, team and assignee, and what follows from each.

In memory: whoever holds it checks who may, and keeps it. All answer whether anything has changed.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from answerable.desk.actions import clocks
from answerable.desk.actions.held import Held
from answerable.desk.actions.unfinished import check_nothing_is_left
from answerable.desk.errors import Refused
from answerable.desk.models import Conversation, Field, Notice, Priority, Status
from answerable.people.models import Role, Team, User

HANDLERS = (Role.ADMINISTRATOR, Role.LEAD, Role.AGENT)
"""Analysts only read."""
STATUS_VERBS = (
    "conversation.opened",
    "conversation.status_changed",
    "conversation.solved",
    "conversation.closed",
    "conversation.reopened",
)
"""Events after which a conversation may have another status."""
LONGEST_TAG = 60


def change_status(held: Held, *, to: str, by: User | None, at: datetime, contact: int | None = None) -> bool:
    """Open, pending, on hold, solved or closed. Solving stops the resolution clock; opening again starts another.

    `contact`: the customer whose own doing it is, who goes into the event.
    """
    conversation = held.conversation
    before = conversation.status
    if before == to:
        return False
    _check_may_become(conversation, to, by)
    reopened = before == Status.SOLVED and to != Status.CLOSED
    conversation.status = to
    conversation.snoozed_until = None
    if to in (Status.SOLVED, Status.CLOSED):
        conversation.unanswered_since = None
    if to == Status.CLOSED:
        conversation.closed_at = at
    elif reopened:
        conversation.solved_at = conversation.solution_seconds = None
        conversation.reopen_count += 1
    if to == Status.SOLVED or (to == Status.CLOSED and conversation.solved_at is None):
        conversation.solved_at = at
        conversation.solution_seconds = clocks.business_seconds(held, until=at)
    clocks.status_changed(held, before=before, at=at, by=by)
    verbs = {Status.SOLVED: "solved", Status.CLOSED: "closed"}
    theirs: dict[str, Any] = {} if contact is None else {"contact": contact}
    held.record(
        f"conversation.{verbs.get(Status(to), 'reopened' if reopened else 'status_changed')}",
        by=by,
        at=at,
        before=before,
        to=to,
        agent=conversation.assignee_id,
        channel=conversation.channel,
        **theirs,
    )
    return True


def _check_may_become(conversation: Conversation, to: str, by: User | None) -> None:
    """Raises Refused with what keeps it from that status."""
    before = conversation.status
    if before == Status.CLOSED:
        raise Refused(_("This conversation is closed. A new message from the customer starts a follow-up."))
    if before == Status.MERGED:
        raise Refused(_("All of it stands in #%(number)s.") % {"number": conversation.merged_into_id})
    if before == Status.BESIDE or to in (Status.MERGED, Status.BESIDE):
        raise Refused(_("A conversation can't be set to that."))
    if to == Status.NEW:
        raise Refused(_("A conversation is new only until somebody has looked at it."))
    if by is not None and to in (Status.SOLVED, Status.CLOSED) and before != Status.SOLVED:
        check_nothing_is_left(conversation)


def change_priority(held: Held, *, to: int, by: User | None) -> bool:
    """By a person, it may choose other promises."""
    before = held.conversation.priority
    if before == to:
        return False
    held.conversation.priority = Priority(to)
    clocks.priority_changed(held, by=by)
    held.record("conversation.prioritised", by=by, before=before, to=to)
    return True


def change_assignee(held: Held, *, to: User | None, by: User | None, because: str = "") -> bool:
    """Give it to somebody of its team, or to nobody. Whoever gets it from another is told.

    `because` goes into the event.
    """
    conversation = held.conversation
    if to is not None and not (to.is_active and to.holds(*HANDLERS, team_id=conversation.team_id)):
        raise Refused(
            _("%(name)s does not handle conversations of the team %(team)s, so it can't be assigned to them.")
            % {"name": to, "team": conversation.team}
        )
    before, after = conversation.assignee_id, to.pk if to else None
    if before == after:
        return False
    conversation.assignee = to
    if to is not None and to != by:
        held.notices.append(Notice(user=to, conversation=conversation, kind="assignment"))
    why: dict[str, Any] = {"because": because} if because else {}
    held.record("conversation.assigned", by=by, before=before, to=after, **why)
    return True


def change_team(held: Held, *, to: Team, by: User | None) -> bool:
    """Hand it to another team. Its assignee keeps it only if they are in that team, too."""
    conversation = held.conversation
    before = conversation.team_id
    if before == to.pk:
        return False
    # Those who lose sight of it hear so as well: the hint goes to both teams.
    held.record("conversation.left", by=by, to=to.pk)
    conversation.team = to
    if conversation.assignee and not conversation.assignee.holds(*HANDLERS, team_id=to.pk):
        conversation.assignee = None
    clocks.team_changed(held)
    held.record("conversation.moved", by=by, before=before, to=to.pk)
    return True


def change_tags(held: Held, *, to: Iterable[str], by: User | None, at: datetime | None = None) -> bool:
    """Exactly these tags, in lower case, each once, in the order given."""
    wanted = list(dict.fromkeys(tag.strip().lower() for tag in to if tag.strip()))
    if any(len(tag) > LONGEST_TAG for tag in wanted):
        raise Refused(_("A tag has at most %(longest)s letters.") % {"longest": LONGEST_TAG})
    before = held.conversation.tags
    if before == wanted:
        return False
    held.conversation.tags = wanted
    held.record(
        "conversation.tagged",
        by=by,
        at=at,
        added=[tag for tag in wanted if tag not in before],
        removed=[tag for tag in before if tag not in wanted],
    )
    return True


def change_details(held: Held, *, values: Mapping[Field, str], by: User | None) -> bool:
    """What is known by now for these fields, as text (see Field); nothing where it is unknown. Others stay."""
    known = held.conversation.details
    changes = [
        {"field": field.pk, "name": field.name, "before": known.get(str(field.pk), ""), "to": value}
        for field, value in values.items()
        if known.get(str(field.pk), "") != value
    ]
    if not changes:
        return False
    after = known | {str(change["field"]): str(change["to"]) for change in changes}
    held.conversation.details = {key: value for key, value in after.items() if value}
    held.record("conversation.detailed", by=by, changes=changes)
    return True


def change_snooze(held: Held, *, until: datetime, by: User | None) -> bool:
    """Out of the queues until then, or until the customer writes. Nothing to be reminded of where it is solved."""
    if not held.conversation.is_unsolved or held.conversation.snoozed_until == until:
        return False
    held.conversation.snoozed_until = until
    held.record("conversation.snoozed", by=by, until=until.isoformat())
    return True


def change_language(held: Held, *, to: str, by: User | None) -> bool:
    """What the customer writes in, as far as somebody knows better than the guess. Promises stay as they were made."""
    before = held.conversation.language
    if before == to:
        return False
    held.conversation.language = to
    held.record("conversation.language_changed", by=by, before=before, to=to)
    return True
