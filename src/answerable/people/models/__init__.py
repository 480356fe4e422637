from answerable.people.models.absence import Absence
from answerable.people.models.attendance import Attendance
from answerable.people.models.board import LONGEST_WORDS, Lesson, Praise
from answerable.people.models.calendar import CalendarFeed
from answerable.people.models.charge import Charge
from answerable.people.models.company import Company
from answerable.people.models.shift import Pattern, Shift
from answerable.people.models.skill import Fluency, LanguageSpoken, Level, Skill, SkillHeld
from answerable.people.models.swap import SwapRequest
from answerable.people.models.team import (
    HANDLERS,
    FormerMembership,
    Membership,
    OrganisedBy,
    Role,
    Team,
    TeamQuerySet,
)
from answerable.people.models.user import Theme, User

__all__ = [
    "HANDLERS",
    "LONGEST_WORDS",
    "Absence",
    "Attendance",
    "CalendarFeed",
    "Charge",
    "Company",
    "Fluency",
    "FormerMembership",
    "LanguageSpoken",
    "Lesson",
    "Level",
    "Membership",
    "OrganisedBy",
    "Pattern",
    "Praise",
    "Role",
    "Shift",
    "Skill",
    "SkillHeld",
    "SwapRequest",
    "Team",
    "TeamQuerySet",
    "Theme",
    "User",
]
