"""What the homeserver's door lets in, and what the homeserver's answers make of our answers."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from cryptography.fernet import Fernet
from django.test import Client
from django.utils import timezone

from answerable.channels.instant.intake import take_in
from answerable.channels.instant.models import Arrival, Chat, Gateway
from answerable.channels.instant.outbox import send_due
from answerable.channels.instant.setup import add_line, save_gateway
from answerable.channels.matrix.adapter import MatrixMessenger
from answerable.desk.actions.messages import reply
from answerable.desk.models import Delivery, Message
from tests.cast import Cast
from tests.channels.instant.service import Answer, Asked, Service, service

pytestmark = pytest.mark.django_db
TOKEN = {"Authorization": "Bearer theirs-to-say"}
ROOM = "!room:their.server"


def homeserver(asked: Asked) -> Answer:
    """It knows every room and nobody's name."""
    if "/send/" in asked.path:
        return 200, {"event_id": "$sent"}
    return 404, {"errcode": "M_NOT_FOUND", "error": "Not found"}


@pytest.fixture
def server() -> Iterator[Service]:
    with service(homeserver) as found:
        yield found


@pytest.fixture
def gateway(cast: Cast, server: Service) -> Gateway:
    row = save_gateway(
        Gateway(channel="matrix"),
        name="their.server",
        base_url=server.url,
        facts={"domain": "their.server", "localpart": "service"},
        secrets={"as_token": "ours-to-say", "hs_token": "theirs-to-say"},
        by=cast.ada,
    )
    line = add_line(row, wanted="service", name="Matrix", team=cast.support, language="", region="", by=cast.ada)
    Chat.objects.create(gateway=row, line=line, external_id=ROOM)
    return row


def event(name: str, body: str) -> dict[str, Any]:
    content = {"msgtype": "m.text", "body": body}
    sender = "@dace:their.server"
    return {"type": "m.room.message", "event_id": name, "room_id": ROOM, "sender": sender, "content": content}


def put(gateway: Gateway, batch: str, told: object, **headers: str) -> int:
    address = f"/messengers/{gateway.pk}/_matrix/app/v1/transactions/{batch}"
    body = told if isinstance(told, str) else json.dumps(told)
    return Client().put(address, body, content_type="application/json", headers=headers or TOKEN).status_code


def test_what_comes_twice_is_there_once(gateway: Gateway) -> None:
    told = {"events": [event("$1", "One"), event("$2", "Two")]}
    assert put(gateway, "7", told) == 200
    assert put(gateway, "7", told) == 200
    assert put(gateway, "8", {"events": [event("$2", "Two"), event("$3", "Three")]}) == 200
    assert take_in() is None
    assert [message.text for message in Message.objects.order_by("id")] == ["One", "Two", "Three"]
    assert take_in() is None
    assert Message.objects.count() == 3


def test_a_homeserver_that_was_restored_names_other_events_alike(gateway: Gateway) -> None:
    """Its count of transactions goes on from the backup."""
    assert put(gateway, "7", {"events": [event("$1", "Before")]}) == 200
    assert put(gateway, "7", {"events": [event("$2", "After")]}) == 200
    assert take_in() is None
    assert [message.text for message in Message.objects.order_by("id")] == ["Before", "After"]


def test_where_our_key_is_gone_what_comes_waits_at_the_homeserver(gateway: Gateway) -> None:
    Gateway.objects.update(sealed_secrets=Fernet(Fernet.generate_key()).encrypt(b"{}").decode())
    assert put(gateway, "1", {"events": [event("$1", "One")]}) == 503


def test_only_the_homeserver_is_let_in(gateway: Gateway) -> None:
    address = f"/messengers/{gateway.pk}/_matrix/app/v1"
    assert put(gateway, "1", {"events": []}, Authorization="Bearer guessed") == 403
    assert Client().get(f"{address}/users/@service:their.server").status_code == 401
    assert Client().get(f"{address}/users/@service:their.server", headers=TOKEN).status_code == 200
    assert Client().get(f"{address}/users/@nobody:their.server", headers=TOKEN).status_code == 404
    assert Client().get(f"{address}/thirdparty/location", headers=TOKEN).status_code == 404
    assert Client().post(f"{address}/transactions/1", headers=TOKEN).status_code == 405
    assert Client().post("/messengers/99/_matrix/app/v1/ping", headers=TOKEN).status_code == 404


@pytest.mark.parametrize("told", ["", "[", "[]", "{}", '{"events": 7}', "[" * 50_000])
def test_what_is_no_transaction_is_refused(gateway: Gateway, told: str) -> None:
    assert put(gateway, "1", told) == 400
    assert not Arrival.objects.exists()


def test_hostile_events_disturb_no_others(gateway: Gateway) -> None:
    odd: list[Any] = [
        None,
        {"event_id": 7},
        {"event_id": "$a", "room_id": ["x"], "type": {"y": 1}, "sender": 8, "content": []},
        event("$b", "\0\ud800"),
        {**event("$c", "x"), "content": {"msgtype": "m.image", "url": 9, "info": [], "body": {}}},
        {**event("$d", "x"), "content": {"m.relates_to": {"rel_type": "m.replace", "event_id": []}}},
        {**event("$e", "x"), "type": "m.room.member", "state_key": None},
        event("$f", "Here I am"),
    ]
    receipts = [{"type": "m.receipt", "content": {"$x": {"m.read": {"@a:b": 7}}}}, {"type": "m.typing"}, 5]
    assert put(gateway, "1", {"events": odd, "ephemeral": receipts}) == 200
    assert take_in() is None
    assert Message.objects.filter(text="Here I am").exists()


def test_what_is_no_state_of_a_room_changes_nothing(gateway: Gateway, server: Service) -> None:
    """Anybody in a room may send an event of any type; the specification lets only some send state."""
    tombstone = {**event("$1", ""), "type": "m.room.tombstone", "content": {"replacement_room": "!other:their.server"}}
    encryption = {**event("$2", ""), "type": "m.room.encryption", "content": {"algorithm": "m.megolm.v1.aes-sha2"}}
    put(gateway, "1", {"events": [tombstone, encryption]})
    assert take_in() is None
    assert [each.outcome for each in Arrival.objects.all()] == ["ignored", "ignored"]
    assert not server.asked


def test_the_pace_that_the_homeserver_sets_is_kept(cast: Cast, gateway: Gateway, server: Service) -> None:
    put(gateway, "1", {"events": [event("$1", "Hello")]})
    take_in()
    [message] = Message.objects.all()
    server.answer = lambda _asked: (429, {"errcode": "M_LIMIT_EXCEEDED", "retry_after_ms": 60_000})
    one = reply(message.conversation, text="One", by=cast.bob, seen_event=None, anyway=True)
    two = reply(message.conversation, text="Two", by=cast.bob, seen_event=None, anyway=True)
    Delivery.objects.update(due_at=timezone.now())
    while send_due(MatrixMessenger()) == 0.0:
        pass
    first = Delivery.objects.get(message=one)
    assert 50 < (first.due_at - timezone.now()).total_seconds() <= 60
    assert len(server.of("/send/m.room.message/" + server.asked[-1].path.rpartition("/")[2].partition("?")[0])) == 1
    assert Delivery.objects.get(message=two).attempts == 0


def test_administrators_connect_it_and_nobody_else(cast: Cast, gateway: Gateway, client: Client) -> None:
    client.force_login(cast.ada)
    asked = {"domain": "other.server", "base_url": "http://127.0.0.1:1/", "localpart": "help"}
    made = client.post("/settings/messengers/new/matrix/", asked)
    row = Gateway.objects.get(name="other.server")
    assert made.headers["Location"] == f"/settings/messengers/{row.pk}/"
    assert client.get("/settings/messengers/").status_code == 200
    page = client.get(f"/settings/messengers/{row.pk}/").content.decode()
    assert row.secrets["as_token"] not in page
    assert page.index("Whose is what comes in?") < page.index("Download the registration"), "what is to be done next"
    assert re.search(r'name="wanted" value="help"', page)
    text = client.get(f"/settings/messengers/{row.pk}/registration/").content.decode()
    assert f'hs_token: "{row.secrets["hs_token"]}"' in text
    wanted = {"name": "Help", "team": cast.support.pk}
    assert client.post(f"/settings/messengers/{row.pk}/lines/", {**wanted, "wanted": "else"}).status_code == 422
    assert client.post(f"/settings/messengers/{row.pk}/lines/", {**wanted, "wanted": "help-lv"}).status_code == 302
    assert row.lines.get().account == "@help-lv:other.server"
    client.post(f"/settings/messengers/{row.pk}/check/")
    row.refresh_from_db()
    assert row.failing_since
    assert "reached" in client.get(f"/settings/messengers/{row.pk}/").content.decode()
    client.post(f"/settings/messengers/{row.pk}/retirement/")
    assert client.get(f"/settings/messengers/{row.pk}/").status_code == 404
    client.force_login(cast.charlie)
    for path in ("", f"{gateway.pk}/", f"{gateway.pk}/registration/", "new/matrix/"):
        assert client.get(f"/settings/messengers/{path}").status_code == 403
