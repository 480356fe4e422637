"""The channel as the rest of the product sees it."""

import hmac
import json
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from answerable.channels.instant.happened import Happening, Remote
from answerable.channels.instant.keeping import Brought, keep
from answerable.channels.instant.messenger import Messenger, Piece
from answerable.channels.instant.models import Arrival, Chat, Gateway
from answerable.channels.telegram.client import Client
from answerable.channels.telegram.forms import TelegramForm
from answerable.channels.telegram.reading import gathering, name_of, read
from answerable.events.jobs import Later, Never

HOOK = "hook"
HEADER = "X-Telegram-Bot-Api-Secret-Token"
HEARD = ["message", "edited_message", "my_chat_member"]
PICTURES = ("image/jpeg", "image/png", "image/webp")
LARGEST_PICTURE = 10 * 1024 * 1024
"""Bytes, of sendPhoto; what is larger leaves as a file."""


class TelegramMessenger(Messenger):
    """An `answerable.channels.instant.messenger.Messenger`."""

    name = "telegram"
    title = "Telegram"
    is_tried = False
    longest_text = 4096  # of sendMessage
    largest_file = 20 * 1024 * 1024  # of what bots may fetch; they may send 50 MB
    form = TelegramForm

    def length(self, text: str) -> int:
        """In UTF-16, as Telegram counts places in a text."""
        return len(text.encode("utf-16-le")) // 2

    def door(self, request: HttpRequest, gateway: Gateway, path: str) -> HttpResponse:
        """An update, with the secret that we gave when we set the webhook."""
        given, wanted = request.headers.get(HEADER, ""), gateway.secrets["hook"]
        if not hmac.compare_digest(given.encode(), wanted.encode()):
            return HttpResponse(status=403)
        if path != HOOK or request.method != "POST":
            return HttpResponse(status=404 if path != HOOK else 405)
        try:
            update = json.loads(request.body)
            number = int(update["update_id"])
        except (ValueError, RecursionError, KeyError, TypeError):
            return HttpResponse(status=400)
        keep(gateway, [Brought(f"update {number}", _chat(update), json.dumps(update))])
        return JsonResponse({})

    def heard(self, gateway: Gateway, arrival: Arrival) -> Sequence[Happening]:
        update = json.loads(arrival.content)
        if chat := gathering(update):
            self._take_leave(gateway, chat)
        return read(update, gateway.name)

    def _take_leave(self, gateway: Gateway, chat: str) -> None:
        """What customers ask is between them and us: we say where, and go. Who may not speak goes all the same."""
        client = Client(gateway)
        told = {"address": f"https://{self.address_of(gateway, gateway.name)}"}
        with suppress(Never):
            client.call(
                "sendMessage",
                chat_id=chat,
                text=_("I answer in private chats only. Please write to me there: %(address)s") % told,
            )
        with suppress(Never):
            client.call("leaveChat", chat_id=chat)

    def fetch(self, gateway: Gateway, file: Remote) -> bytes:
        return Client(gateway).download(str(file.where["file_id"]), self.largest_file)

    def send(self, chat: Chat, piece: Piece) -> str:
        """Telegram knows no key by which a message is sent once: one that was sent while we died may be sent twice."""
        client = Client(chat.gateway)
        if piece.file is None:
            sent = client.call("sendMessage", chat_id=chat.external_id, text=piece.text)
        elif piece.file.content_type in PICTURES and piece.file.size <= LARGEST_PICTURE:
            sent = client.upload("sendPhoto", "photo", piece.file, chat_id=chat.external_id)
        else:
            sent = client.upload("sendDocument", "document", piece.file, chat_id=chat.external_id)
        return name_of(chat.external_id, sent["message_id"])

    def check(self, gateway: Gateway) -> str:
        """The token is a bot's; what is written to it is to come to us, and what last went wrong with that is asked."""
        client = Client(gateway)
        try:
            bot = client.call("getMe")
            client.call("setWebhook", url=_hook(gateway), secret_token=gateway.secrets["hook"], allowed_updates=HEARD)
            told = client.call("getWebhookInfo")
        except Never as refusal:
            raise Later(str(refusal)) from refusal
        if told.get("last_error_message") and told.get("pending_update_count"):
            raise Later(_("Telegram can't reach us: %(reason)s") % {"reason": told["last_error_message"]})
        return _("The bot is %(name)s, and what is written to it comes here.") % {"name": f"@{bot.get('username')}"}

    def steps(self, gateway: Gateway) -> Sequence[tuple[str, str]]:
        return [
            (_("Write to @BotFather in Telegram, make a bot, and give its token below."), ""),
            (
                _("Check the connection: from then on Telegram brings what is written to the bot to this address."),
                _hook(gateway),
            ),
        ]

    def account_of(self, gateway: Gateway, wanted: str) -> str:
        return gateway.name

    def address_of(self, gateway: Gateway, account: str) -> str:
        return f"t.me/{account.removeprefix('@')}".lower()

    def note_typing(self, chat: Chat) -> None:
        Client(chat.gateway).call("sendChatAction", chat_id=chat.external_id, action="typing")


def _hook(gateway: Gateway) -> str:
    return settings.SITE_URL + reverse("messenger_door", args=[gateway.pk, HOOK])


def _chat(update: dict[str, Any]) -> str:
    for kind in HEARD:
        found = update.get(kind)
        chat = found.get("chat") if isinstance(found, dict) else None
        if isinstance(chat, dict):
            return str(chat.get("id", ""))
    return ""
