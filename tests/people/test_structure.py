"""The chart: who sees it, who moves in it, what is refused, what it was."""

from datetime import timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from answerable.events.models import Event
from answerable.people.actions.charges import charge_team
from answerable.people.actions.memberships import grant, move_member, withdraw
from answerable.people.actions.teams import add_team, move_team, rename_team
from answerable.people.chart import Box, chart
from answerable.people.errors import Refused
from answerable.people.models import FormerMembership, Membership, Role, Team, User
from tests.cast import Cast


@pytest.fixture
def alice(client: Client, cast: Cast) -> Client:
    client.force_login(cast.alice)
    return client


def place(user: User) -> Membership:
    return Membership.objects.get(user=user)


def boxes(tops: list[Box]) -> dict[str, Box]:
    return {box.team.key: box for top in tops for box in (top, *boxes(top.below).values())}


def test_everybody_sees_the_whole_chart_and_charlie_moves_nothing(client: Client, cast: Cast) -> None:
    client.force_login(cast.charlie)
    page = client.get(reverse("team")).content.decode()
    assert "Alice" in page
    assert "Latvia" in page
    assert reverse("team-page", args=[cast.support.pk]) not in page
    assert reverse("team-moves") not in page
    for sent in ({"membership": place(cast.bob).pk}, {"team": cast.latvia.pk}, {"membership": place(cast.charlie).pk}):
        assert client.get(reverse("team-moves"), sent).status_code == 403
        assert client.post(reverse("team-moves"), {**sent, "to": cast.sales.pk}).status_code == 403
    with pytest.raises(PermissionDenied):
        move_member(place(cast.bob), to=cast.sales, by=cast.charlie)
    assert not Event.objects.exists()


def test_a_lead_moves_somebody_and_takes_it_back(alice: Client, cast: Cast) -> None:
    sent = {
        "membership": place(cast.bob).pk,
        "was": cast.support.pk,
        "to": cast.latvia.pk,
        "reason": "More mail there.",
    }
    page = alice.post(reverse("team-moves"), sent, follow=True).content.decode()
    assert place(cast.bob).team == cast.latvia
    assert "Alice moved Bob from Support to Latvia (Agent)" in page
    event = Event.objects.get(verb="membership.moved")
    assert (event.root, event.particulars["reason"]) == (f"user-{cast.bob.pk}", "More mail there.")
    back = {"membership": event.particulars["membership"], "was": cast.latvia.pk, "to": cast.support.pk}
    alice.post(reverse("team-moves"), back)
    assert place(cast.bob).team == cast.support
    history = alice.get(reverse("team-history")).content.decode()
    assert "Alice moved Bob from Latvia to Support (Agent)" in history
    assert "More mail there." in history


def test_a_lead_moves_a_team_below_hers(alice: Client, cast: Cast) -> None:
    night = add_team(name="Night", parent=cast.support, by=None)
    answer = alice.post(reverse("team-moves"), {"team": night.pk, "was": cast.support.pk, "to": cast.latvia.pk})
    assert answer.status_code == 302
    night.refresh_from_db()
    assert night.path == "/everyone/support/latvia/night/"


def test_what_makes_no_sense_is_refused_beside_the_field_and_nothing_typed_is_lost(alice: Client, cast: Cast) -> None:
    """A team below itself, a place that is not hers, a lead of oneself."""
    night = add_team(name="Night", parent=cast.latvia, by=None)
    for sent, words in (
        ({"team": cast.latvia.pk, "was": cast.support.pk, "to": night.pk}, "choose one of yours"),
        ({"membership": place(cast.bob).pk, "to": cast.sales.pk}, "choose one of yours"),
        ({"membership": place(cast.bob).pk, "to": "x"}, "choose one of yours"),
        ({"membership": place(cast.alice).pk, "to": cast.support.pk}, "is that in Support already"),
    ):
        answer = alice.post(reverse("team-moves"), {**sent, "reason": "They asked for it."})
        assert answer.status_code == 422
        assert words in answer.content.decode()
        assert "They asked for it." in answer.content.decode()
    with pytest.raises(Refused, match="can't be above it"):
        move_team(cast.latvia, to=night, by=cast.ada)
    assert not Event.objects.filter(verb__endswith=".moved").exists()


def test_nobody_becomes_their_own_lead(cast: Cast) -> None:
    with pytest.raises(Refused, match="Alice would be their own lead in Support"):
        grant(to=cast.alice, team=cast.support, role=Role.AGENT, by=cast.ada)
    with pytest.raises(Refused, match="their own lead in Latvia"):
        grant(to=cast.alice, team=cast.latvia, role=Role.AGENT, by=cast.ada)
    grant(to=cast.alice, team=cast.sales, role=Role.AGENT, by=cast.ada)
    with pytest.raises(Refused, match="their own lead in Sales"):
        move_team(cast.sales, to=cast.support, by=cast.ada)
    with pytest.raises(Refused, match="their own lead"):
        move_member(Membership.objects.get(user=cast.alice, role=Role.AGENT), to=cast.latvia, by=cast.ada)
    assert Team.objects.get(pk=cast.sales.pk).parent == cast.everyone
    grant(to=cast.bob, team=cast.latvia, role=Role.LEAD, by=cast.ada)
    grant(to=cast.alice, team=cast.latvia, role=Role.AGENT, by=cast.ada)  # there Bob leads her


def test_administrators_are_not_moved_and_retired_teams_take_nobody(cast: Cast) -> None:
    with pytest.raises(Refused, match="not moved"):
        move_member(place(cast.ada), to=cast.sales, by=cast.ada)
    cast.sales.retired_at = timezone.now()
    with pytest.raises(Refused, match="is retired"):
        move_member(place(cast.bob), to=cast.sales, by=cast.ada)


def test_of_two_who_move_somebody_the_second_hears_of_it(alice: Client, cast: Cast) -> None:
    seen = place(cast.bob)
    move_member(seen, to=cast.latvia, by=cast.ada)
    sent = {"membership": seen.pk, "was": cast.support.pk, "to": cast.support.pk, "reason": "Stays."}
    answer = alice.post(reverse("team-moves"), sent)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "they are in Latvia now" in page
    assert "Stays." in page
    assert f'name="membership" value="{place(cast.bob).pk}"' in page
    with pytest.raises(Refused, match="not there any more"):
        move_member(seen, to=cast.sales, by=cast.ada)
    withdraw(place(cast.bob), by=cast.ada)
    assert "took Bob out" in alice.post(reverse("team-moves"), sent, follow=True).content.decode()


def test_of_two_who_move_a_team_the_second_hears_of_it(cast: Cast) -> None:
    night = add_team(name="Night", parent=cast.latvia, by=None)
    move_team(night, to=cast.sales, by=cast.ada, was=cast.latvia.pk)
    with pytest.raises(Refused, match="was moved below Sales meanwhile"):
        move_team(night, to=cast.support, by=cast.ada, was=cast.latvia.pk)


def test_the_chart_as_it_was(cast: Cast) -> None:
    long_ago = timezone.now() - timedelta(days=9)
    for model in (Membership, Team):
        model.objects.update(since=long_ago)
    then = timezone.now()
    night = add_team(name="Night", parent=cast.latvia, by=cast.ada)
    move_team(cast.latvia, to=cast.sales, by=cast.ada)
    rename_team(cast.latvia, name="Baltic", by=cast.ada)
    move_member(place(cast.bob), to=night, by=None)
    withdraw(place(cast.quinn), by=cast.ada)
    charge_team(cast.support, organised_by="region", charges={("channel", "email"): ""}, by=cast.ada)
    now, was = boxes(chart(cast.alice)), boxes(chart(cast.alice, then))
    assert "Baltic" in [box.team.name for box in now["sales"].below]
    assert [seat.person.name for seat in now["night"].others] == ["Bob"]
    assert "night" not in was
    assert (now["support"].team.organised_by, was["support"].team.organised_by) == ("region", "mixed")
    assert (len(now["support"].owned), was["support"].owned) == (1, [])
    assert [box.team.name for box in was["support"].below] == ["Latvia"]
    assert [seat.person.name for seat in was["support"].others] == ["Bob", "Quinn"]
    assert not any(box.may_change or box.may_move for box in was.values())
    assert boxes(chart(cast.alice, long_ago - timedelta(days=1))) == {}
    assert FormerMembership.objects.count() == 2


def test_a_day_is_chosen_and_no_nonsense(alice: Client) -> None:
    assert (
        "As it was at the end of"
        in alice.get(reverse("team"), {"on": timezone.localdate().isoformat()}).content.decode()
    )
    for odd in ("2999-01-01", "x", "2026-02-31", "0001-01-01"):
        answer = alice.get(reverse("team"), {"on": odd})
        assert "Choose a day that has been." in answer.content.decode()
    for odd in ({"membership": "9" * 30}, {"team": "-1"}, {}, {"membership": "\u0663"}):
        assert alice.get(reverse("team-moves"), odd).status_code == 404
    assert alice.get(reverse("team"), {"moved": "9" * 30}).status_code == 200


def test_pages_ask_as_much_of_a_hundred_as_of_four(alice: Client, cast: Cast) -> None:
    def queries(name: str, **query: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert alice.get(reverse(name), query).status_code == 200
        return len(captured)

    day = timezone.localdate().isoformat()
    add_team(name="One", parent=cast.latvia, by=cast.ada)
    alice.get(reverse("team"))  # the first request also asks whether there is a company
    few = [queries("team"), queries("team", on=day), queries("team-history")]
    for number in range(100):
        team = add_team(name=f"Team {number}", parent=cast.latvia, by=None)
        Membership.objects.create(user=cast.bob, team=team)
    assert [queries("team"), queries("team", on=day), queries("team-history")] == few
    assert few[0] <= 12


def test_who_leads_whom_stands_with_the_person_and_in_the_chart(alice: Client, cast: Cast) -> None:
    Membership.objects.create(user=cast.charlie, team=cast.latvia)
    of_charlie = " ".join(alice.get(reverse("person", args=[cast.charlie.pk])).content.decode().split())
    assert f'<dt>Led by</dt><dd><a href="{reverse("person", args=[cast.alice.pk])}">Alice</a></dd>' in of_charlie
    of_alice = alice.get(reverse("person", args=[cast.alice.pk])).content.decode()
    assert all(reverse("person", args=[one.pk]) in of_alice for one in (cast.bob, cast.charlie, cast.quinn))
    assert [one.name for one in boxes(chart(cast.alice))["latvia"].led_from_above] == ["Alice"]
    assert boxes(chart(cast.alice))["support"].led_from_above == []


def test_a_refusal_stands_beside_its_field_in_the_settings_too(client: Client, cast: Cast) -> None:
    client.force_login(cast.ada)
    sent = {"user": cast.alice.pk, "role": "agent"}
    answer = client.post(reverse("team-members", args=[cast.latvia.pk]), sent)
    assert (answer.status_code, "their own lead in Latvia" in answer.content.decode()) == (422, True)
    answer = client.post(reverse("team-place", args=[cast.support.pk]), {"parent": cast.latvia.pk})
    page = answer.content.decode()
    assert (answer.status_code, "above it." in page) == (422, True)
    assert f'<option value="{cast.latvia.pk}" selected>' in page


def test_what_the_events_know_of_the_past_becomes_rows(cast: Cast) -> None:
    """As it is for a company that was there before the structure had a history."""
    night = add_team(name="Night", parent=cast.latvia, by=cast.ada)
    grant(to=cast.bob, team=cast.sales, role=Role.AGENT, by=cast.ada)
    withdraw(Membership.objects.get(user=cast.bob, team=cast.sales), by=cast.ada)
    FormerMembership.objects.all().delete()
    Team.objects.update(since=timezone.now())
    import_module("answerable.people.migrations.0007_structure_past").remember(apps, None)
    was = FormerMembership.objects.get()
    assert (was.user, was.team, was.role) == (cast.bob, cast.sales, Role.AGENT)
    assert was.since == Event.objects.get(verb="membership.granted").at
    assert was.until == Event.objects.get(verb="membership.withdrawn").at
    assert Team.objects.get(pk=night.pk).since == Event.objects.get(verb="team.added").at
    assert Team.objects.get(pk=cast.sales.pk).since == cast.company.created_at
