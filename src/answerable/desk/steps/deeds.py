"""What each step does. All through what changes a conversation that is held, so that events and clocks are right."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from answerable.core.calendar import NeverOpen
from answerable.core.rules.span import Span
from answerable.core.rules.step import ME, NOBODY, SOLVER, Do, Step, words_of
from answerable.desk.actions.changes import (
    HANDLERS,
    change_assignee,
    change_details,
    change_priority,
    change_snooze,
    change_status,
    change_tags,
    change_team,
)
from answerable.desk.actions.copies import change_copies
from answerable.desk.actions.held import Held
from answerable.desk.actions.spam import change_to_spam
from answerable.desk.actions.writing import write_automatically, write_note
from answerable.desk.hours import usual_calendar
from answerable.desk.models import Conversation, Notice, Priority
from answerable.desk.placeholders import filled_in
from answerable.desk.steps.outcome import NOTHING, Broken, Outcome, instead_of
from answerable.people.models import User
from answerable.people.standing_in import Acting

if TYPE_CHECKING:
    from answerable.desk.steps.taking import Steps

Deed = Callable[["Steps", Step, Held, Mapping[str, Any]], Outcome]


def _assign(steps: "Steps", step: Step, held: Held, about: Mapping[str, Any]) -> Outcome:
    if step.to == NOBODY:
        return {"assignee": None} if change_assignee(held, to=None, by=steps.by) else NOTHING
    conversation = held.conversation
    found = [acting for acting in _wanted(steps, step.to, conversation) if _handles(acting.user, conversation)]
    if not found:
        return {"nobody": step.to}
    to = found[0].user
    changed = change_assignee(held, to=to, by=steps.by)
    return ({"assignee": to.pk} | instead_of(found[:1])) if changed else NOTHING


def _wanted(steps: "Steps", to: str, conversation: Conversation) -> list[Acting]:
    """Who could be given it, the first first; whoever is away is stood in for, except oneself."""
    if to == ME:
        return [Acting(steps.by)] if steps.by else []
    if to == SOLVER:
        somebody = steps.solver(conversation)
        return steps.stand_ins.acting([somebody], conversation.team) if somebody else []
    if to.startswith("user:") and steps.person(to.removeprefix("user:")) is None:
        raise Broken(_("There is no colleague %(address)s any more.") % {"address": to.removeprefix("user:")})
    return steps.meant(to, conversation)


def _handles(user: User, conversation: Conversation) -> bool:
    return user.is_active and user.holds(*HANDLERS, team_id=conversation.team_id)


def _move(steps: "Steps", step: Step, held: Held, about: Mapping[str, Any]) -> Outcome:
    team = steps.team(step.to)
    if team is None:
        raise Broken(_("There is no team “%(team)s” any more.") % {"team": step.to})
    return {"team": team.pk} if change_team(held, to=team, by=steps.by) else NOTHING


def _set_priority(steps: "Steps", step: Step, held: Held, about: Mapping[str, Any]) -> Outcome:
    if step.to.upper() not in Priority.names:
        raise Broken(_("There is no priority “%(priority)s”.") % {"priority": step.to})
    return _prioritise(steps, held, Priority[step.to.upper()])


def _raise_priority(steps: "Steps", step: Step, held: Held, about: Mapping[str, Any]) -> Outcome:
    return _prioritise(steps, held, Priority(min(held.conversation.priority + 1, Priority.URGENT)))


def _prioritise(steps: "Steps", held: Held, to: Priority) -> Outcome:
    before = held.conversation.priority
    change_priority(held, to=to, by=steps.by)
    return {"before": int(before), "to": int(to)} | (NOTHING if before == to else {})


def _set_status(steps: "Steps", step: Step, held: Held, about: Mapping[str, Any]) -> Outcome:
    changed = change_status(held, to=step.to, by=steps.by, at=steps.at)
    return {"status": step.to} if changed else NOTHING


def _snooze(steps: "Steps", step: Step, held: Held, about: Mapping[str, Any]) -> Outcome:
    span = Span.of(step.to)
    try:
        until = span.after(steps.at, usual_calendar() if span.is_business else None)
    except NeverOpen as never:
        raise Broken(_("The business hours have no time for that.")) from never
    return {"until": until.isoformat()} if change_snooze(held, until=until, by=steps.by) else NOTHING


def _add_tags(steps: "Steps", step: Step, held: Held, about: Mapping[str, Any]) -> Outcome:
    tags = held.conversation.tags
    added = [tag for tag in words_of(step.text) if tag not in tags]
    return {"added": added} if change_tags(held, to=[*tags, *added], by=steps.by) else NOTHING


def _remove_tags(steps: "Steps", step: Step, held: Held, about: Mapping[str, Any]) -> Outcome:
    unwanted, tags = words_of(step.text), held.conversation.tags
    changed = change_tags(held, to=[tag for tag in tags if tag not in unwanted], by=steps.by)
    return {"removed": [tag for tag in tags if tag in unwanted]} if changed else NOTHING


def _set_field(steps: "Steps", step: Step, held: Held, about: Mapping[str, Any]) -> Outcome:
    field = steps.field_of(step.to)
    if field is None:
        raise Broken(_("A field that it fills in is no longer asked for."))
    changed = change_details(held, values={field: step.text}, by=steps.by)
    return {"field": field.name, "value": step.text} if changed else NOTHING


def _copy(steps: "Steps", step: Step, held: Held, about: Mapping[str, Any]) -> Outcome:
    wanted = [*held.conversation.copied, *words_of(step.text)]
    return {"copied": words_of(step.text)} if change_copies(held, to=wanted, by=steps.by) else NOTHING


def _reply(steps: "Steps", step: Step, held: Held, about: Mapping[str, Any]) -> Outcome:
    text = filled_in(step.text, held.conversation, steps.by)
    message = write_automatically(held, text=text, about=about)
    return {"message": message.pk} if message else {"no_address": True}


def _note(steps: "Steps", step: Step, held: Held, about: Mapping[str, Any]) -> Outcome:
    message = write_note(held, text=filled_in(step.text, held.conversation, steps.by), by=steps.by)
    return {"message": message.pk}


def _notify(steps: "Steps", step: Step, held: Held, about: Mapping[str, Any]) -> Outcome:
    told = steps.meant(step.to, held.conversation)
    kind = "rule" if "rule" in about else "macro" if "macro" in about else "escalation"
    words = {"words": step.text} if step.text else {}
    for acting in told:
        absent = {"instead_of": str(acting.instead_of)} if acting.instead_of else {}
        held.notices.append(
            Notice(
                user=acting.user, conversation=held.conversation, kind=kind, particulars={**about, **words, **absent}
            )
        )
    return {"told": [acting.user.pk for acting in told]} | instead_of(told)


def _reassign(steps: "Steps", step: Step, held: Held, about: Mapping[str, Any]) -> Outcome:
    """An escalation's: a team that is gone or has nobody is no reason to fail, since the promise is late already."""
    if step.to.startswith("team:"):
        team = steps.team(step.to.removeprefix("team:"))
        if team is None:
            return {"no_team": step.to.removeprefix("team:")}
        change_team(held, to=team, by=steps.by)
        change_assignee(held, to=None, by=steps.by)
        return {"team": team.pk}
    if not step.to:
        return {}
    team_id = held.conversation.team_id
    found = steps.meant(step.to, held.conversation)
    somebody = next((acting for acting in found if team_id in acting.user.team_ids), None)
    if somebody is None:
        return {"nobody": step.to}
    change_assignee(held, to=somebody.user, by=steps.by)
    return {"assignee": somebody.user.pk} | instead_of([somebody])


def _ask_for_rating(steps: "Steps", step: Step, held: Held, about: Mapping[str, Any]) -> Outcome:
    held.record("conversation.rating_wanted", by=steps.by)
    return {"rating": True}


def _mark_spam(steps: "Steps", step: Step, held: Held, about: Mapping[str, Any]) -> Outcome:
    return {"spam": True} if change_to_spam(held, by=steps.by, at=steps.at) else NOTHING


DEEDS: Mapping[Do, Deed] = {
    Do.ASSIGN: _assign,
    Do.MOVE: _move,
    Do.SET_PRIORITY: _set_priority,
    Do.RAISE_PRIORITY: _raise_priority,
    Do.SET_STATUS: _set_status,
    Do.SNOOZE: _snooze,
    Do.ADD_TAGS: _add_tags,
    Do.REMOVE_TAGS: _remove_tags,
    Do.SET_FIELD: _set_field,
    Do.COPY: _copy,
    Do.REPLY: _reply,
    Do.NOTE: _note,
    Do.NOTIFY: _notify,
    Do.ASK_FOR_RATING: _ask_for_rating,
    Do.MARK_SPAM: _mark_spam,
    Do.REASSIGN: _reassign,
}
