"""What the events of a room mean to us: people say, reword, withdraw; rooms are entered, encrypted, upgraded, left."""

import json
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from answerable.channels.instant.happened import (
    Echoed,
    Encrypted,
    Happening,
    Joined,
    Moved,
    Parted,
    Person,
    Progressed,
    Said,
    Withdrew,
)
from answerable.channels.instant.keeping import words
from answerable.channels.instant.models import Arrival, Chat, Gateway, Line
from answerable.channels.matrix.client import Client, Refusal, segment
from answerable.channels.matrix.names import is_ours
from answerable.channels.matrix.reading import at, read
from answerable.customers.models import Address

KEY = "answerable.key"
"""Where a message of ours carries what we call it, so that it is known again when the homeserver hands it back."""
Happened = Sequence[Happening]


class Ear:
    """Hears one event. Whatever it tells the homeserver meanwhile does no harm when it is told again."""

    def __init__(self, gateway: Gateway, arrival: Arrival) -> None:
        self.gateway = gateway
        self.client = Client(gateway)
        self.event: dict[str, Any] = json.loads(arrival.content)
        content = self.event.get("content")
        self.content: dict[str, Any] = content if isinstance(content, dict) else {}
        self.room, self.sender = words(self.event.get("room_id")), words(self.event.get("sender"))
        self.name, self.sent_at = words(self.event.get("event_id")), at(self.event.get("origin_server_ts"))

    def hear(self) -> Happened:
        """What happened; nothing where it means nothing to us."""
        kind = self.event.get("type")
        if kind == "m.room.member":
            return self._member()
        if is_ours(self.gateway, self.sender):
            key = self.content.get(KEY)
            return [Echoed(self.room, self.name, key)] if isinstance(key, str) else []
        match kind:
            case "m.room.message" | "m.sticker":
                return self._message()
            case "m.room.redaction":
                return [Withdrew(self.room, words(self.event.get("redacts") or self.content.get("redacts")))]
            case "m.receipt":
                return [Progressed(self.room, self.name, at(self.event.get("ts")) or timezone.now(), read=True)]
            case "m.room.encrypted":
                return self._unreadable()
            case "m.room.encryption":
                self._tell_of_encryption()
                return [Encrypted(self.room)]
            case "m.room.tombstone":
                return self._upgraded()
        return []

    def _message(self) -> Happened:
        relation = self.content.get("m.relates_to")
        replaces = relation.get("event_id") if isinstance(relation, dict) and _is_edit(relation) else ""
        new = self.content.get("m.new_content") if replaces else None
        content = new if isinstance(new, dict) else self.content
        if not content:
            return []  # it was redacted before it was handed to us
        person = self._person()
        found = read(content, person.name or self.sender, is_sticker=self.event.get("type") == "m.sticker")
        if not found.text.strip() and not found.files:
            return []
        return [
            Said(
                self.room,
                person,
                self.name,
                found.text,
                found.html,
                found.folds,
                found.files,
                rewords=words(replaces),
                automatic=content.get("msgtype") == "m.notice",
                sent_at=self.sent_at,
            )
        ]

    def _person(self) -> Person:
        """Who wrote; their name is asked for once."""
        if Address.objects.filter(kind=self.gateway.channel, value=self.sender.lower()).exists():
            return Person(self.sender)
        try:
            profile = self.client.call("GET", f"/_matrix/client/v3/profile/{segment(self.sender)}")
        except Refusal:
            profile = {}
        return Person(self.sender, words(profile.get("displayname")).strip()[:200] or self.sender)

    def _member(self) -> Happened:
        whose, membership = words(self.event.get("state_key")), self.content.get("membership")
        if is_ours(self.gateway, whose):
            if membership == "invite":
                return self._invited(whose)
            return [Parted(self.room)] if membership in ("leave", "ban") else []
        return self._left() if membership in ("leave", "ban") else []

    def _invited(self, account: str) -> Happened:
        """An invitation to a user that is an inbox is accepted; the room may go on from one that we know."""
        if not Line.objects.filter(gateway=self.gateway, account=account).exists():
            return []
        try:
            self.client.call("POST", f"/_matrix/client/v3/join/{segment(self.room)}", user=account)
        except Refusal:
            return []  # it was taken back meanwhile
        return self.entered(self.room, account)

    def entered(self, room: str, account: str) -> Happened:
        """We are in: what it went on from, and whether we can read it."""
        predecessor = self._state(room, "m.room.create", account).get("predecessor")
        old = words(predecessor.get("room_id")) if isinstance(predecessor, dict) else ""
        is_encrypted = bool(self._state(room, "m.room.encryption", account))
        if is_encrypted:
            self._tell_of_encryption(room, account)
        known = old and Chat.objects.filter(gateway=self.gateway, external_id=old).exists()
        return [*([Moved(old, room)] if known else []), Joined(room, account, is_encrypted)]

    def _upgraded(self) -> Happened:
        """We go along where the door is open; else the invitation to the new room will tell what it goes on from."""
        room, chat = words(self.content.get("replacement_room")), self._chat()
        if not room or chat is None:
            return []
        via = segment(self.sender.partition(":")[2])
        try:
            path = f"/_matrix/client/v3/join/{segment(room)}"
            self.client.call("POST", path, user=chat.line.account, query={"via": via, "server_name": via})
        except Refusal:
            return []
        return self.entered(room, chat.line.account)

    def _left(self) -> Happened:
        """Somebody has gone. Alone we don't stay."""
        chat = self._chat()
        if chat is None or chat.parted_at:
            return []
        account, path = chat.line.account, f"/_matrix/client/v3/rooms/{segment(self.room)}"
        try:
            there = self.client.call("GET", f"{path}/joined_members", user=account).get("joined", {})
            if any(not is_ours(self.gateway, user) for user in there):
                return []
            self.client.call("POST", f"{path}/leave", user=account)
        except Refusal:
            pass  # we are not in it any more
        return [Parted(self.room)]

    def _unreadable(self) -> Happened:
        chat = self._chat()
        if chat is None:
            return []
        if chat.encrypted_at is None:
            self._tell_of_encryption()
        return [Encrypted(self.room, self._person(), self.name, self.sent_at)]

    def _tell_of_encryption(self, room: str = "", account: str = "") -> None:
        """Say in the room, once, that we can't read what is encrypted, and what to do."""
        room, chat = room or self.room, self._chat()
        account = account or (chat.line.account if chat else "")
        if not account:
            return
        with translation.override(chat.line.inbox.language or None if chat else None):
            text = _(
                "We can't read encrypted messages. Please start a new chat with %(account)s and turn encryption off "
                "for it before you write: what you write there reaches us."
            ) % {"account": account}
        path = f"/_matrix/client/v3/rooms/{segment(room)}/send/m.room.message/answerable-unreadable"
        with suppress(Refusal):  # we may not write there: whoever looks at the conversation sees that it is encrypted
            self.client.call("PUT", path, user=account, said={"msgtype": "m.notice", "body": text})

    def _chat(self) -> Chat | None:
        rows = Chat.objects.select_related("line__inbox")
        return rows.filter(gateway=self.gateway, external_id=self.room).first()

    def _state(self, room: str, kind: str, account: str) -> dict[str, Any]:
        """The content of a state event; empty where the room has none."""
        try:
            return self.client.call("GET", f"/_matrix/client/v3/rooms/{segment(room)}/state/{kind}", user=account)
        except Refusal:
            return {}


def _is_edit(relation: dict[str, Any]) -> bool:
    return relation.get("rel_type") == "m.replace" and isinstance(relation.get("event_id"), str)
