"""What the log says of requests: a line where one is refused, a traceback where one fails."""

import io
import logging
from collections.abc import Iterator

import pytest
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path

from answerable.site.log import Sealed
from answerable.site.urls import urlpatterns as ours
from tests.cast import Cast


def fails(_request: HttpRequest) -> HttpResponse:
    raise ZeroDivisionError("nothing to share")


def is_away(_request: HttpRequest) -> HttpResponse:
    raise OperationalError("connection refused\nIs the server running?")


urlpatterns = [*ours, path("fails/", fails), path("away/", is_away)]
handler500 = "answerable.site.failing.server_error"


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """What the log's own handler writes."""
    handlers = [each for each in logging.root.handlers if isinstance(each.formatter, Sealed)]
    [handler] = [each for each in handlers if isinstance(each, logging.StreamHandler)]
    stream = io.StringIO()
    before = handler.setStream(stream)
    yield stream
    handler.setStream(before)


def test_a_refusal_is_one_line(cast: Cast, written: io.StringIO) -> None:
    client = Client()
    client.force_login(cast.charlie)
    assert client.get("/settings/rules/").status_code == 403
    assert written.getvalue() == "WARNING django.request: Forbidden (Permission denied): /settings/rules/\n"


def test_a_form_that_comes_back_is_none(cast: Cast, written: io.StringIO) -> None:
    client = Client()
    client.force_login(cast.ada)
    assert client.post("/settings/rules/new/", {}).status_code == 422
    assert written.getvalue() == ""


def test_too_many_fields_are_one_line(cast: Cast, written: io.StringIO) -> None:
    answer = Client(raise_request_exception=False).post("/sign-in/", {f"field{n}": "" for n in range(20_000)})
    assert answer.status_code == 400
    [line] = written.getvalue().splitlines()
    assert line.startswith("ERROR django.security.TooManyFieldsSent: ")


@pytest.mark.urls(__name__)
def test_a_failure_says_where(cast: Cast, written: io.StringIO) -> None:
    client = Client(raise_request_exception=False)
    client.force_login(cast.bob)
    assert client.get("/fails/").status_code == 500
    first, *traceback, last = written.getvalue().splitlines()
    assert first == "ERROR django.request: Internal Server Error: /fails/"
    assert any("in fails" in line for line in traceback)
    assert last == "ZeroDivisionError: nothing to share"


@pytest.mark.urls(__name__)
def test_a_database_that_is_away_is_a_line_and_503(cast: Cast, written: io.StringIO) -> None:
    client = Client(raise_request_exception=False)
    client.force_login(cast.bob)
    answer = client.get("/away/")
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert "Try again in a moment" in answer.text
    assert written.getvalue() == "ERROR django.request: Service Unavailable: /away/\n"


def test_a_host_that_is_not_ours_says_where_ours_is_named(cast: Cast, written: io.StringIO) -> None:
    assert Client(headers={"host": "elsewhere.example"}).get("/sign-in/").status_code == 400
    [line] = written.getvalue().splitlines()
    assert line.endswith(
        "Invalid HTTP_HOST header: 'elsewhere.example'. "
        "ANSWERABLE_URL is http://localhost:8000; a proxy must pass Host on."
    )
