"""What happened to the structure, in words: verb -> icon and sentence. The history of the structure lists these."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from answerable.events.models import Event
from answerable.people.languages import language_name
from answerable.people.models import Fluency, Level, OrganisedBy, Role, Skill, Team, User
from answerable.web.channels import channel_names


@dataclass(frozen=True)
class Happening:
    """One event, said. `reason` is what whoever did it gave."""

    event: Event
    icon: str
    sentence: str
    reason: str


class Names:
    """What the users, teams and skills that events speak of are called. Four queries at most."""

    def __init__(self, events: Sequence[Event]) -> None:
        users: set[int] = set()
        teams: set[int] = set()
        skills: set[int] = set()
        for event in events:
            noun, _dash, number = event.subject.rpartition("-")
            {"user": users, "team": teams, "skill": skills}.get(noun, set()).add(int(number))
            particulars = event.particulars
            teams.update(particulars[name] for name in _TEAMS.get(event.verb, ()) if particulars.get(name))
            if isinstance(particulars.get("skill"), int):
                skills.add(particulars["skill"])
        self.users = User.objects.in_bulk(users)
        self.teams = Team.objects.in_bulk(teams)
        self.skills = Skill.objects.in_bulk(skills)
        owns_skills = any(event.verb == "team.charged" for event in events)
        self.skill_names = dict(Skill.objects.values_list("key", "name")) if owns_skills else {}

    def user(self, event: Event) -> str:
        return str(self.users.get(_number(event)) or _("somebody"))

    def team(self, pk: object) -> str:
        return str(self.teams.get(pk) or _("a team")) if isinstance(pk, int) else _("a team")

    def skill(self, event: Event) -> str:
        pk = event.particulars.get("skill", _number(event))
        return str(self.skills.get(pk) or _("a skill"))


_TEAMS = {
    "membership.granted": ("team",),
    "membership.withdrawn": ("team",),
    "membership.moved": ("before", "after"),
    "team.added": ("parent",),
    "team.moved": ("before", "after"),
}
"""Which particulars of a verb are ids of teams."""

Said = Callable[[Event, Names], str]


def said(events: Iterable[Event]) -> list[Happening]:
    """The events, each as a sentence, in the order given. Their actors should be there already (`select_related`)."""
    events = list(events)
    names = Names(events)
    found = []
    for event in events:
        icon, say = SENTENCES[event.verb]
        found.append(Happening(event, icon, say(event, names), str(event.particulars.get("reason") or "")))
    return found


def _number(event: Event) -> int:
    return int(event.subject.rpartition("-")[2])


def _who(event: Event) -> str:
    return str(event.actor) if event.actor_id else _("The system")


def _role(event: Event) -> str:
    role = event.particulars.get("role", "")
    return str(Role(role).label) if role in Role.values else str(role)


def _granted(event: Event, names: Names) -> str:
    return _("%(who)s put %(name)s into %(team)s (%(role)s)") % {
        "who": _who(event),
        "name": names.user(event),
        "team": names.team(event.particulars.get("team")),
        "role": _role(event),
    }


def _withdrawn(event: Event, names: Names) -> str:
    return _("%(who)s took %(name)s out of %(team)s (%(role)s)") % {
        "who": _who(event),
        "name": names.user(event),
        "team": names.team(event.particulars.get("team")),
        "role": _role(event),
    }


def _moved(event: Event, names: Names) -> str:
    return _("%(who)s moved %(name)s from %(before)s to %(after)s (%(role)s)") % {
        "who": _who(event),
        "name": names.user(event),
        "before": names.team(event.particulars.get("before")),
        "after": names.team(event.particulars.get("after")),
        "role": _role(event),
    }


def _deactivated(event: Event, names: Names) -> str:
    return _("%(who)s deactivated %(name)s") % {"who": _who(event), "name": names.user(event)}


def _reactivated(event: Event, names: Names) -> str:
    return _("%(who)s reactivated %(name)s") % {"who": _who(event), "name": names.user(event)}


def _team_added(event: Event, names: Names) -> str:
    return _("%(who)s added the team %(team)s below %(parent)s") % {
        "who": _who(event),
        "team": names.team(_number(event)),
        "parent": names.team(event.particulars.get("parent")),
    }


def _team_renamed(event: Event, names: Names) -> str:
    return _("%(who)s renamed the team %(before)s: it is %(after)s now") % {
        "who": _who(event),
        "before": event.particulars.get("before"),
        "after": event.particulars.get("after"),
    }


def _team_moved(event: Event, names: Names) -> str:
    return _("%(who)s moved the team %(team)s from below %(before)s to below %(after)s") % {
        "who": _who(event),
        "team": names.team(_number(event)),
        "before": names.team(event.particulars.get("before")),
        "after": names.team(event.particulars.get("after")),
    }


def _team_retired(event: Event, names: Names) -> str:
    return _("%(who)s retired the team %(team)s") % {"who": _who(event), "team": names.team(_number(event))}


def _team_revived(event: Event, names: Names) -> str:
    return _("%(who)s took the team %(team)s back into use") % {"who": _who(event), "team": names.team(_number(event))}


def _team_charged(event: Event, names: Names) -> str:
    """Parts of one sentence: what it is told by, what it owns now, what no more."""
    particulars = event.particulars
    parts = []
    if particulars.get("before") != particulars.get("after"):
        after = str(particulars.get("after"))
        label = OrganisedBy(after).label if after in OrganisedBy.values else after
        parts.append(_("organised by %(what)s") % {"what": label})
    if added := _things(particulars.get("added"), names):
        parts.append(_("answers now for %(things)s") % {"things": added})
    if ended := _things(particulars.get("ended"), names):
        parts.append(_("answers no more for %(things)s") % {"things": ended})
    return _("%(who)s said what %(team)s is there for: %(parts)s") % {
        "who": _who(event),
        "team": names.team(_number(event)),
        "parts": "; ".join(parts),
    }


def _things(listed: object, names: Names) -> str:
    channels = channel_names()
    said = []
    for of, key, name in listed if isinstance(listed, list) else []:
        found = channels.get(key) if of == "channel" else names.skill_names.get(key) if of == "skill" else name
        said.append(str(found or key))
    return ", ".join(said)


def _skill_added(event: Event, names: Names) -> str:
    return _("%(who)s added the skill %(skill)s") % {"who": _who(event), "skill": event.particulars.get("name")}


def _skill_renamed(event: Event, names: Names) -> str:
    return _("%(who)s renamed the skill %(before)s: it is %(after)s now") % {
        "who": _who(event),
        "before": event.particulars.get("before"),
        "after": event.particulars.get("after"),
    }


def _skill_retired(event: Event, names: Names) -> str:
    return _("%(who)s retired the skill %(skill)s") % {"who": _who(event), "skill": names.skill(event)}


def _skill_revived(event: Event, names: Names) -> str:
    return _("%(who)s took the skill %(skill)s back into use") % {"who": _who(event), "skill": names.skill(event)}


def _can(event: Event, names: Names) -> str:
    """A skill or language that somebody has from now on, or at another level."""
    what = _ability(event, names)
    words = {"who": _who(event), "name": names.user(event), "what": what, "level": _level(event, "level")}
    if event.verb.endswith(".granted"):
        return _("%(who)s noted of %(name)s: %(what)s, %(level)s") % words
    return _("%(who)s noted of %(name)s: %(what)s, %(level)s instead of %(before)s") % {
        **words,
        "before": _level(event, "before"),
    }


def _cannot(event: Event, names: Names) -> str:
    return _("%(who)s noted of %(name)s: %(what)s no more") % {
        "who": _who(event),
        "name": names.user(event),
        "what": _ability(event, names),
    }


def _ability(event: Event, names: Names) -> str:
    code = event.particulars.get("language")
    return language_name(code) if code else names.skill(event)


def _level(event: Event, particular: str) -> str:
    levels = Fluency if event.verb.startswith("language.") else Level
    level = event.particulars.get(particular)
    return str(levels(level).label) if level in levels.values else ""


SENTENCES: dict[str, tuple[str, Said]] = {
    "membership.granted": ("user-plus", _granted),
    "membership.withdrawn": ("user-x", _withdrawn),
    "membership.moved": ("arrow-right", _moved),
    "user.deactivated": ("ban", _deactivated),
    "user.reactivated": ("undo-2", _reactivated),
    "team.added": ("plus", _team_added),
    "team.renamed": ("pencil", _team_renamed),
    "team.moved": ("arrow-right", _team_moved),
    "team.retired": ("archive", _team_retired),
    "team.revived": ("undo-2", _team_revived),
    "team.charged": ("flag", _team_charged),
    "skill.added": ("plus", _skill_added),
    "skill.renamed": ("pencil", _skill_renamed),
    "skill.retired": ("archive", _skill_retired),
    "skill.revived": ("undo-2", _skill_revived),
    "skill.granted": ("star", _can),
    "skill.graded": ("star", _can),
    "skill.withdrawn": ("minus", _cannot),
    "language.granted": ("languages", _can),
    "language.graded": ("languages", _can),
    "language.withdrawn": ("minus", _cannot),
}
