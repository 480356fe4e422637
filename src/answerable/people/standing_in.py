"""Who acts when somebody is away: never nobody, and never in a circle.

Away is who has an approved absence at that instant. Whoever is merely off their shift is not: an assignee or a lead is
told what awaits them when they come back, and a promise counted in business hours does not escalate at night. See
docs/howto/rota.md.

1. Whoever is there acts themself.
2. Who is away is stood in for by whom they named; is that person away too, by whom those named, and so on.
3. Where nobody was named, or nobody of them is there: the lead of the team, of the team above, an administrator; each
   of them stood in for in the same way.
4. Where all of these are away: the first of them is told all the same.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from answerable.people.leads import leads_above
from answerable.people.models import Absence, Membership, Team, User


@dataclass(frozen=True)
class Acting:
    """Who acts; and for whom, where that is somebody else."""

    user: User
    instead_of: User | None = None


@dataclass
class StandIns:
    """Who is away at one instant, asked once; who acts for them, from what is known."""

    at: datetime
    _away: dict[int, int | None] | None = None
    _people: dict[int, User] = field(default_factory=dict)
    _teams: dict[int, Team] = field(default_factory=dict)
    _ranks: dict[int, Sequence[Sequence[User]]] = field(default_factory=dict)

    def acting(self, users: Iterable[User], team: Team | None = None) -> list[Acting]:
        """For each of the users, in their order, who acts; each once. `team` is whose matter it is: its leads are
        turned to, and only those who see what it has; without it, the teams they belong to.

        A query when everybody is there; at most five when somebody is away, however many are asked for.
        """
        found: dict[int, Acting] = {}
        for acting in self.each(list(users), team).values():
            if acting.user.pk not in found or acting.instead_of is None:  # told for one's own sake comes first
                found[acting.user.pk] = acting
        return list(found.values())

    def each(self, users: Collection[User], team: Team | None = None) -> dict[int, Acting]:
        """The same by the number of who was asked for."""
        self._find_leads([user for user in users if self.is_away(user) and self._follow(user, team) is None], team)
        return {user.pk: self._acting(user, team) for user in users}

    def is_away(self, user: User) -> bool:
        """Whether they have an approved absence at that instant; who has left is away for good."""
        return user.pk in self.away or not user.is_active

    @property
    def away(self) -> dict[int, int | None]:
        """Everybody who is away, with whom they named."""
        if self._away is None:
            rows = Absence.objects.approved().at(self.at).values_list("user_id", "stand_in_id")
            self._away = dict(rows)
            named = {pk for pk in self._away.values() if pk is not None}
            self._people = User.objects.active().with_roles().in_bulk(named) if named else {}
        return self._away

    def _acting(self, user: User, team: Team | None) -> Acting:
        if not self.is_away(user):
            return Acting(user)
        there = self._follow(user, team) or self._lead(user, team)
        return Acting(there, None if there.pk == user.pk else user)

    def _follow(self, user: User, team: Team | None) -> User | None:
        """The first along the chain of stand-ins who is there and sees the team's matters."""
        passed = {user.pk}
        following = self.away.get(user.pk)
        while following is not None and following not in passed:
            passed.add(following)
            somebody = self._people.get(following)
            if somebody is not None and following not in self.away and _sees(somebody, team):
                return somebody
            following = self.away.get(following)
        return None

    def _lead(self, user: User, team: Team | None) -> User:
        """The nearest lead who is there, or is stood in for; where nobody is, the nearest all the same."""
        place = team or self._teams[user.pk]
        others = [lead for rank in self._ranks[place.pk] for lead in rank if lead.pk != user.pk]
        for lead in others:
            there = self._follow(lead, team) if self.is_away(lead) else lead
            if there is not None and there.pk != user.pk:
                return there
        return others[0] if others else user

    def _find_leads(self, users: Collection[User], team: Team | None) -> None:
        """Know the leads of those for whom nobody stands in."""
        if team is None:
            newcomers = [user for user in users if user.pk not in self._teams]
            if newcomers:
                self._find_teams(newcomers)
        places = {place.pk: place for place in (team or self._teams[user.pk] for user in users)}
        unknown = [place for pk, place in places.items() if pk not in self._ranks]
        if unknown:
            self._ranks |= leads_above(unknown)

    def _find_teams(self, users: Collection[User]) -> None:
        """The team each belongs to, of several the lowest; the whole company for who is in none."""
        for membership in Membership.objects.filter(user__in=users).select_related("team").order_by("-team__path"):
            self._teams.setdefault(membership.user_id, membership.team)
        homeless = [user for user in users if user.pk not in self._teams]
        if homeless:
            everyone = Team.objects.get(parent=None)
            self._teams |= {user.pk: everyone for user in homeless}


def _sees(user: User, team: Team | None) -> bool:
    return team is None or team.pk in user.team_ids
