"""Skills and languages by person, as the pages that change them show them."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings

from answerable.people.forms.skills import LEVELS
from answerable.people.languages import by_name
from answerable.people.models import LanguageSpoken, Skill, SkillHeld, User


@dataclass(frozen=True)
class Column:
    """A skill or a language. `name` is that of its field: skill-7, language-lv."""

    name: str
    label: str
    kind: str  # skill or language
    pk: int = 0  # of a skill

    @property
    def choices(self) -> Sequence[tuple[int, Any]]:
        return LEVELS[self.kind]

    def word(self, level: int) -> str:
        """A level, said; nothing for none."""
        return str(dict(self.choices)[level]) if level else ""


@dataclass(frozen=True)
class Cell:
    """A level of somebody. `now` is what somebody else has set it to since the page was opened, if they have."""

    column: Column
    level: int
    now: int | None = None

    @property
    def word(self) -> str:
        return self.column.word(self.level)

    @property
    def now_word(self) -> str:
        return self.column.word(self.now) or "–" if self.now is not None else ""


@dataclass(frozen=True)
class Row:
    """Somebody's levels. `was` is what stands, to be sent back, so that a change by somebody else is noticed."""

    person: User
    cells: list[Cell]
    was: Mapping[str, int]
    may_change: bool

    @property
    def was_sent(self) -> str:
        """As the page sends it back."""
        return json.dumps(self.was)


def columns(spoken_by: Iterable[int] | None = None) -> list[Column]:
    """Skills in use, then languages: the interface's, and whatever else people speak. Two queries."""
    spoken = LanguageSpoken.objects.current()
    if spoken_by is not None:
        spoken = spoken.filter(user__in=list(spoken_by))
    codes = {code for code, _name in settings.LANGUAGES} | set(spoken.values_list("language", flat=True).distinct())
    skills = [Column(f"skill-{skill.pk}", skill.name, "skill", skill.pk) for skill in Skill.objects.in_use()]
    return skills + [Column(f"language-{code}", name, "language") for code, name in by_name(codes)]


def rows(people: Sequence[User], listed: Sequence[Column], led: frozenset[int] | None) -> list[Row]:
    """A row for each person; `led` are those the reader may say it of, None everybody. Two queries."""
    held = levels_of([person.pk for person in people])
    return [row(person, listed, held.get(person.pk, {}), led is None or person.pk in led) for person in people]


def row(
    person: User,
    listed: Sequence[Column],
    held: Mapping[str, int],
    may_change: bool,
    chosen: Mapping[str, int] | None = None,
    now: Mapping[str, int] | None = None,
) -> Row:
    """One person's row; `chosen` is what was typed and could not be saved, `now` what stands instead."""
    chosen, now = chosen or {}, now or {}
    cells = [Cell(each, chosen.get(each.name, held.get(each.name, 0)), now.get(each.name)) for each in listed]
    return Row(person, cells, {each.name: held[each.name] for each in listed if each.name in held}, may_change)


def levels_of(people: Sequence[int]) -> dict[int, dict[str, int]]:
    """id of a person -> name of a field -> level, now. Two queries."""
    found: dict[int, dict[str, int]] = {}
    for user, skill, level in (
        SkillHeld.objects.current().filter(user__in=people).values_list("user_id", "skill_id", "level")
    ):
        found.setdefault(user, {})[f"skill-{skill}"] = level
    for user, code, level in (
        LanguageSpoken.objects.current().filter(user__in=people).values_list("user_id", "language", "level")
    ):
        found.setdefault(user, {})[f"language-{code}"] = level
    return found
