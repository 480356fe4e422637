"""Whoever writes is found by address, or made, once."""

import threading

import pytest
from django.db import close_old_connections, connection
from django.test.utils import CaptureQueriesContext

from answerable.customers.actions import contact_for_address, contacts_for
from answerable.customers.domains import domains_of
from answerable.customers.models import Address, Contact
from answerable.events.models import Event
from tests.cast import Cast


def test_known_and_new_people_in_one_go(cast: Cast) -> None:
    found = contacts_for(
        {"DACE@customer.example": "D. O.", "new@mail.harbour.example": "New Person", "x@nowhere.example": ""}
    )
    assert found["DACE@customer.example"] == cast.dace
    assert found["DACE@customer.example"].name == "Dace Ozola"
    new = found["new@mail.harbour.example"]
    assert (new.name, new.organisation, new.segment_key) == ("New Person", cast.harbour, "gold")
    assert found["x@nowhere.example"].organisation is None
    added = Event.objects.filter(verb="contact.added")
    assert sorted(event.particulars["address"] for event in added) == ["new@mail.harbour.example", "x@nowhere.example"]


def test_a_name_is_learned_once(cast: Cast) -> None:
    contact_for_address("x@nowhere.example")
    assert contact_for_address("x@nowhere.example", "Xenia").name == "Xenia"
    assert contact_for_address("x@nowhere.example", "Somebody Else").name == "Xenia"


def test_many_cost_no_more_statements_than_one(cast: Cast) -> None:
    for count, events in ((1, 1), (200, 2)):  # many are copied, after their keys were asked for
        with CaptureQueriesContext(connection) as queries:
            contacts_for({f"{count}-{number}@harbour.example": "N" for number in range(count)})
        assert len(queries) == 3 + events
        with CaptureQueriesContext(connection) as queries:
            contacts_for({f"{count}-{number}@harbour.example": "N" for number in range(count)})
        assert len(queries) == 2


@pytest.mark.django_db(transaction=True)
def test_those_who_come_at_once_become_one_contact() -> None:
    """Eight threads meet the same hundred senders, each in an order of its own."""
    senders = [f"{number}@customer.example" for number in range(100)]
    barrier = threading.Barrier(8)
    failures: list[BaseException] = []

    def arrive(turn: int) -> None:
        try:
            barrier.wait()
            contacts_for(dict.fromkeys(senders[turn * 10 :] + senders[: turn * 10], "Name"))
        except BaseException as failure:
            failures.append(failure)
        finally:
            close_old_connections()
            connection.close()

    threads = [threading.Thread(target=arrive, args=(turn,), daemon=True) for turn in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert Contact.objects.count() == Address.objects.count() == 100
    assert Event.objects.filter(verb="contact.added").count() == 100


@pytest.mark.parametrize(
    ("address", "domains"),
    [("a@b.c.example", ["b.c.example", "c.example"]), ("a@localhost", []), ("odd", []), ("a@b.example", ["b.example"])],
)
def test_the_domains_of_an_address(address: str, domains: list[str]) -> None:
    assert domains_of(address) == domains
