"""Queries that are kept: they find what the same query set finds, however often and with whatever is given."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from time import sleep
from typing import Any

import psycopg
import pytest
from django.db import NotSupportedError, connection, transaction
from pytest_django import DjangoAssertNumQueries

from answerable.customers.models import Segment
from answerable.events.wire import conninfo
from answerable.people.models import User
from answerable.web.standing import Given, Standing, ask, text

AGAIN = 12  # often enough to be prepared, and planned for any value


@pytest.fixture
def people(db: None) -> list[User]:
    return [User.objects.create(email=f"{n}@example.com", name=f"100 % {n}") for n in range(3)]


def test_instances_are_those_of_the_query_set(
    people: list[User], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    standing = Standing(lambda: User.objects.filter(pk=Given("key")))
    for person in people * AGAIN:
        with django_assert_num_queries(1):
            found = standing.rows(key=person.pk)
        assert found == [person]
        assert (found[0].name, found[0].created_at) == (person.name, person.created_at)
    assert standing.first(key=0) is None


def test_what_is_written_into_the_text_is_what_was_meant(people: list[User]) -> None:
    people[0].name = "it's 100 %"
    people[0].save()
    standing = Standing(lambda: User.objects.filter(name=people[0].name, pk=Given("key")).values_list("name"))
    assert standing.values(key=people[0].pk) == [("it's 100 %",)]
    assert standing.values(key=people[1].pk) == []


def test_nothing_can_fit_where_nothing_is_chosen_from(people: list[User]) -> None:
    standing = Standing(lambda: User.objects.filter(pk__in=[], email=Given("email")))
    assert standing.rows(email="0@example.com") == standing.values(email="0@example.com") == []


def test_json_is_read_as_its_field_reads_it(db: None) -> None:
    asked = Standing(lambda: User.objects.with_roles().filter(pk=Given("key")))
    person = User.objects.create(email="a@example.com", name="A")
    found = asked.first(key=person.pk)
    assert found is not None
    assert found.roles == {}


def test_a_statement_is_prepared_and_planned_once(db: None) -> None:
    asked = text("SELECT %s + %s", [Given("number"), 1])
    for number in range(AGAIN):
        assert ask(asked.sql, asked.values({"number": number * 10**9})) == [(number * 10**9 + 1,)]
    with connection.cursor() as cursor:
        plans = "SELECT generic_plans, custom_plans FROM pg_prepared_statements WHERE statement LIKE 'SELECT $1 + 1'"
        cursor.execute(plans)
        assert cursor.fetchall() == [(AGAIN, 0)]


def test_a_changed_table_is_read_as_it_is_now(db: None) -> None:
    standing = Standing(lambda: Segment.objects.filter(pk=Given("key")))
    segment = Segment.objects.create(name="One", key="one")
    for number in range(AGAIN):
        Segment.objects.filter(pk=segment.pk).update(name=str(number))
        found = standing.first(key=segment.pk)
        assert found is not None
        assert found.name == str(number)


def test_many_threads_that_begin_at_once_write_it_once(db: None) -> None:
    together, made = Barrier(4), []

    def rows() -> Any:
        made.append(1)
        sleep(0)  # let the others run
        return User.objects.filter(pk=Given("key"))

    standing = Standing(rows)

    def begin() -> object:
        together.wait(10)
        return standing._text

    with ThreadPoolExecutor(4) as pool:
        texts = list(pool.map(lambda _number: begin(), range(4)))
    assert len(made) == 1
    assert all(text is texts[0] for text in texts)


@pytest.mark.django_db(transaction=True)
def test_a_column_made_longer_by_another_process_is_no_reason_to_fail() -> None:
    with psycopg.connect(conninfo(), autocommit=True) as other:
        other.execute("CREATE TABLE words (word varchar(5))")
        try:
            for _again in range(AGAIN):
                assert ask("SELECT word FROM words") == []
            other.execute("ALTER TABLE words ALTER COLUMN word TYPE varchar(50)")
            for _again in range(AGAIN):
                assert ask("SELECT word FROM words") == []
            other.execute("ALTER TABLE words ALTER COLUMN word TYPE text")
            with pytest.raises(NotSupportedError), transaction.atomic():
                ask("SELECT word FROM words")  # what went before it in the transaction is lost, so this is not hidden
            with transaction.atomic():
                assert ask("SELECT word FROM words") == []
        finally:
            other.execute("DROP TABLE words")
