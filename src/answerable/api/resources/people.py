"""Teams and colleagues."""

from answerable.api.operations import Answer, Call, Listed, operation
from answerable.api.outputs.people import TEAM, USER, team, teams, user, users
from answerable.api.paging import PAGING, page
from answerable.api.schema import flag, number


@operation(
    "GET",
    "/teams",
    "List teams",
    tag="People",
    scope="people:read",
    answers=Listed(TEAM),
    query=PAGING,
    about="The company's whole tree, in the order of their numbers. Whose work one sees is another matter.",
)
def list_teams(call: Call) -> Answer:
    return page(call, teams().in_chart_of(call.by), team, ascending=True)


@operation("GET", "/teams/{id}", "Read a team", tag="People", scope="people:read", answers=TEAM)
def read_team(call: Call) -> Answer:
    return Answer(team(call.one(teams().in_chart_of(call.by))))


@operation(
    "GET",
    "/users",
    "List colleagues",
    tag="People",
    scope="people:read",
    answers=Listed(USER),
    query={"is_active": flag("Those who work here, or those who have left.", True), "team": number("Members of it.", 2)}
    | PAGING,
)
def list_users(call: Call) -> Answer:
    found = users().visible_to(call.by)
    if "is_active" in call.query:
        found = found.filter(is_active=call.query["is_active"])
    if "team" in call.query:
        found = found.in_teams(frozenset([call.query["team"]]))
    return page(call, found, user, ascending=True)


@operation("GET", "/users/{id}", "Read a colleague", tag="People", scope="people:read", answers=USER)
def read_user(call: Call) -> Answer:
    return Answer(user(call.one(users().visible_to(call.by))))
