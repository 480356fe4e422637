"""Who an answer goes to, from the composer."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from answerable.desk.actions.copies import MOST_COPIES
from answerable.desk.models import Delivery, Draft
from tests.cast import contact
from tests.desk.views.stage import HTMX, last_event

if TYPE_CHECKING:
    from django.test import Client

    from answerable.desk.models import Conversation
    from tests.cast import Cast


def answer(client: Client, conversation: Conversation, **more: str) -> int:
    sent = {"text": "Tomorrow.", "seen_event": last_event(conversation), "then": "pending"} | more
    return client.post(f"/conversations/{conversation.pk}/replies/", sent, headers=HTMX).status_code


def field(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found, name
    return found[1]


def test_an_answer_is_addressed_as_mail_programs_write(bob: Client, conversation: Conversation) -> None:
    copied = '"Ozola, Eva" <Eva@customer.example>, max@customer.example; eva@customer.example'
    assert answer(bob, conversation, copied=copied, knew="", blind="Lawyer <lawyer@x.example>") == 200
    sent = Delivery.objects.get()
    assert (sent.copied, sent.blind) == (["eva@customer.example", "max@customer.example"], ["lawyer@x.example"])
    page = bob.get(f"/conversations/{conversation.pk}/").content.decode()
    assert "Bcc lawyer@x.example" in page
    assert (field(page, "copied"), field(page, "knew")) == ("eva@customer.example, max@customer.example",) * 2
    assert field(page, "blind") == ""
    assert answer(bob, conversation, copied="max@customer.example", knew="eva@customer.example") == 200
    assert Delivery.objects.latest("id").copied == ["max@customer.example"]


def test_what_cannot_be_addressed_is_said(bob: Client, conversation: Conversation) -> None:
    assert answer(bob, conversation, blind="lawyer@") == 422
    assert answer(bob, conversation, copied="sales@example.com") == 422
    assert answer(bob, conversation, to="stranger@x.example") == 422
    many = ", ".join(f"p{number}@x.example" for number in range(MOST_COPIES))
    assert answer(bob, conversation, copied=many, blind="one.more@x.example") == 422
    assert not Delivery.objects.exists()
    conversation.refresh_from_db()
    assert conversation.copied == []


def test_a_draft_knows_whom_it_is_for(bob: Client, conversation: Conversation) -> None:
    """Half an address is not kept; what comes meanwhile is on the page as well."""
    address = f"/conversations/{conversation.pk}/draft/"
    sent = {"kind": "outbound", "text": "Dear", "copied": "eva@x.example, ma", "knew": "", "blind": "lawyer@x.example"}
    assert bob.post(address, sent).status_code == 200
    assert Draft.objects.get().envelope == {"added": ["eva@x.example"], "blind": ["lawyer@x.example"]}
    bob.post(f"/conversations/{conversation.pk}/copies/", {"copied": "max@x.example"}, headers=HTMX)
    page = bob.get(f"/conversations/{conversation.pk}/").content.decode()
    assert field(page, "copied") == "max@x.example, eva@x.example"
    assert (field(page, "knew"), field(page, "blind")) == ("max@x.example", "lawyer@x.example")


def test_names_are_offered_to_colleagues_alone(cast: Cast, bob: Client, client: Client) -> None:
    contact("Bobby Tables", "tables@x.example")
    contact("Gone", "bobmail@x.example").addresses.update(bounced_at=cast.company.created_at)
    page = bob.get("/addresses/?q=bob").content.decode()
    assert re.findall(r'data-address="([^"]+)"', page) == ["tables@x.example", "bob@example.com"]
    assert "dace@customer.example" in bob.get("/addresses/?q=dace@cu").content.decode()
    assert bob.get("/addresses/?q=").content.strip() == b""
    assert client.get("/addresses/?q=bob").status_code == 302


def test_a_conversation_begins_with_copies(cast: Cast, bob: Client) -> None:
    given = {
        "inbox": cast.support_inbox.pk, "to": "dace@customer.example", "subject": "Hello", "text": "Dear Dace",
        "copied": "eva@x.example, dace@customer.example", "blind": "lawyer@x.example",
    }  # fmt: skip
    assert bob.post("/conversations/new/", given | {"copied": "sales@example.com"}).status_code == 422
    assert bob.post("/conversations/new/", given).status_code == 302
    sent = Delivery.objects.get()
    assert (sent.copied, sent.blind) == (["eva@x.example"], ["lawyer@x.example"])
    assert sent.message.conversation.copied == ["eva@x.example"]
