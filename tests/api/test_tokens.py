from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from answerable.api.actions.tokens import make_token, revoke_token
from answerable.api.models import Token
from answerable.events.models import Event
from answerable.people.actions.staff import deactivate
from answerable.people.models import User
from tests.api.program import Program
from tests.cast import Cast

PAGE = "/settings/api/"


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_a_token_is_made_on_its_page_shown_once_and_good(cast: Cast) -> None:
    client = signed_in(cast.bob)
    assert b"ans_" not in client.get(PAGE).content
    response = client.post(PAGE, {"name": "Web shop", "scopes": ["people:read"], "expires_on": ""})
    [secret] = re.findall(r"ans_[\w-]{40}", response.content.decode())
    assert "no-store" in response.headers["Cache-Control"]
    assert secret not in client.get(PAGE).content.decode()
    token = Token.objects.get()
    assert secret not in str(vars(token))
    answer = Client().get("/api/v1/me", headers={"Authorization": f"Bearer {secret}"})
    assert answer.json()["user"]["name"] == "Bob"
    assert answer.json()["scopes"] == ["people:read"]
    token.refresh_from_db()
    assert token.last_used_at
    assert Event.objects.filter(verb="token.made", root=f"user-{cast.bob.pk}", actor=cast.bob).count() == 1


def test_what_makes_no_sense_is_refused_beside_its_field(cast: Cast) -> None:
    yesterday = timezone.localdate() - timedelta(days=1)
    response = signed_in(cast.bob).post(PAGE, {"name": "Shop", "scopes": ["people:read"], "expires_on": yesterday})
    assert response.status_code == 422
    assert "Choose a day to come." in response.content.decode()
    assert not Token.objects.exists()


def test_one_sees_and_revokes_ones_own_and_administrators_all(cast: Cast) -> None:
    token, _secret = make_token(name="Exporter", scopes=["people:read"], expires_at=None, by=cast.alice)
    charlie = signed_in(cast.charlie)
    assert b"Exporter" not in charlie.get(PAGE).content
    assert charlie.post(f"{PAGE}{token.pk}/revocation/").status_code == 404
    assert b"Exporter" in signed_in(cast.ada).get(PAGE).content
    assert signed_in(cast.ada).post(f"{PAGE}{token.pk}/revocation/").status_code == 302
    token.refresh_from_db()
    assert token.revoked_by == cast.ada
    assert Event.objects.get(verb="token.revoked").actor == cast.ada


def test_what_is_no_good_token_opens_nothing(cast: Cast) -> None:
    bob = Program(cast.bob, "people:read")
    for header in ("", "Basic Ym9iOmJvYg==", "Bearer ", "Bearer ans_nothing", f"Bearer {bob.secret[:-1]}", bob.secret):
        answer = bob.get("/teams", authorization=header)
        assert answer.status_code == 401
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")
        assert answer.headers["Content-Type"] == "application/problem+json"
    Token.objects.update(expires_at=timezone.now())
    assert bob.get("/teams").status_code == 401
    Token.objects.update(expires_at=None)
    assert bob.get("/teams").status_code == 200
    deactivate(cast.bob, by=cast.ada)
    assert bob.get("/teams").status_code == 401


def test_a_revoked_token_opens_nothing(cast: Cast) -> None:
    bob = Program(cast.bob)
    revoke_token(bob.token, by=cast.bob)
    assert bob.get("/me").status_code == 401


def test_a_cookie_opens_nothing(cast: Cast) -> None:
    assert signed_in(cast.ada).get("/api/v1/me").status_code == 401


@pytest.mark.parametrize(
    ("method", "path", "scope"),
    [
        ("GET", "/conversations", "conversations:read"),
        ("POST", "/conversations", "conversations:write"),
        ("GET", "/contacts", "contacts:read"),
        ("POST", "/contacts", "contacts:write"),
        ("GET", "/events", "events:read"),
        ("POST", "/policies", "policy:write"),
    ],
)
def test_a_token_does_what_its_scopes_say_and_no_more(cast: Cast, method: str, path: str, scope: str) -> None:
    other = "contacts:read" if scope != "contacts:read" else "events:read"
    answer = Program(cast.ada, other).ask(method, path, {} if method == "POST" else None)
    assert answer.status_code == 403
    assert scope in answer.json()["detail"]
    assert f'scope="{scope}"' in answer.headers["WWW-Authenticate"]
    assert Program(cast.ada, scope).ask(method, path, {} if method == "POST" else None).status_code in (200, 400)
