"""The Cloud API as it is documented, spoken by a server of our own: both ways."""

import hashlib
import hmac
import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from answerable.channels.instant.intake import take_in
from answerable.channels.instant.models import Arrival, Chat, Gateway
from answerable.channels.instant.outbox import send_due
from answerable.channels.instant.setup import add_line, check_now, save_gateway
from answerable.channels.whatsapp.adapter import WhatsAppMessenger
from answerable.channels.whatsapp.client import trouble
from answerable.desk.actions.deliveries import send_again
from answerable.desk.actions.files import NewFile
from answerable.desk.actions.messages import reply
from answerable.desk.models import Delivery, Message, Notice
from tests.cast import Cast
from tests.channels.instant.service import Answer, Asked, Service, service

pytestmark = pytest.mark.django_db
SECRET, NUMBER = "the app's secret", "106540352242922"
CONTACT = {"profile": {"name": "Dace Ozola"}, "wa_id": "37120000001"}


@pytest.fixture
def whatsapp() -> Iterator[Service]:
    def graph(asked: Asked) -> Answer:
        """What the Graph API answers."""
        if asked.path.endswith("/messages"):
            contacts = [{"input": "37120000001", "wa_id": "37120000001"}]
            count = sum(one.path.endswith("/messages") for one in found.asked)
            return 200, {
                "messaging_product": "whatsapp",
                "contacts": contacts,
                "messages": [{"id": f"wamid.OUT{count}"}],
            }
        if asked.path.endswith("/media"):
            return 200, {"id": "media-of-ours"}
        if asked.path.endswith("/1234"):
            return 200, {"url": f"{found.url}/elsewhere/file", "mime_type": "image/jpeg", "id": "1234"}
        if asked.path.endswith("/6666"):
            return 200, {"url": "https://127.0.0.1/latest/meta-data", "id": "6666"}
        if asked.path.endswith("/elsewhere/file"):
            return 200, b"\xff\xd8\xff a photo"
        return 200, {"id": NUMBER, "verified_name": "Example Ltd", "display_phone_number": "+371 67000000"}

    with service(graph) as found:
        yield found


@pytest.fixture
def gateway(cast: Cast, whatsapp: Service) -> Gateway:
    row = save_gateway(
        Gateway(channel="whatsapp"),
        name="+37167000000",
        base_url=whatsapp.url,
        facts={"phone": "+37167000000", "number_id": NUMBER, "template": "write_again", "template_language": "lv"},
        secrets={"token": "a token", "app_secret": SECRET, "verify": "to verify"},
        by=cast.ada,
    )
    add_line(row, wanted="", name="WhatsApp", team=cast.support, language="", region="", by=cast.ada)
    return row


def post(gateway: Gateway, body: bytes, secret: str = SECRET) -> int:
    signed = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    headers = {"X-Hub-Signature-256": f"sha256={signed}"}
    address = f"/messengers/{gateway.pk}/hook"
    return Client().post(address, body, content_type="application/json", headers=headers).status_code


def bring(gateway: Gateway, number: str = NUMBER, **value: Any) -> None:
    """A notification, as WhatsApp posts it, taken in."""
    metadata = {"display_phone_number": "37167000000", "phone_number_id": number}
    change = {"field": "messages", "value": {"messaging_product": "whatsapp", "metadata": metadata, **value}}
    told = {"object": "whatsapp_business_account", "entry": [{"id": "8856996819413533", "changes": [change]}]}
    assert post(gateway, json.dumps(told).encode()) == 200
    assert take_in() is None


def said(name: str, kind: str, content: object, at: int | None = None) -> dict[str, Any]:
    now = int(timezone.now().timestamp())
    return {"from": "37120000001", "id": f"wamid.{name}", "timestamp": str(at or now), "type": kind, kind: content}


def write(gateway: Gateway, *messages: dict[str, Any]) -> list[Message]:
    bring(gateway, contacts=[CONTACT], messages=list(messages))
    return list(Message.objects.order_by("id"))


def answer(message: Message, cast: Cast, text: str, **more: Any) -> Delivery:
    sent = reply(message.conversation, text=text, by=cast.bob, seen_event=None, anyway=True, **more)
    Delivery.objects.filter(message=sent).update(due_at=timezone.now())
    while send_due(WhatsAppMessenger()) == 0.0:
        pass
    return Delivery.objects.get(message=sent)


def become(gateway: Gateway, status: str, name: str = "wamid.OUT1", **more: Any) -> None:
    told = {"id": name, "status": status, "timestamp": "1700000000", "recipient_id": "37120000001", **more}
    bring(gateway, statuses=[told])


def test_what_is_written_is_a_conversation_and_answered(cast: Cast, gateway: Gateway, whatsapp: Service) -> None:
    [message] = write(gateway, said("1", "text", {"body": "Where is my order?"}))
    write(gateway, said("1", "text", {"body": "Where is my order?"}))
    assert Message.objects.count() == 1
    assert (message.text, str(message.contact), message.conversation.channel) == (
        "Where is my order?",
        "Dace Ozola",
        "whatsapp",
    )
    delivery = answer(message, cast, "On its way.", files=[NewFile("a.pdf", "application/pdf", b"%PDF-1.7")])
    assert delivery.state == Delivery.State.SENT
    words, file = whatsapp.of("/messages")
    assert words.path == f"/{NUMBER}/messages"
    assert words.headers["authorization"] == "Bearer a token"
    assert words.json["to"] == "37120000001"
    assert words.json["text"]["body"] == "On its way."
    assert file.json["document"] == {"id": "media-of-ours", "filename": "a.pdf"}
    become(gateway, "delivered")
    delivery.refresh_from_db()
    assert delivery.arrived_at
    assert not delivery.seen_at
    become(gateway, "read")
    delivery.refresh_from_db()
    assert delivery.seen_at


def test_files_and_things_without_words(gateway: Gateway) -> None:
    found = write(
        gateway,
        said("1", "image", {"caption": "Broken", "mime_type": "image/jpeg", "sha256": "x", "id": "1234"}),
        said("2", "image", {"caption": "Evil", "mime_type": "image/jpeg", "sha256": "x", "id": "6666"}),
        said("3", "location", {"latitude": 56.95, "longitude": 24.1, "name": "Home"}),
        said("4", "contacts", [{"name": {"formatted_name": "Nino"}, "phones": [{"phone": "+995322000000"}]}]),
        said("5", "interactive", {"type": "button_reply", "button_reply": {"id": "a", "title": "Yes"}}),
    )
    photo, evil, place, contact, button = found
    [file] = photo.attachments.all()
    assert (photo.text, bytes(file.file.content)) == ("Broken", b"\xff\xd8\xff a photo")
    assert not evil.attachments.exists()
    assert "not on the open internet" in evil.text
    assert place.text.startswith("[A place on the map: Home")
    assert contact.text == "[A contact: Nino, +995322000000]"
    assert button.text == "Yes"
    bare = write(gateway, said("6", "image", {"mime_type": "image/jpeg", "sha256": "x", "id": "1234"}))[-1]
    assert (bare.text, bare.conversation.preview) == ("", file.name)


def test_nothing_is_lost_that_is_unknown_reworded_withdrawn_or_answers_something(
    cast: Cast, gateway: Gateway, whatsapp: Service, client: Client
) -> None:
    [first] = write(gateway, said("1", "text", {"body": "Two lamps"}))
    answer(first, cast, "Which ones?")
    again = {"original_message_id": "wamid.1", "message": {"type": "text", "text": {"body": "Three lamps"}}}
    write(
        gateway,
        {**said("2", "text", {"body": "The red ones"}), "context": {"from": "1", "id": "wamid.OUT1"}},
        said("3", "edit", again),
        said("4", "reaction", {"message_id": "wamid.OUT1", "emoji": "👍"}),
        said("5", "reaction", {"message_id": "wamid.OUT1"}),
        said("6", "order", {"catalog_id": "1"}),
        said("7", "of_tomorrow", {"anything": 1}),
        said("8", "request_welcome", {}),
        said("9", "interactive", {"type": "nfm_reply", "nfm_reply": {"name": "flow", "body": "Sent"}}),
        {**said("10", "text", {"body": "Those"}), "context": {"from": "1", "id": "wamid.1"}},
    )
    texts = list(Message.objects.filter(kind="inbound").order_by("id").values_list("text", "automatic"))
    unknown = "[Something that can't be shown here. Ask them to write it in words.]"
    assert texts == [
        ("Two lamps", False),
        ("> Which ones?\n\nThe red ones", False),
        ("Three lamps", False),
        ("> Which ones?\n\n[A reaction: 👍]", True),
        (unknown, False),
        (unknown, False),
        ("Sent", False),
        ("> Three lamps\n\nThose", False),
    ]
    assert Message.objects.get(text="Three lamps").rewords == first
    write(gateway, said("11", "revoke", {"original_message_id": "wamid.1"}))
    client.force_login(cast.bob)
    page = client.get(f"/conversations/{first.conversation_id}/").content.decode()
    assert "lamps" not in page
    assert "Those" in page


def test_who_hides_their_number_is_answered_all_the_same(cast: Cast, gateway: Gateway, whatsapp: Service) -> None:
    hidden = {**said("1", "text", {"body": "Hello"}), "from_user_id": "LV.13491208655302741918"}
    del hidden["from"]
    named = {"profile": {"name": "Dace"}, "user_id": "LV.13491208655302741918"}
    bring(gateway, contacts=[named], messages=[hidden])
    [message] = Message.objects.all()
    assert str(message.contact) == "Dace"
    answer(message, cast, "Hello, Dace")
    [sent] = whatsapp.of("/messages")
    assert sent.json["recipient"] == "LV.13491208655302741918"
    assert "to" not in sent.json


def test_what_is_said_of_an_answer_waits_until_we_know_it(cast: Cast, gateway: Gateway) -> None:
    [message] = write(gateway, said("1", "text", {"body": "Hello"}))
    told = {"id": "wamid.OUT1", "status": "delivered", "timestamp": "1700000000", "recipient_id": "37120000001"}
    metadata = {"display_phone_number": "37167000000", "phone_number_id": NUMBER}
    value = {"messaging_product": "whatsapp", "metadata": metadata, "statuses": [told]}
    body = json.dumps({"entry": [{"id": "1", "changes": [{"field": "messages", "value": value}]}]}).encode()
    assert post(gateway, body) == 200
    assert take_in(), "not known yet"
    delivery = answer(message, cast, "Hello")
    Arrival.objects.update(due_at=timezone.now())
    assert take_in() is None
    delivery.refresh_from_db()
    assert delivery.arrived_at


def test_only_the_piece_that_was_refused_leaves_again(cast: Cast, gateway: Gateway, whatsapp: Service) -> None:
    [message] = write(gateway, said("1", "text", {"body": "Hello"}))
    delivery = answer(message, cast, "Print this", files=[NewFile("a.pdf", "application/pdf", b"%PDF-1.7")])
    details = {"code": 131053, "title": "Media upload error", "error_data": {"details": "Unsupported file"}}
    become(gateway, "failed", "wamid.OUT2", errors=[details])
    delivery.refresh_from_db()
    assert "Unsupported file" in delivery.error
    send_again(delivery.message, by=cast.bob)
    while send_due(WhatsAppMessenger()) == 0.0:
        pass
    assert [one.json["type"] for one in whatsapp.of("/messages")] == ["text", "document", "document"]


def test_after_a_day_only_the_template_leaves(cast: Cast, gateway: Gateway, whatsapp: Service, client: Client) -> None:
    [message] = write(gateway, said("1", "text", {"body": "Hello"}))
    Chat.objects.update(last_inbound_at=timezone.now() - timedelta(hours=25))
    delivery = answer(message, cast, "Too late")
    assert delivery.state == Delivery.State.FAILED
    assert "24 hours" in delivery.error
    assert not whatsapp.of("/messages")
    address = f"/conversations/{message.conversation_id}/"
    client.force_login(cast.bob)
    assert "Send the template" in client.get(address).content.decode()
    client.post(f"{address}template/")
    Delivery.objects.filter(state=Delivery.State.WAITING).update(due_at=timezone.now())
    while send_due(WhatsAppMessenger()) == 0.0:
        pass
    [sent] = whatsapp.of("/messages")
    assert sent.json["template"] == {"name": "write_again", "language": {"code": "lv"}}
    client.force_login(cast.charlie)
    assert client.post(f"{address}template/").status_code == 404


def test_what_failed_later_is_said_where_it_was_written(cast: Cast, gateway: Gateway) -> None:
    [message] = write(gateway, said("1", "text", {"body": "Hello"}))
    delivery = answer(message, cast, "Hello")
    become(gateway, "failed", errors=[{"code": 131026, "title": "Message undeliverable"}])
    delivery.refresh_from_db()
    assert (delivery.state, delivery.error) == (
        Delivery.State.FAILED,
        "WhatsApp answers: Message undeliverable (131026)",
    )
    assert str(trouble(130429, "(#130429) Rate limit hit")) == "WhatsApp answers: (#130429) Rate limit hit"
    assert Notice.objects.filter(user=cast.bob, kind="failed").exists()


def test_only_meta_is_believed(gateway: Gateway) -> None:
    address = f"/messengers/{gateway.pk}/hook"
    asked = {"hub.mode": "subscribe", "hub.verify_token": "to verify", "hub.challenge": "1158201444"}
    assert Client().get(address, asked).content == b"1158201444"
    assert Client().get(address, {**asked, "hub.verify_token": "guessed"}).status_code == 403
    assert post(gateway, b"{}", secret="guessed") == 403
    assert post(gateway, b"[") == 400
    assert post(gateway, b'{"entry": [{"changes": 7}, null]}') == 200
    bring(gateway, number="another of ours", messages=[said("1", "text", {"body": "Not for this number"})])
    assert not Arrival.objects.exists()


def test_the_number_is_asked_for_when_the_connection_is_checked(cast: Cast, gateway: Gateway) -> None:
    assert "Example Ltd" in check_now(gateway, by=cast.ada)
