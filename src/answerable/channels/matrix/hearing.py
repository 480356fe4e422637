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
    Renamed,
    Said,
    Withdrew,
)
from answerable.channels.instant.keeping import keep, words
from answerable.channels.instant.models import Arrival, Chat, Gateway, Line
from answerable.channels.matrix.bringing import brought, said_since
from answerable.channels.matrix.client import Client, Refusal, segment
from answerable.channels.matrix.introducing import introduce
from answerable.channels.matrix.names import is_ours
from answerable.channels.matrix.reading import answered, asked, at, reaction, read
from answerable.customers.models import Address

POLLS = ("m.poll.start", "org.matrix.msc3381.poll.start")
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
        return self._state_changed(kind) if "state_key" in self.event else self._happened(kind)

    def _happened(self, kind: object) -> Happened:
        match kind:
            case "m.room.message" | "m.sticker":
                return self._message()
            case "m.reaction":
                text, about = reaction(self.content)
                # It asks for no answer, so it moves nothing.
                return [self._said(text, answers=about, automatic=True)] if text else []
            case "m.call.invite":
                return [self._said(_("[Something that can't be shown here. Ask them to write it in words.]"))]
            case poll if poll in POLLS:
                return [self._said(asked(self.content))] if self.content else []
            case "m.room.redaction":
                return [Withdrew(self.room, words(self.event.get("redacts") or self.content.get("redacts")))]
            case "m.receipt":
                return [Progressed(self.room, self.name, at(self.event.get("ts")) or timezone.now(), read=True)]
            case "m.room.encrypted":
                return self._unreadable()
        return []

    def _state_changed(self, kind: object) -> Happened:
        """Of the room. An event of the same type that is no state changes nothing: anybody may send one."""
        match kind:
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
        found = read(content, self._called(person), is_sticker=self.event.get("type") == "m.sticker")
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
                answers=answered(self.content),
            )
        ]

    def _said(self, text: str, **more: Any) -> Said:
        """In words of ours, what was none."""
        return Said(self.room, self._person(), self.name, text, sent_at=self.sent_at, **more)

    def _called(self, person: Person) -> str:
        """By the name that we know them by, or as they call themselves."""
        if person.name:
            return person.name
        known = Address.objects.filter(kind=self.gateway.channel, value=self.sender.lower()).select_related("contact")
        return next((each.contact.name for each in known), "") or self.sender

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
        if membership == "join":
            return self._renamed(whose)
        return self._left() if membership in ("leave", "ban") else []

    def _renamed(self, whose: str) -> Happened:
        """Who is in the room already, and tells another name."""
        unsigned = self.event.get("unsigned")
        before = unsigned.get("prev_content") if isinstance(unsigned, dict) else None
        if not isinstance(before, dict) or before.get("membership") != "join":
            return []
        old, new = words(before.get("displayname")).strip(), words(self.content.get("displayname")).strip()
        return [Renamed(whose, new[:200] or whose, (old[:200] or whose,))] if old != new else []

    def _invited(self, account: str) -> Happened:
        """An invitation to a user that is an inbox is accepted; the room may go on from one that we know."""
        line = Line.objects.filter(gateway=self.gateway, account=account).select_related("inbox").first()
        if line is None:
            return [Joined(self.room, account)]  # not yet: it waits for an inbox
        introduce(self.client, account, line.inbox.name)
        try:
            self.client.call("POST", f"/_matrix/client/v3/join/{segment(self.room)}", user=account)
        except Refusal:
            return []  # it was taken back meanwhile
        return self.entered(self.room, account, invitation=self.name)

    def entered(self, room: str, account: str, *, invitation: str = "") -> Happened:
        """We are in: what it went on from, and whether we can read it. What was said to us before comes next."""
        is_encrypted = bool(self._state(room, "m.room.encryption", account))
        if is_encrypted:
            self._tell_of_encryption(room, account)
        old = self._predecessor(room, account)
        if invitation or old:
            keep(self.gateway, brought(said_since(self.client, room, invitation, user=account)))
        return [*([Moved(old, room)] if old else []), Joined(room, account, is_encrypted)]

    def _predecessor(self, room: str, account: str) -> str:
        """The room of ours that it went on from. Any room can say so of any other: the other must say it, too, or who
        made this one would be handed what is meant for those in that."""
        told = self._state(room, "m.room.create", account).get("predecessor")
        old = words(told.get("room_id")) if isinstance(told, dict) else ""
        if not old or not Chat.objects.filter(gateway=self.gateway, external_id=old, line__account=account).exists():
            return ""
        return old if self._state(old, "m.room.tombstone", account).get("replacement_room") == room else ""

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
        line = Line.objects.filter(gateway=self.gateway, account=account).select_related("inbox").first()
        if line is None:
            return
        with translation.override(line.inbox.language or None):
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
