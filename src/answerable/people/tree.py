"""The tree of teams as pages show it."""

from dataclasses import dataclass, field

from answerable.people.models import Membership, Role, Team, User


@dataclass
class Branch:
    """A team at its place: how deep, and who belongs to it."""

    team: Team
    depth: int
    leads: list[User] = field(default_factory=list)
    others: int = 0


def tree(reader: User) -> list[Branch]:
    """The teams the reader may see, each below its parent, siblings by name. Two queries."""
    teams = sorted(Team.objects.visible_to(reader), key=lambda team: team.path)
    branches = {team.pk: Branch(team, 0) for team in teams}
    children: dict[int | None, list[Branch]] = {}
    for branch in branches.values():
        parent = branch.team.parent_id if branch.team.parent_id in branches else None
        children.setdefault(parent, []).append(branch)
    for row in Membership.objects.filter(team__in=branches, user__is_active=True).select_related("user"):
        branch = branches[row.team_id]
        if row.role in (Role.LEAD, Role.ADMINISTRATOR):
            branch.leads.append(row.user)
        else:
            branch.others += 1
    return _walk(children, None, 0)


def _walk(children: dict[int | None, list[Branch]], parent: int | None, depth: int) -> list[Branch]:
    found: list[Branch] = []
    for branch in sorted(children.get(parent, []), key=lambda one: (one.team.retired_at is not None, one.team.name)):
        branch.depth = depth
        found += [branch, *_walk(children, branch.team.pk, depth + 1)]
    return found


def inherited(team: Team) -> list[Membership]:
    """Roles held in the teams above, which count for this one too."""
    keys = team.path.strip("/").split("/")
    above = ["/" + "/".join(keys[:depth]) + "/" for depth in range(1, len(keys))]
    rows = Membership.objects.filter(team__path__in=above, user__is_active=True)
    return list(rows.select_related("user", "team").order_by("team__path", "user__name", "user__email"))
