"""The process that measures: it keeps facts (store.py), answers questions about them, and ends when idle.

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
from collections import OrderedDict
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from answerable.insight.openings import NO_HOURS
from answerable.insight.questions import Question, Refused
from answerable.insight.store import Store

SOCKET, LOCK = "report.sock", "report.lock"
IDLE_SECONDS = 60
SERVES_A_PAGE_WITHIN_SECONDS = 60
VERIFIED_WHEN_IDLE_SECONDS = 10
KEPT_ANSWERS = 64
LONGEST_KEPT_SECONDS = 60  # what still waits has waited longer by then

logger = logging.getLogger(__name__)


class Memory:
    """The facts, and the answers given of them as long as these are true."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.answers: OrderedDict[bytes, tuple[int, int, object]] = OrderedDict()  # question -> version, as of, answer

    def answer(self, question: Question) -> object:
        """The answer, by the facts as they are now."""
        self.store.refresh(question.source.conninfo)
        key = pickle.dumps(replace(question, source=replace(question.source, hours=NO_HOURS)))
        version, as_of, answer = self.answers.get(key, (0, 0, None))
        if version != self.store.version or self.store.as_of - as_of > LONGEST_KEPT_SECONDS:
            answer = question.answer(self.store.facts(question.source))
            self.answers[key] = self.store.version, self.store.as_of, answer
        self.answers.move_to_end(key)
        while len(self.answers) > KEPT_ANSWERS:
            self.answers.popitem(last=False)
        return answer


@cache
def address(directory: Path) -> str:
    """The socket's address. A path too long for one is reached through the open directory, where the system can."""
    path = str(directory / SOCKET)
    if len(os.fsencode(path)) < 100:
        return path
    return f"/proc/self/fd/{os.open(directory, os.O_RDONLY)}/{SOCKET}"


def serve(
    listener: socket.socket, store: Store, starter: int | None = None, idle_seconds: float = IDLE_SECONDS
) -> None:
    """Answer one connection after the other, until idle or until `starter` (a file descriptor) is closed.

    In the first quiet moment the facts are compared with the database they were read from.
    """
    memory = Memory(store)
    watched: list[Any] = [listener] if starter is None else [listener, starter]
    conninfo, patience = "", min(idle_seconds, VERIFIED_WHEN_IDLE_SECONDS)
    while True:
        ready, _, _ = select.select(watched, [], [], patience)
        if not ready and conninfo and patience < idle_seconds:
            _verify(store, conninfo)
            patience = idle_seconds
            continue
        if listener not in ready:
            return
        connection, _ = listener.accept()
        connection.settimeout(SERVES_A_PAGE_WITHIN_SECONDS)
        with connection, connection.makefile("rwb") as line:
            try:
                conninfo = _answer_one(line, memory)
            except (EOFError, OSError):
                logger.info("a page went away before it had its answer")


def _verify(store: Store, conninfo: str) -> None:
    """Nobody waits for this, so nobody is told but the log."""
    try:
        store.verify(conninfo)
    except Exception:
        logger.exception("the facts could not be compared with the database")


def _answer_one(line: Any, memory: Memory) -> str:
    """Read a question, write what came of it. The database it was about."""
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
    return question.source.conninfo


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
        store = Store(directory)
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(address(directory))
            listener.listen()
            print("ready", flush=True)
            serve(listener, store, sys.stdin.fileno())
            (directory / SOCKET).unlink(missing_ok=True)
        store.close()


if __name__ == "__main__":
    main()
