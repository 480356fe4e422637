"""Rows that nobody put in an order come in the other one than they were written in.

PostgreSQL promises none, and mostly gives the one they were written in: what relies on that fails once in hundreds of
runs. So it fails at once. (SQLite has a switch for the same: https://sqlite.org/pragma.html.)
"""

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet


def turned_round(fetch: Callable[[QuerySet[Any]], None]) -> Callable[[QuerySet[Any]], None]:
    """`QuerySet._fetch_all`, for tests."""

    def fetch_all(rows: QuerySet[Any]) -> None:
        is_new = rows._result_cache is None
        fetch(rows)
        if is_new and not rows.ordered and not rows.query.combinator:
            rows._result_cache.reverse()

    return fetch_all
