"""What every piece of work is given: the sites it is measured on, the load clients, and how often to measure."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

from benchmarks.client import Clients, Load, Request, Wrong, hammer, sign_in
from benchmarks.company.founding import PASSWORD
from benchmarks.site import ROOT, Site, Unable, free_port

EIGHT = 8
SETTLED_WITHIN_SECONDS = 120
LET_GO = """
UPDATE desk_delivery SET due_at = now()
WHERE channel = 'email' AND state = 'waiting' AND due_at < now() + interval '1 minute'
"""
UNSETTLED = """
SELECT EXISTS (
    SELECT FROM desk_delivery
    WHERE channel = 'email' AND state = 'waiting' AND due_at < now() + interval '1 minute'
)
OR EXISTS (SELECT FROM email_arrival WHERE outcome = '')
OR EXISTS (SELECT FROM events_pendingreaction WHERE due_at <= now())
"""


@dataclass
class Bench:
    """`turns` values are taken of everything, `seconds` long each; the turns of floor, sizes and product interleave."""

    home: Path
    sizes: Sequence[int]
    engine_sizes: Sequence[int]
    turns: int
    seconds: float
    streams: int
    mails: int
    clients: Clients
    say: Callable[[str], None]
    _stack: ExitStack = field(default_factory=ExitStack)
    _sites: dict[int, Site] = field(default_factory=dict)
    _floors: dict[int, int] = field(default_factory=dict)
    _people: dict[tuple[int, str], dict[str, str]] = field(default_factory=dict)

    @property
    def sites(self) -> list[Site]:
        """One a size, loaded and running, the smallest first."""
        return [self.site(size) for size in sorted(self.sizes)]

    def site(self, size: int) -> Site:
        if size not in self._sites:
            home = self.home / str(size)
            home.mkdir()
            site = Site(home, size)
            self._stack.callback(site.stop)
            site.serve()
            site.until_quiet()
            self.say(f"{size:,} conversations loaded in {site.load():.0f} s")
            self._sites[size] = site
        return self._sites[size]

    def loaded(self) -> list[Site]:
        """Those that some work has asked for so far."""
        return list(self._sites.values())

    def settle(self) -> None:
        """Wait until no site has anything left to do. An answer leaves ten seconds after it was written: what is
        measured then would be paid with the letters of what was measured before, and of the other site. Here they
        leave at once."""
        for site in self.loaded():
            with site.connect() as connection:
                connection.execute(LET_GO)
                connection.execute("SELECT pg_notify('answerable_events', '')")
                until(lambda c=connection: not _unsettled(c), SETTLED_WITHIN_SECONDS, "settling", every=0.2)

    def floor(self, site: Site) -> int:
        """The port of the least that Django can be, reading the same database."""
        if site.conversations not in self._floors:
            port = free_port()
            command = [sys.executable, "-m", "benchmarks.floor", str(port)]
            process = subprocess.Popen(command, env=site.environment, cwd=ROOT)
            self._stack.callback(_end, process)
            _until_answered(f"http://127.0.0.1:{port}/empty/")
            self._floors[site.conversations] = port
        return self._floors[site.conversations]

    def heads(self, site: Site, count: int = EIGHT) -> list[dict[str, str]]:
        """Sessions of people who see every conversation."""
        return [self._signed_in(site, email) for email in site.company.heads[:count]]

    def agent(self, site: Site) -> dict[str, str]:
        """A session of the first team's first agent."""
        return self._signed_in(site, site.company.emails[0])

    def _signed_in(self, site: Site, email: str) -> dict[str, str]:
        key = (site.conversations, email)
        if key not in self._people:
            self._people[key] = self.clients.run(sign_in, site.port, email, PASSWORD)
        return self._people[key]

    def load(self, port: int, people: Sequence[dict[str, str]], requests: Sequence[Request]) -> Load:
        """The clients' process asks for as long as a turn takes."""
        load: Load = self.clients.run(hammer, port, people, requests, self.seconds)
        return load

    def ask(self, site: Site, people: Sequence[dict[str, str]], requests: Sequence[Request]) -> Load:
        """The same of a site, whose processor time is counted."""
        before = site.processor_seconds()
        load = self.load(site.port, people, requests)
        load.processor = site.processor_seconds() - before
        return load

    def close(self) -> None:
        self._stack.close()


@contextmanager
def opened(bench: Bench) -> Iterator[Bench]:
    """End everything the bench has started, whatever happens."""
    try:
        yield bench
    finally:
        bench.close()


def milliseconds(times: Sequence[float]) -> float:
    """The median, of seconds."""
    return statistics.median(times) * 1000


def query_time(connection: psycopg.Connection, sql: str, values: Sequence[object] = (), times: int = 50) -> float:
    """Median milliseconds of a query with all its rows."""
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        connection.execute(sql.encode(), values).fetchall()
        taken.append(time.perf_counter() - began)
    return milliseconds(taken)


def check(holds: object, otherwise: str) -> None:
    """A fast wrong answer is a failure."""
    if not holds:
        raise Wrong(otherwise)


def until(condition: Callable[[], bool], seconds: float, what: str, every: float = 0.05) -> None:
    """Wait for it, or fail."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise Wrong(f"{what} did not happen within {seconds:.0f} s")
        time.sleep(every)


def _unsettled(connection: psycopg.Connection) -> bool:
    return connection.execute(UNSETTLED).fetchone() == (True,)


def _until_answered(address: str) -> None:
    for _ in range(600):
        with suppress(OSError), urllib.request.urlopen(address, timeout=5):
            return
        time.sleep(0.05)
    raise Unable(f"{address} does not answer")


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
