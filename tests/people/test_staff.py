"""Invited, joined, changed, shut out."""

import re
from functools import partial

import pytest
from allauth.usersessions.models import UserSession
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from answerable.events.dispatch import dispatch
from answerable.events.models import Event
from answerable.people.actions.staff import deactivate, invite, reactivate
from answerable.people.errors import Refused
from answerable.people.invitations import token_for
from answerable.people.models import Role, User
from tests.at_once import at_the_same_time
from tests.cast import PASSWORD, Cast

INVITATION = {"email": "Zane@Example.com", "role": "agent", "language": "lv"}


def test_an_invited_person_joins_by_the_link_in_the_mail(client: Client, cast: Cast) -> None:
    client.force_login(cast.alice)
    client.post(reverse("settings-staff"), {**INVITATION, "team": cast.latvia.pk})
    zane = User.objects.get(email="zane@example.com")
    assert "Invited" in client.get(reverse("settings-staff")).content.decode()
    dispatch()
    (sent,) = mail.outbox
    assert sent.to == ["zane@example.com"]
    link = re.search(r"https?://[^/]+(/invitations/\S+)", sent.body)
    assert link
    guest = Client()
    assert "zane@example.com" in guest.get(link[1]).content.decode()
    assert guest.post(link[1], {"name": "Zane", "password": "short"}).status_code == 422
    assert guest.post(link[1], {"name": "Zane", "password": PASSWORD}).headers["Location"] == reverse("account_login")
    assert guest.post(reverse("account_login"), {"login": zane.email, "password": PASSWORD}).status_code == 302
    assert guest.get(reverse("team-page", args=[cast.latvia.pk])).status_code == 200
    again = Client().post(link[1], {"name": "Eve", "password": "another battery staple"})
    assert again.status_code == 404
    assert "no longer works" in again.content.decode()
    verbs = list(Event.objects.filter(root=f"user-{zane.pk}").order_by("id").values_list("verb", flat=True))
    assert verbs == ["user.invited", "membership.granted", "user.joined"]


def test_inviting_again_makes_the_first_link_void(client: Client, cast: Cast) -> None:
    zane = invite(email="z@e.org", team=cast.latvia, role=Role.AGENT, language="lv", time_zone="UTC", by=cast.alice)
    first = token_for(zane)
    client.force_login(cast.alice)
    client.post(reverse("person-invitation", args=[zane.pk]))
    zane.refresh_from_db()
    assert client.get(reverse("invitation", args=[first])).status_code == 404
    assert client.get(reverse("invitation", args=[token_for(zane)])).status_code == 200
    client.post(reverse("person-invitation", args=[cast.bob.pk]))
    assert User.objects.get(pk=cast.bob.pk).check_password(PASSWORD)


@pytest.mark.parametrize("token", ["x", "a:b:c", "%00", "x" * 3000])
def test_made_up_invitations_are_void(client: Client, cast: Cast, token: str) -> None:
    assert client.get(f"/invitations/{token}/").status_code == 404


def test_nobody_is_invited_twice_or_beyond_ones_own_teams(client: Client, cast: Cast) -> None:
    client.force_login(cast.alice)
    answer = client.post(reverse("settings-staff"), {**INVITATION, "email": "BOB@example.com", "team": cast.latvia.pk})
    assert "is here already" in answer.content.decode()
    assert client.post(reverse("settings-staff"), {**INVITATION, "team": cast.sales.pk}).status_code == 422
    body = {**INVITATION, "team": cast.latvia.pk, "role": "administrator"}
    assert client.post(reverse("settings-staff"), body).status_code == 422
    with pytest.raises(PermissionDenied):
        invite(email="z@e.org", team=cast.support, role="administrator", language="lv", time_zone="UTC", by=cast.alice)
    assert not User.objects.filter(email="z@e.org").exists()


def test_who_is_deactivated_is_out_at_once(client: Client, cast: Cast) -> None:
    bobs = Client()
    bobs.post(reverse("account_login"), {"login": "bob@example.com", "password": PASSWORD})
    assert bobs.get(reverse("settings-profile")).status_code == 200
    assert UserSession.objects.filter(user=cast.bob).count() == 1
    client.force_login(cast.ada)
    client.post(reverse("person-deactivation", args=[cast.bob.pk]))
    assert bobs.get(reverse("settings-profile")).headers["Location"].startswith(reverse("account_login"))
    assert not UserSession.objects.filter(user=cast.bob).exists()
    assert User.objects.get(pk=cast.bob.pk).team_ids == frozenset()
    client.post(reverse("person-deactivation", args=[cast.bob.pk]), {"undo": "1"})
    assert cast.support.pk in User.objects.get(pk=cast.bob.pk).team_ids
    verbs = list(Event.objects.filter(root=f"user-{cast.bob.pk}").order_by("id").values_list("verb", flat=True))
    assert verbs == ["user.deactivated", "user.reactivated"]


def test_the_last_administrator_cannot_be_shut_out(cast: Cast) -> None:
    with pytest.raises(Refused, match="only administrator"):
        deactivate(cast.ada, by=cast.ada)
    for stranger in (cast.alice, cast.charlie):
        with pytest.raises(PermissionDenied):
            deactivate(cast.bob, by=stranger)
        with pytest.raises(PermissionDenied):
            reactivate(cast.bob, by=stranger)


def test_charlie_changes_nobody(client: Client, cast: Cast) -> None:
    client.force_login(cast.charlie)
    assert client.get(reverse("settings-staff")).status_code == 200
    assert "Invite somebody" not in client.get(reverse("settings-staff")).content.decode()
    assert client.post(reverse("settings-staff"), {**INVITATION, "team": cast.sales.pk}).status_code == 403
    assert client.post(reverse("person", args=[cast.bob.pk]), {"name": "B"}).status_code == 403
    assert client.post(reverse("person-invitation", args=[cast.bob.pk])).status_code == 403
    assert client.post(reverse("person-deactivation", args=[cast.bob.pk])).status_code == 403
    assert client.get(reverse("settings-company")).status_code == 403
    assert client.post(reverse("settings-company"), {"name": "Mine"}).status_code == 403
    assert not Event.objects.exists()


def test_ones_own_language_and_time_are_obeyed(client: Client, cast: Cast) -> None:
    client.force_login(cast.bob)
    body = {
        "name": "Bob",
        "language": "ka",
        "time_zone": "Asia/Tbilisi",
        "theme": "dark",
        "escalation_mail": "on",
    }
    answer = client.post(reverse("settings-profile"), body)
    assert answer.cookies["theme"].value == "dark"
    page = client.get(reverse("settings-profile"))
    assert page.headers["Content-Language"] == "ka"
    assert '<html lang="ka"' in page.content.decode()
    assert Event.objects.get(verb="user.changed").particulars["fields"] == [
        "language",
        "theme",
        "time_zone",
    ]


@pytest.mark.parametrize(
    "body", [{}, {"name": "", "language": "xx"}, {"name": "\x00", "time_zone": "../etc"}, {"name": "x" * 151}]
)
def test_odd_profiles_are_answered_in_words(client: Client, cast: Cast, body: dict[str, str]) -> None:
    client.force_login(cast.ada)
    for url in (reverse("settings-profile"), reverse("person", args=[cast.bob.pk]), reverse("settings-company")):
        assert client.post(url, {"odd": "1", **body}).status_code == 422
    assert client.post(reverse("settings-staff"), {"odd": "1", **body}).status_code == 422


def test_the_company_changes(client: Client, cast: Cast) -> None:
    client.force_login(cast.ada)
    body = {"name": "Example SIA", "country": "LV", "time_zone": "Europe/Riga", "language": "lv"}
    body |= {"span_low": "5", "span_high": "9"}
    assert client.post(reverse("settings-company"), body).status_code == 302
    assert Event.objects.get(verb="company.changed").particulars["after"] == {
        "name": "Example SIA",
        "language": "lv",
        "span_high": 9,
    }
    assert client.post(reverse("settings-company"), {**body, "span_low": "10"}).status_code == 422


def test_one_session_or_all_others_are_ended(cast: Cast) -> None:
    here, there, elsewhere = Client(), Client(), Client()
    for browser in (here, there, elsewhere):
        browser.post(reverse("account_login"), {"login": "bob@example.com", "password": PASSWORD})
    page = here.get(reverse("usersessions_list")).content.decode()
    assert page.count("Sign out there") == 2
    stranger = Client()
    stranger.force_login(cast.charlie)
    bobs = list(UserSession.objects.filter(user=cast.bob).order_by("pk"))
    assert stranger.post(reverse("session", args=[bobs[1].pk])).status_code == 404
    here.post(reverse("session", args=[bobs[1].pk]))
    assert there.get(reverse("settings-profile")).status_code == 302
    here.post(reverse("usersessions_list"))
    assert elsewhere.get(reverse("settings-profile")).status_code == 302
    assert here.get(reverse("settings-profile")).status_code == 200


def test_a_hundred_people_cost_as_many_queries_as_five(client: Client, cast: Cast) -> None:
    client.force_login(cast.quinn)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get(reverse("settings-staff"))
        return len(captured)

    queries()  # the first request also asks whether there is a company
    few = queries()
    for number in range(100):
        invite(email=f"{number}@e.org", team=cast.support, role=Role.AGENT, language="lv", time_zone="UTC", by=cast.ada)
    assert queries() == few


@pytest.mark.django_db(transaction=True)
def test_two_who_invite_the_same_person_at_once_make_one_and_the_second_is_told(cast: Cast) -> None:
    inviting = partial(invite, email="z@e.org", team=cast.latvia, role=Role.AGENT, language="lv", time_zone="UTC")
    raised = at_the_same_time(lambda: inviting(by=cast.alice), lambda: inviting(by=cast.ada))
    assert [str(error) for error in raised] == ["Somebody with the address z@e.org is here already."]
    assert User.objects.filter(email="z@e.org").count() == 1
