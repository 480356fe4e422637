"""The Bot API as it is documented, spoken by a server of our own: both ways."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from answerable.channels.instant.intake import BATCH, take_in
from answerable.channels.instant.models import Arrival, Chat, Gateway
from answerable.channels.instant.outbox import send_due
from answerable.channels.instant.setup import add_line, check_now, retire_gateway, save_gateway
from answerable.channels.telegram.adapter import TelegramMessenger
from answerable.desk.actions.files import NewFile
from answerable.desk.actions.messages import reply
from answerable.desk.models import Delivery, Inbox, Message
from tests.cast import Cast
from tests.channels.instant.service import Answer, Asked, Service, service

pytestmark = pytest.mark.django_db
TOKEN = "123456:ABC-DEF1234ghIkl-zyx57W2v1u123ew11"
HEADER = {"X-Telegram-Bot-Api-Secret-Token": "told when the webhook was set"}
DACE = {"id": 7001, "is_bot": False, "first_name": "Dace", "last_name": "Ozola", "language_code": "lv"}
CHAT = {"id": 7001, "first_name": "Dace", "last_name": "Ozola", "type": "private"}
PHOTO = [
    {"file_id": "small", "file_unique_id": "s", "file_size": 10, "width": 90, "height": 67},
    {"file_id": "large", "file_unique_id": "l", "file_size": 20, "width": 800, "height": 600},
]


def bot(asked: Asked) -> Answer:
    """What Telegram answers."""
    match asked.path.rpartition("/")[2]:
        case "getMe":
            return 200, {"ok": True, "result": {"id": 123456, "is_bot": True, "username": "example_bot"}}
        case "getFile":
            return 200, {"ok": True, "result": {"file_id": "large", "file_path": "photos/file_1.jpg"}}
        case "file_1.jpg":
            return 200, b"\xff\xd8\xff a photo"
        case "getWebhookInfo":
            return 200, {"ok": True, "result": {"url": "", "pending_update_count": 0}}
        case "sendMessage" | "sendPhoto" | "sendDocument":
            return 200, {"ok": True, "result": {"message_id": 900, "chat": CHAT}}
    return 200, {"ok": True, "result": True}


@pytest.fixture
def telegram() -> Iterator[Service]:
    with service(bot) as found:
        yield found


@pytest.fixture
def gateway(cast: Cast, telegram: Service) -> Gateway:
    row = save_gateway(
        Gateway(channel="telegram"),
        name="@example_bot",
        base_url=telegram.url,
        facts={"bot": "example_bot"},
        secrets={"token": TOKEN, "hook": HEADER["X-Telegram-Bot-Api-Secret-Token"]},
        by=cast.ada,
    )
    add_line(row, wanted="", name="Bot", team=cast.support, language="", region="", by=cast.ada)
    return row


def bring(gateway: Gateway, number: int, **update: Any) -> None:
    """An update, as Telegram posts it, taken in."""
    body = json.dumps({"update_id": number, **update})
    address = f"/messengers/{gateway.pk}/hook"
    assert Client().post(address, body, content_type="application/json", headers=HEADER).status_code == 200
    assert take_in() is None


def said(number: int, **more: Any) -> dict[str, Any]:
    return {"message_id": number, "from": DACE, "chat": CHAT, "date": 1_700_000_000 + number, **more}


def answer(message: Message, cast: Cast, text: str, **more: Any) -> Delivery:
    sent = reply(message.conversation, text=text, by=cast.bob, seen_event=None, anyway=True, **more)
    Delivery.objects.filter(message=sent).update(due_at=timezone.now())
    while send_due(TelegramMessenger()) == 0.0:
        pass
    return Delivery.objects.get(message=sent)


def test_what_is_written_is_a_conversation_and_answered(cast: Cast, gateway: Gateway, telegram: Service) -> None:
    bring(gateway, 1, message=said(1, text="Where is my order?"))
    bring(gateway, 1, message=said(1, text="Where is my order?"))
    [message] = Message.objects.all()
    assert (message.text, str(message.contact), message.conversation.channel) == (
        "Where is my order?",
        "Dace Ozola",
        "telegram",
    )
    assert message.contact
    assert [(each.kind, each.value) for each in message.contact.addresses.all()] == [("telegram", "7001")]
    delivery = answer(message, cast, "On its way.", files=[NewFile("a.pdf", "application/pdf", b"%PDF-1.7")])
    assert delivery.state == Delivery.State.SENT
    [words] = telegram.of("/sendMessage")
    assert words.json == {"chat_id": "7001", "text": "On its way."}
    assert words.path == f"/bot{TOKEN}/sendMessage"
    [file] = telegram.of("/sendDocument")
    assert b'name="document"; filename="a.pdf"' in file.body
    assert b"%PDF-1.7" in file.body


def test_photos_edits_answers_and_things_without_words(cast: Cast, gateway: Gateway) -> None:
    bring(gateway, 1, message=said(1, photo=PHOTO, caption="It is broken"))
    bring(gateway, 2, edited_message=said(1, caption="It is quite broken", edit_date=1_700_000_100))
    bring(gateway, 3, message=said(2, text="That one", reply_to_message=said(1, caption="It is broken")))
    bring(gateway, 4, message=said(3, sticker={"file_id": "s", "emoji": "🙂"}))
    bring(gateway, 5, message=said(4, location={"latitude": 56.95, "longitude": 24.1}))
    bring(gateway, 6, message=said(5, contact={"first_name": "Nino", "phone_number": "+995322000000"}))
    photo, edited, quoting, sticker, place, contact = Message.objects.order_by("id")
    [file] = photo.attachments.all()
    assert bytes(file.file.content) == b"\xff\xd8\xff a photo"
    assert (edited.text, edited.rewords) == ("It is quite broken", photo)
    assert [quoting.text[start:end] for start, end in quoting.folds] == ["> It is broken\n\n"]
    assert sticker.text == "[A sticker: 🙂]"
    assert "mlat=56.95" in place.text
    assert contact.text == "[A contact: Nino, +995322000000]"


def test_what_is_unknown_is_said_to_be_there_and_what_nobody_said_is_not(gateway: Gateway) -> None:
    bring(gateway, 1, message=said(1, text="/start from_the_site"))
    assert not Message.objects.exists(), "a button that everybody presses"
    bring(gateway, 2, message=said(2, dice={"emoji": "🎲", "value": 3}))
    bring(gateway, 3, message=said(3, pinned_message=said(2, dice={})))
    link = [{"type": "text_link", "offset": 3, "length": 4, "url": "https://example.com/1"}]
    bring(gateway, 4, message=said(4, text="🙂 this one", entities=link))
    quoted = {"text": "this", "position": 3}
    bring(gateway, 5, message=said(5, text="I mean it", quote=quoted, reply_to_message=said(4, text="🙂 this one")))
    dice, linked, quoting = Message.objects.order_by("id")
    assert dice.text.startswith("[Something that can't be shown here.")
    assert linked.text == "🙂 this (https://example.com/1) one"
    assert quoting.text == "> this\n\nI mean it"
    assert quoting.conversation.preview == "I mean it"


def test_a_message_that_moves_by_itself_is_there_once_and_a_new_photo_comes(
    gateway: Gateway, telegram: Service
) -> None:
    place = {"latitude": 56.95, "longitude": 24.1, "live_period": 900}
    bring(gateway, 1, message=said(1, location=place))
    bring(gateway, 2, edited_message=said(1, location=place, edit_date=1_700_000_100))
    bring(gateway, 3, message=said(2, photo=PHOTO, caption="This one"))
    bring(gateway, 4, edited_message=said(2, photo=PHOTO, caption="This one", edit_date=1_700_000_100))
    assert Message.objects.count() == 2
    telegram.answer = lambda asked: (200, b"another photo") if asked.path.endswith("file_1.jpg") else bot(asked)
    bring(gateway, 5, edited_message=said(2, photo=PHOTO, caption="This one", edit_date=1_700_000_200))
    new = Message.objects.latest("id")
    assert [bytes(each.file.content) for each in new.attachments.all()] == [b"another photo"]
    assert new.rewords


def test_groups_and_channels_are_left_politely(gateway: Gateway, telegram: Service) -> None:
    group = {"id": -1009, "type": "supergroup", "title": "Friends"}
    bring(gateway, 1, my_chat_member={"chat": group, "from": DACE, "new_chat_member": {"status": "member"}})
    bring(gateway, 2, message={**said(1, text="Hello bot"), "chat": group})
    bring(gateway, 3, my_chat_member={"chat": group, "from": DACE, "new_chat_member": {"status": "left"}})
    bring(gateway, 4, channel_post={**said(1, text="News"), "chat": {"id": -1010, "type": "channel"}})
    assert not Message.objects.exists()
    assert not Chat.objects.exists()
    assert "https://t.me/example_bot" in telegram.of("/sendMessage")[0].json["text"]
    assert [each.json for each in telegram.of("/leaveChat")] == [{"chat_id": "-1009"}] * 2
    bring(gateway, 5, my_chat_member={"chat": CHAT, "from": DACE, "new_chat_member": {"status": "member"}})
    bring(gateway, 6, my_chat_member={"chat": CHAT, "from": DACE, "new_chat_member": {"status": "kicked"}})
    assert Chat.objects.get().parted_at
    assert len(telegram.of("/leaveChat")) == 2


def test_long_answers_and_refusals(cast: Cast, gateway: Gateway, telegram: Service) -> None:
    bring(gateway, 1, message=said(1, text="Hello"))
    [message] = Message.objects.all()
    assert answer(message, cast, "🙂" * 3000).state == Delivery.State.SENT
    told = [one.json["text"] for one in telegram.of("/sendMessage")]
    assert "".join(told) == "🙂" * 3000
    assert max(len(text.encode("utf-16-le")) // 2 for text in told) <= 4096
    blocked = {"ok": False, "error_code": 403, "description": "Forbidden: bot was blocked by the user"}
    telegram.answer = lambda _asked: (403, blocked)
    delivery = answer(message, cast, "Are you there?")
    assert (delivery.state, "blocked by the user" in delivery.error) == (Delivery.State.FAILED, True)


def test_only_telegram_is_believed(gateway: Gateway) -> None:
    address = f"/messengers/{gateway.pk}/hook"
    for headers in ({}, {"X-Telegram-Bot-Api-Secret-Token": "guessed"}):
        assert Client().post(address, "{}", content_type="application/json", headers=headers).status_code == 403
    for body in ("", "[]", '{"update_id": "x"}', "[" * 100_000, '{"update_id": null}'):
        assert Client().post(address, body, content_type="application/json", headers=HEADER).status_code == 400
    bring(gateway, 1, message={"chat": "\0", "from": [], "text": 7})
    assert [each.outcome for each in Arrival.objects.all()] == ["ignored"]


def test_telegram_sets_the_pace_and_may_refuse(cast: Cast, gateway: Gateway, telegram: Service) -> None:
    bring(gateway, 1, message=said(1, text="Hello"))
    [message] = Message.objects.all()
    told = {"ok": False, "error_code": 429, "description": "Too Many Requests", "parameters": {"retry_after": 30}}
    telegram.answer = lambda _asked: (429, told)
    delivery = answer(message, cast, "One")
    assert delivery.state == Delivery.State.WAITING
    assert 25 < (delivery.due_at - timezone.now()).total_seconds() <= 30
    Chat.objects.update(parted_at=timezone.now())
    Delivery.objects.update(due_at=timezone.now())
    while send_due(TelegramMessenger()) == 0.0:
        pass
    delivery.refresh_from_db()
    assert delivery.state == Delivery.State.FAILED
    assert len(telegram.of("/sendMessage")) == 1


def test_the_webhook_is_set_when_the_connection_is_checked(cast: Cast, gateway: Gateway, telegram: Service) -> None:
    assert "@example_bot" in check_now(gateway, by=cast.ada)
    [asked] = telegram.of("/setWebhook")
    assert asked.json["secret_token"] == HEADER["X-Telegram-Bot-Api-Secret-Token"]
    assert asked.json["url"].endswith(f"/messengers/{gateway.pk}/hook")


def test_a_bot_that_was_disconnected_may_come_back(cast: Cast, gateway: Gateway, client: Client) -> None:
    bring(gateway, 1, message=said(1, text="Hello"))
    retire_gateway(gateway, by=cast.ada)
    again = Gateway(channel="telegram")
    secrets = {"token": TOKEN, "hook": HEADER["X-Telegram-Bot-Api-Secret-Token"]}
    save_gateway(again, name=gateway.name, base_url=gateway.base_url, facts=gateway.facts, secrets=secrets, by=cast.ada)
    bring(again, 2, message=said(2, text="Is anybody there?"))
    assert list(Arrival.objects.values_list("outcome", flat=True).order_by("id")) == ["filed", "quarantined"]
    client.force_login(cast.ada)
    page = client.post(f"/settings/messengers/{again.pk}/check/", follow=True).content.decode()
    assert "before you add an inbox" in page
    line = add_line(again, wanted="", name="Bot", team=cast.support, language="", region="", by=cast.ada)
    assert Inbox.objects.get(pk=line.inbox_id).retired_at is None
    assert take_in() is None
    one, two = Message.objects.order_by("id")
    assert one.conversation == two.conversation
    assert answer(one, cast, "Here we are again").state == Delivery.State.SENT


def test_a_chat_that_waits_holds_up_no_other(gateway: Gateway) -> None:
    def told(number: int, chat: dict[str, Any]) -> Arrival:
        message = {"message_id": number, "from": DACE, "chat": chat, "date": 1_760_000_000, "text": f"Words {number}"}
        content = json.dumps({"update_id": number, "message": message})
        return Arrival(gateway=gateway, name=f"update {number}", chat_key=str(chat["id"]), content=content)

    first = told(0, CHAT)
    first.due_at += timedelta(minutes=5)
    Arrival.objects.bulk_create([first, *(told(number, CHAT) for number in range(1, BATCH + 2))])
    told(BATCH + 2, CHAT | {"id": 7002}).save()
    wanted = take_in()
    assert wanted is not None
    assert wanted > 200, "nothing is to be done until the first is due"
    assert list(Message.objects.values_list("text", flat=True)) == [f"Words {BATCH + 2}"]
