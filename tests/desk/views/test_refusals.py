"""Charlie is refused everywhere, Quinn reads and can't act, and nonsense is answered in words."""

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from answerable.desk.models import Conversation, Macro, Message
from tests.cast import Cast
from tests.desk.views.stage import HTMX

READS = ("", "thread/", "before/999999999/", "assignees/", "teams/", "colleagues/", "macros/", "presence/")
WRITES = {
    "replies/": {"text": "Hello"},
    "notes/": {"text": "Hello"},
    "draft/": {"text": "Hello", "kind": "outbound"},
    "assignment/": {"to": ""},
    "team/": {"to": "1"},
    "status/": {"to": "solved"},
    "priority/": {"to": "4"},
    "tags/": {"tags": "x"},
    "snooze/": {"preset": "tomorrow"},
    "copies/": {"copied": ""},
    "spam/": {"to": "1"},
    "presence/": {"typing": "1"},
}
QUINN_MAY = ("notes/", "draft/", "presence/")


@pytest.mark.parametrize("part", READS)
def test_charlie_may_not_know_it_exists(part: str, charlie: Client, conversation: Conversation) -> None:
    assert charlie.get(f"/conversations/{conversation.pk}/{part}").status_code == 404


@pytest.mark.parametrize("part", WRITES)
def test_charlie_can_change_nothing(part: str, charlie: Client, conversation: Conversation) -> None:
    before = Conversation.objects.values().get()
    assert charlie.post(f"/conversations/{conversation.pk}/{part}", WRITES[part]).status_code == 404
    assert Conversation.objects.values().get() == before


def test_charlie_finds_no_message(charlie: Client, conversation: Conversation) -> None:
    message = Message.objects.get()
    for address in (f"/messages/{message.pk}/", f"/messages/{message.pk}/body/"):
        assert charlie.get(address, headers=HTMX).status_code == 404
    assert charlie.post(f"/messages/{message.pk}/undo/").status_code == 404


@pytest.mark.parametrize("part", WRITES)
def test_quinn_reads_and_notes_but_does_not_act(part: str, quinn: Client, conversation: Conversation) -> None:
    assert quinn.get(f"/conversations/{conversation.pk}/").status_code == 200
    answer = quinn.post(f"/conversations/{conversation.pk}/{part}", WRITES[part], headers=HTMX)
    assert answer.status_code < 300 if part in QUINN_MAY else answer.status_code in (403, 422)
    conversation.refresh_from_db()
    assert (conversation.status, conversation.tags, conversation.priority) == ("new", [], 2)


def test_quinn_is_shown_no_controls(quinn: Client, conversation: Conversation) -> None:
    shown = quinn.get(f"/conversations/{conversation.pk}/").content.decode()
    assert 'id="reply-form"' not in shown
    assert 'id="solve"' not in shown
    assert 'id="note-form"' in shown


@pytest.mark.parametrize("part", WRITES)
def test_a_noun_is_not_read_where_it_is_written(part: str, bob: Client, conversation: Conversation) -> None:
    expected = 200 if part == "presence/" else 405
    assert bob.get(f"/conversations/{conversation.pk}/{part}").status_code == expected


NONSENSE = st.one_of(st.text(max_size=40), st.integers().map(str), st.sampled_from(["\0", "9" * 400, "-1", "1e9", "ა"]))


@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(fields=st.dictionaries(st.sampled_from(["cursor", "open", "queue", "q", "as", "images"]), NONSENSE, max_size=4))
def test_no_query_string_breaks_a_page(fields: dict[str, str], bob: Client, conversation: Conversation) -> None:
    message = Message.objects.first()
    assert message
    for address in ("/inbox/", "/inbox/counts/", "/notices/", "/search/", f"/conversations/{conversation.pk}/"):
        assert bob.get(address, fields).status_code in (200, 404)
    for address in (f"/messages/{message.pk}/", f"/conversations/{conversation.pk}/colleagues/"):
        assert bob.get(address, fields, headers=HTMX).status_code == 200


FIELDS = ["to", "text", "tags", "preset", "until", "copied", "seen_event", "then", "kind", "ids", "change", "anyway"]


@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(fields=st.dictionaries(st.sampled_from(FIELDS), NONSENSE, max_size=6))
def test_no_form_breaks_a_page(fields: dict[str, str], bob: Client, conversation: Conversation) -> None:
    for part in WRITES:
        answer = bob.post(f"/conversations/{conversation.pk}/{part}", fields, headers=HTMX)
        assert answer.status_code in (200, 204, 409, 422), part
    for address in ("/conversations/changes/", "/conversations/new/", "/notices/readings/"):
        assert bob.post(address, fields).status_code in (200, 302, 422), address


def test_numbers_no_database_knows_are_not_found(bob: Client, cast: Cast) -> None:
    huge = "9" * 30
    for address in (f"/conversations/{huge}/", f"/messages/{huge}/", f"/attachments/{huge}/"):
        assert bob.get(address).status_code == 404


def test_macros_of_another_team_are_not_found(cast: Cast, charlie: Client, bob: Client) -> None:
    mine = Macro.objects.create(name="Thanks", text="Thank you", team=cast.support)
    assert charlie.get(f"/macros/{mine.pk}/").status_code == 404
    assert charlie.post(f"/macros/{mine.pk}/retirement/").status_code == 404
    assert bob.get(f"/macros/{mine.pk}/").status_code == 403
    assert bob.post(f"/macros/{mine.pk}/retirement/").status_code == 403
    assert bob.get("/macros/new/").status_code == 403
