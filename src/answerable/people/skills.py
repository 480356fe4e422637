"""Who can do what now: skills and languages of many people at once, a query each."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from answerable.people.models import Fluency, LanguageSpoken, Level, SkillHeld, Team, User
from answerable.people.models.user import UserQuerySet


def people_with_skill(key: str, *, at_least: int = Level.ABLE, team: Team | None = None) -> list[User]:
    """Active people with a skill, of those who may be given the team's conversations if one is named; by name."""
    return list(_handling(team).with_skill(key, at_least=at_least))


def people_speaking(language: str, *, at_least: int = Fluency.WORKING, team: Team | None = None) -> list[User]:
    """Active people who speak a language, of those who may be given the team's conversations if one is named."""
    return list(_handling(team).speaking(language, at_least=at_least))


def skills_of(people: Iterable[int]) -> Mapping[int, Mapping[str, int]]:
    """id of a person -> key of a skill -> level."""
    found: dict[int, dict[str, int]] = defaultdict(dict)
    rows = SkillHeld.objects.current().filter(user__in=people, skill__retired_at=None)
    for person, key, level in rows.values_list("user_id", "skill__key", "level"):
        found[person][key] = level
    return found


def languages_of(people: Iterable[int]) -> Mapping[int, Mapping[str, int]]:
    """id of a person -> code of a language -> level."""
    found: dict[int, dict[str, int]] = defaultdict(dict)
    rows = LanguageSpoken.objects.current().filter(user__in=people)
    for person, code, level in rows.values_list("user_id", "language", "level"):
        found[person][code] = level
    return found


def _handling(team: Team | None) -> UserQuerySet:
    people: UserQuerySet = User.objects.active().order_by("name", "id") if team is None else User.objects.handling(team)
    return people
