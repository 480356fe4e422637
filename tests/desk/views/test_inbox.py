"""Queues, lists and counts, through HTTP."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from answerable.customers.models import Address, Contact
from answerable.desk.actions.conversations import assign, set_status
from answerable.desk.actions.messages import receive, reply
from answerable.desk.models import Conversation, Status
from answerable.desk.queues import BY_KEY, QUEUES, counts, soon_ends
from answerable.events.models import Event
from tests.cast import Cast
from tests.desk.views.stage import asked

SIGNED_IN = 2  # session, and the user with their roles
PAGE = 1  # all counts at once, with the event the live stream begins at


@pytest.mark.parametrize("queue", [queue.key for queue in QUEUES])
def test_a_list_is_one_query_however_long(
    queue: str, cast: Cast, bob: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(3):
        assign(asked(cast, f"Question {number}", "Hello?"), to=cast.bob, by=None)
    bob.get("/notices/")  # the first page of a browser also asks whether there is a company
    rows = 1 + (queue == "unassigned")  # which stands empty, and asks whether this is the first time
    with django_assert_num_queries(SIGNED_IN + rows):
        bob.get(f"/inbox/{queue}/", headers={"HX-Request": "true", "HX-Target": "list"})
    with django_assert_num_queries(SIGNED_IN + rows + PAGE):
        bob.get(f"/inbox/{queue}/")


def test_each_queue_holds_what_it_says(cast: Cast, bob: Client, conversation: Conversation) -> None:
    assert "Where is my order?" in bob.get("/inbox/unassigned/").content.decode()
    assert "Where is my order?" in bob.get("/inbox/open/").content.decode()
    assert "Where is my order?" not in bob.get("/inbox/").content.decode()
    assign(conversation, to=cast.bob, by=cast.alice)
    assert "Where is my order?" in bob.get("/inbox/").content.decode()
    set_status(conversation, to=Status.SOLVED, by=cast.bob)
    assert "Where is my order?" in bob.get("/inbox/solved/").content.decode()
    assert "Where is my order?" not in bob.get("/inbox/open/").content.decode()


def test_a_list_says_whose_words_it_shows(cast: Cast, bob: Client, alice: Client, conversation: Conversation) -> None:
    def shown(reader: Client) -> str:
        return reader.get("/inbox/open/").content.decode()

    assert "Dace Ozola · I ordered" in shown(bob)
    reply(conversation, text="It left today.", by=cast.bob, seen_event=Event.objects.latest("id").pk)
    assert "Dace Ozola · You: It left today." in shown(bob)
    assert "Dace Ozola · Bob: It left today." in shown(alice)
    other = asked(cast, "Another parcel", "And this one?")
    merging = bob.get("/conversations/merging/", {"ids": [other.pk]}).content.decode()
    assert "Dace Ozola · You: It left today." in merging
    receive(conversation, contact=cast.dace, text="Thank you!")
    assert "Dace Ozola · Thank you!" in shown(bob)


def test_soon_is_within_a_day_and_what_is_late_comes_first(cast: Cast, bob: Client) -> None:
    for subject, hours in (("Tomorrow", 20), ("Late", -30), ("Next week", 24 * 7)):
        due_at = timezone.now() + timedelta(hours=hours)
        Conversation.objects.filter(pk=asked(cast, subject, "Hello?").pk).update(due_at=due_at)
    page = bob.get("/inbox/breaching/")
    assert [row.subject for row in page.context["page"].rows] == ["Late", "Tomorrow"]
    assert counts(cast.bob).queues["breaching"] == 2


@pytest.mark.parametrize(
    ("now", "ends"),
    [
        ("2026-11-23T10:20", "2026-11-24T11:00"),  # a Monday
        ("2026-11-27T17:30", "2026-11-30T18:00"),  # a Friday: what falls due on Monday is to be seen
        ("2026-11-28T09:00", "2026-11-30T10:00"),
        ("2026-11-29T23:30", "2026-12-01T00:00"),
    ],
)
def test_soon_ends_on_a_weekday(now: str, ends: str) -> None:
    with timezone.override("Europe/Riga"):
        ended = soon_ends(timezone.make_aware(datetime.fromisoformat(now)))
    assert ended == datetime.fromisoformat(ends).replace(tzinfo=ZoneInfo("Europe/Riga"))


def test_nothing_in_danger_says_what_would_stand_there(bob: Client, conversation: Conversation) -> None:
    assert "What is late or falls due within a day stands here" in bob.get("/inbox/breaching/").content.decode()


def test_charlie_sees_nothing_of_it(charlie: Client, conversation: Conversation) -> None:
    for queue in QUEUES:
        assert "Where is my order?" not in charlie.get(f"/inbox/{queue.key}/").content.decode()
    for queue in QUEUES[1:]:
        assert "Send a mail" not in charlie.get(f"/inbox/{queue.key}/").content.decode()


def test_counts_are_one_query_and_stop_counting(
    cast: Cast,
    conversation: Conversation,
    monkeypatch: pytest.MonkeyPatch,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    monkeypatch.setattr("answerable.desk.queues.MOST_COUNTED", 1)
    for _ in range(3):
        asked(cast, "Again", "Hello?")
    assert cast.bob.team_ids
    with django_assert_num_queries(1):
        counted = counts(cast.bob)
    assert counted.queues == {"mine": 0, "unassigned": 2, "team": 2, "breaching": 0, "open": 2, "snoozed": 0}
    assert set(counts(cast.charlie).queues.values()) == {0}


def test_a_queue_that_is_none_is_not_found(bob: Client) -> None:
    assert bob.get("/inbox/nonsense/").status_code == 404
    assert bob.get("/inbox/?cursor=nonsense").status_code == 404


def test_the_first_time_says_where_to_write(bob: Client) -> None:
    assert bob.get("/").headers["Location"] == "/inbox/unassigned/"
    assert "Send a mail to support@example.com" in bob.get("/inbox/unassigned/").content.decode()


def test_who_is_not_signed_in_is_asked_to(client: Client, cast: Cast) -> None:
    assert client.get("/inbox/").headers["Location"] == f"{reverse('account_login')}?next=/inbox/"
    fragment = client.get("/inbox/", headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/inbox/open/"})
    assert fragment.headers["HX-Redirect"] == f"{reverse('account_login')}?next=/inbox/open/"


def test_pages_are_chained_by_cursor(cast: Cast, bob: Client) -> None:
    for number in range(60):
        asked(cast, f"Question {number}.", "Hello?")
    first = bob.get("/inbox/open/")
    assert len(first.context["page"].rows) == 50
    second = bob.get("/inbox/open/", {"cursor": first.context["page"].next})
    assert [row.subject for row in second.context["page"].rows] == [
        f"Question {number}." for number in range(9, -1, -1)
    ]
    assert BY_KEY["open"].rows(cast.bob).count() == 60


def test_words_find_what_one_may_see(cast: Cast, bob: Client, charlie: Client, conversation: Conversation) -> None:
    assert "Where is my order?" in bob.get("/search/", {"q": "ordered monday"}).content.decode()
    assert "Nothing has all of these words" in bob.get("/search/", {"q": "teapot"}).content.decode()
    assert "Where is my order?" not in charlie.get("/search/", {"q": "ordered monday"}).content.decode()
    assert "Find a conversation" in bob.get("/search/").content.decode()
    assert bob.get("/search/", {"q": "order", "cursor": "nonsense"}).status_code == 404


def test_what_a_customer_writes_stays_words(cast: Cast, bob: Client) -> None:
    nasty = '<script>alert("1")</script>'
    asked(cast, nasty, nasty)
    shown = bob.get("/inbox/open/").content.decode()
    assert nasty not in shown
    assert shown.count("&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;") == 2


def test_unread_notices_are_counted_with_the_queues(cast: Cast, conversation: Conversation) -> None:
    assign(conversation, to=cast.bob, by=cast.alice)
    assert counts(cast.bob).unread == 1


def test_a_customer_without_a_name_goes_by_their_address(cast: Cast, bob: Client) -> None:
    Contact.objects.filter(pk=cast.dace.pk).update(name="")
    key = asked(cast, "Order 7", "Hello?").pk
    other = asked(cast, "Order 8", "And this one?").pk
    asked(cast, "Order 9", "Is it here?")

    def everywhere(name: str) -> None:
        assert f"{name} · Hello?" in bob.get("/inbox/unassigned/").text
        assert f"{name} · Is it here?" in bob.get(f"/conversations/merging/?ids={key}").text
        assert f"{name} · Support" in bob.get(f"/conversations/merging/?ids={key}&ids={other}").text
        page = bob.get(f"/conversations/{key}/").text.replace("<wbr>", "")  # where an address may break
        assert f'<a href="{contact}">{name}</a></strong>' in page
        assert f"<strong>{name}</strong>" in page
        assert f"Write to {name}…" in page
        assert f"</span>{name}</span></h1>" in bob.get(contact).text

    contact = reverse("contact", args=[cast.dace.pk])
    everywhere("dace@customer.example")
    Address.objects.filter(contact=cast.dace).delete()
    everywhere("Somebody without a name")


def test_the_page_asks_no_more_for_who_has_no_name(cast: Cast, bob: Client, conversation: Conversation) -> None:
    place, counted = f"/conversations/{conversation.pk}/", []
    bob.get(place)
    for name in ("Dace Ozola", ""):
        Contact.objects.filter(pk=cast.dace.pk).update(name=name)
        with CaptureQueriesContext(connection) as captured:
            bob.get(place)
        counted.append(len(captured))
    assert counted[0] == counted[1]


def test_beside_a_conversation_stands_who_has_it(cast: Cast, bob: Client, conversation: Conversation) -> None:
    place = f"/conversations/{conversation.pk}/"
    assert '<span id="conversation-assignee">Nobody</span>' in bob.get(place).content.decode()
    answer = bob.post(f"{place}assignment/", {"to": cast.bob.pk}, headers={"HX-Request": "true"})
    assert f'<span id="conversation-assignee" hx-swap-oob="true">{cast.bob}</span>' in answer.content.decode()
    assert f'<span id="conversation-assignee">{cast.bob}</span>' in bob.get(place).content.decode()
