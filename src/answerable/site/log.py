"""One line per thing said. Under `answerable serve` the supervisor adds the time and the process's name."""

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


class Line(logging.Formatter):
    """Plain sentences as they are, anything worse with its level and origin."""

    def format(self, record: logging.LogRecord) -> str:
        text = super().format(record)
        return text if record.levelno <= logging.INFO else f"{record.levelname} {record.name}: {text}"
