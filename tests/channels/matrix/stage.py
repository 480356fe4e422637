"""The cast with a gateway to a real homeserver, and people who write by it."""

import contextlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils import timezone

from answerable.channels.instant.intake import take_in
from answerable.channels.instant.models import Gateway
from answerable.channels.instant.outbox import send_due
from answerable.channels.instant.setup import add_line, save_gateway
from answerable.channels.matrix.adapter import MatrixMessenger
from answerable.channels.matrix.registration import registration
from answerable.channels.vault import seal
from answerable.desk.actions.messages import reply
from answerable.desk.models import Conversation, Delivery, Kind, Message
from tests.cast import Cast
from tests.channels.matrix.homeserver import DOMAIN, Homeserver, Person, homeserver
from tests.ports import free_port
from tests.site.waiting import until

NUMBER = 4711
SERVICE = f"@service:{DOMAIN}"
SECRETS = {"as_token": "ours-to-say", "hs_token": "theirs-to-say"}
OTHER_NUMBER = 4712
OTHER = f"@other:{DOMAIN}"
OTHER_SECRETS = {"as_token": "the-other's-to-say", "hs_token": "theirs-to-say-to-the-other"}
"""Of the product that a test starts as processes of its own."""
names = iter(f"dace{number}" for number in range(1000))


@dataclass(frozen=True)
class Shared:
    """The homeserver, and the port at which it looks for the other product."""

    server: Homeserver
    port: int


@contextlib.contextmanager
def share(live_server: str) -> Iterator[Shared]:
    """Running until the end of the block."""
    port = free_port()
    ours = text_of(NUMBER, "service", SECRETS, live_server)
    others = text_of(OTHER_NUMBER, "other", OTHER_SECRETS, f"http://127.0.0.1:{port}")
    with homeserver([ours, others]) as server:
        yield Shared(server, port)


@dataclass
class Stage:
    """The cast with a gateway to the homeserver, and Dace, who writes by it."""

    cast: Cast
    gateway: Gateway
    server: Homeserver
    dace: Person

    def take_in(self, condition: Callable[[], Any] | None = None) -> None:
        """Until all that was said has come and is taken in."""
        until(lambda: take_in() is None and (condition is None or condition()), 60)

    def messages(self, room: str) -> list[Message]:
        rows = Message.objects.filter(kind=Kind.INBOUND, messenger_arrivals__chat__external_id=room)
        return list(rows.select_related("conversation__contact", "conversation__inbox").order_by("id").distinct())

    def heard(self, room: str, count: int = 1) -> list[Message]:
        """What was said in the room, once that many have come."""
        self.take_in(lambda: len(self.messages(room)) >= count)
        return self.messages(room)

    def answer(self, conversation: Conversation, text: str, **more: Any) -> Message:
        message = reply(conversation, text=text, by=self.cast.bob, seen_event=None, anyway=True, **more)
        self.send_what_waits()
        return message

    def send_what_waits(self) -> None:
        Delivery.objects.filter(state=Delivery.State.WAITING).update(due_at=timezone.now())
        while send_due(MatrixMessenger()) == 0.0:
            pass

    def somebody(self) -> Person:
        """One more who writes."""
        return self.server.person(next(names))

    def entered(self, who: Person | None = None, *others: Person, account: str = SERVICE) -> str:
        """A room of theirs (Dace's) where we were waited for, and have come; with others, who have come too."""
        host = who or self.dace
        room = host.room_with(account, *(other.user for other in others))
        for other in others:
            other.join(room)
        self.take_in(lambda: account in host.members(room))
        return room


def connect(cast: Cast, server: Homeserver, number: int, name: str, secrets: dict[str, str]) -> Gateway:
    """A gateway to it with an inbox of the team support."""
    gateway = save_gateway(
        Gateway(pk=number, channel="matrix"),
        name=DOMAIN,
        base_url=server.url,
        facts={"domain": DOMAIN, "localpart": name},
        secrets=secrets,
        by=cast.ada,
    )
    add_line(gateway, wanted=name, name="Support", team=cast.support, language="", region="", by=cast.ada)
    return gateway


def text_of(number: int, name: str, secrets: dict[str, str], url: str) -> str:
    """What the homeserver is told of a product at this address, before that has been asked for anything."""
    gateway = Gateway(pk=number, channel="matrix", facts={"domain": DOMAIN, "localpart": name})
    gateway.sealed_secrets = seal(json.dumps(secrets))
    return registration(gateway).replace(settings.SITE_URL, url)
