"""What is told on the database's own line, and when."""

from collections.abc import Callable, Iterator
from functools import partial

import psycopg
import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from answerable.events.live.hint import Hint
from answerable.events.record import record
from answerable.events.wire import CHANNEL, conninfo, notifications, notify, something_was_missed
from answerable.people.models import Company
from tests.cast import play

pytestmark = pytest.mark.django_db(transaction=True)
OTHER = "other_channel"
Heard = Callable[[], list[tuple[str, str]]]


class ChangedMyMind(Exception):
    """In the middle of a transaction."""


@pytest.fixture
def heard() -> Iterator[Heard]:
    """What has been told by now, a channel and a payload each."""
    with psycopg.connect(conninfo(), autocommit=True) as ear:
        ear.execute(f"LISTEN {CHANNEL}; LISTEN {OTHER}")

        def all_of_it() -> list[tuple[str, str]]:
            ear.execute("SELECT 1")  # what was told before arrives before this is answered
            return [(told.channel, told.payload) for told in ear.notifies(timeout=0)]

        yield all_of_it


def test_it_is_told_at_once_and_in_order_after_the_commit_and_not_within_it(heard: Heard) -> None:
    with CaptureQueriesContext(connection) as queries, transaction.atomic():
        notify(OTHER, ["one", "two words", ""])
        with transaction.atomic(savepoint=False):
            notify(CHANNEL)
        with transaction.atomic():
            notify(OTHER, ["three"])
        assert heard() == []
    assert heard() == [(OTHER, "one\ntwo words"), (OTHER, ""), (CHANNEL, ""), (OTHER, "three")]
    said = [query["sql"].partition(" pg_notify")[0] for query in queries if "SAVEPOINT" not in query["sql"]]
    assert said == ["BEGIN", "COMMIT", "3 times: SELECT", "SELECT"], "together for each savepoint"


def test_what_is_rolled_back_is_not_told(heard: Heard) -> None:
    with transaction.atomic():
        notify(OTHER, ["stays"])
        with pytest.raises(ChangedMyMind):
            _told_and_taken_back()
    with pytest.raises(ChangedMyMind):
        _told_and_taken_back()
    assert heard() == [(OTHER, "stays")]


def test_an_event_is_told_with_its_number_whatever_it_is_about(heard: Heard) -> None:
    company = play().company
    heard()
    with transaction.atomic():
        events = [record("company.renamed", subject=company, by=None, team_id=team) for team in (None, 7)]
    [(_channel, payload)] = heard()
    told = [Hint.from_payload(line) for line in payload.splitlines()]
    assert told == [Hint(each.pk, "company.renamed", f"company-{company.pk}", each.team_id) for each in events]


@given(
    st.lists(
        st.tuples(
            st.sampled_from([CHANNEL, OTHER]),
            st.integers(0, 3_000).map(lambda size: f"é{size}".ljust(size, "é") if size else ""),
        ),
        max_size=9,
    )
)
def test_lines_of_a_channel_go_together_as_far_as_they_fit(lines: list[tuple[str, str]]) -> None:
    told = notifications(lines)
    assert all(len(payload.encode()) < 8_000 for _channel, payload in told)
    for channel in (CHANNEL, OTHER):
        payloads = [payload for its, payload in told if its == channel]
        said = [line for payload in payloads for line in payload.split("\n")]
        assert said == list(dict.fromkeys(line for its, line in lines if its == channel)), "in order, each once"
        assert all("" not in payload.split("\n") for payload in payloads if payload), "an empty one stands alone"


def test_it_is_told_on_another_connection_where_this_one_ends_with_the_commit(heard: Heard) -> None:
    with transaction.atomic():
        transaction.on_commit(partial(_end, connection.connection.info.backend_pid))
        notify(OTHER, ["in spite of that"])
    assert heard() == [(OTHER, "in spite of that")]
    assert Company.objects.count() == 0


def test_who_begins_says_that_something_may_have_been_missed(heard: Heard) -> None:
    something_was_missed()
    assert heard() == [(CHANNEL, "")]


@transaction.atomic
def _told_and_taken_back() -> None:
    notify(OTHER, ["goes"])
    raise ChangedMyMind


def _end(backend: int) -> None:
    with psycopg.connect(conninfo(), autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(%s, 60000)", [backend])
