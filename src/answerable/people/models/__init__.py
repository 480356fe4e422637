from answerable.people.models.company import Company
from answerable.people.models.team import Membership, Role, Team, TeamQuerySet
from answerable.people.models.user import Theme, User

__all__ = ["Company", "Membership", "Role", "Team", "TeamQuerySet", "Theme", "User"]
