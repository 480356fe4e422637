from __future__ import annotations

from threading import Event as Bell
from threading import Thread
from typing import Any

import psycopg
import pytest
from django.db import connection, transaction
from psycopg.conninfo import make_conninfo

from answerable.customers.actions.contacts import add_contact
from answerable.desk.actions.conversations import open_conversation, set_status
from answerable.events.wire import conninfo
from tests.api.program import Program
from tests.cast import play


def heard(program: Program, path: str, number: int) -> list[dict[str, Any]]:
    """So many events, once whoever else writes to this server (such as its own housekeeping) has ended."""
    while len(found := program.get(path).json()["data"]) < number:
        pass
    return list(found)


@pytest.mark.django_db(transaction=True)
def test_one_hears_of_ones_own_teams_and_of_what_is_public() -> None:
    cast = play()
    row = open_conversation(inbox=cast.support_inbox, contact=cast.dace, subject="Where is it?", by=None)
    set_status(row, to="solved", by=cast.bob)
    add_contact(address="new@customer.example", by=cast.bob)
    bob, charlie = Program(cast.bob), Program(cast.charlie)
    found = heard(bob, "/events", 4)
    assert [event["verb"] for event in found] == [
        "conversation.opened",
        "conversation.solved",
        "contact.added",
        "address.added",
    ]
    assert found[1]["data"] == {"before": "new", "to": "solved", "contact": None}
    assert found[1]["actor"] == {"id": cast.bob.pk, "name": "Bob"}
    assert found[1]["root"] == {"type": "conversation", "id": row.pk}
    assert [event["verb"] for event in heard(charlie, "/events", 2)] == ["contact.added", "address.added"]
    assert heard(bob, f"/events?after={found[0]['id']}&limit=2", 2) == found[1:3]
    assert heard(bob, f"/events?conversation={row.pk}&verb=conversation.solved", 1) == found[1:2]


@pytest.mark.django_db(transaction=True)
def test_another_database_of_the_server_holds_nothing_up() -> None:
    cast = play()
    with psycopg.connect(make_conninfo(conninfo(), dbname="postgres")) as elsewhere:
        elsewhere.execute("SELECT pg_current_xact_id()")
        add_contact(address="new@customer.example", by=cast.bob)
        assert len(heard(Program(cast.bob), "/events", 2)) == 2


@pytest.mark.django_db(transaction=True)
def test_what_is_committed_late_is_not_passed_over() -> None:
    """An event of a smaller number may be committed later: until then, none after it is shown."""
    cast = play()
    bob, written, may_end = Program(cast.bob, "events:read"), Bell(), Bell()

    def slowly() -> None:
        try:
            with transaction.atomic():
                add_contact(address="first@customer.example", by=cast.bob)
                written.set()
                may_end.wait()
        finally:
            connection.close()

    thread = Thread(target=slowly, daemon=True)
    thread.start()
    written.wait()
    add_contact(address="second@customer.example", by=cast.bob)
    assert bob.get("/events").json()["data"] == []
    may_end.set()
    thread.join()
    found = [event["data"] for event in heard(bob, "/events?verb=contact.added", 2)]
    assert found == [{"address": "first@customer.example"}, {"address": "second@customer.example"}]
