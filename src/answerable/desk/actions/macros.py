"""Macros: leads write them, everybody of the team uses them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from answerable.core.rules.step import Do, Step, steps_of
from answerable.desk.actions.held import hold
from answerable.desk.actions.undoing import change_of, take_back_change
from answerable.desk.errors import Refused, check_can_handle
from answerable.desk.models import Conversation, Macro
from answerable.desk.placeholders import check_text, filled_in
from answerable.desk.steps import Outcome, Steps
from answerable.events.models import Event
from answerable.events.record import record
from answerable.people.models import Role, Team, User
from answerable.people.standing_in import StandIns


class Overtaken(Refused):
    """Somebody else has changed it since it was read."""


@dataclass(frozen=True)
class Applied:
    """What a macro did: each step's outcome, the text for the box, the status that sending it is to set."""

    conversation: Conversation
    outcomes: Sequence[Outcome]
    text: str
    then: str = ""


def write_macro(
    *,
    name: str,
    text: str,
    team: Team | None,
    by: User,
    language: str = "",
    into: str = Macro.Into.REPLY,
    steps: Sequence[Step] = (),
    macro: Macro | None = None,
    revision: int | None = None,
) -> Macro:
    """A new one, or another content for an old one. Without a team it is everybody's, and an administrator's to write.

    Raises UnknownPlaceholder where the text asks for what can't be filled in; Overtaken where it is no longer at
    the `revision` that was read.
    """
    check_text(text)
    if not text.strip() and not steps:
        raise Refused(_("Give it a text, or something to do."))
    _check_can_write(by, team.pk if team else None)
    with transaction.atomic():
        if macro is not None:
            macro = Macro.objects.select_for_update(of=("self",)).get(pk=macro.pk)
            _check_can_write(by, macro.team_id)
            if revision is not None and macro.revision != revision:
                raise Overtaken(_("Somebody else has changed it since you opened it."))
            macro.revision += 1
        verb = "changed" if macro else "created"
        row = macro or Macro()
        row.name, row.text, row.language, row.team, row.into = name, text, language, team, into
        row.steps = [step.plain for step in steps]
        row.save()
        record(f"macro.{verb}", subject=row, by=by, team_id=row.team_id, name=name, steps=row.steps)
    return row


def retire_macro(macro: Macro, *, by: User) -> Macro:
    """It is offered no longer; what was done with it stays."""
    _check_can_write(by, macro.team_id)
    if macro.retired_at is None:
        with transaction.atomic():
            macro.retired_at = timezone.now()
            macro.save(update_fields=["retired_at"])
            record("macro.retired", subject=macro, by=by, team_id=macro.team_id, name=macro.name)
    return macro


def apply_macro(macro: Macro, conversation: Conversation | int, *, by: User) -> Applied:
    """Take its steps, all or none. Its text is for the box: filled in, and not sent. Where that is a reply, the status
    is not set now but when the reply is sent."""
    with transaction.atomic():
        held = hold(conversation)
        check_can_handle(by, held.conversation)
        moment = Steps(StandIns(timezone.now()), by=by)
        now, then = _in_turn(macro)
        text = filled_in(macro.text, held.conversation, by)
        outcomes = [moment.take(step, held, macro=macro.name) for step in now]
        if now:
            held.record(
                "macro.applied",
                by=by,
                at=moment.at,
                macro=macro.pk,
                name=macro.name,
                outcomes=outcomes,
                change=dict(change_of(held)),
            )
            held.keep()
    return Applied(held.conversation, outcomes, text, then)


def foresee_macro(macro: Macro, conversation: Conversation, *, by: User) -> Applied:
    """What it would do: done, and not kept."""
    with transaction.atomic():
        applied = apply_macro(macro, conversation, by=by)
        transaction.set_rollback(True)
    return applied


def take_back_macro(event: Event, *, by: User) -> Conversation:
    """Undo what a macro did. Whoever applied it, as long as nobody has changed the same since; who was told is told."""
    with transaction.atomic():
        held = hold(int(event.root.removeprefix("conversation-")))
        check_can_handle(by, held.conversation)
        if event.actor_id != by.pk:
            raise Refused(_("Only who applied it can take it back."))
        take_back_change(held, event.particulars["change"], by=by, begun_at=event.at)
        held.record("macro.taken_back", by=by, name=event.particulars["name"])
        held.keep()
    return held.conversation


def last_applied(conversation: Conversation, *, by: User, since: datetime) -> Event | None:
    """The trace of what somebody has just applied."""
    rows = Event.objects.filter(root=f"conversation-{conversation.pk}", verb="macro.applied", actor=by, at__gte=since)
    return rows.order_by("-id").first()


def _in_turn(macro: Macro) -> tuple[list[Step], str]:
    """The steps to be taken at once, and the status to be set when the reply is sent."""
    steps = list(steps_of(macro.steps))
    if not macro.text.strip() or macro.into != Macro.Into.REPLY:
        return steps, ""
    then = next((step.to for step in reversed(steps) if step.do is Do.SET_STATUS), "")
    return [step for step in steps if step.do is not Do.SET_STATUS], then


def _check_can_write(user: User, team_id: int | None) -> None:
    leads = team_id is not None and user.holds(Role.ADMINISTRATOR, Role.LEAD, team_id=team_id)
    if not (leads or user.is_administrator):
        raise PermissionDenied
