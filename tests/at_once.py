"""Two things at the same time."""

import threading
from collections.abc import Callable

from django.db import connection


def at_the_same_time(*work: Callable[[], object]) -> list[Exception]:
    """Run each in a thread with a connection of its own; what they raised."""
    raised: list[Exception] = []
    start = threading.Barrier(len(work))

    def go(one: Callable[[], object]) -> None:
        try:
            start.wait(10)
            one()
        except Exception as error:
            raised.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=go, args=(one,), daemon=True) for one in work]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return raised


def waiting() -> int:
    """How many wait for a lock that somebody else has."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")  # else a transaction never sees who has come since it looked
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
        )
        return int(cursor.fetchone()[0])
