"""Who acts when somebody is away: never nobody, never in a circle."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from answerable.people.models import Absence, Membership, Role, Team, User
from answerable.people.standing_in import StandIns
from tests.cast import Cast, member

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def away(user: User, stand_in: User | None = None, *, state: str = "approved") -> Absence:
    return Absence.objects.create(
        user=user,
        kind="holiday",
        begins_at=NOW - HOUR,
        ends_at=NOW + HOUR,
        stand_in=stand_in,
        state=state,
        asked_by=user,
    )


def who_acts(users: list[User], at: datetime, team: Team | None = None) -> dict[int, User]:
    return {pk: acting.user for pk, acting in StandIns(at).each(users, team).items()}


def acts(user: User, cast: Cast) -> User:
    return who_acts([user], NOW, cast.support)[user.pk]


def test_whoever_is_there_acts_themself_for_one_query(cast: Cast) -> None:
    with CaptureQueriesContext(connection) as queries:
        assert who_acts([cast.alice, cast.bob], NOW) == {cast.alice.pk: cast.alice, cast.bob.pk: cast.bob}
    assert len(queries) == 1


def test_a_stand_in_acts_from_the_first_instant_to_the_last(cast: Cast) -> None:
    away(cast.alice, cast.bob)
    assert acts(cast.alice, cast) == cast.bob
    assert who_acts([cast.alice], NOW - HOUR)[cast.alice.pk] == cast.bob
    assert who_acts([cast.alice], NOW + HOUR)[cast.alice.pk] == cast.alice


@pytest.mark.parametrize("state", ["requested", "declined", "withdrawn"])
def test_only_an_approved_absence_counts(cast: Cast, state: str) -> None:
    away(cast.alice, cast.bob, state=state)
    assert acts(cast.alice, cast) == cast.alice


def test_the_chain_is_followed(cast: Cast) -> None:
    dora = member("Dora", Role.AGENT, cast.support)
    away(cast.bob, dora)
    away(dora, cast.alice)
    assert acts(cast.bob, cast) == cast.alice


def test_a_circle_ends_with_somebody_who_is_there(cast: Cast) -> None:
    away(cast.alice, cast.bob)
    away(cast.bob, cast.alice)
    assert acts(cast.alice, cast) == cast.ada
    assert acts(cast.bob, cast) == cast.ada


def test_without_a_stand_in_the_lead_acts_then_the_one_above(cast: Cast) -> None:
    away(cast.bob)
    assert acts(cast.bob, cast) == cast.alice
    boss = member("Boss", Role.LEAD, cast.everyone)
    away(cast.alice)
    assert acts(cast.bob, cast) == boss
    away(boss)
    assert acts(cast.bob, cast) == cast.ada


def test_a_lead_who_is_away_is_stood_in_for_too(cast: Cast) -> None:
    dora = member("Dora", Role.AGENT, cast.support)
    away(cast.bob)
    away(cast.alice, dora)
    assert acts(cast.bob, cast) == dora


def test_where_everybody_is_away_somebody_is_told_all_the_same(cast: Cast) -> None:
    for user in (cast.ada, cast.alice, cast.bob):
        away(user)
    assert acts(cast.bob, cast) == cast.alice
    assert acts(cast.ada, cast) == cast.alice


def test_a_stand_in_who_left_or_sees_the_team_no_more_does_not_act(cast: Cast) -> None:
    away(cast.bob, cast.quinn)
    Membership.objects.filter(user=cast.quinn).update(team=cast.sales)
    assert acts(cast.bob, cast) == cast.alice
    Membership.objects.filter(user=cast.quinn).update(team=cast.support)
    assert acts(cast.bob, cast) == cast.quinn
    User.objects.filter(pk=cast.quinn.pk).update(is_active=False)
    assert acts(cast.bob, cast) == cast.alice


def test_each_is_told_once_and_for_their_own_sake_first(cast: Cast) -> None:
    away(cast.alice, cast.bob)
    (told,) = StandIns(NOW).acting([cast.alice, cast.bob], cast.support)
    assert (told.user, told.instead_of) == (cast.bob, None)
    (told,) = StandIns(NOW).acting([cast.alice], cast.support)
    assert (told.user, told.instead_of) == (cast.bob, cast.alice)


def test_many_cost_no_more_queries_than_one(cast: Cast) -> None:
    def queries(users: list[User]) -> int:
        with CaptureQueriesContext(connection) as captured:
            who_acts(users, NOW)
        return len(captured)

    away(cast.bob)
    one = queries([cast.bob])
    many = [member(f"Agent {number}", Role.AGENT, cast.support) for number in range(12)]
    for user in many:
        away(user)
    assert queries([cast.bob, *many]) == one <= 5


@pytest.mark.django_db
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.one_of(st.none(), st.integers(0, 4), st.just(9)), min_size=5, max_size=5))
def test_somebody_acts_whatever_was_entered(cast: Cast, named: list[int | None]) -> None:
    """9: not away at all; None: away without a stand-in; else away, and that one stands in."""
    Absence.objects.all().delete()
    people = [cast.ada, cast.alice, cast.bob, cast.charlie, cast.quinn]
    for user, number in zip(people, named, strict=True):
        if number != 9:
            away(user, people[number] if number is not None and people[number] != user else None)
    found = who_acts(people, NOW)
    there = {user.pk for user, number in zip(people, named, strict=True) if number == 9}
    for user in people:
        acting = found[user.pk]
        assert acting.is_active
        if user.pk in there:
            assert acting == user
        elif cast.ada.pk in there:
            assert acting.pk in there
