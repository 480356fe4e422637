"""Findings of `core.structure` in words: what is weak, why that is a weakness, and what would help."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from answerable.core.structure import Company, Finding
from answerable.customers.models import Segment
from answerable.people.languages import language_name
from answerable.people.models import Skill, Team, User
from answerable.web.channels import channel_name
from answerable.web.words import duration, reader


@dataclass(frozen=True)
class Link:
    """Somebody, or a team, that a weakness concerns."""

    label: str
    href: str


@dataclass(frozen=True)
class Weakness:
    title: str
    reason: str
    remedy: str
    links: tuple[Link, ...]
    icon: str


ICONS = {
    "no_lead": "user-x",
    "own_lead": "user",
    "span_wide": "users",
    "span_narrow": "users",
    "one_person": "user",
    "nobody": "user-x",
    "none_noted": "languages",
    "unowned": "flag",
    "owned_by_nobody": "flag",
    "heavy": "gauge",
    "no_shifts": "calendar",
    "uncovered": "clock",
}


class Speaker:
    """Says the findings of one company to one reader. Four queries for all their names."""

    def __init__(self, company: Company, findings: Iterable[Finding], reader: User) -> None:
        self.company, self.reader, self.findings = company, reader, list(findings)
        self.people = User.objects.in_bulk({person for each in self.findings for person in each.people})
        self.teams = Team.objects.in_bulk({team for each in self.findings for team in each.teams})
        self.skills = dict(Skill.objects.values_list("key", "name"))
        self.segments = dict(Segment.objects.values_list("key", "name"))

    def said(self) -> list[Weakness]:
        return [self._say(finding) for finding in self.findings]

    def _say(self, finding: Finding) -> Weakness:
        title, reason, remedy = getattr(self, f"_{finding.rule}")(finding)
        links = [Link(self._person(pk), reverse("person", args=[pk])) for pk in finding.people]
        links += [
            Link(self._team(pk), reverse("team-page", args=[pk]) if pk in self.reader.team_ids else reverse("team"))
            for pk in finding.teams
        ]
        return Weakness(title, reason, remedy, tuple(links), ICONS[finding.rule])

    def _no_lead(self, finding: Finding) -> tuple[str, str, str]:
        number = len(finding.people)
        return (
            _("Nobody leads %(team)s") % {"team": self._team(finding.teams[0])},
            ngettext(
                "%(number)s person works in it, and there is no lead in it or in any team above.",
                "%(number)s people work in it, and there is no lead in it or in any team above.",
                number,
            )
            % {"number": number},
            _("Make somebody its lead, or move it below a team that has one."),
        )

    def _own_lead(self, finding: Finding) -> tuple[str, str, str]:
        words = {"name": self._person(finding.people[0]), "team": self._team(finding.teams[0])}
        return (
            _("%(name)s is their own lead in %(team)s") % words,
            _("Nobody reviews, relieves or coaches them."),
            _("Make somebody else a lead of that team or of one above it."),
        )

    def _span_wide(self, finding: Finding) -> tuple[str, str, str]:
        return (
            self._led(finding),
            self._wanted() + " " + _("With more, too little time is left for each of them."),
            _("Put a lead into one of the teams below, or make a second one here."),
        )

    def _span_narrow(self, finding: Finding) -> tuple[str, str, str]:
        return (
            self._led(finding),
            self._wanted() + " " + _("With fewer, the team pays for leading more than it gets from it."),
            _("Put small teams together under one lead, or let the lead answer customers, too."),
        )

    def _led(self, finding: Finding) -> str:
        number = int(finding.number)
        return ngettext(
            "%(name)s leads %(number)s person directly", "%(name)s leads %(number)s people directly", number
        ) % {"name": self._person(finding.people[0]), "number": number}

    def _wanted(self) -> str:
        low, high = self.company.span
        return _("The company wants a lead to lead %(low)s to %(high)s people.") % {"low": low, "high": high}

    def _one_person(self, finding: Finding) -> tuple[str, str, str]:
        name = self._person(finding.people[0])
        words = {"name": name, "what": self._what(finding)}
        if finding.kind == "language":
            title = _("Only %(name)s can answer in this language: %(what)s") % words
        else:
            title = _("Only %(name)s has this skill: %(what)s") % words
        return (
            title,
            _("While they are away, nobody can do it.") + self._asked(finding),
            _("Let a second person learn it, and note it among their skills."),
        )

    def _nobody(self, finding: Finding) -> tuple[str, str, str]:
        words = {"what": self._what(finding)}
        if finding.kind == "language":
            title = _("Nobody can answer in this language: %(what)s") % words
        else:
            title = _("Nobody has this skill: %(what)s") % words
        learning = bool(finding.people)
        reason = (
            _("Somebody is on the way to it, and can't do it alone yet.") if learning else _("Nobody is noted with it.")
        )
        return title, reason + self._asked(finding), _("Find or teach somebody, or take it off the list.")

    def _none_noted(self, finding: Finding) -> tuple[str, str, str]:
        is_language = finding.kind == "language"
        return (
            _("Nobody's languages are noted yet") if is_language else _("Nobody's skills are noted yet"),
            _("So nothing can be said about who may answer whom.") + self._asked(finding),
            _("Note them in the table of skills and languages."),
        )

    def _unowned(self, finding: Finding) -> tuple[str, str, str]:
        words = {"what": self._what(finding)}
        title = (
            _("No team answers for this channel: %(what)s")
            if finding.kind == "channel"
            else _("No team answers for this segment: %(what)s")
        )
        return (
            title % words,
            _("What belongs to nobody is looked after by nobody when it goes wrong."),
            _("Open the team that should, and choose it under what it answers for."),
        )

    def _owned_by_nobody(self, finding: Finding) -> tuple[str, str, str]:
        words = {"what": self._what(finding), "team": self._team(finding.teams[0])}
        return (
            _("%(what)s belongs to %(team)s, where nobody works") % words,
            _("What belongs to nobody is looked after by nobody when it goes wrong."),
            _("Move people into the team, or give what it owns to another."),
        )

    def _heavy(self, finding: Finding) -> tuple[str, str, str]:
        number, people = int(finding.number), len(finding.people)
        title = ngettext(
            "%(what)s: %(number)s conversations in four weeks for %(people)s person",
            "%(what)s: %(number)s conversations in four weeks for %(people)s people",
            people,
        ) % {"what": self._what(finding), "number": number, "people": people}
        reason = _("That is %(each)s for each; elsewhere a person has %(usual)s.") % {
            "each": round(number / people),
            "usual": round(finding.other),
        }
        return title, reason, _("Teach it to more people, or move somebody who can do it here.")

    def _no_shifts(self, finding: Finding) -> tuple[str, str, str]:
        return (
            _("No shift is planned for the next two weeks"),
            _("The policy promises hours in which somebody answers, and the rota doesn't say who."),
            _("Plan the shifts in the rota; a week that repeats is entered once."),
        )

    def _uncovered(self, finding: Finding) -> tuple[str, str, str]:
        first = datetime.fromtimestamp(finding.other, UTC)
        return (
            _("In promised hours nobody is on a shift: %(team)s") % {"team": self._team(finding.teams[0])},
            _("In the next two weeks that comes to %(length)s, the first time from %(from)s on.")
            % {"length": duration(timedelta(seconds=finding.number)), "from": reader().moment(first)},
            _("Plan a shift there, or promise fewer hours."),
        )

    def _asked(self, finding: Finding) -> str:
        """How much it was needed, as a further sentence; nothing where it was not."""
        number = int(finding.number)
        if not number:
            return ""
        return " " + ngettext(
            "%(number)s conversation of the last four weeks needed it.",
            "%(number)s conversations of the last four weeks needed it.",
            number,
        ) % {"number": number}

    def _person(self, pk: int) -> str:
        return str(self.people[pk])

    def _team(self, pk: int) -> str:
        return str(self.teams[pk])

    def _what(self, finding: Finding) -> str:
        if finding.kind == "language":
            return language_name(finding.key)
        if finding.kind == "channel":
            return channel_name(finding.key)
        names = self.skills if finding.kind == "skill" else self.segments
        return names.get(finding.key, finding.key)
