"""The organisation chart: the tree of teams, with what each owns and who is in it, now or as it was."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from answerable.people.languages import language_name
from answerable.people.models import (
    Charge,
    FormerMembership,
    LanguageSpoken,
    Membership,
    Role,
    Skill,
    SkillHeld,
    Team,
    User,
)
from answerable.people.past import inactive_on, teams_on
from answerable.web.channels import channel_names

CHARGE_ICONS = {Charge.Of.CHANNEL: "message-circle", Charge.Of.SEGMENT: "users", Charge.Of.SKILL: "star"}


@dataclass(frozen=True)
class Ability:
    """A skill or a language of somebody. `level` is 1 to 3; `word` says it."""

    label: str
    level: int
    word: str
    is_language: bool


@dataclass(frozen=True)
class Seat:
    """Somebody in a team. `membership` is the number to move them by, 0 for readers who may not."""

    person: User
    role: Role
    abilities: list[Ability]
    membership: int = 0


@dataclass
class Box:
    """A team at its place in the chart."""

    team: Team
    owned: list[tuple[str, str, str]] = field(default_factory=list)  # icon, kind, name
    leads: list[Seat] = field(default_factory=list)
    others: list[Seat] = field(default_factory=list)
    below: list["Box"] = field(default_factory=list)
    led_from_above: list[User] = field(default_factory=list)  # by whom, where it has people and no lead of its own
    headcount: int = 0  # people in it and below, each once
    is_visible: bool = False  # the reader may open its page
    may_change: bool = False
    may_move: bool = False


def chart(reader: User, at: datetime | None = None) -> list[Box]:
    """The tops of the tree; as it was at an instant, if one is given, and then nothing can be changed. Retired teams
    are left out. Six queries now, nine for the past."""
    teams = [team for team in _teams(reader, at) if team.retired_at is None]
    boxes = {team.pk: Box(team) for team in teams}
    managed = (
        frozenset()
        if at
        else reader.roles.get(Role.ADMINISTRATOR, frozenset()) | reader.roles.get(Role.LEAD, frozenset())
    )
    members = [row for row in _members(at) if row.team_id in boxes]
    abilities = abilities_of({row.user_id for row in members}, at)
    for row in members:
        box, role = boxes[row.team_id], Role(row.role)
        may_move = row.team_id in managed and role != Role.ADMINISTRATOR
        seat = Seat(row.user, role, abilities.get(row.user_id, []), row.pk if may_move else 0)
        (box.leads if role in (Role.LEAD, Role.ADMINISTRATOR) else box.others).append(seat)
    for of, team_id, name in _owned(at):
        if team_id in boxes:
            boxes[team_id].owned.append((CHARGE_ICONS[of], str(of.label), name))
    tops: list[Box] = []
    for box in sorted(boxes.values(), key=lambda one: one.team.name.casefold()):
        team = box.team
        box.is_visible = team.pk in reader.team_ids
        box.may_change = team.pk in managed
        box.may_move = team.parent_id in managed
        above = boxes.get(team.parent_id) if team.parent_id else None
        (above.below if above else tops).append(box)
    for top in tops:
        _count(top)
        _lead(top, [])
    return tops


def abilities_of(people: Iterable[int], at: datetime | None = None) -> Mapping[int, list[Ability]]:
    """id of a person -> their languages and skills, the best first. Two queries."""
    people = list(people)
    found: dict[int, list[Ability]] = defaultdict(list)
    spoken, held = LanguageSpoken.objects.filter(user__in=people), SkillHeld.objects.filter(user__in=people)
    for language in spoken.on(at) if at else spoken.current():
        word = str(language.get_level_display())
        found[language.user_id].append(Ability(language_name(language.language), language.level, word, True))
    skills = (held.on(at) if at else held.current().filter(skill__retired_at=None)).select_related("skill")
    for row in skills:
        found[row.user_id].append(Ability(row.skill.name, row.level, str(row.get_level_display()), False))
    for abilities in found.values():
        abilities.sort(key=lambda each: (not each.is_language, -each.level, each.label))
    return found


def _teams(reader: User, at: datetime | None) -> list[Team]:
    teams = list(Team.objects.in_chart_of(reader))
    return teams_on(at, teams) if at else teams


def _members(at: datetime | None) -> list[Membership | FormerMembership]:
    """Roles held, of active people, by name."""
    found: list[Membership | FormerMembership]
    if at is None:
        found = list(Membership.objects.filter(user__is_active=True).select_related("user"))
    else:
        away = inactive_on(at)
        rows = [
            *Membership.objects.filter(since__lte=at).select_related("user"),
            *FormerMembership.objects.on(at).select_related("user"),
        ]
        found = [row for row in rows if row.user_id not in away]
    return sorted(found, key=lambda row: (row.role != Role.ADMINISTRATOR, str(row.user).casefold(), row.pk))


def _owned(at: datetime | None) -> list[tuple[Charge.Of, int, str]]:
    """Kind, team and name of what is owned, by kind and name."""
    rows = list(Charge.objects.on(at) if at else Charge.objects.current())
    skills = dict(Skill.objects.values_list("key", "name")) if any(row.of == Charge.Of.SKILL for row in rows) else {}
    channels = channel_names()
    found = []
    for row in rows:
        name = channels.get(row.key) if row.of == Charge.Of.CHANNEL else skills.get(row.key)
        found.append((Charge.Of(row.of), row.team_id, str(name or row.name or row.key)))
    return sorted(found, key=lambda one: (one[0], one[2]))


def _count(box: Box) -> set[int]:
    people = {seat.person.pk for seat in (*box.leads, *box.others)}
    for below in box.below:
        people |= _count(below)
    box.headcount = len(people)
    return people


def _lead(box: Box, above: list[User]) -> None:
    own = [seat.person for seat in box.leads if seat.role == Role.LEAD]
    box.led_from_above = above if box.others and not own else []
    for below in box.below:
        _lead(below, own or above)
