"""The channel as the rest of the product sees it."""

import hashlib
import hmac
import json
from collections.abc import Sequence
from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from answerable.channels.instant.happened import Happening, Remote
from answerable.channels.instant.keeping import Brought, keep
from answerable.channels.instant.messenger import Messenger, Piece
from answerable.channels.instant.models import Arrival, Chat, Gateway
from answerable.channels.whatsapp.client import Client, shut
from answerable.channels.whatsapp.forms import WhatsAppForm
from answerable.channels.whatsapp.reading import opened, read
from answerable.events.jobs import Later, Never

HOOK = "hook"
WINDOW = timedelta(hours=24)
KINDS = {"image/jpeg": "image", "image/png": "image", "audio/mpeg": "audio", "audio/ogg": "audio", "video/mp4": "video"}
LARGEST_IMAGE = 5 * 1024 * 1024
"""Bytes (Cloud API, Media); what is larger leaves as a document."""


class WhatsAppMessenger(Messenger):
    """An `answerable.channels.instant.messenger.Messenger`."""

    name = "whatsapp"
    title = "WhatsApp"
    is_tried = False
    longest_text = 4096
    largest_file = 16 * 1024 * 1024
    form = WhatsAppForm

    def length(self, text: str) -> int:
        """In UTF-16, so that it fits whatever WhatsApp takes for a character."""
        return len(text.encode("utf-16-le")) // 2

    def door(self, request: HttpRequest, gateway: Gateway, path: str) -> HttpResponse:
        """The handshake when the webhook is set, and notifications, signed with the app's secret."""
        if path == HOOK and request.method == "GET":
            return _handshake(request, gateway)
        given = request.headers.get("X-Hub-Signature-256", "")
        made = hmac.new(gateway.secrets["app_secret"].encode(), request.body, hashlib.sha256).hexdigest()
        if not hmac.compare_digest(given.encode(), f"sha256={made}".encode()):
            return HttpResponse(status=403)
        if path != HOOK or request.method != "POST":
            return HttpResponse(status=404 if path != HOOK else 405)
        try:
            notification = json.loads(request.body)
        except (ValueError, RecursionError):
            return HttpResponse(status=400)
        pieces = opened(notification, str(gateway.facts["number_id"]))
        keep(gateway, [Brought(name, chat, json.dumps(piece)) for name, chat, piece in pieces])
        return JsonResponse({})

    def heard(self, gateway: Gateway, arrival: Arrival) -> Sequence[Happening]:
        return read(json.loads(arrival.content), gateway.name)

    def fetch(self, gateway: Gateway, file: Remote) -> bytes:
        return Client(gateway).download(str(file.where["media"]), self.largest_file)

    def send(self, chat: Chat, piece: Piece) -> str:
        """WhatsApp knows no key by which a message is sent once: one that was sent while we died may be sent twice."""
        client, to = Client(chat.gateway), {"recipient_type": "individual", **_recipient(chat.external_id)}
        if piece.template is not None:
            name, language = piece.template
            return client.send(**to, type="template", template={"name": name, "language": {"code": language}})
        if piece.file is None:
            return client.send(**to, type="text", text={"body": piece.text, "preview_url": False})
        kind = KINDS.get(piece.file.content_type, "document")
        kind = "document" if kind == "image" and piece.file.size > LARGEST_IMAGE else kind
        named = {"filename": piece.file.name} if kind == "document" else {}
        return client.send(**to, type=kind, **{kind: {"id": client.upload(piece.file), **named}})

    def template(self, gateway: Gateway) -> tuple[str, str] | None:
        name = str(gateway.facts.get("template") or "")
        return (name, str(gateway.facts.get("template_language") or "en")) if name else None

    def refusal(self, chat: Chat) -> str:
        wrote = chat.last_inbound_at
        return shut() if wrote is None or timezone.now() - wrote > WINDOW else ""

    def check(self, gateway: Gateway) -> str:
        client = Client(gateway)
        try:
            told = client.call("GET", client.number)
        except Never as refusal:
            raise Later(str(refusal)) from refusal
        name = told.get("verified_name") or told.get("display_phone_number") or gateway.name
        return _("WhatsApp knows the number as %(name)s. Whether it reaches us shows with the first message.") % {
            "name": name
        }

    def steps(self, gateway: Gateway) -> Sequence[tuple[str, str]]:
        return [
            (_("In Meta's panel for developers, add WhatsApp to an app, and a number to it."), ""),
            (_("Under Configuration, give this address as the webhook's:"), _hook(gateway)),
            (_("and this as its verify token:"), gateway.secrets["verify"]),
            (_("Subscribe to the field messages."), ""),
        ]

    def account_of(self, gateway: Gateway, wanted: str) -> str:
        return gateway.name

    def address_of(self, gateway: Gateway, account: str) -> str:
        return f"wa.me/{account.removeprefix('+')}"

    def note_read(self, chat: Chat, external_id: str) -> None:
        client = Client(chat.gateway)
        client.call(
            "POST", f"{client.number}/messages", messaging_product="whatsapp", status="read", message_id=external_id
        )


def _handshake(request: HttpRequest, gateway: Gateway) -> HttpResponse:
    """The challenge, to whoever knows our verify token."""
    given, wanted = request.GET.get("hub.verify_token", ""), gateway.secrets["verify"]
    if request.GET.get("hub.mode") != "subscribe" or not hmac.compare_digest(given.encode(), wanted.encode()):
        return HttpResponse(status=403)
    return HttpResponse(request.GET.get("hub.challenge", ""), content_type="text/plain; charset=utf-8")


def _recipient(account: str) -> dict[str, str]:
    """By their number; who goes by a user name and hides it is known by a business-scoped user ID."""
    return {"to": account} if account.isdecimal() else {"recipient": account}


def _hook(gateway: Gateway) -> str:
    return settings.SITE_URL + reverse("messenger_door", args=[gateway.pk, HOOK])
