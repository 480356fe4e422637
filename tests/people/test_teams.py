"""The tree, who may change it, and what stays of it."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from answerable.events.models import Event
from answerable.people.actions.memberships import grant, withdraw
from answerable.people.actions.teams import add_team, move_team, rename_team, retire_team, revive_team
from answerable.people.errors import Refused
from answerable.people.models import Membership, Role, Team, User
from tests.cast import Cast


@pytest.fixture
def alice(client: Client, cast: Cast) -> Client:
    client.force_login(cast.alice)
    return client


def fresh(user: User) -> User:
    """Somebody as the next request meets them."""
    return User.objects.get(pk=user.pk)


def test_a_lead_adds_a_team_below_hers(alice: Client, cast: Cast) -> None:
    answer = alice.post(reverse("settings-teams"), {"name": "Night shift", "parent": cast.latvia.pk})
    team = Team.objects.get(key="night-shift")
    assert answer.headers["Location"] == reverse("team-page", args=[team.pk])
    assert team.path == "/everyone/support/latvia/night-shift/"
    assert team.pk in fresh(cast.bob).team_ids
    assert team.pk not in fresh(cast.charlie).team_ids


def test_but_nowhere_else(alice: Client, cast: Cast) -> None:
    answer = alice.post(reverse("settings-teams"), {"name": "Mine", "parent": cast.sales.pk})
    assert answer.status_code == 422
    with pytest.raises(PermissionDenied):
        add_team(name="Mine", parent=cast.sales, by=cast.alice)


def test_two_teams_beside_each_other_have_two_names(alice: Client, cast: Cast) -> None:
    """Elsewhere in the tree there may be another; a retired one is in nobody's way."""
    night = add_team(name="Night", parent=cast.latvia, by=cast.alice)
    answer = alice.post(reverse("settings-teams"), {"name": "night", "parent": cast.latvia.pk})
    assert (answer.status_code, Team.objects.filter(name__iexact="night").count()) == (422, 1)
    day = add_team(name="Day", parent=cast.latvia, by=cast.alice)
    page = alice.post(reverse("team-page", args=[day.pk]), {"name": "Night"})
    assert page.status_code == 422
    assert "There is a team of this name below Latvia already." in page.text
    rename_team(night, name="NIGHT", by=cast.ada)
    elsewhere = add_team(name="Night", parent=cast.support, by=cast.ada)
    with pytest.raises(Refused):
        move_team(elsewhere, to=cast.latvia, by=cast.ada)
    retire_team(night, by=cast.ada)
    rename_team(day, name="Night", by=cast.ada)
    with pytest.raises(Refused):
        revive_team(night, by=cast.ada)


def test_a_moved_team_takes_all_below_it_along_in_one_statement(cast: Cast) -> None:
    night = add_team(name="Night", parent=cast.latvia, by=cast.ada)
    with CaptureQueriesContext(connection) as queries:
        move_team(cast.latvia, to=cast.sales, by=cast.ada)
    assert sum('SET "path"' in (query["sql"] or "") for query in queries) == 1
    night.refresh_from_db()
    assert night.path == "/everyone/sales/latvia/night/"
    assert cast.latvia.pk in fresh(cast.charlie).team_ids
    assert {cast.latvia.pk, night.pk}.isdisjoint(fresh(cast.bob).team_ids)
    assert Event.objects.filter(verb="team.moved").count() == 1


def test_a_team_does_not_go_below_itself(cast: Cast) -> None:
    with pytest.raises(Refused, match="can't be above it"):
        move_team(cast.support, to=cast.latvia, by=cast.ada)
    with pytest.raises(PermissionDenied):
        move_team(cast.everyone, to=cast.sales, by=cast.ada)
    with pytest.raises(PermissionDenied):  # her own team stands in a team that is not hers
        move_team(cast.support, to=cast.sales, by=cast.alice)


def test_names_that_look_alike_get_keys_of_their_own(cast: Cast) -> None:
    keys = [add_team(name=name, parent=cast.sales, by=cast.ada).key for name in ("Support", "Support!", "ღამე", "Түн")]
    assert keys == ["support-2", "support-3", "team", "team-2"]


def test_only_a_team_without_teams_retires_and_it_may_come_back(cast: Cast) -> None:
    with pytest.raises(Refused, match="has teams below it"):
        retire_team(cast.support, by=cast.ada)
    retire_team(cast.latvia, by=cast.alice)
    with pytest.raises(Refused, match="is retired"):
        add_team(name="X", parent=cast.latvia, by=cast.ada)
    with pytest.raises(Refused, match="is retired"):
        grant(to=cast.charlie, team=Team.objects.get(pk=cast.latvia.pk), role=Role.AGENT, by=cast.ada)
    revive_team(cast.latvia, by=cast.alice)
    assert [event.verb for event in Event.objects.order_by("id")] == ["team.retired", "team.revived"]
    with pytest.raises(Refused, match="the company itself"):
        retire_team(cast.everyone, by=cast.ada)


def test_a_lead_makes_members_and_no_administrators(alice: Client, cast: Cast) -> None:
    members = reverse("team-members", args=[cast.latvia.pk])
    alice.post(members, {"user": cast.charlie.pk, "role": "agent"})
    assert cast.latvia.pk in fresh(cast.charlie).team_ids
    event = Event.objects.get(verb="membership.granted")
    assert (event.root, event.particulars) == (f"user-{cast.charlie.pk}", {"team": cast.latvia.pk, "role": "agent"})
    assert alice.post(members, {"user": cast.bob.pk, "role": "administrator"}).status_code == 422
    with pytest.raises(PermissionDenied):
        grant(to=cast.alice, team=cast.support, role=Role.ADMINISTRATOR, by=cast.alice)
    with pytest.raises(Refused, match="whole company"):
        grant(to=cast.alice, team=cast.support, role=Role.ADMINISTRATOR, by=None)


def test_a_role_is_withdrawn(alice: Client, cast: Cast) -> None:
    held = Membership.objects.get(user=cast.bob)
    alice.post(reverse("membership", args=[held.pk]))
    assert fresh(cast.bob).team_ids == frozenset()
    assert Event.objects.get(verb="membership.withdrawn").root == f"user-{cast.bob.pk}"


def test_the_last_administrator_stays_one(cast: Cast) -> None:
    held = Membership.objects.get(role=Role.ADMINISTRATOR)
    with pytest.raises(Refused, match="only administrator"):
        withdraw(held, by=cast.ada)
    grant(to=cast.bob, team=cast.everyone, role=Role.ADMINISTRATOR, by=cast.ada)
    withdraw(held, by=cast.ada)
    assert not fresh(cast.ada).is_administrator


def test_charlie_reads_his_own_team_and_changes_nothing(client: Client, cast: Cast) -> None:
    client.force_login(cast.charlie)
    page = client.get(reverse("settings-teams")).content.decode()
    assert "Sales" in page
    assert "Support" not in page
    assert client.get(reverse("team-page", args=[cast.sales.pk])).status_code == 200
    assert client.get(reverse("team-page", args=[cast.support.pk])).status_code == 404
    bobs = Membership.objects.get(user=cast.bob).pk
    assert client.post(reverse("membership", args=[bobs])).status_code == 404
    own = Membership.objects.get(user=cast.charlie).pk
    assert client.post(reverse("membership", args=[own])).status_code == 403
    for name in ("team-place", "team-retirement", "team-members"):
        for team, refused in ((cast.support, {404}), (cast.sales, {302, 403, 422})):
            answer = client.post(reverse(name, args=[team.pk]), {"parent": cast.sales.pk, "user": 1, "role": "lead"})
            assert answer.status_code in refused
    assert client.post(reverse("team-page", args=[cast.sales.pk]), {"name": "Mine"}).status_code == 403
    assert not Event.objects.exists()


def test_an_analyst_reads(client: Client, cast: Cast) -> None:
    client.force_login(cast.quinn)
    page = client.get(reverse("team-page", args=[cast.support.pk])).content.decode()
    assert "Bob" in page
    assert "Take out" not in page


@pytest.mark.parametrize(
    "body", [{}, {"name": ""}, {"name": "\x00", "parent": "x"}, {"name": "x" * 300, "parent": "-1"}]
)
def test_odd_forms_are_answered_in_words(alice: Client, cast: Cast, body: dict[str, str]) -> None:
    for name, args in (
        ("settings-teams", []),
        ("team-page", [cast.support.pk]),
        ("team-place", [cast.latvia.pk]),
        ("team-members", [cast.latvia.pk]),
    ):
        assert alice.post(reverse(name, args=args), body).status_code in (302, 422)


def test_a_hundred_teams_cost_as_many_queries_as_four(alice: Client, cast: Cast) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            alice.get(reverse("settings-teams"))
        return len(captured)

    queries()  # the first request also asks whether there is a company
    few = queries()
    for number in range(100):
        add_team(name=f"Team {number}", parent=cast.latvia, by=None)
    assert queries() == few
