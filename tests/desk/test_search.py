"""Conversations are found by their words, the newest first, and by nobody who may not see them."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from pytest_django import DjangoAssertNumQueries

from answerable.customers.models import Address
from answerable.desk import find as finding
from answerable.desk.actions.conversations import move, open_conversation
from answerable.desk.actions.messages import add_note, receive, reply, take_back
from answerable.desk.actions.search import EMPTY_THE_LIST, file_words, index_conversation, index_conversations
from answerable.desk.models import Conversation, Search
from answerable.desk.rows import of_words
from answerable.people.models import User
from tests.cast import Cast

NOON = datetime(2024, 3, 1, 12, tzinfo=UTC)


def told(cast: Cast, subject: str, text: str, *, hours: int = 0) -> Conversation:
    at = NOON + timedelta(hours=hours)
    conversation = open_conversation(inbox=cast.support_inbox, contact=cast.dace, subject=subject, by=None, at=at)
    receive(conversation, contact=cast.dace, text=text, at=at)
    return conversation


def found(cast: Cast, text: str, user: User | None = None, **more: Any) -> list[int]:
    return [row.pk for row in of_words(text, user or cast.bob, **more)]


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("Қайтару", "Ақшаны қайтаруды күтемін"),
        ("აბონემენტი", "აბონემენტის გაუქმება მინდა"),
        ("pasūtījums", "Kur paliek mani pasūtījumi?"),
        ("refund", "I was refunded twice"),
        ("заказ", "Где мои заказы?"),
    ],
)
def test_inflected_words_are_found_in_each_language(cast: Cast, typed: str, text: str) -> None:
    conversation = told(cast, "?", text)
    assert found(cast, typed) == [conversation.pk]


def test_subject_contact_note_and_reply_are_found(cast: Cast) -> None:
    conversation = told(cast, "Broken kettle", "It leaks.")
    add_note(conversation, text="Ask the warehouse", by=cast.bob)
    reply(conversation, text="We post a lid", by=cast.bob, seen_event=None, anyway=True)
    for typed in ("kettles", "leaking", "warehouse", "lid", "dace@customer.example", "kettle lid", "Dace"):
        assert found(cast, typed) == [conversation.pk], typed
    assert found(cast, "kettle teapot") == []


def test_new_words_are_filed_away_and_found_as_before(cast: Cast) -> None:
    conversation = told(cast, "Broken kettle", "It leaks.")
    file_words()
    with connection.cursor() as cursor:
        cursor.execute(EMPTY_THE_LIST)
        assert cursor.fetchone() == (0,), "nothing waits at the index's door any more"
    assert found(cast, "kettle") == [conversation.pk]


def test_another_team_finds_nothing_until_it_is_given(cast: Cast) -> None:
    conversation = told(cast, "Broken kettle", "It leaks.")
    assert found(cast, "kettle", cast.charlie) == []
    move(conversation, to=cast.sales, by=cast.ada)
    assert found(cast, "kettle", cast.charlie) == [conversation.pk]
    assert found(cast, "kettle") == []


def test_the_newest_stand_first_and_pages_follow(cast: Cast) -> None:
    made = [told(cast, "kettle", "leaks", hours=hour).pk for hour in (3, 1, 2)]
    newest_first = [made[0], made[2], made[1]]
    assert found(cast, "kettle") == newest_first
    top = Conversation.objects.get(pk=made[0])
    assert found(cast, "kettle", before=(top.last_message_at, top.pk)) == newest_first[1:]


@pytest.mark.parametrize("limit", [1, 2, 4, 50])
def test_each_way_of_looking_gives_the_same_page(cast: Cast, monkeypatch: pytest.MonkeyPatch, limit: int) -> None:
    made = [told(cast, "kettle" if hour % 2 else "pan", "leaks", hours=hour).pk for hour in range(8)]
    move(told(cast, "kettle", "of another team", hours=9), to=cast.sales, by=cast.ada)
    expected = [pk for pk in reversed(made) if made.index(pk) % 2][:limit]
    teams = sorted(cast.bob.team_ids)
    ways = ((200, 3, 4000, 20), (1, 99, 1, 20), (1, 99, 1, 1), (2, 1, 5, 20), (2, 1, 100, 20), (0, 1, 1, 20))
    for glance, promising, walk, further in ways:
        monkeypatch.setattr(finding, "FURTHER", further)
        monkeypatch.setattr(finding, "GLANCE", glance)
        monkeypatch.setattr(finding, "PROMISING", promising)
        monkeypatch.setattr(finding, "WALK", walk)
        assert finding.find("kettle", teams=teams, limit=limit) == expected


def test_the_last_word_may_be_unfinished_while_typing(cast: Cast) -> None:
    conversation = told(cast, "Broken kettle", "It leaks.")
    assert found(cast, "broken ket", typing=True) == [conversation.pk]
    assert found(cast, "broken ket") == []


@pytest.mark.parametrize("typed", ["", "  ", "'", "\\", "a:*b | !c & (", "%", "\x00", "🫖", "x" * 5000, "' " * 99])
def test_whatever_is_typed_is_no_error(cast: Cast, typed: str) -> None:
    assert found(cast, typed) == []
    assert found(cast, typed, typing=True) == []


def test_what_was_taken_back_is_not_found(cast: Cast) -> None:
    conversation = told(cast, "Broken kettle", "It leaks.")
    message = reply(conversation, text="A secret", by=cast.bob, seen_event=None, anyway=True)
    assert found(cast, "secret") == [conversation.pk]
    take_back(message, by=cast.bob)
    assert found(cast, "secret") == []
    assert found(cast, "leaks") == [conversation.pk]


def test_indexing_anew_gives_what_the_actions_gave(cast: Cast) -> None:
    conversation = told(cast, "Broken kettle", "It leaks.")
    before = Search.objects.get(conversation=conversation).vector
    index_conversations(Conversation.objects.all())
    assert Search.objects.get(conversation=conversation).vector == before
    Address.objects.create(contact=cast.dace, value="dace@home.example")
    index_conversation(conversation)
    assert found(cast, "dace@home.example") == [conversation.pk]


def test_a_word_costs_two_queries_or_three_where_the_newest_have_it(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    told(cast, "Broken kettle", "It leaks.")
    teams = sorted(cast.bob.team_ids)
    with django_assert_num_queries(3):
        finding.find("kettle", teams=teams)
    monkeypatch.setattr(finding, "GLANCE", 0)
    with django_assert_num_queries(2):
        finding.find("kettle", teams=teams)
