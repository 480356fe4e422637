"""`answerable serve` as a real process, with what it says and whom it starts."""

import json
import os
import re
import signal
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from http.client import HTTPException
from pathlib import Path
from typing import Any

from tests.ports import free_port
from tests.site.waiting import until


def environment(data_dir: Path, **more: str) -> dict[str, str]:
    """The tests' environment without their database."""
    left_out = ("DATABASE_URL", "TEST_DATABASE_URL")
    kept = {name: value for name, value in os.environ.items() if name not in left_out}
    ports = {f"ANSWERABLE_{kind}_PORT": str(free_port()) for kind in ("SMTP", "LMTP")}
    return {**kept, **ports, "ANSWERABLE_DATA": str(data_dir), **more}


def answerable(data_dir: Path, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    """Run a command to its end."""
    return subprocess.run(
        [sys.executable, "-m", "answerable", *arguments],
        env=environment(data_dir, **more),
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


class Served:
    """Started on creation; `with` ends it whatever happens."""

    def __init__(self, data_dir: Path, *, port: int = 0, **more: str) -> None:
        self.port = port or free_port()
        self.lines: list[str] = []
        self.process = subprocess.Popen(
            [sys.executable, "-m", "answerable", "serve", "--port", str(self.port)],
            env=environment(data_dir, **more),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            self.lines.append(line.rstrip("\n"))

    def __enter__(self) -> "Served":
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.wait()
        self._reader.join()

    @property
    def log(self) -> str:
        return "\n".join(self.lines)

    def until_ready(self) -> None:
        until(lambda: "ready after" in self.log or self.process.poll() is not None, 60, "readiness")
        assert self.process.poll() is None, self.log
        until(lambda: self.get("/readyz")[0] == 200, 60, f"/readyz: {self.get('/readyz')}")

    def get(self, path: str) -> tuple[int, dict[str, Any]]:
        """Status and JSON of an address; 0 when nobody answers."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=10) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as error:
            return error.code, json.load(error)
        except (OSError, HTTPException):  # or it was ended in the middle of its answer
            return 0, {}

    def children(self) -> set[int]:
        """Process ids below the supervisor, of every depth."""
        return below(self.process.pid)

    def pids(self, name: str) -> list[int]:
        """The ids under which a process has been started, by the log of the supervisor."""
        return [int(pid) for pid in re.findall(rf"answerable +started {name} \((\d+)\)", self.log)]

    def stop(self) -> int:
        """Its exit code, once all that it said is in the log."""
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(20)
        self._reader.join()
        return code


def below(pid: int) -> set[int]:
    """The descendants of a process."""
    parents: dict[int, int] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parents[int(entry.name)] = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            except OSError:
                continue
    found = {pid}
    while more := {child for child, parent in parents.items() if parent in found} - found:
        found |= more
    return found - {pid}
