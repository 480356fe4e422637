"""Through the door: passwords, limits, reset by mail, and nobody from outside."""

import re
from typing import Any

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client, override_settings
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob

from answerable.channels.email.models import Mailbox, Relay
from answerable.people.jobs import mail_new_password, tell_of_change
from answerable.people.models import User
from tests.cast import PASSWORD, Cast
from tests.ports import free_port

SIGN_IN = "/sign-in/"


@pytest.fixture(autouse=True)
def _no_attempts_yet(db: None) -> None:
    cache.clear()


def sign_in(client: Client, email: str, password: str = PASSWORD) -> int:
    return client.post(SIGN_IN, {"login": email, "password": password}).status_code


def forgotten(client: Client, address: str) -> None:
    """Ask for a new password, and let the worker do what it was asked to."""
    client.post("/password/forgotten/", {"email": address})
    [job] = ProcrastinateJob.objects.filter(task_name__endswith="mail_new_password", args__address=address)
    mail_new_password(**job.args)


def test_a_member_of_staff_signs_in_and_out(client: Client, cast: Cast) -> None:
    assert sign_in(client, "Alice@Example.com") == 302
    assert client.get(reverse("settings-profile")).status_code == 200
    client.post(reverse("account_logout"))
    assert client.get(reverse("settings-profile")).headers["Location"].startswith(SIGN_IN)


def test_a_wrong_password_is_told_without_saying_who_is_here(client: Client, cast: Cast) -> None:
    for email in ("alice@example.com", "nobody@example.com"):
        page = client.post(SIGN_IN, {"login": email, "password": "wrong horse battery"})
        assert "This address and this password don" in page.content.decode()


def test_attempts_are_limited_in_every_process(client: Client, cast: Cast) -> None:
    """The count is in the database: a fresh client, as in another process, is refused as well, even if right."""
    for _attempt in range(5):
        Client().post(SIGN_IN, {"login": "alice@example.com", "password": "guess"})
    assert (
        "Too many attempts failed"
        in Client().post(SIGN_IN, {"login": "alice@example.com", "password": PASSWORD}).content.decode()
    )
    assert sign_in(Client(), "bob@example.com") == 302


def test_a_deactivated_person_stays_out(client: Client, cast: Cast) -> None:
    User.objects.filter(pk=cast.bob.pk).update(is_active=False)
    sign_in(client, "bob@example.com")
    assert client.get(reverse("settings-profile")).status_code == 302


def test_nobody_registers_themselves(client: Client, cast: Cast) -> None:
    answer = client.post("/sign-up/", {"email": "eve@example.com", "password1": PASSWORD})
    assert "By invitation only" in answer.content.decode()
    assert not User.objects.filter(email="eve@example.com").exists()


def test_a_forgotten_password_is_replaced_by_a_link_in_a_mail(client: Client, cast: Cast) -> None:
    forgotten(client, "bob@example.com")
    (sent,) = mail.outbox
    assert sent.to == ["bob@example.com"]
    link = re.search(r"https?://[^/]+(/password/new/\S+)", sent.body)
    assert link
    page = client.get(link[1], follow=True)
    form = {"password1": "another battery staple", "password2": "another battery staple"}
    assert client.post(page.redirect_chain[-1][0], form).status_code == 302
    assert sign_in(Client(), "bob@example.com", "another battery staple") == 302
    assert "no longer works" in Client().get(link[1], follow=True).content.decode()


def test_no_mail_to_strangers(client: Client, cast: Cast) -> None:
    forgotten(client, "eve@example.com")
    assert not mail.outbox


@pytest.fixture
def relay_away(settings: Any, db: None) -> None:
    settings.EMAIL_BACKEND = "answerable.channels.email.backend.RelayBackend"
    Relay.objects.create(host="127.0.0.1", port=free_port(), security=Mailbox.Security.PLAIN)


def test_no_answer_tells_who_is_here(client: Client, cast: Cast, relay_away: None) -> None:
    """A relay that was away made an error of it for those who are, and one that is slow a wait."""
    said = [client.post("/password/forgotten/", {"email": f"{name}@example.com"}) for name in ("bob", "eve")]
    assert [(answer.status_code, answer.headers["Location"]) for answer in said] == [
        (302, "/password/forgotten/sent/")
    ] * 2
    assert not Relay.objects.get().error


def test_a_new_password_is_told_of_and_waits_for_no_relay(client: Client, cast: Cast, relay_away: None) -> None:
    sign_in(client, "bob@example.com")
    form = {"oldpassword": PASSWORD, **dict.fromkeys(("password1", "password2"), "another battery staple")}
    assert client.post(reverse("account_change_password"), form).status_code == 302
    [job] = ProcrastinateJob.objects.filter(task_name__endswith="tell_of_change")
    assert "Your password was changed" in job.args["text"]
    with override_settings(EMAIL_BACKEND="django.core.mail.backends.locmem.EmailBackend"):
        tell_of_change(**job.args)
    assert [(each.to, each.subject) for each in mail.outbox] == [(["bob@example.com"], "Your password was changed")]


@pytest.mark.parametrize("body", [{}, {"login": "\x00", "password": "\x00"}, {"login": "x" * 5000, "password": "y"}])
def test_odd_forms_are_answered_in_words(client: Client, cast: Cast, body: dict[str, str]) -> None:
    assert client.post(SIGN_IN, body).status_code in (200, 422)


@pytest.mark.parametrize(
    "body", [{}, {"credential": "no json"}, {"credential": "[]"}, {"credential": '{"id": 1}'}, {"credential": "null"}]
)
def test_odd_passkeys_are_refused(client: Client, cast: Cast, body: dict[str, str]) -> None:
    assert client.post("/sign-in/passkey/", body).status_code == 302
    assert client.get(reverse("settings-profile")).status_code == 302
