"""One broken row among many holds nobody up, and is found quickly."""

from collections.abc import Sequence

import pytest
from django.db import OperationalError

from answerable.events.setbacks import Setbacks


class Worker:
    """Works on rows together, all or nothing, as a transaction does."""

    def __init__(self, broken: set[int]) -> None:
        self.broken = broken
        self.done: list[int] = []
        self.attempts = 0

    def __call__(self, keys: Sequence[int]) -> None:
        self.attempts += 1
        if self.broken & {*keys}:
            raise ValueError("broken")
        self.done += keys


def test_all_at_once_where_nothing_is_wrong() -> None:
    setbacks, worker = Setbacks("row"), Worker(set())
    setbacks.attempt_all(range(200), worker)
    assert (worker.attempts, worker.done) == (1, [*range(200)])
    setbacks.attempt_all([], worker)
    assert worker.attempts == 1


def test_one_broken_row_is_found_by_halves_and_rests_alone() -> None:
    setbacks, worker = Setbacks("row"), Worker({77})
    setbacks.attempt_all(range(200), worker)
    assert worker.done == [key for key in range(200) if key != 77]
    assert setbacks.resting() == [77]
    assert worker.attempts <= 2 * 8 + 1
    worker.broken.clear()
    setbacks.attempt_all([76, 77], worker)
    assert setbacks.resting() == []


def test_a_database_that_is_away_is_no_rows_fault() -> None:
    def away(_keys: Sequence[int]) -> None:
        raise OperationalError("gone")

    setbacks = Setbacks("row")
    with pytest.raises(OperationalError):
        setbacks.attempt_all([1, 2], away)
    assert setbacks.resting() == []
