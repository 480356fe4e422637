"""What the worker's loops ask, several times a second whatever happens, costs the same however much has happened."""

import re
from itertools import count

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from answerable.site.loops import of_worker
from answerable.site.worker import Loop
from tests.cast import Cast

GROWING = (
    "desk_conversation",
    "desk_message",
    "desk_clock",
    "desk_escalation",
    "desk_delivery",
    "events_event",
    "email_arrival",
    "instant_arrival",
)
READ_WHOLE = re.compile(rf"Seq Scan on ({'|'.join(GROWING)})\b")
OF_OTHERS = re.compile(r" using delivery_waits on .*\n\s++(?!Index Cond: .*\bchannel\b)")
"""What waits in other channels is looked through, however much that is."""
OPEN = re.compile("%s")
LOOPS = [loop for loop in of_worker() if isinstance(loop, Loop)]


@pytest.mark.parametrize("loop", LOOPS, ids=[loop.name for loop in LOOPS])
def test_no_table_that_grows_is_read_from_its_beginning_to_its_end(cast: Cast, loop: Loop) -> None:
    with CaptureQueriesContext(connection) as asked:
        loop.run_once()
    for query in asked.captured_queries:
        if query["sql"].startswith(("SELECT", "UPDATE", "DELETE", "WITH")):
            plan = explained(query["sql"])
            assert not READ_WHOLE.search(plan), f"{query['sql']}\n{plan}"
            assert not OF_OTHERS.search(plan), f"{query['sql']}\n{plan}"


def explained(sql: str) -> str:
    """How PostgreSQL would go about it if reading a whole table were the last thing it did."""
    numbers = count(1)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("EXPLAIN (GENERIC_PLAN) " + OPEN.sub(lambda _: f"${next(numbers)}", sql).replace("%", "%%"))
        return "\n".join(line for (line,) in cursor.fetchall())
