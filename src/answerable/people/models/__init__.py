from answerable.people.models.company import Company
from answerable.people.models.team import Membership, Role, Team
from answerable.people.models.user import User

__all__ = ["Company", "Membership", "Role", "Team", "User"]
