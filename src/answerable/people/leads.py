"""Who leads whom: the leads of a team, then of the teams above, at last the administrators."""

from collections.abc import Collection, Mapping, Sequence

from answerable.people.models import Membership, Role, Team, User


def leads_above(teams: Collection[Team]) -> Mapping[int, Sequence[Sequence[User]]]:
    """For each team the ranks that answer for it, the nearest first: its leads, those of the team above, and so on;
    last the administrators. Only people who may sign in; ranks without anybody are left out. One query.
    """
    lineages = {team.pk: team.lineage for team in teams}
    paths = {path for lineage in lineages.values() for path in lineage}
    held = Membership.objects.filter(
        team__path__in=paths, role__in=(Role.LEAD, Role.ADMINISTRATOR), user__is_active=True
    )
    ranks: dict[tuple[str, str], list[User]] = {}
    for membership in held.select_related("user", "team").order_by("user_id"):
        ranks.setdefault((membership.team.path, membership.role), []).append(membership.user)
    return {
        pk: [
            ranks[path, role]
            for role in (Role.LEAD, Role.ADMINISTRATOR)
            for path in reversed(lineage)
            if (path, role) in ranks
        ]
        for pk, lineage in lineages.items()
    }


def leads_of(team: Team) -> Sequence[User]:
    """The leads of the team; where it has none, of the nearest team above; at last the administrators."""
    return next(iter(leads_above([team])[team.pk]), [])
