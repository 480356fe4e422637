"""Runs the jobs that `events.jobs` queues: procrastinate's worker in a thread of ours."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from procrastinate import App
    from procrastinate.manager import JobManager

JOBS_AT_A_TIME: Final = 2
LOOK_FOR_STALLED_SECONDS: Final = 15.0
FAILED_STAY_HOURS: Final = 90 * 24
"""Whoever looks for what became of a job finds that it failed; after that the row is forgotten."""
FORGET_EVERY_SECONDS: Final = 6 * 3600.0
STOPS_WITHIN_SECONDS: Final = 4.0
WAITS_FOR_A_CONNECTION_SECONDS: Final = 1.0
"""While the database is away, or back and not yet found again: nobody who stops waits for it any longer."""


def run_jobs(stop: threading.Event) -> None:
    """Work until `stop`. Jobs of a worker that was killed are run again once its heartbeat is missed."""
    asyncio.run(_run(stop))


async def _run(stop: threading.Event) -> None:
    from procrastinate.contrib.django import app
    from procrastinate.contrib.django.utils import connector_params
    from procrastinate.psycopg_connector import PsycopgConnector

    connector = PsycopgConnector(kwargs=connector_params(), timeout=WAITS_FOR_A_CONNECTION_SECONDS)
    # A second app: tasks go on deferring through Django's connection, inside the caller's transaction.
    async with app.with_connector(connector).open_async() as own:
        tasks = [
            asyncio.create_task(
                own.run_worker_async(
                    name="answerable",
                    concurrency=JOBS_AT_A_TIME,
                    delete_jobs="successful",
                    install_signal_handlers=False,
                    shutdown_graceful_timeout=STOPS_WITHIN_SECONDS,
                )
            ),
            asyncio.create_task(_rescue(own)),
            asyncio.create_task(_forget(own)),
        ]
        stopping = asyncio.create_task(asyncio.to_thread(stop.wait))
        done, _ = await asyncio.wait([*tasks, stopping], return_when=asyncio.FIRST_COMPLETED)
        for task in tasks:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
        if stopping not in done:
            raise RuntimeError("the worker of the job queue ended by itself")


async def _rescue(own: App) -> None:
    while True:
        for job in await own.job_manager.get_stalled_jobs():
            await own.job_manager.retry_job(job)
        await asyncio.sleep(LOOK_FOR_STALLED_SECONDS)


async def _forget(own: App) -> None:
    while True:
        await forget_failed(own.job_manager)
        await asyncio.sleep(FORGET_EVERY_SECONDS)


async def forget_failed(jobs: JobManager) -> None:
    """Take away jobs that failed, or were given up, long ago."""
    await jobs.delete_old_jobs(FAILED_STAY_HOURS, include_failed=True, include_cancelled=True, include_aborted=True)
