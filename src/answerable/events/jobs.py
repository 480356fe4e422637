"""Work for later: a thin wrapper over procrastinate, whose queue is in our PostgreSQL.

    @job
    def invite(conversation_id: int) -> None: ...

    invite.later(conversation_id=42)                       in the caller's transaction
    invite.later(conversation_id=42, after=timedelta(hours=1))

A job runs at least once, in the worker, with JSON arguments; it must be idempotent. What it raises says whether it is
tried again: `Later` for a day, `Never` not at all, anything else, which is a mistake of ours, ATTEMPTS times.
"""

import functools
import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Any, Generic, ParamSpec

from django.db import transaction
from django.utils import timezone
from procrastinate import BaseRetryStrategy, RetryDecision
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued
from procrastinate.jobs import Job as Queued

ATTEMPTS = 8
LONGEST_WAIT = timedelta(minutes=5)
PATIENT_ATTEMPTS = 300
"""A day of them: the first nine minutes take eight, and then there is one in LONGEST_WAIT."""
BEHIND_OTHERS = -1
"""What waits for something outside may take long to learn that it is still away: the rest of the queue comes first."""
P = ParamSpec("P")
logger = logging.getLogger(__name__)


class Later(Exception):
    """What is outside, such as a mail relay, does not work now. `after`: so long it wants to be left alone. The text
    says why."""

    def __init__(self, words: str = "", after: timedelta | None = None) -> None:
        super().__init__(words)
        self.after = after


class Never(Exception):
    """What is outside has refused it, however often it is tried. The text says why."""


class Job(Generic[P]):
    """A function that can be called now, or later by the worker."""

    def __init__(self, function: Callable[P, None]) -> None:
        self.function = function
        name = f"{function.__module__}.{function.__qualname__}"
        self._task = app.task(name=name, retry=_Patience())(_minding_refusals(function))

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


def _minding_refusals(function: Callable[P, None]) -> Callable[P, None]:
    """What was refused for good is over: one line says so, and nothing waits."""

    @functools.wraps(function)
    def work(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            function(*args, **kwargs)
        except Never as refusal:
            logger.warning("%s is refused: %s", function.__name__, refusal)

    return work


class _Patience(BaseRetryStrategy):
    """2, 4, 8 seconds later and so on, at most LONGEST_WAIT: how often depends on whose fault it is."""

    def get_retry_decision(self, *, exception: BaseException, job: Queued) -> RetryDecision | None:
        wait = min(timedelta(seconds=2 ** min(job.attempts + 1, 10)), LONGEST_WAIT)
        if isinstance(exception, Later):
            if job.attempts >= PATIENT_ATTEMPTS:
                return None
            return RetryDecision(retry_at=timezone.now() + (exception.after or wait), priority=BEHIND_OTHERS)
        return None if job.attempts >= ATTEMPTS else RetryDecision(retry_at=timezone.now() + wait)


def _defer_once(task: Any, arguments: dict[str, Any]) -> None:
    try:
        with transaction.atomic():
            task.defer(**arguments)
    except AlreadyEnqueued:
        pass  # as asked: it waits already
