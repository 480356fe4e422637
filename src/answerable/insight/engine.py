"""The process that measures: it keeps facts in memory, answers questions about them, and ends when idle.

DuckDB, Arrow and Ibis take a hundred megabytes before the first row, too much for every process that serves
pages (docs/adr). So one process a machine holds them, started by the first page that asks (asking.py). It
listens on a unix socket in the data directory, in reach of nobody else, takes one question a connection, and
ends after some idle time or with the process that started it.
"""

from __future__ import annotations

import fcntl
import logging
import os
import pickle
import select
import signal
import socket
import sys
import time
from collections import OrderedDict
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from answerable.insight.facts import Source, load
from answerable.insight.openings import Hours
from answerable.insight.questions import Question, Refused

if TYPE_CHECKING:
    from answerable.measure.facts import Facts

SOCKET, LOCK = "report.sock", "report.lock"
IDLE_SECONDS = 60
SERVES_A_PAGE_WITHIN_SECONDS = 60
LOADING_SHARE = 0.05
"""Facts that took long to load are kept a while although more has happened: loading takes no more of the time."""
ALWAYS_FRESH_SECONDS = 0.5
KEPT_ROWS = 1_500_000
KEPT_ANSWERS = 64
LONGEST_KEPT_SECONDS = 600
NO_HOURS = Hours((), {}, None)

logger = logging.getLogger(__name__)


@dataclass
class Kept:
    """Facts in memory."""

    facts: Facts
    rows: int
    latest_event: int
    loaded_at: float
    took: float
    answers: dict[bytes, Any] = field(default_factory=dict)  # pickled question -> answer

    def good_for(self, source: Source, now: float) -> bool:
        """Whether nothing has happened since, or loading again would take too large a share of the time."""
        age = now - self.loaded_at
        if self.latest_event == source.latest_event:
            return age < LONGEST_KEPT_SECONDS
        return self.took > ALWAYS_FRESH_SECONDS and age < self.took / LOADING_SHARE


class Memory:
    """Facts by their source, the least used forgotten first."""

    def __init__(self) -> None:
        self.kept: OrderedDict[Any, Kept] = OrderedDict()

    def answer(self, question: Question) -> object:
        """The answer, given before where the facts are still good."""
        kept = self.facts(question.source)
        key = pickle.dumps(replace(question, source=replace(question.source, hours=NO_HOURS, latest_event=0)))
        if key not in kept.answers:
            if len(kept.answers) >= KEPT_ANSWERS:
                kept.answers.pop(next(iter(kept.answers)))
            kept.answers[key] = question.answer(kept.facts)
        return kept.answers[key]

    def facts(self, source: Source) -> Kept:
        """Facts loaded now or a moment ago."""
        kept = self.kept.get(source.key)
        if kept is None or not kept.good_for(source, time.monotonic()):
            self.kept.pop(source.key, None)
            began = time.monotonic()
            facts = load(source)
            rows = sum(_rows(facts, name) for name in ("conversations", "clocks", "ratings"))
            kept = Kept(facts, rows, source.latest_event, began, time.monotonic() - began)
            self.kept[source.key] = kept
        self.kept.move_to_end(source.key)
        while len(self.kept) > 1 and sum(each.rows for each in self.kept.values()) > KEPT_ROWS:
            self.kept.popitem(last=False)
        return kept


def _rows(facts: Facts, name: str) -> int:
    table = getattr(facts, name)
    return 0 if table is None else int(facts.fetch(table.count().as_table()).column(0)[0].as_py())


@cache
def address(directory: Path) -> str:
    """The socket's address. A path too long for one is reached through the open directory, where the system can."""
    path = str(directory / SOCKET)
    if len(os.fsencode(path)) < 100:
        return path
    return f"/proc/self/fd/{os.open(directory, os.O_RDONLY)}/{SOCKET}"


def serve(listener: socket.socket, starter: int | None = None, idle_seconds: float = IDLE_SECONDS) -> None:
    """Answer one connection after the other, until idle or until `starter` (a file descriptor) is closed."""
    memory = Memory()
    watched: list[Any] = [listener] if starter is None else [listener, starter]
    while True:
        ready, _, _ = select.select(watched, [], [], idle_seconds)
        if listener not in ready:
            return
        connection, _ = listener.accept()
        connection.settimeout(SERVES_A_PAGE_WITHIN_SECONDS)
        with connection, connection.makefile("rwb") as line:
            try:
                _answer_one(line, memory)
            except (EOFError, OSError):
                logger.info("a page went away before it had its answer")


def _answer_one(line: Any, memory: Memory) -> None:
    """Read a question, write what came of it."""
    question: Question = pickle.load(line)  # noqa: S301 - the socket is in reach of our own user only
    try:
        answer: object = memory.answer(question)
    except ValueError as error:
        answer = Refused(str(error))
    except Exception as error:  # the page says that it failed, the log why
        logger.exception("a question could not be answered")
        answer = RuntimeError(f"{type(error).__name__}: {error}")
    pickle.dump(answer, line)
    line.flush()


def main() -> None:
    """Serve in the directory given. Ends at once where another does already."""
    logging.basicConfig(format="%(levelname)s %(name)s: %(message)s", level=logging.INFO)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is for who started us; we end with them
    directory = Path(sys.argv[1])
    with open(directory / LOCK, "w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return
        (directory / SOCKET).unlink(missing_ok=True)
        os.umask(0o077)
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(address(directory))
            listener.listen()
            print("ready", flush=True)
            serve(listener, sys.stdin.fileno())
            (directory / SOCKET).unlink(missing_ok=True)


if __name__ == "__main__":
    main()
