"""Who can do what now: skills and languages of many people at once, a query each."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from answerable.people.models import LanguageSpoken, SkillHeld


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
