"""A program that uses the API as somebody's token allows."""

import json
from typing import Any

from django.http import HttpResponse
from django.test import Client

from answerable.api.actions.tokens import make_token
from answerable.api.scopes import SCOPES
from answerable.people.models import User

ALL = tuple(SCOPES)


class Program:
    """Sends JSON, takes JSON."""

    def __init__(self, user: User, *scopes: str) -> None:
        self.token, self.secret = make_token(name="Test", scopes=scopes or ALL, expires_at=None, by=user)
        self.client = Client()

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> HttpResponse:
        """`headers`: with underscores, such as `if_match`."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        named.setdefault("authorization", f"Bearer {self.secret}")
        more: dict[str, Any] = {} if body is None else {"data": json.dumps(body), "content_type": "application/json"}
        return self.client.generic(method, f"/api/v1{path}", headers=named, **more)

    def get(self, path: str, **headers: str) -> HttpResponse:
        return self.ask("GET", path, **headers)

    def post(self, path: str, body: Any, **headers: str) -> HttpResponse:
        return self.ask("POST", path, body, **headers)

    def patch(self, path: str, body: Any, **headers: str) -> HttpResponse:
        return self.ask("PATCH", path, body, **headers)
