"""The product as it really runs: `answerable serve` on a data directory of its own, ended with all it started."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg

import answerable
from answerable.site.database import database_settings
from benchmarks.company.founding import Company

START_WITHIN_SECONDS = 90
NEEDED_BYTES = 10 * 2**30
ROOT = Path(__file__).resolve().parent.parent


class Unable(Exception):
    """The measurement cannot be made here; the message says why."""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def scratch_directory(directory: Path | None) -> Iterator[Path]:
    """A directory that is deleted afterwards, on a disk with room."""
    home = Path(tempfile.mkdtemp(prefix="answerable-bench-", dir=directory))
    try:
        free = shutil.disk_usage(home).free
        if free < NEEDED_BYTES:
            raise Unable(f"{home.parent} has {free / 2**30:.1f} GB free; a run needs {NEEDED_BYTES / 2**30:.0f} GB.")
        yield home
    finally:
        shutil.rmtree(home, ignore_errors=True)


class Site:
    """One data directory and the server on it. `serve` returns when the first page answers."""

    def __init__(self, home: Path, conversations: int = 0) -> None:
        self.home, self.conversations = home, conversations
        self.port, self.smtp, self.lmtp = free_port(), free_port(), free_port()
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def environment(self) -> dict[str, str]:
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("ANSWERABLE_", "DATABASE_URL", "DJANGO_"))}
        paths = [str(Path(answerable.__file__).parent.parent), str(ROOT)]
        return kept | {
            "ANSWERABLE_DATA": str(self.home),
            "ANSWERABLE_URL": f"http://localhost:{self.port}",
            "ANSWERABLE_SMTP_PORT": str(self.smtp),
            "ANSWERABLE_LMTP_PORT": str(self.lmtp),
            "PYTHONPATH": os.pathsep.join(paths),
        }

    @property
    def company(self) -> Company:
        return Company.load(self.home / "bench.json")

    def serve(self) -> float:
        """Start it; seconds until the first page has come."""
        log = self.home / "serve.log"
        began = time.perf_counter()
        with log.open("ab") as said:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "answerable", "serve", "--port", str(self.port)],
                env=self.environment,
                stdout=said,
                stderr=said,
                start_new_session=True,
            )
        while not self._answers():
            if self.process.poll() is not None or time.perf_counter() - began > START_WITHIN_SECONDS:
                raise Unable(f"`answerable serve` did not start:\n{log.read_text()[-3000:]}")
            time.sleep(0.01)
        return time.perf_counter() - began

    def _answers(self) -> bool:
        """Whether a whole page comes: the first one of a new company, or the sign-in."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/", timeout=10) as answer:
                return answer.status == 200 and b"</html>" in answer.read()
        except OSError:
            return False

    def until_quiet(self) -> None:
        """Wait until every part says that it is well."""
        until = time.monotonic() + START_WITHIN_SECONDS
        while time.monotonic() < until:
            with suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{self.port}/readyz", timeout=10):
                return
            time.sleep(0.1)
        raise Unable("the server does not become ready")

    def load(self) -> float:
        """Fill it with its conversations; seconds taken. The server must be running."""
        began = time.perf_counter()
        command = [sys.executable, "-m", "benchmarks.company", str(self.conversations)]
        subprocess.run(command, env=self.environment, cwd=ROOT, check=True)
        return time.perf_counter() - began

    def told(self, module: str, *arguments: object) -> str:
        """Run a module in its environment; what it prints."""
        command = [sys.executable, "-m", module, *map(str, arguments)]
        done = subprocess.run(command, env=self.environment, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)
        return done.stdout

    def connect(self) -> psycopg.Connection:
        """The database, past the product."""
        place = database_settings({}, self.home)
        return psycopg.connect(
            dbname=place["NAME"], user=place["USER"], host=place["HOST"], port=place["PORT"], autocommit=True
        )

    def processes(self) -> list[int]:
        """The server and everything below it."""
        assert self.process
        parents: dict[int, int] = {}
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit():
                with suppress(OSError):
                    parents[int(entry.name)] = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
        found = [self.process.pid]
        for parent in found:
            found += [child for child, its in parents.items() if its == parent]
        return found

    def processor_seconds(self) -> float:
        """Processor time that all of it has taken so far, the database included (proc(5), stat: utime and stime)."""
        ticks = 0
        for pid in self.processes():
            with suppress(OSError):
                fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
                ticks += int(fields[11]) + int(fields[12])
        return ticks / os.sysconf("SC_CLK_TCK")

    def stop(self) -> None:
        """End it as an init system would; what does not end is killed."""
        if self.process is None:
            return
        everything = self.processes() if self.process.poll() is None else []
        with suppress(ProcessLookupError):
            self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            for pid in everything:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            self.process.wait()
        self.process = None
