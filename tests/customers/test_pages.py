"""The pages about customers, through HTTP."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from answerable.customers.actions import contact_for_address, contacts_for
from answerable.customers.actions.merging import merge
from answerable.customers.models import Address, Contact, Merge, Organisation, Segment
from answerable.events.models import Event
from answerable.people.models import User
from tests.cast import PASSWORD, Cast

DETAILS = {"name": "Dace", "organisation": "", "segment": "", "language": "lv", "region": "LV", "notes": ""}


@pytest.fixture
def bob(client: Client, cast: Cast) -> Client:
    client.force_login(cast.bob)
    return client


@pytest.fixture
def alice(client: Client, cast: Cast) -> Client:
    client.force_login(cast.alice)
    return client


def names(page: str) -> list[str]:
    return [name for name in ("Dace Ozola", "Nino Beridze", "ნინო ბერიძე", "Айгүл") if name in page]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", ["Dace Ozola", "Nino Beridze", "ნინო ბერიძე"]),
        ("ozol", ["Dace Ozola"]),
        ("BERI", ["Nino Beridze"]),
        ("ბერ", ["ნინო ბერიძე"]),
        ("nino@HARB", ["Nino Beridze"]),
        ("harbour.example", []),
        ("+371 2", ["Dace Ozola"]),
        ("%", []),
        ("\x00", ["Dace Ozola", "Nino Beridze", "ნინო ბერიძე"]),
        ("x" * 5000, []),
    ],
)
def test_contacts_are_found(bob: Client, cast: Cast, text: str, found: list[str]) -> None:
    contact_for_address("n@home.example", "ნინო ბერიძე")
    Address.objects.create(contact=cast.dace, kind="phone", value="+37120000000")
    assert names(bob.get(reverse("customers"), {"q": text}).content.decode()) == found


def test_a_long_list_has_pages_and_each_costs_the_same(bob: Client, cast: Cast) -> None:
    def queries(address: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert bob.get(address).status_code == 200
        return len(captured)

    url = reverse("customers")
    bob.get(url)
    few = queries(url)
    contacts_for({f"{number}@crowd.example": f"Person {number}" for number in range(120)})
    assert queries(url) == few
    page = bob.get(url)
    seen = page.content.decode().count("@crowd.example")
    while following := page.context["page"].next:
        page = bob.get(url, {"cursor": following})
        seen += page.content.decode().count("@crowd.example")
    assert seen == 120
    assert bob.get(url, {"cursor": "x"}).status_code == 404


def test_a_contact_is_added_and_changed(bob: Client, cast: Cast) -> None:
    answer = bob.post(reverse("contact-new"), {"name": "Zane", "address": "Zane@Home.example"})
    zane = Contact.objects.get(name="Zane")
    assert answer.headers["Location"] == reverse("contact", args=[zane.pk])
    bob.post(reverse("contact", args=[zane.pk]), {**DETAILS, "organisation": cast.harbour.pk})
    zane.refresh_from_db()
    assert (zane.name, zane.organisation, zane.segment_key) == ("Dace", cast.harbour, "gold")
    event = Event.objects.get(verb="contact.changed")
    assert event.particulars["before"] == {"name": "Zane", "organisation": None, "language": "", "region": ""}
    taken = bob.post(reverse("contact-new"), {"name": "", "address": "dace@customer.example"})
    assert "belongs to Dace Ozola" in taken.content.decode()
    assert Contact.objects.count() == 3


def test_addresses_come_and_go(bob: Client, cast: Cast) -> None:
    addresses = reverse("contact-addresses", args=[cast.dace.pk])
    bob.post(addresses, {"kind": "phone", "value": "+371 2000-0000"})
    assert cast.dace.addresses.get(kind="phone").value == "+37120000000"
    for kind, value in (
        ("email", "nino@harbour.example"),
        ("email", "not one"),
        ("phone", "--"),
        ("fax", "1"),
        ("", ""),
    ):
        assert bob.post(addresses, {"kind": kind, "value": value}).status_code == 422
    first = cast.dace.addresses.get(kind="email")
    bob.post(reverse("address-removal", args=[first.pk]))
    last = cast.dace.addresses.get()
    bob.post(reverse("address-removal", args=[last.pk]))
    assert cast.dace.addresses.get() == last
    verbs = list(Event.objects.order_by("id").values_list("verb", flat=True))
    assert verbs == ["address.added", "address.removed"]


def test_two_are_merged_after_a_look_and_parted_again(bob: Client, cast: Cast) -> None:
    other = contact_for_address("dace@home.example")
    merges = reverse("contact-merges", args=[cast.dace.pk])
    assert "dace@home.example" in bob.get(merges, {"q": "dace@"}).content.decode()
    assert "Addresses that move" in bob.get(merges, {"absorbed": other.pk}).content.decode()
    assert not Merge.objects.exists()
    bob.post(merges, {"absorbed": other.pk})
    assert bob.get(reverse("contact", args=[other.pk])).headers["Location"] == reverse("contact", args=[cast.dace.pk])
    assert "Undo" in bob.get(reverse("contact", args=[cast.dace.pk])).content.decode()
    bob.post(reverse("merge-undoing", args=[Merge.objects.get().pk]))
    assert bob.get(reverse("contact", args=[other.pk])).status_code == 200
    for odd in ({}, {"absorbed": "x"}, {"absorbed": cast.dace.pk}, {"absorbed": 0}):
        assert bob.post(merges, odd).status_code == 302
        assert bob.get(merges, odd).status_code in (200, 302)
    assert Merge.objects.count() == 1


def test_organisations_gather_who_writes_from_their_domains(alice: Client, cast: Cast) -> None:
    early = contact_for_address("early@pier.example")
    body = {"name": "Pier", "domains": "pier.example\n@Quay.example", "segment": cast.gold.pk, "notes": ""}
    alice.post(reverse("organisation-new"), body)
    pier = Organisation.objects.get(name="Pier")
    assert pier.domains == ["pier.example", "quay.example"]
    early.refresh_from_db()
    assert early.organisation == pier
    assert contact_for_address("late@mail.quay.example").segment_key == "gold"
    for domains in ("harbour.example", "gmail.com", "no domain", "x" * 70 + ".example"):
        assert alice.post(reverse("organisation-new"), {**body, "domains": domains}).status_code == 422
    page = reverse("organisation", args=[pier.pk])
    assert "early@pier.example" in alice.get(page).content.decode()
    assert alice.post(page, {**body, "name": "Pier & Co"}).status_code == 302
    assert alice.post(page, {}).status_code == 422
    alice.post(reverse("organisation-removal", args=[pier.pk]))
    early.refresh_from_db()
    assert early.organisation is None
    assert Event.objects.get(verb="organisation.removed").particulars["name"] == "Pier & Co"


def test_segments(alice: Client, cast: Cast) -> None:
    alice.post(reverse("segments"), {"name": "Gold"})
    alice.post(reverse("segments"), {"name": "სკოლები"})
    assert set(Segment.objects.values_list("key", flat=True)) == {"gold", "gold-2", "segment"}
    school = Segment.objects.get(key="segment")
    alice.post(reverse("segment", args=[school.pk]), {"name": "Schools"})
    assert Segment.objects.get(key="segment").name == "Schools"
    alice.post(reverse("segment-removal", args=[cast.gold.pk]))
    alice.post(reverse("segment-removal", args=[school.pk]))
    assert Segment.objects.filter(pk=cast.gold.pk).exists()
    assert not Segment.objects.filter(pk=school.pk).exists()
    alice.post(reverse("segments"), {"name": "Corner shops"})
    page = alice.get(reverse("segments")).content.decode()
    assert page.index("Corner shops") < page.index("Gold")
    assert alice.post(reverse("segments"), {}).status_code == 422
    assert alice.post(reverse("segments"), {"name": "\x00"}).status_code == 422


def test_an_agent_tends_to_contacts_and_arranges_nothing(bob: Client, cast: Cast) -> None:
    assert bob.post(reverse("segments"), {"name": "Mine"}).status_code == 403
    assert bob.get(reverse("organisation-new")).status_code == 403
    assert bob.post(reverse("organisation", args=[cast.harbour.pk]), {"name": "Mine"}).status_code == 403
    assert bob.post(reverse("organisation-removal", args=[cast.harbour.pk])).status_code == 403
    assert bob.post(reverse("segment-removal", args=[cast.gold.pk])).status_code == 403
    assert bob.get(reverse("segment", args=[cast.gold.pk])).status_code == 403


def test_an_analyst_reads(client: Client, cast: Cast) -> None:
    client.force_login(cast.quinn)
    page = client.get(reverse("contact", args=[cast.dace.pk]))
    assert page.status_code == 200
    assert "<textarea" not in page.content.decode()
    assert client.post(reverse("contact", args=[cast.dace.pk]), DETAILS).status_code == 403
    assert client.get(reverse("contact-merges", args=[cast.dace.pk])).status_code == 403
    assert client.get(reverse("contact-new")).status_code == 403


def test_who_is_in_no_team_sees_no_customers(client: Client, cast: Cast) -> None:
    client.force_login(User.objects.create_user("eve@example.com", PASSWORD, name="Eve"))
    row = merge(cast.dace, absorb=contact_for_address("d@home.example"), by=None)
    assert "Dace" not in client.get(reverse("customers")).content.decode()
    dace, address = cast.dace.pk, cast.dace.addresses.first()
    assert address
    for name, pk in (
        ("contact", dace),
        ("contact-addresses", dace),
        ("contact-merges", dace),
        ("address-removal", address.pk),
        ("merge-undoing", row.pk),
        ("organisation", cast.harbour.pk),
        ("organisation-removal", cast.harbour.pk),
        ("segment", cast.gold.pk),
        ("segment-removal", cast.gold.pk),
    ):
        assert client.post(reverse(name, args=[pk]), {"absorbed": cast.nino.pk}).status_code == 404
    for name in ("organisations", "organisation-new", "segments"):
        assert client.get(reverse(name)).status_code == 404


def test_strangers_are_shown_the_door(client: Client, cast: Cast) -> None:
    for name in ("customers", "organisations", "segments", "contact-new"):
        assert client.get(reverse(name)).headers["Location"].startswith(reverse("account_login"))
    assert client.get(reverse("contact", args=[cast.dace.pk])).headers["Location"].startswith(reverse("account_login"))


@pytest.mark.parametrize(
    "change",
    [{"organisation": "x"}, {"segment": "0"}, {"language": "xx"}, {"name": "\x00"}, {"region": "x" * 61}],
)
def test_odd_details_are_answered_in_words(bob: Client, cast: Cast, change: dict[str, str]) -> None:
    assert bob.post(reverse("contact", args=[cast.dace.pk]), DETAILS | change).status_code == 422


def test_a_contact_costs_a_fixed_number_of_queries(bob: Client, cast: Cast) -> None:
    bob.get(reverse("customers"))
    with CaptureQueriesContext(connection) as captured:
        bob.get(reverse("contact", args=[cast.dace.pk]))
    few = len(captured)
    for number in range(20):
        merge(cast.dace, absorb=contact_for_address(f"{number}@crowd.example"), by=cast.bob)
    with CaptureQueriesContext(connection) as captured:
        bob.get(reverse("contact", args=[cast.dace.pk]))
    assert len(captured) == few


def test_who_has_no_name_goes_by_their_address(bob: Client, cast: Cast) -> None:
    nameless, stranger = contact_for_address("o'k@home.example", ""), Contact.objects.create()
    assert bob.get(reverse("customers")).content.decode().count("o&#x27;k@home.example") == 2
    page = bob.get(reverse("contact", args=[nameless.pk])).content.decode()
    assert "Somebody without a name" not in page
    assert "<title>o&#x27;k@home.example" in page
    page = bob.get(reverse("contact", args=[stranger.pk])).content.decode()
    assert "Somebody without a name" in page
    assert "No address is known." in page
