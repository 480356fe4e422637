"""Input of any shape is answered in words, never with a 500."""

from io import BytesIO

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.handlers.wsgi import WSGIRequest
from django.test import Client
from django.urls import reverse

from answerable.desk.models import Conversation
from answerable.site.bridge import environ
from tests.cast import Cast
from tests.desk.views.stage import asked

COOKIES = ["\\000" * 8, "a" * 5000, '"\\000\\000\\000\\000aaaaaaaa"', "{}", "..%2f..", "a" * 31 + "\x7f"]
CHARSETS = ["hex", "zlib", "utf-7", "unicode_escape", "utf-16", "rot13", "idna", "no-such", '"hex"', "utf-8"]


@pytest.fixture
def bob(cast: Cast) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(cast.bob)
    return client


@pytest.fixture
def conversation(cast: Cast) -> Conversation:
    return asked(cast, "Where is my order?", "I ordered on Monday.")


@pytest.mark.parametrize("name", ["sessionid", "csrftoken", "messages", "theme", "django_language", "\x00"])
@pytest.mark.parametrize("value", COOKIES)
def test_cookies_of_any_shape(cast: Cast, name: str, value: str) -> None:
    client = Client(raise_request_exception=False, headers={"cookie": f"{name}={value}"})
    for path in ("/sign-in/", "/inbox/"):
        assert client.get(path).status_code in (200, 302, 400), path
    assert client.post("/sign-in/", {"login": "a@b.example", "password": "x"}).status_code < 500


@pytest.mark.parametrize("charset", CHARSETS)
def test_every_form_is_read_as_utf_8(charset: str) -> None:
    kind = f"multipart/form-data; charset={charset}; boundary=x"
    scope = {
        "method": "POST",
        "path": "/",
        "query_string": b"q=%ff",
        "http_version": "1.1",
        "headers": [(b"content-type", kind.encode())],
    }
    made = environ(scope, BytesIO(), 0)
    assert made["CONTENT_TYPE"] == "multipart/form-data; boundary=x"
    assert WSGIRequest(made).GET["q"] == "\ufffd"


@pytest.mark.parametrize(
    "kind", ["text/\x00plain", "a" * 300, "text/plain; charset=\x00", "multipart/mixed", "//;;", ""]
)
@pytest.mark.parametrize("name", ["a.txt", "\x00", "../../etc/passwd", "ā" * 300 + ".txt", "con\r\nX: y", '"'])
def test_files_of_any_name_and_kind(bob: Client, conversation: Conversation, name: str, kind: str) -> None:
    file = SimpleUploadedFile("x", b"abc", content_type=kind)
    file._name = name
    answer = bob.post(reverse("notes", args=[conversation.pk]), {"text": "See.", "attachments": file})
    assert answer.status_code < 500
    for attachment in conversation.messages.latest("id").attachments.all():
        found = bob.get(reverse("attachment", args=[attachment.pk]))
        assert found.status_code == 200
        assert found.headers["Content-Type"] == "application/octet-stream"
        assert found.headers["Content-Disposition"].startswith("attachment")


@pytest.mark.parametrize(
    "body", [b"", b"--x", b"--x\r\n\r\n", b"--x\r\nContent-Disposition: form-data; name*=bogus''a\r\n\r\nb\r\n--x--"]
)
def test_multipart_of_any_shape(bob: Client, conversation: Conversation, body: bytes) -> None:
    for given in (
        "multipart/form-data; boundary=x",
        "multipart/form-data",
        f"multipart/form-data; boundary={'x' * 300}",
    ):
        assert bob.generic("POST", reverse("notes", args=[conversation.pk]), body, given).status_code < 500


def test_thousands_of_fields_and_long_ones_are_refused_in_words(bob: Client, conversation: Conversation) -> None:
    many = {f"field{number}": "x" for number in range(3000)}
    long = {"text": "x" * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)}
    for form in (many, long):
        for name in ("notes", "replies", "draft", "tags", "status", "assignment", "snooze", "copies"):
            answer = bob.post(reverse(name, args=[conversation.pk]), form)
            assert answer.status_code in (400, 413, 422), name
            assert answer.content, name


@pytest.mark.parametrize(
    "until", ["9999-12-31T23:59", "0001-01-01T00:00", "2026-13-01", "١٢٣٤", "\x00", "9" * 400, "2026-03-29T03:30"]
)
@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "America/Los_Angeles", "Europe/Riga"])
def test_times_of_any_shape(cast: Cast, bob: Client, conversation: Conversation, until: str, zone: str) -> None:
    type(cast.bob).objects.filter(pk=cast.bob.pk).update(time_zone=zone)
    answer = bob.post(reverse("snooze", args=[conversation.pk]), {"until": until})
    assert answer.status_code in (302, 422), answer.status_code
    assert bob.get("/inbox/snoozed/").status_code == 200


@pytest.mark.parametrize(
    "value", ["\x00", "9" * 400, "-1", "1e400", "ā", "[]", "{}", "%", "'", "1;2", "<script>", "NaN"]
)
def test_query_strings_of_any_shape(cast: Cast, bob: Client, conversation: Conversation, value: str) -> None:
    asked_for = dict.fromkeys(
        ("q", "cursor", "open", "queue", "as", "images", "to", "team", "absorbed", "token", "period", "first", "last"),
        value,
    ) | dict.fromkeys(
        ("kpi", "outcome", "by", "key", "after", "channel", "segment", "language", "since", "inbox"), value
    )
    for path in (
        "/inbox/",
        "/inbox/counts/",
        "/search/",
        "/notices/",
        "/customers/",
        "/organisations/",
        "/settings/staff/",
        "/conversations/new/",
        "/report/",
        "/report/figures/",
        "/report/charts/",
        "/report/conversations/",
        "/report.json",
        "/policy/",
        reverse("conversation", args=[conversation.pk]),
        reverse("colleagues", args=[conversation.pk]),
        reverse("contact-merges", args=[cast.dace.pk]),
    ):
        answer = bob.get(path, asked_for)
        assert answer.status_code < 500, path
        assert b"<script>'" not in answer.content, path


@pytest.mark.parametrize("number", ["9" * 5000, "9" * 30, "²", "٣", "-1", "\x00"])
def test_numbers_of_any_length(cast: Cast, bob: Client, conversation: Conversation, number: str) -> None:
    ada = Client(raise_request_exception=False)
    ada.force_login(cast.ada)
    there = {"follows": number, "open": number, "rule": number, "before": number}
    for path in (f"/inbox/saved-{number}/", "/inbox/", "/conversations/new/"):
        assert bob.get(path, there).status_code < 500, path
    assert bob.get(reverse("palette"), {"q": f"#{number}"}).status_code < 500
    for name, form in (
        ("task_checklist", {"checklist": number}),
        ("links", {"number": number, "kind": "same"}),
    ):
        assert bob.post(reverse(name, args=[conversation.pk]), form).status_code < 500, name
    assert ada.post(reverse("rule_places"), {"rule": number}).status_code < 500
