"""What a test has committed is taken away, from the tables that have any of it.

Django truncates all tables after each such test and then makes its permissions again, which costs more than most of
the tests. Here only events are truncated, since nobody may delete one; and tables written anew tell the report's
engine that what it has read is gone (insight.facts.State). Content types and permissions stay as they are.
"""

from __future__ import annotations

from functools import cache
from typing import Final

from django.db import OperationalError, connection
from psycopg.errors import DeadlockDetected

ALWAYS_THERE: Final = {"django_content_type", "auth_permission", "django_migrations"}
EVENTS: Final = ("events_event", "events_pendingreaction")
JOBS: Final = "procrastinate_jobs"
"""Its model is not managed by Django, which therefore does not name the table."""
TRIES: Final = 10
SWEEP: Final = """
DO $$ DECLARE swept text; found boolean; BEGIN
    LOCK TABLE {events}, {others};
    IF EXISTS (SELECT FROM events_event) OR EXISTS (SELECT FROM desk_conversation) THEN
        TRUNCATE {events};
    END IF;
    FOREACH swept IN ARRAY ARRAY[{named}] LOOP
        EXECUTE format('SELECT EXISTS (SELECT FROM %I)', swept) INTO found;
        IF found THEN EXECUTE format('DELETE FROM %I', swept); END IF;
    END LOOP;
END $$
"""


def sweep(_case: object) -> None:
    """Empty the tables. Their foreign keys are deferred: whoever comes first, they are looked at when all is done.

    A server that the test has started may still be answering somebody, and hold one table while it wants another: of
    two that wait for each other PostgreSQL ends one, and where it is this one, it begins again.
    """
    for tries_left in reversed(range(TRIES)):
        try:
            with connection.cursor() as cursor:
                cursor.execute(_statement())
        except OperationalError as error:
            if not tries_left or not isinstance(error.__cause__, DeadlockDetected):
                raise
        else:
            return


@cache
def _statement() -> str:
    every = connection.introspection.django_table_names(only_existing=True, include_views=False)
    others = sorted({*every, JOBS} - ALWAYS_THERE - {*EVENTS})
    named = ", ".join(f"'{table}'" for table in others)
    return SWEEP.format(events=", ".join(EVENTS), others=", ".join(others), named=named)
