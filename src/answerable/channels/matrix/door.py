"""What a homeserver asks of us (Application Service API): it shows our token, and is answered in JSON."""

import hmac
import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

from django.http import HttpRequest, HttpResponse, JsonResponse

from answerable.channels.instant.keeping import Brought, fitting, keep
from answerable.channels.instant.models import Gateway, Line
from answerable.channels.matrix.bringing import brought
from answerable.channels.matrix.names import main_user
from answerable.channels.matrix.writing import note_typing

EPHEMERAL = ("ephemeral", "de.sorunome.msc2409.ephemeral")


def door(request: HttpRequest, gateway: Gateway, path: str) -> HttpResponse:
    """By what stands below the address that the registration gives."""
    header = request.headers.get("Authorization", "")
    if not header:
        return _refused(401, "M_UNAUTHORIZED", "This needs the homeserver's token.")
    given, wanted = header.removeprefix("Bearer "), gateway.secrets["hs_token"]
    if not hmac.compare_digest(given.encode(), wanted.encode()):
        return _refused(403, "M_FORBIDDEN", "This is not the homeserver's token.")
    asked = path.removeprefix("_matrix/app/v1/").split("/")
    if not path.startswith("_matrix/app/v1/"):
        return _refused(404, "M_UNRECOGNIZED", "There is nothing here.")
    match [request.method or "", *asked]:
        case ["PUT", "transactions", _name]:
            return _transaction(request, gateway)
        case ["POST", "ping"]:
            return JsonResponse({})
        case ["GET", "users", user]:
            return _known(gateway, unquote(user))
        case ["GET", "rooms", _alias]:
            return _refused(404, "M_NOT_FOUND", "We have no rooms of our own.")
        case [_, "transactions" | "ping" | "users" | "rooms", *_]:
            return _refused(405, "M_UNRECOGNIZED", "This is not asked so.")
    return _refused(404, "M_UNRECOGNIZED", "There is nothing here.")


def _transaction(request: HttpRequest, gateway: Gateway) -> HttpResponse:
    """Kept before it is acknowledged, and acknowledged as often as it comes. Each event is known by its own name: that
    of the transaction is given anew by a homeserver that was restored from a backup."""
    try:
        told = json.loads(request.body)
        events = told["events"]
    except (ValueError, RecursionError, KeyError, TypeError):
        return _refused(400, "M_BAD_JSON", "A transaction is an object with a list of events.")
    if not isinstance(events, list):
        return _refused(400, "M_BAD_JSON", "Its events are a list.")
    passing: list[Any] = next((told[name] for name in EPHEMERAL if isinstance(told.get(name), list)), [])
    keep(gateway, [*brought(events), *_receipts(passing)])
    for one in passing:
        if isinstance(one, dict) and one.get("type") == "m.typing":
            note_typing(gateway, one)
    return JsonResponse({})


def _receipts(passing: list[Any]) -> Iterator[Brought]:
    """Each by itself: who has read up to where."""
    for one in passing:
        if not isinstance(one, dict) or one.get("type") != "m.receipt" or not isinstance(one.get("content"), dict):
            continue
        room = fitting(one.get("room_id"))
        for event, kinds in one["content"].items():
            read = kinds.get("m.read") if isinstance(kinds, dict) else None
            for user, said in read.items() if isinstance(read, dict) else ():
                at = said.get("ts") if isinstance(said, dict) else None
                receipt = {"type": "m.receipt", "room_id": room, "sender": user, "event_id": event, "ts": at}
                yield Brought(f"read {event} {user}", room, json.dumps(receipt))


def _known(gateway: Gateway, user: str) -> HttpResponse:
    """Whether we have this user: the service's own, and those that are inboxes."""
    if user == main_user(gateway) or Line.objects.filter(gateway=gateway, account=user).exists():
        return JsonResponse({})
    return _refused(404, "M_NOT_FOUND", "We have no such user.")


def _refused(status: int, errcode: str, words: str) -> HttpResponse:
    return JsonResponse({"errcode": errcode, "error": words}, status=status)
