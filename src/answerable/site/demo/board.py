"""What the page says while the worker loads, written outside its transaction so that it can be read at once."""

from concurrent.futures import ThreadPoolExecutor
from types import TracebackType
from typing import Any, Self

from django.core.cache import cache
from django.db import connections

KEY = "demo-loading"
KEPT_SECONDS = 3600
FAILED = -1.0
"""The share of what will not go on."""


class Board:
    """Notes words and a share of the whole, in a thread with a database connection of its own."""

    def __enter__(self) -> Self:
        self._writer = ThreadPoolExecutor(1)
        return self

    def note(self, words: str, share: float) -> None:
        self._writer.submit(_write, words, share)

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._writer.submit(connections.close_all)
        self._writer.shutdown()


def noted() -> tuple[str, float]:
    """What was noted last; nothing: the worker has not begun."""
    written: Any = cache.get(KEY)
    return written or ("", 0.0)


def wipe() -> None:
    cache.delete(KEY)


def _write(words: str, share: float) -> None:
    cache.set(KEY, (words, share), KEPT_SECONDS)
