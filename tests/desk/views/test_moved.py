"""A conversation that another team has now, seen by who had it."""

from django.test import Client

from answerable.desk.actions.conversations import move
from answerable.desk.models import Conversation
from tests.cast import Cast
from tests.desk.views.stage import HTMX, asked


def test_who_has_it_open_is_told_where_it_went(cast: Cast, bob: Client, conversation: Conversation) -> None:
    move(conversation, to=cast.sales, by=cast.alice)
    now = bob.get(f"/conversations/{conversation.pk}/thread/", headers=HTMX)
    words = now.content.decode()
    assert now.status_code == 200
    assert "has moved to the team Sales" in words
    assert 'href="/inbox/"' in words
    assert "data-moved" in words
    assert "Where is my order?" not in words


def test_who_comes_by_an_old_link_is_told_too(cast: Cast, bob: Client, conversation: Conversation) -> None:
    move(conversation, to=cast.sales, by=cast.alice)
    page = bob.get(f"/conversations/{conversation.pk}/")
    assert page.status_code == 404
    assert "has moved to the team Sales" in page.content.decode()
    opened = bob.get(f"/conversations/{conversation.pk}/", headers=HTMX)
    assert "has moved to the team Sales" in opened.content.decode()
    assert "Where is my order?" not in page.content.decode() + opened.content.decode()


def test_who_never_had_it_is_told_nothing(cast: Cast, charlie: Client, conversation: Conversation) -> None:
    move(conversation, to=cast.latvia, by=cast.alice)
    for part in ("", "thread/", "tasks/", "details/", "presence/"):
        assert charlie.get(f"/conversations/{conversation.pk}/{part}", headers=HTMX).status_code == 404


def test_what_stands_around_it_is_emptied_or_left_alone(cast: Cast, bob: Client, conversation: Conversation) -> None:
    at = f"/conversations/{conversation.pk}"
    move(conversation, to=cast.sales, by=cast.alice)
    for part in ("tasks", "details"):
        now = bob.get(f"{at}/{part}/", headers=HTMX)
        assert (now.status_code, now.content.decode().strip()) == (200, f'<div id="{part}" hidden></div>')
        assert bob.get(f"{at}/{part}/").status_code == 404
    assert bob.post(f"{at}/tasks/", {"text": "Call"}, headers=HTMX).status_code == 404
    assert bob.get(f"{at}/presence/", headers=HTMX).status_code == 204
    assert bob.post(f"{at}/presence/", {"typing": "1"}, headers=HTMX).status_code == 204


def test_who_moves_it_goes_on_in_the_queue(cast: Cast, bob: Client, conversation: Conversation) -> None:
    where = HTMX | {"HX-Current-URL": f"http://testserver/conversations/{conversation.pk}/?queue=unassigned"}
    answer = bob.post(f"/conversations/{conversation.pk}/team/", {"to": cast.sales.pk}, headers=where)
    assert answer.headers["HX-Redirect"] == "/inbox/unassigned/"
    assert "It has moved to the team Sales." in bob.get("/inbox/unassigned/").content.decode()


def test_many_are_moved_at_once(cast: Cast, bob: Client) -> None:
    rows = [asked(cast, f"Question {number}", "Hello?") for number in range(2)]
    assert "Sales" in bob.get("/conversations/teams/").content.decode()
    fields = {"ids": [row.pk for row in rows], "change": "team", "to": cast.sales.pk}
    answer = bob.post("/conversations/changes/", fields, headers=HTMX)
    assert "2 conversations changed." in answer.headers["HX-Trigger"]
    assert Conversation.objects.filter(team=cast.sales).count() == 2


def test_the_team_beside_it_is_the_one_that_has_it(cast: Cast, bob: Client, conversation: Conversation) -> None:
    answer = bob.post(f"/conversations/{conversation.pk}/team/", {"to": cast.latvia.pk}, headers=HTMX)
    assert '<dd id="conversation-team" hx-swap-oob="true">Latvia</dd>' in answer.content.decode()
