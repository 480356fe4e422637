"""Killed at random, again and again, and started anew each time."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.db import connection

from answerable.customers.models import Contact
from answerable.desk.models import Conversation, Message
from answerable.events.models import Event
from answerable.imports.models import Import, Origin
from tests import cast as people
from tests.imports.zendesk import comment

if TYPE_CHECKING:
    from tests.imports.conftest import TakenOver

TICKETS, PORTION, KILLS, CUSTOMERS = 120, 20, 6, 30
RUNS = """
import os, pathlib, random, signal, sys
import django; django.setup()
from django.db import connection
from answerable.desk.models import Conversation, Inbox, Message
from answerable.imports import running
from answerable.imports.actions import begin_at_once
from answerable.imports.mapping import Mapping
from answerable.imports.reading.files import Given

path, inbox, kills, running.PORTION = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
chance = random.Random(5)

def until_killed(left):
    def count(execute, *asked):
        nonlocal left
        left -= 1
        if not left:
            os.kill(os.getpid(), signal.SIGKILL)
        return execute(*asked)

    folder = pathlib.Path(path).parent / f"killed-{os.getpid()}"
    folder.mkdir()
    row = begin_at_once(system="zendesk", account="", inbox=Inbox.objects.get(pk=inbox), zone="UTC", files=[],
                        mapping=Mapping(), by=None)
    with connection.execute_wrapper(count):
        running.work_on(row, [Given.at(pathlib.Path(path))], folder)

for _ in range(kills):
    if not (child := os.fork()):
        until_killed(chance.randrange(1, 80))
        os._exit(0)
    _pid, how = os.waitpid(child, 0)
    halves = Conversation.objects.exclude(message_count=2).count() + Conversation.objects.filter(messages=None).count()
    print(os.WIFSIGNALED(how), Conversation.objects.count(), Message.objects.count(), halves, flush=True)
    connection.close()
"""


@pytest.mark.django_db(transaction=True)
def test_killed_anywhere_it_goes_on_with_what_is_not_here(taken_over: TakenOver, tmp_path: Path) -> None:
    """What is there meanwhile is whole; afterwards all is there, once."""
    cast = people.play()
    path = tmp_path / "tickets.json"
    with path.open("w") as out:
        for number in range(1, TICKETS + 1):
            at = f"2024-01-{1 + number // 20:02}T08:{number % 60:02}:00Z"
            who = number % CUSTOMERS
            asks = {"id": 5000 + who, "name": f"Customer {who}", "role": "end-user"}
            said = [comment(2 * number, 5000 + who, at, "one"), comment(2 * number + 1, 8, at, "two")]
            ticket = {"id": number, "status": "open", "created_at": at, "requester": asks, "comments": said}
            out.write(json.dumps(ticket) + "\n")
    before = Contact.objects.count()
    place = connection.get_connection_params()
    where = f"postgresql://{place['user']}@:{place['port']}/{place['dbname']}?host={place['host'].replace('/', '%2F')}"
    asked = (str(path), str(cast.support_inbox.pk), str(KILLS), str(PORTION))
    ran = subprocess.run(
        [sys.executable, "-c", RUNS, *asked],
        env={**os.environ, "DATABASE_URL": where},
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    seen = [line.split() for line in ran.stdout.splitlines()]
    assert len(seen) == KILLS
    assert "True" in {killed for killed, *_counts in seen}
    assert {halves for *_counts, halves in seen} == {"0"}
    here = [int(conversations) for _killed, conversations, _messages, _halves in seen]
    assert here == sorted(here)
    assert [int(messages) for _killed, _conversations, messages, _halves in seen] == [2 * each for each in here]
    row = taken_over(cast, path)
    assert (row.state, row.report["known"], row.report["conversations_new"]) == ("done", here[-1], TICKETS - here[-1])
    assert Import.objects.filter(state=Import.State.RUNNING).count() == 0
    assert Conversation.objects.values("created_at").distinct().count() == Conversation.objects.count() == TICKETS
    assert Message.objects.count() == 2 * TICKETS
    assert Contact.objects.count() == before + CUSTOMERS
    assert Origin.objects.filter(kind="conversation").count() == TICKETS
    assert Event.objects.filter(verb="conversation.imported").count() == TICKETS
