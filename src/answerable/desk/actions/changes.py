"""What changes a conversation that is held: its status, priority, team and assignee, and what follows from each.

In memory: whoever holds it checks who may, and keeps it. All answer whether anything has changed.
"""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from answerable.desk.actions import clocks
from answerable.desk.actions.held import Held
from answerable.desk.errors import Refused
from answerable.desk.models import Notice, Priority, Status
from answerable.people.models import Role, Team, User

HANDLERS = (Role.ADMINISTRATOR, Role.LEAD, Role.AGENT)
"""Analysts only read."""


def change_status(held: Held, *, to: str, by: User | None, at: datetime) -> bool:
    """Open, pending, on hold, solved or closed. Solving stops the resolution clock; opening again starts another."""
    conversation = held.conversation
    before = conversation.status
    if before == to:
        return False
    if before == Status.CLOSED:
        raise Refused(_("This conversation is closed. A new message from the customer starts a follow-up."))
    if to == Status.NEW:
        raise Refused(_("A conversation is new only until somebody has looked at it."))
    reopened = before == Status.SOLVED and to != Status.CLOSED
    conversation.status = to
    conversation.snoozed_until = None
    if to == Status.SOLVED:
        conversation.unanswered_since = None
    elif to == Status.CLOSED:
        conversation.closed_at = at
    elif reopened:
        conversation.solved_at = conversation.solution_seconds = None
        conversation.reopen_count += 1
    if to == Status.SOLVED or (to == Status.CLOSED and conversation.solved_at is None):
        conversation.solved_at = at
        conversation.solution_seconds = clocks.business_seconds(held, until=at)
    clocks.status_changed(held, before=before, at=at, by=by)
    verbs = {Status.SOLVED: "solved", Status.CLOSED: "closed"}
    held.record(
        f"conversation.{verbs.get(Status(to), 'reopened' if reopened else 'status_changed')}",
        by=by,
        at=at,
        before=before,
        to=to,
        agent=conversation.assignee_id,
        channel=conversation.channel,
    )
    return True


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


def change_copies(held: Held, *, to: list[str], by: User | None) -> bool:
    """These addresses get a copy of each reply from now on."""
    before = held.conversation.copied
    if before == to:
        return False
    held.conversation.copied = to
    held.record("conversation.copied", by=by, before=before, to=to)
    return True
