from __future__ import annotations

from threading import Event as Bell
from threading import Thread

import pytest
from django.db import connection, transaction

from answerable.customers.actions.contacts import add_contact
from answerable.desk.actions.conversations import open_conversation, set_status
from tests.api.program import Program
from tests.cast import Cast, play


def test_one_hears_of_ones_own_teams_and_of_what_is_public(cast: Cast) -> None:
    row = open_conversation(inbox=cast.support_inbox, contact=cast.dace, subject="Where is it?", by=None)
    set_status(row, to="solved", by=cast.bob)
    add_contact(address="new@customer.example", by=cast.bob)
    bob, charlie = Program(cast.bob), Program(cast.charlie)
    heard = bob.get("/events").json()["data"]
    assert [event["verb"] for event in heard] == [
        "conversation.opened",
        "conversation.solved",
        "contact.added",
        "address.added",
    ]
    assert heard[1]["data"] == {"before": "new", "to": "solved"}
    assert heard[1]["actor"] == {"id": cast.bob.pk, "name": "Bob"}
    assert heard[1]["root"] == {"type": "conversation", "id": row.pk}
    assert [event["verb"] for event in charlie.get("/events").json()["data"]] == ["contact.added", "address.added"]
    assert [event["id"] for event in bob.get(f"/events?after={heard[0]['id']}&limit=2").json()["data"]] == [
        event["id"] for event in heard[1:3]
    ]
    assert len(bob.get(f"/events?conversation={row.pk}&verb=conversation.solved").json()["data"]) == 1


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

    thread = Thread(target=slowly)
    thread.start()
    written.wait()
    add_contact(address="second@customer.example", by=cast.bob)
    assert bob.get("/events").json()["data"] == []
    may_end.set()
    thread.join()
    found = [event["data"] for event in bob.get("/events?verb=contact.added").json()["data"]]
    assert found == [{"address": "first@customer.example"}, {"address": "second@customer.example"}]
