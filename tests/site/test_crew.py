"""Threads that answer requests: how many are at work, which one, and what holds nobody up."""

import asyncio
import threading
from collections.abc import Callable

import pytest

from answerable.site.crew import Crew
from tests import loops

LONG = 10.0
"""Seconds that nothing here takes, unless it is broken."""


class Tasks:
    """Tasks of a crew: each says that it began, and waits until it is let go."""

    def __init__(self, crew: Crew, names: str) -> None:
        self.began: list[str] = []
        self.by: list[str] = []
        self.change = threading.Condition()
        self.let_go: set[str] = set()
        for name in names:
            crew.submit(self.task(name))

    def task(self, name: str) -> Callable[[], None]:
        def work() -> None:
            with self.change:
                self.began.append(name)
                self.by.append(threading.current_thread().name)
                self.change.notify_all()
                assert self.change.wait_for(lambda: name in self.let_go, LONG)

        return work

    def finish(self, names: str) -> None:
        with self.change:
            self.let_go.update(names)
            self.change.notify_all()

    async def have_begun(self, count: int) -> str:
        """Their names, once there are so many."""

        def wait() -> str:
            with self.change:
                assert self.change.wait_for(lambda: len(self.began) >= count, LONG), self.began
                return "".join(self.began)

        return await asyncio.to_thread(wait)


def test_few_are_at_work_at_once_in_the_order_they_came() -> None:
    async def go() -> None:
        tasks = Tasks(Crew(most=8, at_once=2, patience=LONG), "abcde")
        assert {*await tasks.have_begun(2)} == {*"ab"}  # two threads: either may be there first
        for done, begun in ("b", "c"), ("a", "cd"), ("c", "cde"):
            tasks.finish(done)
            assert (await tasks.have_begun(2 + len(begun)))[2:] == begun
        tasks.finish("de")
        assert len(set(tasks.by)) == 2

    loops.run(go())


def test_who_waits_for_something_else_holds_nobody_up() -> None:
    async def go() -> None:
        tasks = Tasks(Crew(most=3, at_once=1, patience=0.01), "abc")
        assert {*await tasks.have_begun(3)} == {*"abc"}
        tasks.finish("abc")

    loops.run(go())


def test_there_are_no_more_threads_than_may_be() -> None:
    async def go() -> None:
        tasks = Tasks(Crew(most=3, at_once=1, patience=0), "abcd")  # everybody takes too long at once
        await tasks.have_begun(3)
        tasks.finish("abcd")
        await tasks.have_begun(4)
        assert len(set(tasks.by)) == 3

    loops.run(go())


def test_who_was_last_at_work_is_first() -> None:
    async def go() -> None:
        crew = Crew(most=4, at_once=1, patience=0.001)
        tasks = Tasks(crew, "abcd")
        await tasks.have_begun(4)
        crew.patience = LONG
        tasks.finish("abcd")
        by = [await _by(crew) for _ in range(100)]
        assert len(set(by[50:])) == 1, by

    loops.run(go())


async def _by(crew: Crew) -> str:
    """The thread that does the next task."""
    loop, done = asyncio.get_running_loop(), asyncio.Future[str]()

    def work() -> None:
        loop.call_soon_threadsafe(done.set_result, threading.current_thread().name)

    crew.submit(work)
    return await asyncio.wait_for(done, LONG)


def test_a_task_that_fails_costs_no_thread(caplog: pytest.LogCaptureFixture) -> None:
    async def go() -> None:
        crew = Crew(most=1, at_once=1, patience=LONG)
        crew.submit(lambda: dict[str, None]()["nothing"])
        tasks = Tasks(crew, "a")
        assert await tasks.have_begun(1) == "a"
        tasks.finish("a")

    loops.run(go())
    assert "a request's thread failed" in caplog.text
