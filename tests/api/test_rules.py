"""What holds for every operation."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from answerable.api import bearer
from answerable.customers.models import Organisation
from answerable.site.bridge import BODY_LIMIT, Bridge
from tests import loops
from tests.api.program import Program
from tests.cast import Cast


def test_every_error_is_a_problem(cast: Cast) -> None:
    ada = Program(cast.ada)
    authorization = {"Authorization": f"Bearer {ada.secret}"}
    answers = {
        400: ada.post("/organisations", {"name": "Harbour", "colour": "red"}),
        401: Client().get("/api/v1/me"),
        404: Client().get("/api/nothing"),
        405: ada.ask("PUT", "/teams"),
        413: Client().post("/api/v1/contacts", b"x" * 3_000_000, "application/json", headers=authorization),
        415: Client().post("/api/v1/contacts", b"<x/>", "text/xml", headers=authorization),
        422: ada.post("/organisations", {"name": "Harbour", "domains": ["gmail.com"]}),
    }
    for status, answer in answers.items():
        assert answer.status_code == status
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert answer.json()["status"] == status
        assert urlsplit(answer.json()["type"]).path == "/api/"
    assert answers[405].headers["Allow"] == "GET, HEAD"
    assert answers[400].json()["errors"] == [{"field": "colour", "detail": "“colour” is not known here."}]
    assert answers[422].json()["errors"][0]["field"] == "domains"


@pytest.mark.parametrize(
    ("body", "place"),
    [
        (b"[]", ""),
        (b"\xff", None),
        (b"[" * 100_000, None),
        (b'{"address": NaN}', None),
        (b'{"address": 1}', "address"),
        (b'{"address": "a\\u0000b"}', "address"),
        (b'{"address": "\\ud800"}', "address"),
        (b'{"\\ud800": 1, "address": "a@b.example"}', "\\ud800"),
        (b'{"name": "Dace"}', "address"),
        (b'{"address": "a@b.example", "language": "xx"}', "language"),
        (b'{"address": "a@b.example", "organisation": 99999999999999999999}', "organisation"),
    ],
)
def test_what_does_not_fit_is_named(cast: Cast, body: bytes, place: str | None) -> None:
    ada = Program(cast.ada)
    headers = {"Authorization": f"Bearer {ada.secret}"}
    answer = Client().post("/api/v1/contacts", body, "application/json", headers=headers)
    assert answer.status_code == 400
    if place is not None:
        assert len(answer.json()["errors"]) == 1


def test_problems_are_said_in_the_readers_language(cast: Cast) -> None:
    answer = Program(cast.ada).get("/teams/99", accept_language="lv")
    assert answer.headers["Content-Language"] == "lv"


def test_a_list_is_followed_to_its_end_and_back(cast: Cast, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    Organisation.objects.bulk_create(Organisation(name=f"Company {number}") for number in range(6))
    ada = Program(cast.ada)
    ada.get("/me")
    seen, path = [], "/organisations?limit=3"
    while path:
        with django_assert_num_queries(3):
            answer = ada.get(path)
        seen += [row["id"] for row in answer.json()["data"]]
        link = re.search(r'<([^>]+)>; rel="next"', answer.headers.get("Link", ""))
        assert bool(link) == (answer.json()["next"] is not None)
        path = link[1].partition("/api/v1")[2] if link else ""
    assert seen == sorted(Organisation.objects.values_list("pk", flat=True), reverse=True)
    back = ada.get(f"/organisations?limit=3&cursor={answer.json()['previous']}").json()["data"]
    assert [row["id"] for row in back] == seen[3:6]
    refused = ada.get(f"/contacts?cursor={answer.json()['previous']}")
    assert refused.status_code == 422


def test_nobodys_change_is_lost(cast: Cast) -> None:
    one, other = Program(cast.alice), Program(cast.alice)
    path = f"/organisations/{cast.harbour.pk}"
    read = one.get(path)
    assert one.get(path, if_none_match=read.headers["ETag"]).status_code == 304
    assert other.patch(path, {"notes": "Closed on Mondays."}, if_match=read.headers["ETag"]).status_code == 200
    late = one.patch(path, {"notes": "Open on Mondays."}, if_match=read.headers["ETag"])
    assert late.status_code == 412
    cast.harbour.refresh_from_db()
    assert cast.harbour.notes == "Closed on Mondays."
    again = one.get(path, if_none_match=read.headers["ETag"])
    assert again.headers["ETag"] == late.headers["ETag"]
    assert one.patch(path, {"notes": "Both."}, if_match=late.headers["ETag"]).status_code == 200


def test_a_token_has_so_many_requests_a_minute(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bearer, "REQUESTS", 2)
    bob, other = Program(cast.bob), Program(cast.bob)
    left = [bob.get("/me").headers["RateLimit-Remaining"] for _ in range(2)]
    assert left == ["1", "0"]
    refused = bob.get("/me")
    assert refused.status_code == 429
    assert refused.headers["RateLimit-Limit"] == "2"
    assert 1 <= int(refused.headers["Retry-After"]) <= bearer.WINDOW_SECONDS
    assert other.get("/me").status_code == 200


def test_the_document_and_the_page_are_open_and_whole(cast: Cast) -> None:
    document = json.loads(Client().get("/api/v1/openapi.json").content)
    page = Client().get("/api/").content.decode()
    for path, methods in document["paths"].items():
        for method, one in methods.items():
            if method != "parameters":
                assert f'id="{one["operationId"]}"' in page, (method, path)
                assert one["responses"].keys() >= {"401", "429", "500"}
    for kind in ("invalid", "refused", "too-many-requests"):
        assert f'id="{kind}"' in page


def test_what_nobody_reads_to_its_end_is_a_problem_too() -> None:
    sent: list[Any] = []

    async def ask() -> None:
        length = str(BODY_LIMIT + 1).encode()
        scope = {"type": "http", "method": "POST", "path": "/api/v1/contacts", "headers": [(b"content-length", length)]}
        await Bridge(lambda environ, start: pytest.fail("It was read."), 1)(scope, _never, _keep)

    async def _never() -> Any:
        pytest.fail("It was read.")

    async def _keep(message: Any) -> None:
        sent.append(message)

    loops.run(ask())
    assert sent[0]["status"] == 413
    assert dict(sent[0]["headers"])[b"content-type"] == b"application/problem+json"


def test_answers_say_nothing_to_pages_of_others(cast: Cast) -> None:
    answer = Program(cast.bob).get("/me", origin="https://elsewhere.example")
    assert not [name for name in answer.headers if name.lower().startswith("access-control")]
    assert "Set-Cookie" not in answer.headers
