"""Blocking work of the streams: few threads, so that a thousand who come back at once take nothing from the pages."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TypeVar

from django.db import close_old_connections

THREADS = 3
T = TypeVar("T")
_pool = ThreadPoolExecutor(THREADS, thread_name_prefix="live")


async def in_thread(work: Callable[..., T], *arguments: object) -> T:
    """What `work` answers; its connection to the database goes back to the pool."""
    return await asyncio.get_running_loop().run_in_executor(_pool, partial(_alone, work, *arguments))


def _alone(work: Callable[..., T], *arguments: object) -> T:
    try:
        return work(*arguments)
    finally:
        close_old_connections()
