"""The policy as it is read: owners, procedures, regions, escalations as a line in time."""

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from answerable.customers.models import Segment
from answerable.people.models import Membership, Role, User
from answerable.policy.actions import known_names, load_version
from answerable.policy.models import Version
from tests.cast import Cast, team
from tests.core.pages import examples


@pytest.fixture
def bank(cast: Cast) -> Version:
    """The bank of docs/policy.md, with the team, the segment and the people it names."""
    Membership.objects.create(user=cast.alice, team=team("second-line", cast.support), role=Role.LEAD)
    Segment.objects.create(key="premium", name="Premium")
    return load_version(examples("policy.md", "toml")[1], by=cast.ada)


def shown(user: User) -> str:
    client = Client()
    client.force_login(user)
    return client.get("/policy/").text


def test_all_that_the_bank_says_is_shown(cast: Cast, bank: Version) -> None:
    page = shown(cast.charlie)
    for words in (
        "97 %",
        "<dt>Owner</dt><dd>Bob</dd>",
        "every 90 days",
        "every 6 months",
        "A lost or stolen card",
        "Procedure where the priority is urgent",
        "Block the card before anything else.",
        "hours of each region",
        "elsewhere: Riga",
        "Warm and formal; the polite form, with batono or kalbatono.",
        "3 working hours in place of “Half of all customers",
        "hand over to Second-line",
        "tell Alice",
    ):
        assert words in page, words


def test_a_chain_is_a_line_in_time(cast: Cast, bank: Version) -> None:
    page = shown(cast.bob)
    line = page[page.index('id="standard-first-response"') :].partition("</article>")[0]
    assert 'cx="34.00%"' in line, "half of four hours, on a line that ends at 150 %"
    assert 'class="due" x1="66.00%"' in line
    listed = line.partition("<ol")[2]
    stops = ("after 2 working hours", "after 3 working hours 12 minutes", "150&nbsp;%")
    places = [listed.index(each) for each in stops]
    assert places == sorted(places)


def test_it_is_read_in_ones_own_language(cast: Cast, bank: Version) -> None:
    cast.bob.language = "lv"
    cast.bob.save()
    page = shown(cast.bob)
    assert "Pazaudēta vai nozagta karte" in page
    assert "Draudzīgi un īsi; drīkst uzrunāt vārdā." in page


def test_the_page_asks_as_much_however_much_is_written(
    cast: Cast, bank: Version, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = Client()
    client.force_login(cast.bob)
    client.get("/policy/")
    with django_assert_num_queries(9):
        client.get("/policy/")


def test_what_a_new_document_may_name(cast: Cast) -> None:
    User.objects.filter(pk=cast.charlie.pk).update(is_active=False)
    known = known_names()
    assert sorted(known["team"]) == ["everyone", "latvia", "sales", "support"]
    assert sorted(known["staffed"]) == ["everyone", "support"], "an analyst alone, or who has left, can't act"
    assert "charlie@example.com" not in known["user"]
    assert list(known["segment"]) == ["gold"]
