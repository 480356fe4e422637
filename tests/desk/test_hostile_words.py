"""What strangers write stays words: on pages, in headers of files, in mail that leaves."""

from email import message_from_bytes
from email.policy import default

import pytest
from django.test import Client
from django.urls import reverse

from answerable.channels.email.composing import compose
from answerable.desk.actions.conversations import set_tags
from answerable.desk.actions.files import NewFile
from answerable.desk.actions.macros import write_macro
from answerable.desk.actions.messages import reply
from answerable.desk.models import Conversation
from tests.cast import Cast
from tests.desk.views.stage import asked

pytestmark = pytest.mark.django_db
MARK = "x\"'><script>alert(1)</script><img src=x onerror=alert(1)>"
HEADERS = "Hello\r\nBcc: eve@example.com\r\n\r\nBody"


@pytest.fixture
def hostile(cast: Cast) -> Conversation:
    """Names, subject, text, files and tags, all of them markup."""
    for row in (cast.dace, cast.alice, cast.support, cast.harbour):
        type(row).objects.filter(pk=row.pk).update(name=MARK[:100])
    files = [NewFile(MARK, "image/svg+xml", b"<svg onload='alert(1)'/>", MARK), NewFile(MARK, MARK, b"x")]
    found = asked(cast, MARK, MARK, html=f"<p onclick='alert(1)'>{MARK}</p><svg onload=alert(1)>", files=files)
    write_macro(name=MARK, text=MARK, team=cast.support, by=cast.alice)
    return set_tags(found, tags=["<b>"], by=cast.bob)


def test_no_page_runs_it(cast: Cast, hostile: Conversation) -> None:
    client = Client()
    client.force_login(cast.alice)
    message = hostile.messages.get()
    pages = [
        "/inbox/open/",
        "/inbox/unassigned/?open=1",
        f"/search/?q={MARK}",
        "/search/?q=alert",
        "/macros/",
        "/customers/",
        "/settings/teams/",
        "/settings/staff/",
        reverse("conversation", args=[hostile.pk]),
        reverse("conversation_macros", args=[hostile.pk]),
        reverse("assignees", args=[hostile.pk]),
        reverse("conversation_teams", args=[hostile.pk]),
        reverse("colleagues", args=[hostile.pk]),
        reverse("message_body", args=[message.pk]),
        reverse("contact", args=[cast.dace.pk]),
    ]
    for page in pages:
        for headers in ({}, {"HX-Request": "true"}):
            answer = client.get(page, headers=headers)
            words = answer.content.decode()
            assert answer.status_code == 200, page
            for harm in ("<script>alert", "<img src=x", "<svg onload", "onclick="):
                assert harm not in words, (page, harm)
            policy = answer.headers["Content-Security-Policy"]
            assert "unsafe" not in policy.partition("style-src")[0], page


def test_no_file_is_opened_in_place(cast: Cast, hostile: Conversation) -> None:
    client = Client()
    client.force_login(cast.alice)
    for attachment in hostile.messages.get().attachments.all():
        answer = client.get(reverse("attachment", args=[attachment.pk]))
        assert answer.headers["Content-Type"] == "application/octet-stream"
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert "sandbox" in answer.headers["Content-Security-Policy"]
        assert client.get(reverse("inline_image", args=[attachment.pk])).status_code == 404


def test_no_word_becomes_a_header_of_mail(cast: Cast) -> None:
    for row in (cast.dace, cast.bob, cast.support_inbox):
        type(row).objects.filter(pk=row.pk).update(name=HEADERS)
    found = asked(cast, HEADERS, "Hello")
    cast.bob.refresh_from_db()
    files = [NewFile(HEADERS, "text/plain", b"x"), NewFile("a", "text/html\r\nBcc: eve@example.com", b"x")]
    message = reply(found, text=f"{HEADERS}\r\n.\r\nQUIT\n.\n", by=cast.bob, seen_event=None, anyway=True, files=files)
    letter = compose(message.delivery)
    parsed = message_from_bytes(letter.raw, policy=default)
    assert parsed["Bcc"] is None
    assert all(part["Bcc"] is None for part in parsed.walk())
    assert b"\n" not in letter.raw.replace(b"\r\n", b"")
    assert b"\r" not in letter.raw.replace(b"\r\n", b"")
