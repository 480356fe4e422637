"""Nobody becomes somebody else, or more than they are."""

import re

import pytest
from django.conf import settings
from django.core import mail
from django.test import Client, override_settings
from django.urls import reverse

from answerable.events.dispatch import dispatch
from answerable.people.actions.memberships import grant, withdraw
from answerable.people.actions.staff import deactivate, invite, may_invite_again
from answerable.people.errors import Refused
from answerable.people.invitations import link_for
from answerable.people.models import Company, Role, User
from answerable.site.welcome.gate import setup_token
from tests.cast import PASSWORD, Cast
from tests.people.test_sign_in import forgotten


@pytest.fixture
def invited(cast: Cast) -> User:
    """Zane is to be an administrator, and has not joined yet."""
    return invite(
        email="z@e.org", team=cast.everyone, role=Role.ADMINISTRATOR, language="en", time_zone="UTC", by=cast.ada
    )


def test_a_lead_gets_no_link_that_opens_more_than_their_own_team(cast: Cast, client: Client, invited: User) -> None:
    grant(to=invited, team=cast.support, role=Role.AGENT, by=cast.alice)  # so that she is one of Alice's, too
    client.force_login(cast.alice)
    page = client.get(reverse("person", args=[invited.pk]))
    assert link_for(invited) not in page.content.decode()
    assert client.post(reverse("person-invitation", args=[invited.pk])).status_code == 403
    assert not may_invite_again(cast.alice, invited)
    other = invite(email="y@e.org", team=cast.sales, role=Role.AGENT, language="en", time_zone="UTC", by=cast.ada)
    grant(to=other, team=cast.latvia, role=Role.AGENT, by=cast.alice)
    assert not may_invite_again(User.objects.get(pk=cast.alice.pk), other)
    theirs = invite(email="x@e.org", team=cast.latvia, role=Role.LEAD, language="en", time_zone="UTC", by=cast.alice)
    assert may_invite_again(cast.alice, theirs)


def test_an_administrator_who_never_joined_does_not_count_as_the_last_one(cast: Cast, invited: User) -> None:
    with pytest.raises(Refused, match="only administrator"):
        deactivate(cast.ada, by=cast.ada)
    with pytest.raises(Refused, match="only administrator"):
        withdraw(cast.ada.memberships.get(), by=cast.ada)


@override_settings(SITE_URL="https://desk.example.com", ALLOWED_HOSTS=["desk.example.com", "localhost"])
@pytest.mark.parametrize("host", ["localhost:1", "desk.example.com:8443"])
def test_a_link_to_a_new_password_leads_to_us_whatever_we_were_called(cast: Cast, host: str) -> None:
    forgotten(Client(headers={"host": host}), "bob@example.com")
    (sent,) = mail.outbox
    assert re.findall(r"https?://[^/\s]+", sent.body) == ["https://desk.example.com"]


def test_a_name_of_two_lines_is_no_header_of_an_invitation(cast: Cast) -> None:
    Company.objects.update(name="Example\r\nBcc: eve@example.com")
    invite(email="z@e.org", team=cast.latvia, role=Role.AGENT, language="en", time_zone="UTC", by=cast.alice)
    dispatch()
    (sent,) = mail.outbox
    assert "\n" not in sent.subject
    assert sent.message()["Bcc"] is None


@override_settings(SITE_URL="https://desk.example.com")
def test_where_people_reach_us_by_a_name_setting_up_needs_the_token_from_anywhere(client: Client, db: None) -> None:
    assert client.get("/welcome/").status_code == 403  # such as a proxy on this machine that does not say it is one
    assert client.get("/welcome/", {"token": setup_token(settings.DATA_DIR)}).status_code == 200


@pytest.mark.parametrize("verb", ["get", "post"])
@pytest.mark.parametrize(
    "there", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", "http:evil"]
)
def test_signing_in_leads_nowhere_else(cast: Cast, client: Client, there: str, verb: str) -> None:
    form = {"login": "bob@example.com", "password": PASSWORD}
    address = "/sign-in/"
    answer = (
        client.post(f"{address}?next={there}", form) if verb == "get" else client.post(address, {**form, "next": there})
    )
    assert answer.headers["Location"].startswith("/")
    assert "evil" not in answer.headers["Location"]
    assert "evil" not in client.post("/sign-out/", {"next": there}).headers["Location"]


def test_the_session_is_another_one_after_signing_in(cast: Cast, client: Client) -> None:
    client.cookies["sessionid"] = "a" * 32
    client.post("/sign-in/", {"login": "bob@example.com", "password": PASSWORD})
    assert client.cookies["sessionid"].value != "a" * 32


def test_a_new_password_ends_the_other_sessions(cast: Cast) -> None:
    here, elsewhere = Client(), Client()
    for client in (here, elsewhere):
        client.post("/sign-in/", {"login": "bob@example.com", "password": PASSWORD})
    new = "another battery staple"
    form = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    assert here.post(reverse("account_change_password"), form).status_code == 302
    assert elsewhere.get(reverse("settings-profile")).status_code == 302
