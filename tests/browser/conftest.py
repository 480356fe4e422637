"""`answerable serve` as people run it, with the cast at work and customers who write by SMTP."""

import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import psycopg
import pytest
from playwright.sync_api import Browser, expect

from answerable.site.postgres import DATABASE, PORT, ROLE, socket_directory
from tests.browser.post import Correspondent
from tests.browser.visitor import Visitor
from tests.ports import free_port
from tests.site.served import Served, environment
from tests.site.waiting import until

expect.set_options(timeout=20_000)
DUE_NOW = (
    "UPDATE desk_delivery SET due_at = now() WHERE state = 'waiting' AND due_at > now()",
    "UPDATE procrastinate_jobs SET scheduled_at = now() WHERE status = 'todo' AND scheduled_at > now()",
)
WAKE = (
    """SELECT pg_notify('procrastinate_any_queue_v1', '{"type": "job_inserted", "job_id": 0}')""",
    """SELECT pg_notify('answerable_events', json_build_object('id', id, 'verb', verb, 'root', root,
       'team', team_id)::text)
       FROM events_event ORDER BY id DESC LIMIT 1""",
)
"""As what comes next would wake those who send."""
Writes = Callable[..., Correspondent]
Enters = Callable[..., Visitor]


class Site(Served):
    """A server whose mail listener's port is known."""

    def __init__(self, data_dir: Path, **more: str) -> None:
        self.data_dir = data_dir
        self.smtp_port = free_port()
        super().__init__(data_dir, ANSWERABLE_SMTP_PORT=str(self.smtp_port), **more)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def time_passes(self) -> None:
        """Wait until something waits for its time (an answer that may still be taken back, an invitation to rate it),
        and have that time come."""
        where = f"host='{socket_directory(self.data_dir)}' port={PORT} user={ROLE} dbname={DATABASE}"
        with psycopg.connect(where, autocommit=True) as connection:
            until(lambda: sum(connection.execute(each).rowcount for each in DUE_NOW), what="something that waits")
            for each in WAKE:
                connection.execute(each)

    def run(self, *module: str) -> str:
        """Run a Python module in the server's environment; what it prints."""
        return run(self.data_dir, *module)

    @contextmanager
    def beside(self, *module: str) -> Iterator["subprocess.Popen[str]"]:
        """Another Python process in the server's environment, which is spoken with line by line."""
        command, env = [sys.executable, "-m", *module], environment(self.data_dir)
        with subprocess.Popen(command, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
            try:
                yield process
            finally:
                process.kill()


def run(data_dir: Path, *module: str) -> str:
    command = [sys.executable, "-m", *module]
    done = subprocess.run(
        command, env=environment(data_dir), stdout=subprocess.PIPE, text=True, check=True, timeout=300
    )
    return done.stdout


@pytest.fixture(scope="package")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The cast's company. Each test brings customers of its own, so that none meets another's conversations."""
    with Site(tmp_path_factory.mktemp("desk")) as site:
        site.until_ready()
        site.run("tests.browser.scene")
        yield site


@dataclass(frozen=True)
class Bookshop:
    """The demo company, and the password of everybody in it."""

    site: Site
    password: str


@pytest.fixture(scope="package")
def bookshop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bookshop]:
    """`answerable demo`, then `answerable serve`."""
    data_dir = tmp_path_factory.mktemp("bookshop")
    said = run(data_dir, "answerable", "demo", "--conversations", "600")
    password = re.search(r"with the password (\S+)", said)
    assert password, said
    with Site(data_dir) as site:
        site.until_ready()
        yield Bookshop(site, password[1])


@pytest.fixture
def enter(browser: Browser, desk: Site) -> Iterator[Enters]:
    """`enter("bob")`: Bob at his own browser, signed in; with `anew`, in a session of its own.

    What went wrong on his pages fails the test.
    """
    from tests.cast import PASSWORD  # models, which this file is read too early for

    visitors: list[Visitor] = []

    def one(name: str, *, anew: bool = False, **options: object) -> Visitor:
        visitor = Visitor.comes(browser, desk.url, **options)
        visitors.append(visitor)
        visitor.sign_in(f"{name}@example.com", PASSWORD, anew=anew)
        return visitor

    yield one
    for visitor in visitors:
        visitor.leaves()


numbers = count(1)


@pytest.fixture
def customer(desk: Site) -> Writes:
    """`customer("Dace")`: a new customer of that name, who writes to the support inbox."""

    def one(name: str = "Dace", inbox: str = "support@example.com") -> Correspondent:
        address = f"{name.lower()}{next(numbers)}@customer.example"
        return Correspondent(f"{name} Ozola", address, inbox, desk.smtp_port)

    return one
