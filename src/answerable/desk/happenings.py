"""Events of a conversation in words: verb -> icon and sentence. Verbs that are not here are not shown."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from answerable.desk.models import Clock, Priority, Status
from answerable.desk.task_words import TASKS
from answerable.events.models import Event
from answerable.people.models import Team, User
from answerable.policy.models import Arm

USERS = {
    "conversation.assigned": ("before", "to"),
    "conversation.offered": ("to",),
    "conversation.passed": ("to",),
    "conversation.lapsed": ("to",),
}
TEAMS = {"conversation.moved": ("before", "to"), "conversation.overflowed": ("before", "to")}
"""Which particulars of a verb hold ids of users and of teams."""

TOLD_BY_ITSELF = {"before", "team", "assignee"}
"""What an escalation changed: the priority, the team or the assignee, each an event of its own."""


class Names:
    """Names of the users and teams that events speak of: one query each, made when the first is asked for."""

    def __init__(self, events: Iterable[Event] = ()) -> None:
        self._ids: dict[str, set[int]] = {"user": set(), "team": set()}
        self._found: dict[str, dict[int, Any]] = {}
        for event in events:
            self.note(event)

    def note(self, event: Event) -> None:
        for kind, table in (("user", USERS), ("team", TEAMS)):
            ids = [event.particulars.get(name) for name in table.get(event.verb, ())]
            self._ids[kind].update(pk for pk in ids if isinstance(pk, int))
        outcome = event.particulars.get("outcome")
        if isinstance(outcome, dict):
            self.note_outcome(outcome)
        for each in event.particulars.get("outcomes", ()):
            self.note_outcome(each)

    def note_outcome(self, outcome: Mapping[str, Any]) -> None:
        """Whom a step of an escalation concerned."""
        self._ids["user"].update(outcome.get("told", ()), [outcome["assignee"]] if outcome.get("assignee") else [])
        self._ids["team"].update([outcome["team"]] if outcome.get("team") else [])
        self._ids["user"].update(absent for _acting, absent in outcome.get("instead_of", ()))

    def user(self, pk: object) -> str:
        return self._name("user", pk)

    def team(self, pk: object) -> str:
        return self._name("team", pk)

    def _name(self, kind: str, pk: object) -> str:
        if kind not in self._found:
            rows: Any = User.objects if kind == "user" else Team.objects
            self._found[kind] = rows.in_bulk(self._ids[kind])
        row = self._found[kind].get(pk) if isinstance(pk, int) else None
        return str(row) if row else _("somebody")


def _who(event: Event) -> str:
    if event.actor_id:
        return str(event.actor)
    rule = event.particulars.get("rule")
    return _("The rule “%(rule)s”") % {"rule": rule["name"]} if isinstance(rule, dict) else _("The system")


def _language_changed(event: Event, names: Names) -> str:
    languages = dict(settings.LANGUAGES)
    to = languages.get(str(event.particulars.get("to")), _("Another language"))
    return _("%(who)s said what it is written in: %(language)s") % {"who": _who(event), "language": to}


def _opened(event: Event, names: Names) -> str:
    if event.particulars.get("follows"):
        return _("This follows up on conversation #%(number)s") % {"number": event.particulars["follows"]}
    return _("%(who)s began this conversation") % {"who": _who(event)} if event.actor_id else ""


def _assigned(event: Event, names: Names) -> str:
    who, to = _who(event), event.particulars.get("to")
    if event.particulars.get("because") == "left":
        return _("%(name)s has left: it waits for somebody else") % {
            "name": names.user(event.particulars.get("before"))
        }
    if to is None:
        return _("%(who)s took it from %(name)s; nobody has it") % {
            "who": who,
            "name": names.user(event.particulars.get("before")),
        }
    if to == event.actor_id:
        return _("%(who)s took it") % {"who": who}
    return _("%(who)s assigned it to %(name)s") % {"who": who, "name": names.user(to)}


def _moved(event: Event, names: Names) -> str:
    return _("%(who)s moved it from %(before)s to %(team)s") % {
        "who": _who(event),
        "before": names.team(event.particulars.get("before")),
        "team": names.team(event.particulars.get("to")),
    }


def _offered(event: Event, names: Names) -> str:
    return _("It was offered to %(name)s") % {"name": names.user(event.particulars.get("to"))}


def _passed(event: Event, names: Names) -> str:
    return _("%(name)s let it go to the next") % {"name": names.user(event.particulars.get("to"))}


def _lapsed(event: Event, names: Names) -> str:
    return _("%(name)s did not answer the offer in time") % {"name": names.user(event.particulars.get("to"))}


def _overflowed(event: Event, names: Names) -> str:
    minutes = int(event.particulars.get("minutes") or 0)
    return ngettext(
        "Nobody of %(team)s took it within %(minutes)s minute",
        "Nobody of %(team)s took it within %(minutes)s minutes",
        minutes,
    ) % {"team": names.team(event.particulars.get("before")), "minutes": minutes}


def _status(sentence: Any) -> Callable[[Event, Names], str]:
    def say(event: Event, names: Names) -> str:
        return str(sentence) % {"who": _who(event), "status": _label(Status, event.particulars.get("to"))}

    return say


def _solved(event: Event, names: Names) -> str:
    is_theirs = event.actor_id is None and "contact" in event.particulars
    return _("%(who)s solved it") % {"who": _("The customer") if is_theirs else _who(event)}


def _chat_left(event: Event, names: Names) -> str:
    return _("The customer has left the chat")


def _reopened(event: Event, names: Names) -> str:
    if not event.actor_id and "rule" not in event.particulars:
        return _("The customer's message reopened it")
    return _("%(who)s reopened it") % {"who": _who(event)}


def _status_changed(event: Event, names: Names) -> str:
    if not event.actor_id and "rule" not in event.particulars:
        return _("It is %(status)s again") % {"status": _label(Status, event.particulars.get("to"))}
    return _("%(who)s set it to %(status)s") % {
        "who": _who(event),
        "status": _label(Status, event.particulars.get("to")),
    }


def _prioritised(event: Event, names: Names) -> str:
    return _("%(who)s changed the priority from %(before)s to %(to)s") % {
        "who": _who(event),
        "before": _label(Priority, event.particulars.get("before")),
        "to": _label(Priority, event.particulars.get("to")),
    }


def _tagged(event: Event, names: Names) -> str:
    added, removed = event.particulars.get("added") or [], event.particulars.get("removed") or []
    said = []
    if added:
        said.append(
            ngettext("%(who)s added the tag %(tags)s", "%(who)s added the tags %(tags)s", len(added))
            % {"who": _who(event), "tags": ", ".join(added)}
        )
    if removed:
        said.append(
            ngettext("%(who)s removed the tag %(tags)s", "%(who)s removed the tags %(tags)s", len(removed))
            % {"who": _who(event), "tags": ", ".join(removed)}
        )
    return "; ".join(said)


def _snoozed(event: Event, names: Names) -> str:
    return _("%(who)s put it aside until %(time)s") % {"who": _who(event), "time": _time(event.particulars["until"])}


def _woken(event: Event, names: Names) -> str:
    if not event.actor_id:
        return _("Its time has come: it is back in the queues")
    return _("%(who)s brought it back into the queues") % {"who": _who(event)}


def _copied(event: Event, names: Names) -> str:
    addresses = ", ".join(event.particulars.get("to") or []) or _("nobody")
    return _("%(who)s set who gets a copy: %(addresses)s") % {"who": _who(event), "addresses": addresses}


def _detailed(event: Event, names: Names) -> str:
    said = [
        _("%(field)s: %(value)s") % {"field": one["name"], "value": one["to"] or "—"}
        for one in event.particulars.get("changes") or ()
    ]
    return _("%(who)s wrote down: %(details)s") % {"who": _who(event), "details": "; ".join(said)}


def _marked_spam(event: Event, names: Names) -> str:
    return _("%(who)s marked it as spam") % {"who": _who(event)}


def _unmarked_spam(event: Event, names: Names) -> str:
    return _("%(who)s says it is no spam") % {"who": _who(event)}


def _rated(event: Event, names: Names) -> str:
    score, before = event.particulars.get("score"), event.particulars.get("before")
    if before is None:
        return _("The customer rated it: %(score)s of 5") % {"score": score}
    return _("The customer rated it anew: %(score)s of 5 instead of %(before)s") % {"score": score, "before": before}


def _commented(event: Event, names: Names) -> str:
    comment = event.particulars.get("comment")
    return _("The customer says about it: “%(comment)s”") % {"comment": comment} if comment else ""


def _complained(event: Event, names: Names) -> str:
    return _("The customer complained; conversation #%(number)s is about it") % {
        "number": event.particulars.get("follow_up")
    }


def _piloted(event: Event, names: Names) -> str:
    number = {"number": event.particulars.get("version")}
    if event.particulars.get("arm") == Arm.PILOT:
        return _("It was taken into the pilot of version %(number)s of the policy") % number
    return _("It is compared with the pilot of version %(number)s of the policy") % number


def _other(event: Event) -> dict[str, Any]:
    count = int(event.particulars.get("count") or 0)
    return {"who": _who(event), "number": event.particulars.get("other"), "count": count}


def _absorbed(event: Event, names: Names) -> str:
    told = _other(event)
    return (
        ngettext(
            "%(who)s merged conversation #%(number)s into this one, with %(count)s message",
            "%(who)s merged conversation #%(number)s into this one, with %(count)s messages",
            told["count"],
        )
        % told
    )


def _merged(event: Event, names: Names) -> str:
    return _("%(who)s merged it into conversation #%(number)s, where all of it stands") % _other(event)


def _split(event: Event, names: Names) -> str:
    told = _other(event)
    return (
        ngettext(
            "%(who)s split %(count)s message off into conversation #%(number)s",
            "%(who)s split %(count)s messages off into conversation #%(number)s",
            told["count"],
        )
        % told
    )


def _split_off(event: Event, names: Names) -> str:
    return _("%(who)s split it off from conversation #%(number)s") % _other(event)


def _messages_left(event: Event, names: Names) -> str:
    told = _other(event)
    return (
        ngettext(
            "%(who)s moved %(count)s message to conversation #%(number)s",
            "%(who)s moved %(count)s messages to conversation #%(number)s",
            told["count"],
        )
        % told
    )


def _messages_came(event: Event, names: Names) -> str:
    told = _other(event)
    return (
        ngettext(
            "%(who)s moved %(count)s message here from conversation #%(number)s",
            "%(who)s moved %(count)s messages here from conversation #%(number)s",
            told["count"],
        )
        % told
    )


def _aside_opened(event: Event, names: Names) -> str:
    return _("%(who)s asked %(name)s about it") % {"who": _who(event), "name": event.particulars.get("to")}


def _aside_answered(event: Event, names: Names) -> str:
    return _("%(name)s, who was asked about it, has answered") % {"name": event.particulars.get("to")}


def _aside_closed(event: Event, names: Names) -> str:
    return _("%(who)s waits for nothing more from %(name)s") % {"who": _who(event), "name": event.particulars.get("to")}


def _linked(event: Event, names: Names) -> str:
    return _("%(who)s linked it with conversation #%(number)s") % _other(event)


def _unlinked(event: Event, names: Names) -> str:
    return _("%(who)s took the link with conversation #%(number)s away") % _other(event)


def _followed_up(event: Event, names: Names) -> str:
    return _("%(who)s followed it up in conversation #%(number)s") % _other(event)


def _rearrangement_undone(event: Event, names: Names) -> str:
    match event.particulars.get("kind"):
        case "merge":
            return _("%(who)s undid the merge with conversation #%(number)s") % _other(event)
        case "split":
            return _("%(who)s undid the split from conversation #%(number)s") % _other(event)
    return _("%(who)s undid the move of messages with conversation #%(number)s") % _other(event)


def _undone(event: Event, names: Names) -> str:
    return _("%(who)s took a reply back before it left") % {"who": _who(event)}


def _breached(event: Event, names: Names) -> str:
    return _("A promise was broken: %(clock)s is late") % {"clock": _clock(event)}


def _escalated(event: Event, names: Names) -> str:
    outcome = event.particulars.get("outcome") or {}
    told = acting_words(outcome.get("told", ()), outcome, names)
    if told:
        return _("%(clock)s needs attention; told so: %(names)s") % {"clock": _clock(event), "names": told}
    if TOLD_BY_ITSELF & outcome.keys():
        return ""
    return _("%(clock)s needs attention; the next step of the escalation was taken") % {"clock": _clock(event)}


def outcome_words(outcome: Mapping[str, Any], names: Names) -> str:
    """Whom a step of an escalation reached; nothing where it reached nobody."""
    if told := acting_words(outcome.get("told", ()), outcome, names):
        return _("told %(names)s") % {"names": told}
    if "assignee" in outcome:
        return _("handed over to %(names)s") % {"names": acting_words([outcome["assignee"]], outcome, names)}
    return ""


def acting_words(people: Iterable[int], outcome: Mapping[str, Any], names: Names) -> str:
    """ "Carol; Bob, who stands in for Alice": people by their numbers, and for whom they act."""
    instead_of = dict(outcome.get("instead_of", ()))
    said = [
        _("%(name)s, who stands in for %(absent)s") % {"name": names.user(pk), "absent": names.user(instead_of[pk])}
        if pk in instead_of
        else names.user(pk)
        for pk in people
    ]
    return ("; " if instead_of else ", ").join(said)


def _clock(event: Event) -> str:
    return _label(Clock.Kind, event.particulars.get("kind"))


def _label(choices: Any, value: object) -> str:
    try:
        return str(choices(value).label)
    except ValueError:
        return str(value)


def _time(iso: str) -> str:
    return date_format(timezone.localtime(datetime.fromisoformat(iso)), "DATETIME_FORMAT")


def _macro_applied(event: Event, names: Names) -> str:
    return _("%(who)s applied the macro “%(macro)s”") % {"who": _who(event), "macro": event.particulars.get("name")}


def _macro_taken_back(event: Event, names: Names) -> str:
    return _("%(who)s took the macro “%(macro)s” back") % {"who": _who(event), "macro": event.particulars.get("name")}


def _rule_fired(event: Event, names: Names) -> str:
    """Where all it did are events of their own, nothing more is said."""
    told = [pk for outcome in event.particulars.get("outcomes") or () for pk in outcome.get("told", ())]
    if not told:
        return ""
    said = {"who": _who(event), "names": ", ".join(names.user(pk) for pk in told)}
    return _("%(who)s notified %(names)s") % said


def _rule_cut(event: Event, names: Names) -> str:
    return _("%(who)s was not applied again: rules ran in a circle") % {"who": _who(event)}


def _sent_again(event: Event, names: Names) -> str:
    to = ", ".join(event.particulars.get("to") or ())
    return _("%(who)s sent the message again, to %(address)s") % {"who": _who(event), "address": to}


def _imported(event: Event, names: Names) -> str:
    return _("It was taken over from %(system)s, where its number was %(number)s") % {
        "system": event.particulars.get("system"),
        "number": event.particulars.get("number"),
    }


HAPPENINGS: dict[str, tuple[str, Callable[[Event, Names], str]]] = {
    "conversation.opened": ("inbox", _opened),
    "conversation.imported": ("database", _imported),
    "conversation.assigned": ("user-check", _assigned),
    "conversation.moved": ("users", _moved),
    "conversation.offered": ("bell", _offered),
    "conversation.passed": ("arrow-right", _passed),
    "conversation.lapsed": ("hourglass", _lapsed),
    "conversation.overflowed": ("alarm-clock", _overflowed),
    "conversation.status_changed": ("circle-dot", _status_changed),
    "conversation.solved": ("check", _solved),
    "conversation.closed": ("archive", _status(gettext_lazy("%(who)s closed it"))),
    "conversation.reopened": ("rotate-ccw", _reopened),
    "conversation.chat_left": ("log-out", _chat_left),
    "conversation.prioritised": ("flag", _prioritised),
    "conversation.tagged": ("tag", _tagged),
    "conversation.language_changed": ("languages", _language_changed),
    "conversation.snoozed": ("hourglass", _snoozed),
    "conversation.woken": ("alarm-clock", _woken),
    "conversation.copied": ("users", _copied),
    "conversation.detailed": ("pencil", _detailed),
    "conversation.rated": ("star", _rated),
    "conversation.commented": ("quote", _commented),
    "conversation.complained": ("frown", _complained),
    "conversation.marked_spam": ("ban", _marked_spam),
    "conversation.unmarked_spam": ("rotate-ccw", _unmarked_spam),
    "conversation.piloted": ("split", _piloted),
    "conversation.absorbed": ("git-merge", _absorbed),
    "conversation.merged": ("git-merge", _merged),
    "conversation.split": ("split", _split),
    "conversation.split_off": ("split", _split_off),
    "conversation.messages_left": ("arrow-right", _messages_left),
    "conversation.messages_came": ("arrow-right", _messages_came),
    "conversation.aside_opened": ("messages-square", _aside_opened),
    "conversation.aside_answered": ("messages-square", _aside_answered),
    "conversation.aside_closed": ("messages-square", _aside_closed),
    "conversation.linked": ("link", _linked),
    "conversation.unlinked": ("unlink", _unlinked),
    "conversation.followed_up": ("arrow-right", _followed_up),
    "conversation.rearrangement_undone": ("undo-2", _rearrangement_undone),
    "clock.breached": ("alarm-clock", _breached),
    "clock.escalated": ("chevrons-up", _escalated),
    "rule.fired": ("zap", _rule_fired),
    "rule.cut": ("ban", _rule_cut),
    "macro.applied": ("zap", _macro_applied),
    "macro.taken_back": ("undo-2", _macro_taken_back),
    "message.undone": ("undo-2", _undone),
    "message.sent_again": ("send", _sent_again),
    **TASKS,
}
