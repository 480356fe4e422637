"""What a batch asks costs what the batch has, and not what the ledger and the desk have by then."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from answerable.channels.email.intake import BATCH
from answerable.channels.email.known import Known
from answerable.channels.email.models import Arrival
from answerable.channels.email.parse import parse
from tests.cast import Cast
from tests.channels.email.letters import letter


@pytest.mark.parametrize("index", ["a_message_is_taken_in_once", "message_external"])
def test_a_whole_batch_is_looked_up_by_an_index(cast: Cast, index: str) -> None:
    """PostgreSQL cannot see by itself that a list of more than a hundred has no empty text in it."""
    mails = [parse(letter("Hello", message_id=f"m{n}@x.example", References=f"<q{n}@x.example>")) for n in range(BATCH)]
    with CaptureQueriesContext(connection) as asked:
        Known([(Arrival(), mail) for mail in mails])
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")  # the tables are empty here: any other way costs nothing
        cursor.execute("SET LOCAL enable_indexscan = off")
        plans = []
        for query in asked.captured_queries:
            cursor.execute("EXPLAIN " + query["sql"])
            plans += [line for (line,) in cursor.fetchall()]
    assert any(f"using {index} " in plan or f" on {index} " in plan for plan in plans), plans
