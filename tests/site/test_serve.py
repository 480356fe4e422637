"""`answerable serve`: everything starts, what is killed comes back, and nothing stays behind."""

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from answerable.events.wire import CHANNEL
from answerable.site.postgres import DATABASE, PORT, ROLE, socket_directory
from tests.site.served import Served, answerable
from tests.site.waiting import until

pytestmark = [pytest.mark.servers, pytest.mark.slow]


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One directory for the module: what a test leaves behind is what the next one starts from."""
    return tmp_path_factory.mktemp("served")


@pytest.fixture(scope="module")
def running() -> Iterator[list[Served]]:
    """Whoever runs, at most one."""
    started: list[Served] = []
    yield started
    for each in started:
        each.__exit__()


@pytest.fixture
def served(data_dir: Path, running: list[Served]) -> Served:
    """The one that runs, started again only where a test has ended it."""
    if not running or running[-1].process.poll() is not None:
        running.append(Served(data_dir))
        running[-1].until_ready()
    return running[-1]


def test_every_part_is_ready_and_said_so(served: Served) -> None:
    parts = served.get("/readyz")[1]
    assert parts == dict.fromkeys(("status", "database", "migrations", "disk", "worker", "mail"), "ok")
    assert served.get("/healthz") == (200, {"status": "ok"})
    assert f"http://localhost:{served.port}" in served.log


@pytest.mark.parametrize("name", ["worker", "mail", "web", "database"])
def test_what_is_killed_comes_back(served: Served, name: str) -> None:
    started = served.pids(name)
    os.kill(started[-1], signal.SIGKILL)
    until(lambda: len(served.pids(name)) == len(started) + 1, what=f"another {name}:\n{served.log}")
    until(lambda: served.get("/readyz")[0] == 200, what="readiness")
    assert f"{name} was ended by SIGKILL; starting it again" in served.log


def test_whoever_takes_the_place_of_a_killed_worker_says_that_something_was_missed(
    served: Served, data_dir: Path
) -> None:
    """A worker may die between writing and telling."""
    socket = str(socket_directory(data_dir))
    with psycopg.connect(host=socket, port=PORT, user=ROLE, dbname=DATABASE, autocommit=True) as ear:
        ear.execute(f"LISTEN {CHANNEL}")
        web = served.pids("web")[-1]
        os.kill(int(Path(f"/proc/{web}/task/{web}/children").read_text().split()[0]), signal.SIGKILL)
        assert "" in (told.payload for told in ear.notifies(timeout=30, stop_after=1))


def test_a_killed_postgresql_comes_back(served: Served, data_dir: Path) -> None:
    server = int((data_dir / "postgres" / "postmaster.pid").read_text().split("\n")[0])
    started = served.pids("database")
    os.kill(server, signal.SIGKILL)
    until(lambda: len(served.pids("database")) == len(started) + 1, what=f"another database:\n{served.log}")
    until(lambda: served.get("/readyz")[0] == 200, what="readiness")


def test_a_second_one_on_the_same_directory_is_refused(served: Served, data_dir: Path) -> None:
    refused = answerable(data_dir, "serve")
    assert refused.returncode == 1
    assert f"process {served.pids('database')[-1]}) already runs the database in {data_dir}" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_a_taken_port_is_said(served: Served, tmp_path: Path) -> None:
    refused = answerable(tmp_path, "serve", ANSWERABLE_PORT=str(served.port))
    assert refused.returncode == 1
    assert f"Port {served.port} on 127.0.0.1 is taken." in refused.stderr


def test_everything_stops_within_ten_seconds(served: Served) -> None:
    children = served.children()
    assert len(children) > 6
    began = time.monotonic()
    assert served.stop() == 0
    until(lambda: not any(is_alive(pid) for pid in children), 10, "the end of all children")
    assert time.monotonic() - began < 10
    assert served.log.endswith("stopped")


def test_nothing_outlives_a_killed_supervisor_and_the_next_start_recovers(served: Served, data_dir: Path) -> None:
    children = served.children()
    served.process.kill()
    served.process.wait()
    until(lambda: not any(is_alive(pid) for pid in children), what="the end of all children")
    with Served(data_dir) as again:
        again.until_ready()


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
