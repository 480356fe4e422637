"""Whose work a change of the policy touches."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from answerable.core.policy import Policy
from answerable.people.models import Role, Team, User
from answerable.policy.changes import Change, changes_of
from answerable.policy.models import Version
from answerable.policy.running import compiled

LEARNING = (Role.LEAD, Role.AGENT, Role.ANALYST)


def staff() -> list[User]:
    """Who works by the policy: active leads, agents and analysts who have joined, with their roles. One query."""
    people = User.objects.active().filter(memberships__role__in=LEARNING).distinct().with_roles().order_by("id")
    return [person for person in people if person.has_usable_password()]


@dataclass
class Audience:
    """Whom a version concerns, by what each had read before it."""

    version: Version
    _teams: dict[int | None, frozenset[int] | None] = field(default_factory=dict)

    def concerns(self, person: User, since: int | None) -> bool:
        """Whether what changed after the version numbered so in the database (None: all of it) is their work's."""
        if since not in self._teams:
            before = compiled(since) if since is not None else None
            after = compiled(self.version.pk)
            self._teams[since] = _ids(teams_touched(changes_of(before, after), before, after))
        teams = self._teams[since]
        return teams is None or not teams.isdisjoint(person.team_ids)


def teams_touched(changes: Iterable[Change], before: Policy | None, after: Policy) -> frozenset[str] | None:
    """Keys of the teams to which every promise that changes is narrowed; None: everybody. No change touches nobody."""
    found: set[str] = set()
    for change in changes:
        if not change.standards:
            return None
        for policy in (before, after):
            for key in change.standards:
                standard = policy.standards.get(key) if policy is not None else None
                if standard is None:
                    continue
                if standard.when.team is None:
                    return None
                found.update(team.casefold() for team in standard.when.team)
    return frozenset(found)


def _ids(keys: frozenset[str] | None) -> frozenset[int] | None:
    if keys is None:
        return None
    return frozenset(pk for pk, key in Team.objects.values_list("pk", "key") if key.casefold() in keys)
