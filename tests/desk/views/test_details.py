"""What is known of a conversation besides its words: who writes it down, and how it is read."""

import re
from collections.abc import Callable

import pytest
from django.test import Client

from answerable.desk.actions.fields import retire_field, write_field
from answerable.desk.models import Conversation, Field, SavedQueue
from answerable.events.models import Event
from answerable.people.models import User
from tests.cast import Cast
from tests.desk.views.stage import HTMX


@pytest.fixture
def fields(cast: Cast) -> dict[str, Field]:
    kinds = {"Order": "text", "Price": "number", "Bought on": "date", "Is a gift": "yes_no"}
    rows = {
        name: write_field(name=name, kind=kind, names={}, choices_in={}, by=cast.ada) for name, kind in kinds.items()
    }
    said = {"lv": ["Pasts", "Veikals"]}
    rows["Way"] = write_field(
        name="Way", kind="choice", names={"lv": "Veids"}, choices=["Post", "Shop"], choices_in=said, by=cast.ada
    )
    return rows


def given(fields: dict[str, Field], **values: str) -> dict[str, str]:
    return {f"field_{fields[name.replace('_', ' ')].pk}": value for name, value in values.items()}


def test_an_agent_writes_down_what_is_known(
    cast: Cast, bob: Client, conversation: Conversation, fields: dict[str, Field]
) -> None:
    place = f"/conversations/{conversation.pk}/details/"
    assert "Nothing is known yet" in bob.get(f"/conversations/{conversation.pk}/").text
    form = bob.get(f"{place}?edit", headers={"HX-Request": "true"}).text
    assert form.index("Order") < form.index("Way")
    values = given(fields, Order="A-1", Price="1234.50", Bought_on="2026-03-08", Is_a_gift="on", Way="Shop")
    shown = bob.post(place, values, headers={"HX-Request": "true"}).text
    for words in ("A-1", "1234.50", "March 8, 2026", "Yes", "Shop"):
        assert words in shown
    conversation.refresh_from_db()
    assert sorted(conversation.details.values()) == ["1234.50", "2026-03-08", "A-1", "Shop", "yes"]
    bob.post(place, given(fields, Order="A-1", Price="", Bought_on="2026-03-08", Is_a_gift="on", Way="Post"))
    event = Event.objects.filter(verb="conversation.detailed").latest("pk")
    assert [(one["name"], one["before"], one["to"]) for one in event.particulars["changes"]] == [
        ("Price", "1234.50", ""),
        ("Way", "Shop", "Post"),
    ]
    assert "wrote down: Price: —; Way: Post" in bob.get(f"/conversations/{conversation.pk}/").text


def test_wrong_values_are_said_beside_their_field(
    bob: Client, conversation: Conversation, fields: dict[str, Field]
) -> None:
    wrong = given(fields, Order="x" * 1001, Price="much", Bought_on="yesterday", Way="Air")
    page = bob.post(f"/conversations/{conversation.pk}/details/", wrong, headers={"HX-Request": "true"})
    assert page.text.count('class="errors"') == 4
    assert "yesterday" in page.text
    conversation.refresh_from_db()
    assert conversation.details == {}


def test_others_are_refused(
    charlie: Client, quinn: Client, conversation: Conversation, fields: dict[str, Field]
) -> None:
    place = f"/conversations/{conversation.pk}/details/"
    values = given(fields, Order="A-1")
    assert charlie.get(place).status_code == charlie.post(place, values).status_code == 404
    assert quinn.post(place, values).status_code == 403
    assert "?edit" not in quinn.get(place, headers={"HX-Request": "true"}).text
    assert quinn.get("/settings/fields/").status_code == quinn.post("/settings/fields/new/").status_code == 403


def test_an_administrator_adds_orders_and_retires(cast: Cast, fields: dict[str, Field]) -> None:
    ada = Client()
    ada.force_login(cast.ada)
    page = ada.post(
        "/settings/fields/new/", {"name": "order", "kind": "choice", "choices": "One\none", "choices_lv": "A"}
    )
    assert page.status_code == 422
    assert "stands there twice" in page.text
    assert "each choice needs its line" in page.text
    again = ada.post("/settings/fields/new/", {"name": "order", "kind": "text"})
    assert (again.status_code, "of this name already" in again.text) == (422, True)
    made = ada.post(
        "/settings/fields/new/", {"name": "Size", "kind": "choice", "choices": "S\nM", "choices_ka": "ს\nმ"}
    )
    assert made.status_code == 302
    size = Field.objects.get(name="Size")
    assert (size.choices, size.choice_in("ka", "M"), size.choice_in("ka", "XL")) == (["S", "M"], "მ", "XL")
    assert ada.post(f"/settings/fields/{size.pk}/place/").status_code == 302
    assert [row.name for row in Field.objects.current()][-2:] == ["Size", "Way"]
    changed = ada.post(f"/settings/fields/{size.pk}/", {"name": "Size", "kind": "text", "choices": "S\nL"})
    assert changed.status_code == 302
    size.refresh_from_db()
    assert (size.kind, size.choices) == ("choice", ["S", "L"])


def test_what_is_known_stays_when_its_field_is_retired(
    cast: Cast, bob: Client, conversation: Conversation, fields: dict[str, Field]
) -> None:
    bob.post(f"/conversations/{conversation.pk}/details/", given(fields, Order="A-1", Way="Shop"))
    retire_field(fields["Order"], by=cast.ada)
    write_field(
        name="Way", kind="choice", names={}, choices=["Post", "Air"], choices_in={}, field=fields["Way"], by=cast.ada
    )
    page = bob.get(f"/conversations/{conversation.pk}/").text
    assert "A-1" in page
    assert "Shop" in page
    kept = bob.post(f"/conversations/{conversation.pk}/details/", given(fields, Way="Shop", Price="3"))
    assert kept.status_code == 302
    conversation.refresh_from_db()
    assert sorted(conversation.details.values()) == ["3", "A-1", "Shop"]


def test_without_fields_the_page_says_nothing_of_them(bob: Client, conversation: Conversation) -> None:
    assert 'id="details"' not in bob.get(f"/conversations/{conversation.pk}/").text


def test_what_must_be_known_is_asked_for_before_solving(
    cast: Cast, bob: Client, conversation: Conversation, browser: Callable[[User], Client]
) -> None:
    ada = browser(cast.ada)
    fields = {"name": "Parts", "kind": "several", "choices": "Lamp\nShade\nCable", "is_required": "on"}
    ada.post("/settings/fields/new/", fields)
    field = Field.objects.get()
    assert "before solving" in ada.get("/settings/fields/").content.decode()
    there = f"/conversations/{conversation.pk}/"
    refused = bob.post(f"{there}status/", {"to": "solved"}, headers=HTMX)
    assert refused.status_code == 422
    assert "Parts" in refused.headers["HX-Trigger"]
    assert '"reveal": {"id": "details"}' in refused.headers["HX-Trigger"]
    bob.post(f"{there}details/", {f"field_{field.pk}": ["Lamp", "Cable"]}, headers=HTMX)
    conversation.refresh_from_db()
    assert conversation.details == {str(field.pk): "Lamp\nCable"}
    assert "Lamp, Cable" in bob.get(f"{there}details/", headers=HTMX).content.decode()
    assert "checked" in bob.get(f"{there}details/?edit", headers=HTMX).content.decode()
    queue = {"name": "Lamps", "order": "newest", f"own_{field.pk}": ["Lamp"], "columns": [str(field.pk)]}
    bob.post("/settings/queues/new/", queue)
    assert "Parts: Lamp, Cable" in bob.get(f"/inbox/saved-{SavedQueue.objects.get().pk}/").content.decode()
    assert bob.post(f"{there}status/", {"to": "solved"}, headers=HTMX).status_code == 200


def test_only_what_need_not_be_known_is_called_optional(
    cast: Cast, bob: Client, conversation: Conversation, fields: dict[str, Field]
) -> None:
    place = f"/conversations/{conversation.pk}/details/"
    for name, kind in (("Depot", "text"), ("Parts", "several")):
        write_field(
            name=name, kind=kind, choices=["Lamp", "Shade"], names={}, choices_in={}, is_required=True, by=cast.ada
        )
    page = bob.get(f"{place}?edit", headers=HTMX).text
    labels = re.findall(r"<(?:label for|legend)[^>]*>(.*?)</(?:label|legend)>", page)
    optional = {words.partition(" <")[0] for words in labels if "(optional)" in words}
    assert {"Depot", "Parts"} <= set(labels)
    assert optional == {"Order", "Price", "Bought on", "Way"}
    known_so_far = given(fields, Order="A-1")  # the others may be written down later
    assert "A-1" in bob.post(place, known_so_far, headers=HTMX).text
    conversation.refresh_from_db()
    assert list(conversation.details.values()) == ["A-1"]
