"""`answerable serve` as people run it, with the cast at work and customers who write by SMTP."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.post import Correspondent
from tests.browser.visitor import Visitor
from tests.site.served import Served, environment, free_port

expect.set_options(timeout=20_000)
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

    def run(self, *module: str) -> None:
        """Run a Python module in the server's environment."""
        subprocess.run([sys.executable, "-m", *module], env=environment(self.data_dir), check=True, timeout=300)


@pytest.fixture(scope="session")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The cast's company. Each test brings customers of its own, so that none meets another's conversations."""
    with Site(tmp_path_factory.mktemp("desk")) as site:
        site.until_ready()
        site.run("tests.browser.scene")
        yield site


@pytest.fixture
def enter(browser: Browser, desk: Site) -> Iterator[Enters]:
    """`enter("bob")`: Bob at his own browser, signed in. What went wrong on his pages fails the test."""
    from tests.cast import PASSWORD  # models, which this file is read too early for

    visitors: list[Visitor] = []

    def one(name: str, **options: object) -> Visitor:
        visitor = Visitor.comes(browser, desk.url, **options)
        visitors.append(visitor)
        visitor.sign_in(f"{name}@example.com", PASSWORD)
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
