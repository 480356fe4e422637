"""A real homeserver, a person with a program of their own, and our desk: both ways."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.utils import timezone

from answerable.channels.instant.intake import take_in
from answerable.channels.instant.models import Gateway
from answerable.channels.instant.outbox import send_due
from answerable.channels.instant.setup import add_line, check_now, save_gateway
from answerable.channels.matrix.adapter import MatrixMessenger
from answerable.channels.matrix.registration import registration
from answerable.channels.vault import seal
from answerable.desk.actions.messages import reply
from answerable.desk.models import Conversation, Delivery, Kind, Message
from tests.cast import Cast
from tests.channels.matrix.homeserver import DOMAIN, Homeserver, Person, homeserver
from tests.site.waiting import until

pytestmark = [pytest.mark.servers, pytest.mark.django_db(transaction=True)]
NUMBER = 4711
SERVICE = f"@service:{DOMAIN}"
SECRETS = {"as_token": "ours-to-say", "hs_token": "theirs-to-say"}


@pytest.fixture(scope="module")
def server(live_server: Any) -> Iterator[Homeserver]:
    gateway = Gateway(pk=NUMBER, channel="matrix", facts={"domain": DOMAIN, "localpart": "service"})
    gateway.sealed_secrets = seal('{"as_token": "ours-to-say", "hs_token": "theirs-to-say"}')
    text = registration(gateway).replace("http://localhost:8000", str(live_server))
    with homeserver([text]) as found:
        yield found


@dataclass
class Stage:
    """The cast with a gateway to the homeserver, and Dace, who writes by it."""

    cast: Cast
    gateway: Gateway
    server: Homeserver
    dace: Person

    def take_in(self, condition: Any = None) -> None:
        """Until all that was said has come and is taken in."""
        until(lambda: take_in() is None and (condition is None or condition()), 20)

    def messages(self, room: str) -> list[Message]:
        rows = Message.objects.filter(kind=Kind.INBOUND, messenger_arrivals__chat__external_id=room)
        return list(rows.select_related("conversation__contact", "conversation__inbox").order_by("id").distinct())

    def heard(self, room: str, count: int = 1) -> list[Message]:
        """What was said in the room, once that many have come."""
        self.take_in(lambda: len(self.messages(room)) >= count)
        return self.messages(room)

    def answer(self, conversation: Conversation, text: str, **more: Any) -> Message:
        message = reply(conversation, text=text, by=self.cast.bob, seen_event=None, anyway=True, **more)
        Delivery.objects.filter(message=message).update(due_at=timezone.now())
        while send_due(MatrixMessenger()) == 0.0:
            pass
        return message


names = iter(f"dace{number}" for number in range(1000))


@pytest.fixture
def stage(cast: Cast, server: Homeserver) -> Stage:
    gateway = save_gateway(
        Gateway(pk=NUMBER, channel="matrix"),
        name=DOMAIN,
        base_url=server.url,
        facts={"domain": DOMAIN, "localpart": "service"},
        secrets=SECRETS,
        by=cast.ada,
    )
    add_line(gateway, wanted="service", name="Support", team=cast.support, language="", region="", by=cast.ada)
    return Stage(cast, gateway, server, server.person(next(names)))


def test_text_goes_both_ways(stage: Stage) -> None:
    room = stage.dace.room_with(SERVICE)
    stage.take_in(lambda: SERVICE in stage.dace.members(room))
    stage.dace.send(room, "My order has not come. What shall I do?")
    [message] = stage.heard(room)
    conversation = message.conversation
    assert conversation.inbox.address == SERVICE
    assert (conversation.channel, conversation.team) == ("matrix", stage.cast.support)
    assert conversation.subject == message.text == "My order has not come. What shall I do?"
    assert str(conversation.contact) == stage.dace.user[1:].partition(":")[0].capitalize()
    assert conversation.unanswered_since
    answer = stage.answer(conversation, "It is on its way.")
    assert stage.dace.bodies(room)[-1] == "It is on its way."
    answer.delivery.refresh_from_db()
    assert answer.delivery.state == Delivery.State.SENT
    stage.dace.send(room, "Thank you!")
    assert [each.conversation_id for each in stage.heard(room, 2)] == [conversation.pk] * 2


def test_it_works_both_ways(stage: Stage) -> None:
    assert "both ways" in check_now(stage.gateway, by=stage.cast.ada)
    stage.gateway.refresh_from_db()
    assert stage.gateway.checked_at
    assert not stage.gateway.failing_since
