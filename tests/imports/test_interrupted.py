"""Killed halfway, and started again."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.db import connection

from answerable.desk.models import Conversation, Message
from answerable.imports.models import Origin
from tests import cast as people
from tests.imports.zendesk import comment

if TYPE_CHECKING:
    from tests.imports.conftest import TakenOver

TICKETS = 450
BY = """
import django; django.setup()
from pathlib import Path
from answerable.imports import running
from answerable.imports.conversations import Taking
take = Taking.take
def slowly(self, rows):
    found = take(self, rows)
    if rows[0][0].key != "1":
        print("taken", flush=True)
        input()
    return found
Taking.take = slowly
running.work_on(running.Import.objects.get(pk={pk}), [Path({path!r})], Path({folder!r}))
"""


@pytest.mark.django_db(transaction=True)
def test_killed_in_a_portion_it_goes_on_with_what_is_not_here(taken_over: TakenOver, tmp_path: Path) -> None:
    """What is there meanwhile is whole; afterwards all is there, once."""
    from answerable.imports.actions import begin_at_once
    from answerable.imports.mapping import Mapping

    cast = people.play()
    path = tmp_path / "tickets.json"
    with path.open("w") as out:
        for number in range(1, TICKETS + 1):
            at = f"2024-01-{1 + number // 20:02}T08:{number % 60:02}:00Z"
            said = [comment(2 * number, 7, at, "one"), comment(2 * number + 1, 8, at, "two")]
            row = {"id": number, "status": "open", "created_at": at, "requester_id": 7, "comments": said}
            out.write(json.dumps(row) + "\n")
    begun = begin_at_once(
        system="zendesk", account="", inbox=cast.support_inbox, zone="UTC", files=[], mapping=Mapping(), by=None
    )
    place = connection.get_connection_params()
    where = f"postgresql://{place['user']}@:{place['port']}/{place['dbname']}?host={place['host'].replace('/', '%2F')}"
    script = BY.format(pk=begun.pk, path=str(path), folder=str(tmp_path))
    worker = subprocess.Popen(
        [sys.executable, "-c", script],
        env={**os.environ, "DATABASE_URL": where},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert worker.stdout is not None
    watch = threading.Timer(240, worker.kill)
    watch.start()
    assert worker.stdout.readline() == "taken\n"  # the second portion is written, and not committed
    worker.send_signal(signal.SIGKILL)
    worker.wait()
    watch.cancel()
    worker.stdout.close()
    here = Conversation.objects.count()
    assert here == 200
    assert set(Conversation.objects.values_list("message_count", flat=True)) == {2}
    row = taken_over(cast, path)
    begun.refresh_from_db()
    assert (begun.state, row.state, row.report["known"]) == ("cancelled", "done", here)
    assert Conversation.objects.count() == TICKETS
    assert Message.objects.count() == 2 * TICKETS
    assert Origin.objects.filter(kind="conversation").count() == TICKETS
