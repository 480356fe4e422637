"""One line per thing said. Under `answerable serve` the supervisor adds the time and the process's name.

Also of processes that do without Django, so it is loaded here only where something is logged by it.
"""

from __future__ import annotations

import copy
import logging
import sys
from datetime import datetime

AWAY = 503


def timestamp() -> str:
    """Now, in the machine's zone, to the second."""
    return datetime.now().astimezone().strftime("%Y-%m-%d %H:%M:%S")


def say(message: str) -> None:
    """A line for the person who started us."""
    print(message, file=sys.stderr, flush=True)


def _which_host(words: str) -> str:
    """Django would name a setting of its own."""
    from django.conf import settings

    return f"{words.partition('. You may')[0]}. ANSWERABLE_URL is {settings.SITE_URL}; a proxy must pass Host on."


class Sealed(logging.Formatter):
    """A line, or a traceback, without customers' keys in it: one that was refused may be good for another day.

    Django hands over where a refusal was raised as well. That is no defect to be looked for, so of an answer below 500
    it is left out, and of a database that is away.
    """

    def format(self, record: logging.LogRecord) -> str:
        from answerable.desk.sealed import sealed

        status = getattr(record, "status_code", 500)
        if status < 500 or status == AWAY:
            record = copy.copy(record)  # others may want to know
            record.exc_info = record.exc_text = None
            if record.name == "django.security.DisallowedHost":
                record.msg, record.args = _which_host(record.getMessage()), ()
        return sealed(super().format(record))


class Worth(logging.Filter):
    """What is worth a line: not that a form came back to whoever typed it, which happens all day."""

    def filter(self, record: logging.LogRecord) -> bool:
        return getattr(record, "status_code", None) != 422
