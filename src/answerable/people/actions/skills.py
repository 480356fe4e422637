"""Which skills there are, and who has them and which languages at what level."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple, TypeVar

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from answerable.events.models import Event
from answerable.events.record import event_of, record, record_all
from answerable.people.errors import Refused, Stale
from answerable.people.models import LanguageSpoken, Skill, SkillHeld, User
from answerable.people.permissions import may_arrange_skills, may_lead

Key = TypeVar("Key", int, str)
What = tuple[str, int | str]
"""("skill", its id) or ("language", its code)."""


class Change(NamedTuple):
    """A level as somebody saw it and as they want it; 0 is none."""

    was: int
    level: int


class Overtaken(Stale):
    """Somebody else has changed the same meanwhile. `now` is what stands."""

    def __init__(self, words: str, now: Mapping[What, int]) -> None:
        super().__init__(words)
        self.now = now


def add_skill(*, name: str, kind: str, by: User | None) -> Skill:
    """Its key, by which rules and commands name it, comes from its name and stays."""
    _check_may_arrange(by)
    with transaction.atomic():
        if Skill.objects.select_for_update().filter(name__iexact=name).exists():
            raise Refused(_("There is a skill called %(name)s already.") % {"name": name})
        skill = Skill.objects.create(name=name, kind=kind, key=_free_key(name))
        record("skill.added", subject=skill, by=by, name=name, kind=kind)
    return skill


def rename_skill(skill: Skill, *, name: str, by: User | None) -> Skill:
    _check_may_arrange(by)
    with transaction.atomic():
        skill = Skill.objects.select_for_update().get(pk=skill.pk)
        if Skill.objects.filter(name__iexact=name).exclude(pk=skill.pk).exists():
            raise Refused(_("There is a skill called %(name)s already.") % {"name": name})
        if skill.name != name:
            before, skill.name = skill.name, name
            skill.save(update_fields=["name"])
            record("skill.renamed", subject=skill, by=by, before=before, after=name)
    return skill


def retire_skill(skill: Skill, *, by: User | None) -> Skill:
    """It is asked of nobody any more. Who had it stays known."""
    return _set_retired(skill, True, by)


def revive_skill(skill: Skill, *, by: User | None) -> Skill:
    """Take a retired skill back into use, with those who have it."""
    return _set_retired(skill, False, by)


def change_abilities(
    person: User, *, skills: Mapping[Skill, Change], languages: Mapping[str, Change], by: User | None
) -> list[Event]:
    """Say what somebody can do and speaks: all of it or, where one of it has been changed meanwhile, nothing.

    What is not named stays as it is. Raises Overtaken, PermissionDenied for those who don't lead the person.
    """
    if by is not None and not may_lead(by, person):
        raise PermissionDenied
    with transaction.atomic():
        person = User.objects.select_for_update().get(pk=person.pk)
        held = {row.skill_id: row for row in SkillHeld.objects.current().filter(user=person)}
        spoken = {row.language: row for row in LanguageSpoken.objects.current().filter(user=person)}
        overtaken: dict[What, int] = dict(
            _overtaken("skill", {skill.pk: change for skill, change in skills.items()}, held)
        )
        overtaken |= dict(_overtaken("language", languages, spoken))
        if overtaken:
            raise Overtaken(_("Somebody else changed this meanwhile. See what stands now, and save again."), overtaken)
        left = []
        for skill, change in skills.items():
            if _set(held.get(skill.pk), SkillHeld(user=person, skill=skill, level=change.level), change.level):
                what = {"skill": skill.pk, "key": skill.key}
                left.append(_event("skill", person, held.get(skill.pk), change.level, by, what))
        for code, change in languages.items():
            if _set(spoken.get(code), LanguageSpoken(user=person, language=code, level=change.level), change.level):
                left.append(_event("language", person, spoken.get(code), change.level, by, {"language": code}))
        record_all(left)
    return left


def _overtaken(
    kind: str, changes: Mapping[Key, Change], rows: Mapping[Key, SkillHeld] | Mapping[Key, LanguageSpoken]
) -> Iterator[tuple[What, int]]:
    """Where something else stands than what was seen, and not what is wanted anyway."""
    for key, change in changes.items():
        row = rows.get(key)
        now = row.level if row else 0
        if now not in (change.was, change.level):
            yield (kind, key), now


def _set(row: SkillHeld | LanguageSpoken | None, wanted: SkillHeld | LanguageSpoken, level: int) -> bool:
    """End the row that holds, begin the one that is wanted. False where nothing changes."""
    if (row.level if row else 0) == level:
        return False
    now = timezone.now()
    if row:
        row.until = max(now, row.since)
        row.save(update_fields=["until"])
    if level:
        wanted.since = now
        wanted.save()
    return True


def _event(
    noun: str,
    person: User,
    row: SkillHeld | LanguageSpoken | None,
    level: int,
    by: User | None,
    what: dict[str, Any],
) -> Event:
    verb = "withdrawn" if not level else "graded" if row else "granted"
    before = row.level if row else 0
    return event_of(f"{noun}.{verb}", subject=person, by=by, before=before, level=level, **what)


def _set_retired(skill: Skill, retired: bool, by: User | None) -> Skill:
    _check_may_arrange(by)
    with transaction.atomic():
        skill = Skill.objects.select_for_update().get(pk=skill.pk)
        if (skill.retired_at is not None) != retired:
            skill.retired_at = timezone.now() if retired else None
            skill.save(update_fields=["retired_at"])
            record("skill.retired" if retired else "skill.revived", subject=skill, by=by)
    return skill


def _check_may_arrange(by: User | None) -> None:
    if by is not None and not may_arrange_skills(by):
        raise PermissionDenied


def _free_key(name: str) -> str:
    """A key from the name, numbered when taken. Names in other scripts have no letters for it: "skill-3"."""
    stem = slugify(name)[:50] or "skill"
    taken = set(Skill.objects.filter(key__startswith=stem).values_list("key", flat=True))
    if stem not in taken:
        return stem
    return next(key for number in range(2, len(taken) + 3) if (key := f"{stem}-{number}") not in taken)
