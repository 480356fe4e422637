"""Work for later: a thin wrapper over procrastinate, whose queue is in our PostgreSQL.

    @job
    def invite(conversation_id: int) -> None: ...

    invite.later(conversation_id=42)                       in the caller's transaction
    invite.later(conversation_id=42, after=timedelta(hours=1))

A job runs at least once, in the worker, with JSON arguments; it must be idempotent.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, Generic, ParamSpec

from django.db import transaction
from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

ATTEMPTS = 8
P = ParamSpec("P")


class Job(Generic[P]):
    """A function that can be called now, or later by the worker."""

    def __init__(self, function: Callable[P, None]) -> None:
        self.function = function
        self._task = app.task(
            name=f"{function.__module__}.{function.__qualname__}",
            retry=RetryStrategy(max_attempts=ATTEMPTS, exponential_wait=2),
        )(function)

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> None:
        self.function(*args, **kwargs)

    def later(self, *, after: timedelta = timedelta(0), once: str | None = None, **arguments: Any) -> None:
        """Ask for it. With `once`, a second request of that name while the first waits changes nothing."""
        task = self._task.configure(schedule_at=timezone.now() + after if after else None, queueing_lock=once)
        if once is None:
            task.defer(**arguments)
        else:
            _defer_once(task, arguments)


def job(function: Callable[P, None]) -> Job[P]:
    """Make a function a job. It stands in its app's `jobs.py`, where the worker finds it."""
    return Job(function)


def _defer_once(task: Any, arguments: dict[str, Any]) -> None:
    try:
        with transaction.atomic():
            task.defer(**arguments)
    except AlreadyEnqueued:
        pass  # as asked: it waits already
