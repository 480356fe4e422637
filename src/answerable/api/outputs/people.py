"""Who works here, and in which teams."""

from typing import Any

from answerable.api.schema import (
    choice,
    flag,
    instant,
    listed,
    maybe,
    moment,
    named,
    number,
    record,
    shape,
    text,
)
from answerable.people.models import OrganisedBy, Role, Team, TeamQuerySet, User
from answerable.people.models.user import UserQuerySet

TEAM = shape(
    "Team",
    "A node of the company's tree of teams.",
    id=number(example=2),
    key=text("How policies name it; it never changes.", "support"),
    name=text("Its name.", "Support"),
    parent=maybe(number("The team it stands below; null for the whole company.", 1)),
    path=text("Keys from the top.", "/everyone/support/"),
    organised_by=choice("What tells it from the teams beside it.", [kind.value for kind in OrganisedBy]),
    retired_at=maybe(moment("Since when it is no longer in use.")),
)
MEMBERSHIP = named(
    "Membership",
    record(
        "What somebody is in a team, and in every team below it.",
        team=number("The team.", 2),
        role=choice("What they are there.", [role.value for role in Role], "agent"),
    ),
)
USER = shape(
    "User",
    "A member of staff.",
    id=number(example=5),
    name=text("Their name; empty until they have joined.", "Bob Stone"),
    email=text("How they sign in.", "bob@example.com"),
    language=text("Of their pages.", "en"),
    time_zone=text("From the tz database.", "Europe/Riga"),
    is_active=flag("Whether they still work here.", True),
    memberships=listed("Where they work, and as what.", MEMBERSHIP.ref),
    created_at=moment("When they were invited."),
)


def teams() -> TeamQuerySet:
    """One query."""
    return Team.objects.all()


def team(row: Team) -> dict[str, Any]:
    return {
        "id": row.pk,
        "key": row.key,
        "name": row.name,
        "parent": row.parent_id,
        "path": row.path,
        "organised_by": row.organised_by,
        "retired_at": instant(row.retired_at),
    }


def users() -> UserQuerySet:
    """With all that `user` shows: two queries, one of them for the memberships."""
    found: UserQuerySet = User.objects.prefetch_related("memberships")
    return found


def user(row: User) -> dict[str, Any]:
    """One of `users`."""
    return {
        "id": row.pk,
        "name": row.name,
        "email": row.email,
        "language": row.language,
        "time_zone": row.time_zone,
        "is_active": row.is_active,
        "memberships": [{"team": each.team_id, "role": each.role} for each in row.memberships.all()],
        "created_at": instant(row.created_at),
    }
