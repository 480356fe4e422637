"""What the rules of the structure look at, gathered: teams, people, skills, charges, and what customers asked for."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count

from answerable.core import structure as rules
from answerable.core.calendar import Interval
from answerable.customers.models import Segment
from answerable.desk.models import Conversation, Inbox
from answerable.insight.promised import cover_of
from answerable.people.models import Charge, LanguageSpoken, Shift, Skill, SkillHeld, Team
from answerable.people.models import Company as CompanyRow
from answerable.people.structure import structure_now

LOOKED_BACK = timedelta(days=28)
"""Demand is what began in these last days: four whole weeks, so that each weekday counts alike."""


@dataclass(frozen=True)
class Demand:
    """Conversations that began in a while, spam left out."""

    by_channel: Counter[str]
    by_segment: Counter[str]
    by_language: Counter[str]
    by_team: Counter[int]


PLANNED = timedelta(days=14)
"""How far ahead promised hours are held against shifts."""


def demand(teams: Iterable[int], *, now: datetime) -> Demand:
    """What customers asked for in the days looked back at. One query."""
    since = now - LOOKED_BACK
    found = Demand(Counter(), Counter(), Counter(), Counter())
    rows = (
        Conversation.objects.filter(team__in=list(teams), last_message_at__gte=since, created_at__gte=since)
        .that_count()
        .order_by()
        .values_list("channel", "segment", "language", "team_id")
        .annotate(number=Count("pk"))
    )
    for channel, segment, language, team, number in rows:
        for counter, key in (
            (found.by_channel, channel),
            (found.by_segment, segment),
            (found.by_language, language),
        ):
            if key:
                counter[key] += number
        found.by_team[team] += number
    return found


def company_now(*, now: datetime) -> rules.Company:
    """All that the rules look at. Fourteen queries at most, however large the company.

    A conversation needs its language; and the skills that its team, or one above it, answers for.
    """
    structure = structure_now()
    at_work = {place.person for place in structure.places}
    asked = demand(structure.parents, now=now)
    charges = list(Charge.objects.current().filter(team__in=structure.parents).values_list("team_id", "of", "key"))
    skills = list(Skill.objects.in_use().values_list("key", flat=True))
    inbox_languages = Inbox.objects.filter(retired_at=None).exclude(language="").values_list("language", flat=True)
    languages = sorted(set(inbox_languages) | set(asked.by_language))
    channels = set(Inbox.objects.filter(retired_at=None).values_list("channel", flat=True)) | set(asked.by_channel)
    segments = set(Segment.objects.values_list("key", flat=True))
    held = [
        rules.Held(person, "skill", key, level)
        for person, key, level in SkillHeld.objects.current()
        .filter(user__in=at_work, skill__retired_at=None)
        .values_list("user_id", "skill__key", "level")
    ]
    held += [
        rules.Held(person, "language", code, level)
        for person, code, level in LanguageSpoken.objects.current()
        .filter(user__in=at_work)
        .values_list("user_id", "language", "level")
    ]
    owned = [rules.Owned(team, of, key) for team, of, key in charges]
    span = CompanyRow.objects.values_list("span_low", "span_high").first() or (5, 12)
    gaps, has_shifts = _cover(now)
    return rules.Company(
        structure=structure,
        held=held,
        owned=owned,
        in_use=[("channel", key) for key in sorted(channels)] + [("segment", key) for key in sorted(segments)],
        wanted=[("language", key) for key in languages] + [("skill", key) for key in sorted(skills)],
        demand=_needed(structure, owned, asked),
        span=span,
        uncovered=gaps,
        has_shifts=has_shifts,
    )


def _needed(structure: rules.Structure, owned: Iterable[rules.Owned], asked: Demand) -> dict[tuple[str, str], int]:
    """(skill | language, key) -> conversations that needed it."""
    needed: Counter[tuple[str, str]] = Counter()
    for language, number in asked.by_language.items():
        needed["language", language] += number
    skills_of = {
        team: {one.key for one in owned if one.team == team and one.kind == "skill"} for team in structure.parents
    }
    for team, number in asked.by_team.items():
        for key in {key for each in structure.line(team) for key in skills_of[each]}:
            needed["skill", key] += number
    return dict(needed)


def _cover(now: datetime) -> tuple[dict[int, Sequence[Interval]], bool]:
    """By team the promised stretches ahead in which nobody is at work, as the rota shows them; and whether there are
    shifts at all."""
    ahead = Interval(now, now + PLANNED)
    gaps = {cover.team.pk: cover.gaps for cover in cover_of(Team.objects.filter(retired_at=None), ahead)}
    return gaps, Shift.objects.standing().meeting(*ahead).filter(user__is_active=True).exists()
