"""Threads that answer requests: few at work at once, and the one that was last at work first.

Threads of a process take turns at Python's lock. More of them at work bring no answer sooner: each turn costs a switch,
and each thread's database connection has to come near the processor again. With fewer than a handful the processor is
idle while the disk takes a commit. Those that wait long for something else than each other, such as a mail server that
is tried out, are another matter: others go on beside them.
"""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections import deque
from collections.abc import Callable
from itertools import count
from queue import SimpleQueue

Task = Callable[[], None]

log = logging.getLogger("answerable.web")


class Crew:
    """Up to `most` threads, made when they are needed, and kept.

    Tasks begin in the order they came: `at_once` of them, and one more for each that has taken `patience` seconds.
    """

    def __init__(self, most: int, at_once: int = 4, patience: float = 0.05) -> None:
        self._most, self._at_once, self.patience = most, at_once, patience
        self._lock = threading.Lock()
        self._names = count(1)
        self._waiting: deque[Task] = deque()
        self._idle: list[SimpleQueue[Task]] = []
        self._begun: dict[SimpleQueue[Task], float] = {}
        self._is_watched = False

    def submit(self, task: Task) -> None:
        """Have it done. Call it in the event loop."""
        with self._lock:
            self._waiting.append(task)
            self._begin()
        if self._waiting and not self._is_watched:
            self._watch_later()

    def _watch_later(self) -> None:
        self._is_watched = True
        asyncio.get_running_loop().call_later(self.patience, self._watch)

    def _watch(self) -> None:
        """In the event loop: see whether all who are at work take long."""
        self._is_watched = False
        with self._lock:
            self._begin()
        if self._waiting:
            self._watch_later()

    def _begin(self) -> None:
        """Whatever may begin, by those who are idle, or by new ones."""
        while self._waiting and self._is_free():
            task = self._waiting.popleft()
            place = self._idle.pop() if self._idle else self._hire()
            self._begun[place] = time.monotonic()
            place.put(task)

    def _is_free(self) -> bool:
        since = time.monotonic() - self.patience
        return len(self._begun) < self._most and sum(at > since for at in self._begun.values()) < self._at_once

    def _hire(self) -> SimpleQueue[Task]:
        place: SimpleQueue[Task] = SimpleQueue()
        threading.Thread(target=self._work, args=(place,), name=f"web_{next(self._names)}", daemon=True).start()
        return place

    def _work(self, place: SimpleQueue[Task]) -> None:
        """In a thread: one task after the other."""
        task: Task | None = None
        while True:
            task = task or place.get()
            try:
                task()
            except Exception:
                log.exception("a request's thread failed")
            task = self._next(place)

    def _next(self, place: SimpleQueue[Task]) -> Task | None:
        """What comes next at this place, or none: then it is idle."""
        with self._lock:
            del self._begun[place]
            if not (self._waiting and self._is_free()):
                self._idle.append(place)
                return None
            self._begun[place] = time.monotonic()
            return self._waiting.popleft()
