"""What a team answers for."""

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from answerable.customers.actions.segments import remove_segment, rename_segment
from answerable.events.models import Event
from answerable.people.actions.charges import charge_team, charges_of, follow_segment
from answerable.people.actions.skills import add_skill
from answerable.people.models import Charge, Team
from tests.cast import Cast


@pytest.fixture
def alice(client: Client, cast: Cast) -> Client:
    client.force_login(cast.alice)
    return client


def test_a_lead_says_what_her_team_answers_for(alice: Client, cast: Cast) -> None:
    add_skill(name="Refunds", kind="speciality", by=None)
    address = reverse("team-charge", args=[cast.latvia.pk])
    sent = {
        "revision": "",
        "organised_by": "segment",
        "channels": ["email"],
        "segments": ["gold"],
        "skills": ["refunds"],
    }
    assert alice.post(address, sent).status_code == 302
    assert charges_of(cast.latvia) == {("channel", "email"): "", ("segment", "gold"): "Gold", ("skill", "refunds"): ""}
    assert Team.objects.get(pk=cast.latvia.pk).organised_by == "segment"
    page = alice.get(reverse("team")).content.decode()
    assert all(name in page for name in ("Gold", "Refunds", "E-mail"))
    history = alice.get(reverse("team-history")).content.decode()
    assert "answers now for E-mail, Gold, Refunds" in history
    again = {**sent, "revision": str(Event.objects.latest("id").pk), "channels": []}
    alice.post(address, again)
    assert Charge.objects.filter(of="channel", until__isnull=False).count() == 1
    assert "answers no more for E-mail" in alice.get(reverse("team-history")).content.decode()


def test_of_two_who_change_it_the_second_sees_what_stands(alice: Client, cast: Cast) -> None:
    charge_team(cast.latvia, organised_by="channel", charges={("channel", "phone"): ""}, by=cast.ada)
    sent = {"revision": "", "organised_by": "segment", "channels": ["email"]}
    answer = alice.post(reverse("team-charge", args=[cast.latvia.pk]), sent)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Now: Telephone" in page
    assert 'value="email" id="id_channels_0" checked' in " ".join(page.split()) or "checked" in page
    assert charges_of(cast.latvia) == {("channel", "phone"): ""}
    latest = Event.objects.latest("id").pk
    assert f'value="{latest}"' in page
    assert alice.post(reverse("team-charge", args=[cast.latvia.pk]), {**sent, "revision": latest}).status_code == 302


def test_charlie_does_not(client: Client, cast: Cast) -> None:
    client.force_login(cast.charlie)
    assert client.get(reverse("team-charge", args=[cast.support.pk])).status_code == 404
    assert client.post(reverse("team-charge", args=[cast.sales.pk]), {"organised_by": "mixed"}).status_code == 403
    with pytest.raises(PermissionDenied):
        charge_team(cast.support, organised_by="mixed", charges={}, by=cast.charlie)


def test_a_segment_keeps_its_name_there_and_leaves_with_itself(cast: Cast) -> None:
    charge_team(cast.sales, organised_by="segment", charges={("segment", "gold"): "Gold"}, by=None)
    rename_segment(cast.gold, name="Golden", by=cast.ada)
    follow_segment(Event.objects.get(verb="segment.renamed"))
    assert charges_of(cast.sales) == {("segment", "gold"): "Golden"}
    cast.harbour.delete()
    remove_segment(cast.gold, by=cast.ada)
    for _again in range(2):
        follow_segment(Event.objects.get(verb="segment.removed"))
    assert charges_of(cast.sales) == {}


def test_odd_forms_are_answered_in_words(alice: Client, cast: Cast) -> None:
    address = reverse("team-charge", args=[cast.latvia.pk])
    for sent in ({}, {"organised_by": "moon"}, {"organised_by": "mixed", "channels": ["\x00"], "segments": ["x"]}):
        assert alice.post(address, sent).status_code == 422
