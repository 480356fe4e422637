"""What the people of the demo company can do, the languages they speak, and what each team answers for."""

from collections.abc import Mapping
from datetime import datetime

from answerable.events.record import record
from answerable.people.models import (
    Charge,
    FormerMembership,
    LanguageSpoken,
    Membership,
    OrganisedBy,
    Skill,
    SkillHeld,
    Team,
    User,
)

# key, name, kind
SKILLS = (
    ("refunds", "Refunds", Skill.Kind.SPECIALITY),
    ("couriers", "Couriers and customs", Skill.Kind.SPECIALITY),
    ("invoices", "Invoices", Skill.Kind.SPECIALITY),
    ("subscriptions", "Book club subscriptions", Skill.Kind.PRODUCT),
    ("library-orders", "Library orders", Skill.Kind.PRODUCT),
)
# who: skills with their levels, languages with theirs
ABILITIES: Mapping[str, tuple[Mapping[str, int], Mapping[str, int]]] = {
    "ada": ({}, {"en": 3, "lv": 1}),
    "marta": ({"refunds": 3, "invoices": 2, "couriers": 2}, {"lv": 3, "en": 2, "ru": 2}),
    "laura": ({"refunds": 2}, {"lv": 3, "en": 2}),
    "tom": ({"refunds": 2, "subscriptions": 1}, {"en": 3}),
    "priya": ({"refunds": 3, "invoices": 2}, {"en": 3}),
    "ilze": ({"refunds": 2, "couriers": 1}, {"lv": 3, "en": 2, "ru": 2}),
    "janis": ({"invoices": 1}, {"lv": 3, "en": 1}),
    "nino": ({"refunds": 2}, {"ka": 3, "en": 2}),
    "giorgi": ({"refunds": 1}, {"ka": 3, "en": 1}),
    "aigerim": ({"refunds": 2}, {"kk": 3, "ru": 3, "en": 2}),
    "daniyar": ({}, {"kk": 3, "ru": 3}),
    "edgars": ({"couriers": 3}, {"lv": 3, "en": 2}),
    "elina": ({"subscriptions": 3}, {"lv": 3, "en": 2}),
    "sofia": ({"library-orders": 2, "invoices": 2}, {"en": 3, "es": 3}),
    "oskar": ({"library-orders": 3}, {"en": 2, "de": 3}),
}
# team: what tells it from its siblings, and (kind, key) of what it answers for. Nobody owns the libraries' segment,
# though there is a team of that name: one of the weak places the structure's page speaks of.
CHARGES: Mapping[str, tuple[str, tuple[tuple[str, str], ...]]] = {
    "support": (OrganisedBy.MIXED, (("channel", "email"),)),
    "english-desk": (OrganisedBy.REGION, (("skill", "refunds"),)),
    "latvian-desk": (OrganisedBy.REGION, (("skill", "refunds"),)),
    "georgian-desk": (OrganisedBy.REGION, (("skill", "refunds"),)),
    "kazakh-desk": (OrganisedBy.REGION, (("skill", "refunds"),)),
    "parcels": (OrganisedBy.SPECIALITY, (("skill", "couriers"),)),
    "book-club": (OrganisedBy.SEGMENT, (("segment", "club"), ("skill", "subscriptions"))),
    "libraries": (OrganisedBy.SEGMENT, (("skill", "library-orders"),)),
}


REVIEWS_ALL = "She reviews the work of every desk from now on."


def note_abilities(
    staff: Mapping[str, User],
    teams: Mapping[str, Team],
    segments: Mapping[str, str],
    *,
    at: datetime,
    changed_at: datetime,
) -> None:
    """All of it as of `at`; `segments` are names by key. At `changed_at` somebody moved."""
    skills = {
        skill.key: skill
        for skill in Skill.objects.bulk_create(
            Skill(key=key, name=name, kind=kind, created_at=at) for key, name, kind in SKILLS
        )
    }
    SkillHeld.objects.bulk_create(
        SkillHeld(user=staff[who], skill=skills[key], level=level, since=at)
        for who, (held, _spoken) in ABILITIES.items()
        for key, level in held.items()
    )
    LanguageSpoken.objects.bulk_create(
        LanguageSpoken(user=staff[who], language=code, level=level, since=at)
        for who, (_held, spoken) in ABILITIES.items()
        for code, level in spoken.items()
    )
    Charge.objects.bulk_create(
        Charge(
            team=teams[team], of=of, key=key, name=segments.get(key, "") if of == Charge.Of.SEGMENT else "", since=at
        )
        for team, (_by, owned) in CHARGES.items()
        for of, key in owned
    )
    _move_the_analyst(staff, teams, at=at, moved_at=changed_at)
    for team, (organised_by, _owned) in CHARGES.items():
        teams[team].organised_by = organised_by
    Team.objects.bulk_update([teams[team] for team in CHARGES], ["organised_by"])


def _move_the_analyst(
    staff: Mapping[str, User], teams: Mapping[str, Team], *, at: datetime, moved_at: datetime
) -> None:
    """She was of the Latvian desk at first, so that the chart's past differs from its present."""
    person, before, after = staff["laura"], teams["latvian-desk"], teams["support"]
    held = Membership.objects.get(user=person, team=after)
    FormerMembership.objects.create(number=-held.pk, user=person, team=before, role=held.role, since=at, until=moved_at)
    Membership.objects.filter(pk=held.pk).update(since=moved_at)
    record(
        "membership.moved",
        subject=person,
        by=staff["marta"],
        at=moved_at,
        before=before.pk,
        after=after.pk,
        role=held.role,
        reason=REVIEWS_ALL,
        membership=held.pk,
    )
