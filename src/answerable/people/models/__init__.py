from answerable.people.models.absence import Absence
from answerable.people.models.calendar import CalendarFeed
from answerable.people.models.company import Company
from answerable.people.models.shift import Pattern, Shift
from answerable.people.models.swap import SwapRequest
from answerable.people.models.team import Membership, Role, Team, TeamQuerySet
from answerable.people.models.user import Theme, User

__all__ = [
    "Absence",
    "CalendarFeed",
    "Company",
    "Membership",
    "Pattern",
    "Role",
    "Shift",
    "SwapRequest",
    "Team",
    "TeamQuerySet",
    "Theme",
    "User",
]
