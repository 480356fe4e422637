"""The homeserver is away, or our processes are killed: afterwards each side has everything once, and in order."""

import os
import random
import shutil
import signal
from collections import Counter
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.utils import timezone

from answerable.channels.instant.health import check_due
from answerable.channels.instant.models import Arrival, Gateway
from answerable.channels.instant.outbox import send_due
from answerable.channels.matrix.adapter import MatrixMessenger
from answerable.desk.actions.messages import reply
from answerable.desk.models import Delivery, Kind, Message
from tests.cast import Cast
from tests.channels.matrix.homeserver import Person
from tests.channels.matrix.stage import OTHER, OTHER_NUMBER, OTHER_SECRETS, Shared, Stage, connect, names
from tests.ports import free_port
from tests.site.served import Served
from tests.site.waiting import until

pytestmark = [pytest.mark.servers, pytest.mark.django_db(transaction=True)]
SEED = 20261122
WRITTEN, ANSWERED = 24, 12
KILLED = ("web", "worker", "web", "worker", "worker")
PATIENCE_SECONDS = 120


def test_while_the_homeserver_is_away_answers_wait(stage: Stage, client: Client) -> None:
    room = stage.entered()
    stage.dace.send(room, "Are you there?")
    [message] = stage.heard(room)
    Gateway.objects.update(base_url=f"http://127.0.0.1:{free_port()}")
    one, two = (stage.answer(message.conversation, text).delivery for text in ("One", "Two"))
    one.refresh_from_db()
    assert (one.state, one.sent_at) == (Delivery.State.WAITING, None)
    assert one.error
    assert one.due_at > timezone.now()
    client.force_login(stage.cast.bob)
    page = client.get(f"/conversations/{message.conversation_id}/").content.decode()
    assert one.error in page
    assert "Answers wait" in page
    Gateway.objects.update(base_url=stage.server.url)
    Delivery.objects.filter(pk=one.pk).update(due_at=timezone.now() + timedelta(minutes=30))
    check_due()
    while send_due(MatrixMessenger()) == 0.0:
        pass
    assert stage.dace.bodies(room)[1:] == ["One", "Two"]
    two.refresh_from_db()
    assert two.state == Delivery.State.SENT


def test_whoever_is_killed_nothing_is_lost_doubled_or_out_of_order(cast: Cast, shared: Shared, tmp_path: Path) -> None:
    """Dace writes, Bob answers, and at places chosen by dice a process of ours dies: as often as the homeserver then
    hands over the same again, and we say the same again, it is there once."""
    connect(cast, shared.server, OTHER_NUMBER, "other", OTHER_SECRETS)
    dace = shared.server.person(next(names))
    room = dace.room_with(OTHER)
    product = Served(data_beside(tmp_path), port=shared.port, DATABASE_URL=database_url())
    try:
        product.until_ready()
        until(lambda: OTHER in dace.members(room), PATIENCE_SECONDS, "us in the room")
        dace.send(room, "0")
        until(lambda: Message.objects.count() == 1, PATIENCE_SECONDS, "the first message")
        play(cast, product, dace, room)
        until(lambda: said_by_customers() >= WRITTEN, PATIENCE_SECONDS, "what Dace wrote")
        done = Delivery.objects.filter(state=Delivery.State.SENT)
        until(lambda: done.count() == ANSWERED, PATIENCE_SECONDS, "the answers")
        until(lambda: not Arrival.objects.filter(outcome="").exists(), PATIENCE_SECONDS, "the ledger")
    finally:
        stopped = product.stop()
        print(product.log[-10_000:])
    assert stopped == 0
    heard = Message.objects.filter(kind=Kind.INBOUND).order_by("id").values_list("text", flat=True)
    assert list(heard) == [str(number) for number in range(WRITTEN)]
    told = [event["content"]["body"] for event in dace.messages(room) if event["sender"] == OTHER]
    assert told == [f"Answer {number}" for number in range(ANSWERED)]


def play(cast: Cast, product: Served, dace: Person, room: str) -> None:
    """All that happens, shuffled by the same dice each time; nobody waits for anybody."""
    written, answered, killed = iter(range(1, WRITTEN)), iter(range(ANSWERED)), Counter[str]()
    deeds = ["write"] * (WRITTEN - 1) + ["answer"] * ANSWERED + list(KILLED)
    random.Random(SEED).shuffle(deeds)
    for deed in deeds:
        match deed:
            case "write":
                dace.send(room, str(next(written)))
            case "answer":
                conversation = Message.objects.order_by("id")[0].conversation
                text = f"Answer {next(answered)}"
                message = reply(conversation, text=text, by=cast.bob, seen_event=None, anyway=True)
                Delivery.objects.filter(message=message).update(due_at=timezone.now())
            case process:
                until(lambda name=process: len(product.pids(name)) > killed[name], 60, f"{process} again")
                os.kill(product.pids(process)[-1], signal.SIGKILL)
                killed[process] += 1


def said_by_customers() -> int:
    return Message.objects.filter(kind=Kind.INBOUND).count()


def database_url() -> str:
    """Of the tests' database."""
    where = connection.settings_dict
    return f"postgresql://{where['USER']}@:{where['PORT']}/{where['NAME']}?host={quote(str(where['HOST']), safe='')}"


def data_beside(place: Path) -> Path:
    """A data directory with the keys of the tests' own, which sealed what is in the database."""
    data = place / "data"
    data.mkdir()
    shutil.copy(settings.DATA_DIR / "secrets.json", data)
    return data
