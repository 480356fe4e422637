"""One line per thing said. Under `answerable serve` the supervisor adds the time and the process's name.

Also of processes that do without Django, so it is loaded here only where something is logged by it.
"""

from __future__ import annotations

import logging
import sys
from datetime import datetime


def timestamp() -> str:
    """Now, in the machine's zone, to the second."""
    return datetime.now().astimezone().strftime("%Y-%m-%d %H:%M:%S")


def say(message: str) -> None:
    """A line for the person who started us."""
    print(message, file=sys.stderr, flush=True)


class Sealed(logging.Formatter):
    """A line, or a traceback, without customers' keys in it: one that was refused may be good for another day."""

    def format(self, record: logging.LogRecord) -> str:
        from answerable.desk.sealed import sealed

        return sealed(super().format(record))
