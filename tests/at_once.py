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

    threads = [threading.Thread(target=go, args=(one,)) for one in work]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return raised
