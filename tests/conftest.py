"""One embedded PostgreSQL for the whole run, started when the first test asks for the database.

`TEST_DATABASE_URL` (or `DATABASE_URL`) names another server to use instead. The environment is set before
Django reads its settings, so no test ever touches the data of the person who runs it.
"""

from __future__ import annotations

import atexit
import faulthandler
import gc
import os
import re
import shutil
import signal
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

import django
import hypothesis
import pytest
from django.conf import settings
from django.db import connection
from django.db.models import QuerySet
from django.test import TransactionTestCase
from whitenoise.middleware import WhiteNoiseMiddleware

from answerable.site.postgres import DATABASE, PORT, ROLE, EmbeddedPostgres, socket_directory
from answerable.site.schema import load_if_empty
from tests.sweeping import sweep
from tests.unordered import turned_round

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator

    from playwright.sync_api import Browser
    from xdist.remote import Producer
    from xdist.scheduler.loadscope import LoadScopeScheduling

    from tests.cast import Cast

LONGEST_TEST_SECONDS = 300
YOUNG_OBJECTS = 20_000
SHARES_A_SERVER = "ANSWERABLE_TEST_SERVER"
"""Set by the first process of the run, inherited by pytest-xdist's workers: the server's data directory.

What else stands in a data directory (attachments, the setup token) each worker has to itself, like its database.
"""
LONG = ("slow", "browser", "servers")
"""The marks of what takes long, or shares a file with it."""
TOGETHER = ("tests/browser", "tests/channels/matrix")
"""Folders whose tests share what is long to start."""
IN_MEMORY = Path("/dev/shm")
ROOM_BYTES = 16 * 2**30
"""Where so much memory is free, what tests write stands there: every server has a database of its own, and waits for
the disk when it starts, stops, and with each thing it keeps. They fill a few GB; the benchmark asks for ten."""
HAS_THE_SCHEMA = "ANSWERABLE_TEST_TEMPLATE"
"""Likewise: the database whose copies need no migration, where the schema written down fits the files."""


def _has_room(place: Path) -> bool:
    """Whether it is a file system in memory, and that much is free of both."""
    try:
        available = re.search(r"^MemAvailable: +(\d+) kB", Path("/proc/meminfo").read_text(), re.MULTILINE)
        return available is not None and min(shutil.disk_usage(place).free, int(available[1]) * 1024) > ROOM_BYTES
    except OSError:
        return False


def _prepare() -> EmbeddedPostgres | None:
    """Set the environment; answer the server to start when this process is the one to do so."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "answerable.site.settings"
    # Playwright leaves a loop running in the thread of the tests; Django takes that for asynchronous code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    if shared := os.environ.get(SHARES_A_SERVER):
        own_data = Path(shared, os.environ.get("PYTEST_XDIST_WORKER", "worker"))
        own_data.mkdir(exist_ok=True)
        os.environ["ANSWERABLE_DATA"] = str(own_data)
        return None
    if _has_room(IN_MEMORY):
        os.environ.setdefault("TMPDIR", str(IN_MEMORY))
        tempfile.tempdir = None  # to be asked for again
    data_dir = Path(tempfile.mkdtemp(prefix="answerable-tests-"))
    atexit.register(shutil.rmtree, data_dir, ignore_errors=True)
    os.environ[SHARES_A_SERVER] = str(data_dir)
    os.environ["ANSWERABLE_DATA"] = str(data_dir)
    given = os.environ.get("TEST_DATABASE_URL") or os.environ.get("DATABASE_URL")
    own = f"postgresql://{ROLE}@:{PORT}/{DATABASE}?host={quote(str(socket_directory(data_dir)), safe='')}"
    os.environ["DATABASE_URL"] = given or own
    return None if given else EmbeddedPostgres(data_dir, durable=False)


_server = _prepare()


def _start() -> None:
    """Start the server, and give its database the schema that was written down when Answerable was installed."""
    if _server and not _server.is_running():
        _server.start()
        if load_if_empty():
            os.environ[HAS_THE_SCHEMA] = DATABASE


def pytest_configure(config: pytest.Config) -> None:
    """With xdist the controlling process starts the server, since any worker may end before the others."""
    django.setup()
    # How long an example takes says what else the machine does, and nothing of what is tested.
    slow = [hypothesis.HealthCheck.too_slow]
    hypothesis.settings.register_profile("unhurried", deadline=None, suppress_health_check=slow)
    hypothesis.settings.load_profile("unhurried")
    if getattr(config.option, "dist", "no") != "no" and not config.option.collectonly:
        _start()
        # Workers read the settings by themselves, once they have a data directory: not before, as this would have them.
        del os.environ["DJANGO_SETTINGS_MODULE"]
    # Signing in is not what most tests are about: their passwords cost microseconds, not a quarter of a second.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    QuerySet._fetch_all = turned_round(QuerySet._fetch_all)  # type: ignore[assignment,method-assign]
    TransactionTestCase._fixture_teardown = sweep  # type: ignore[attr-defined]
    WhiteNoiseMiddleware.add_files_from_finders = _look_for_files_once(WhiteNoiseMiddleware.add_files_from_finders)


def _look_for_files_once(look: Callable[[WhiteNoiseMiddleware], None]) -> Callable[[WhiteNoiseMiddleware], None]:
    """Each client of a test has middleware of its own; the files of the site are the same for all."""
    found: dict[str, object] = {}

    def look_once(middleware: WhiteNoiseMiddleware) -> None:
        if not found:
            look(middleware)
            found.update(middleware.files)
        middleware.files = found

    return look_once


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes long comes first: of several workers none is left at the end with it. Tests that share servers stand
    together, so that these end with them."""
    long = {item.path for item in items if any(map(item.get_closest_marker, LONG))}
    items.sort(key=lambda item: (_together(item.nodeid) or "~", item.path not in long))


def _together(nodeid: str) -> str | None:
    """The folder whose servers a test asks for."""
    return next((folder for folder in TOGETHER if nodeid.startswith(f"{folder}/")), None)


def pytest_collection_finish() -> None:
    """What stands in memory by now stays there: nobody need look through it for garbage again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG_OBJECTS)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LoadScopeScheduling:
    """All that asks for the browser's servers, or for a homeserver, goes to one worker, so that they are started once;
    the rest by file."""
    from xdist.scheduler.loadscope import LoadScopeScheduling

    class ByServers(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return _together(nodeid) or nodeid.partition("::")[0]

    return ByServers(config, log)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol() -> Generator[None, object, object]:
    """A test that hangs says where and fails; the others go on."""

    def ring(*_: object) -> None:
        faulthandler.dump_traceback(sys.__stderr__)
        raise TimeoutError(f"not done within {LONGEST_TEST_SECONDS} s")

    signal.signal(signal.SIGALRM, ring)
    signal.alarm(LONGEST_TEST_SECONDS)
    try:
        return (yield)
    finally:
        signal.alarm(0)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the server, when this process started it."""
    if _server:
        _server.stop()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """pytest-django asks for this before it makes the test database: a copy of one that has the schema already."""
    _start()
    connection.settings_dict["TEST"]["TEMPLATE"] = os.environ.get(HAS_THE_SCHEMA)


@pytest.fixture
def cast(db: None) -> Cast:
    """Alice owns, Bob shares, Charlie must be refused everywhere."""
    from tests.cast import play

    return play()


CHROMIUM = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
PROGRAM = shutil.which("chromium-headless-shell") or shutil.which("chromium")
"""The first is Chromium less the windows and menus that nobody sees here: opening one takes most of a second."""


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for the whole run; each test opens a context of its own."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=PROGRAM, args=CHROMIUM)
        yield chromium
        chromium.close()
