"""A load client: plain HTTP/1.1 over kept connections, in a process of its own, so that it costs the server nothing.

It costs the machine little: a request and its answer take some thirty microseconds of it. Every answer's status is
checked; the bodies of some are kept, so that the caller can look whether they say the right thing.
"""

from __future__ import annotations

import re
import socket
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import count
from multiprocessing import get_context
from typing import Any
from urllib.parse import urlencode

LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
CHUNKED = re.compile(rb"\r\ntransfer-encoding: *chunked", re.IGNORECASE)
COOKIE = re.compile(rb"\r\nset-cookie: *([^=]+)=([^;\r]*)", re.IGNORECASE)
LOCATION = re.compile(rb"\r\nlocation: *([^\r]*)", re.IGNORECASE)
KEPT = 12
"""Bodies kept of each client, evenly over its requests."""


class Wrong(Exception):
    """The product answered what it should not; a figure for it would be worth nothing."""


@dataclass(frozen=True)
class Answer:
    status: int
    head: bytes
    body: bytes

    @property
    def location(self) -> str:
        found = LOCATION.search(self.head)
        return found[1].decode() if found else ""


class Connection:
    """One kept connection with the cookies of one person."""

    def __init__(self, port: int, cookies: dict[str, str] | None = None) -> None:
        self.port, self.cookies = port, dict(cookies or {})
        self._socket: socket.socket | None = None
        self._rest = b""

    def get(self, path: str, *, htmx: str = "") -> Answer:
        """`htmx` names the target of a fragment's request."""
        return self.request("GET", path, b"", f"HX-Request: true\r\nHX-Target: {htmx}\r\n" if htmx else "")

    def post(self, path: str, fields: dict[str, str], *, htmx: str = "") -> Answer:
        body = urlencode(fields).encode()
        headers = f"Content-Type: application/x-www-form-urlencoded\r\nX-CSRFToken: {self.cookies['csrftoken']}\r\n"
        if htmx:
            headers += f"HX-Request: true\r\nHX-Target: {htmx}\r\n"
        return self.request("POST", path, body, headers)

    def request(self, method: str, path: str, body: bytes = b"", headers: str = "") -> Answer:
        if self._socket is None:
            self._socket = socket.create_connection(("127.0.0.1", self.port), timeout=60)
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        length = f"Content-Length: {len(body)}\r\n" if method == "POST" else ""
        head = f"{method} {path} HTTP/1.1\r\nHost: localhost:{self.port}\r\nCookie: {cookies}\r\n{headers}{length}\r\n"
        self._socket.sendall(head.encode() + body)
        answer = self._answer(self._socket)
        for name, value in COOKIE.findall(answer.head):
            self.cookies[name.decode()] = value.decode()
        return answer

    def close(self) -> None:
        if self._socket:
            self._socket.close()
            self._socket = None

    def _answer(self, wire: socket.socket) -> Answer:
        data = self._rest
        while (end := data.find(b"\r\n\r\n")) < 0:
            data += self._more(wire)
        head, data = data[:end], data[end + 4 :]
        if CHUNKED.search(head):
            body, data = self._chunks(wire, data)
        else:
            found = LENGTH.search(head)
            length = int(found[1]) if found else 0
            parts, has = [data], len(data)
            while has < length:
                parts.append(self._more(wire))
                has += len(parts[-1])
            data = b"".join(parts)
            body, data = data[:length], data[length:]
        self._rest = data
        return Answer(int(head[9:12]), head, body)

    def _chunks(self, wire: socket.socket, data: bytes) -> tuple[bytes, bytes]:
        body = b""
        while True:
            while (end := data.find(b"\r\n")) < 0:
                data += self._more(wire)
            size = int(data[:end].partition(b";")[0], 16)
            data = data[end + 2 :]
            while len(data) < size + 2:
                data += self._more(wire)
            body, data = body + data[:size], data[size + 2 :]
            if not size:
                return body, data

    def _more(self, wire: socket.socket) -> bytes:
        part = wire.recv(262_144)
        if not part:
            raise Wrong("the server closed the connection within an answer")
        return part


def sign_in(port: int, email: str, password: str) -> dict[str, str]:
    """The cookies of a session, by the sign-in page."""
    connection = Connection(port)
    connection.get("/sign-in/")
    answer = connection.post("/sign-in/", {"login": email, "password": password})
    connection.close()
    if answer.status != 302 or "sessionid" not in connection.cookies:
        raise Wrong(f"{email} could not sign in: {answer.status}")
    return connection.cookies


@dataclass(frozen=True)
class Request:
    """What is asked again and again. `{n}` in the path or a field's value becomes a number never used before."""

    path: str
    fields: dict[str, str] | None = None
    htmx: str = ""
    status: int = 200

    def send(self, connection: Connection, number: int) -> Answer:
        path = self.path.replace("{n}", str(number))
        if self.fields is None:
            return connection.get(path, htmx=self.htmx)
        fields = {name: value.replace("{n}", str(number)) for name, value in self.fields.items()}
        return connection.post(path, fields, htmx=self.htmx)


@dataclass
class Load:
    """What one run saw: each answer's time in seconds, the whole run's, and some of the answers by their request.

    `processor` is how many seconds of it the server and its database took, where that was asked.
    """

    times: list[float] = field(default_factory=list)
    seconds: float = 0.0
    processor: float = 0.0
    kept: list[tuple[Request, Answer]] = field(default_factory=list)

    @property
    def rate(self) -> float:
        return len(self.times) / self.seconds

    @property
    def cost(self) -> float:
        """Milliseconds of processor time for each answer."""
        return self.processor / len(self.times) * 1000


def hammer(port: int, people: Sequence[dict[str, str]], requests: Sequence[Request], seconds: float) -> Load:
    """Each person asks these one after another, without a pause, until the time is over."""
    load, problems, number = Load(), [], count(int(time.time() * 1000))
    ready = threading.Barrier(len(people) + 1)

    def work(place: int, cookies: dict[str, str]) -> None:
        connection = Connection(port, cookies)
        times: list[float] = []
        kept: dict[int, tuple[Request, Answer]] = {}
        try:
            requests[place % len(requests)].send(connection, next(number))
            ready.wait()
            until = time.perf_counter() + seconds
            for turn in count(place):
                request = requests[turn % len(requests)]
                began = time.perf_counter()
                answer = request.send(connection, next(number))
                ended = time.perf_counter()
                times.append(ended - began)
                if answer.status != request.status:
                    raise Wrong(f"{request.path} answered {answer.status}: {answer.body[:300]!r}")
                kept[len(times) * 7919 % KEPT] = (request, answer)
                if ended > until:
                    break
        except Exception as error:
            problems.append(error)
            ready.abort()
        finally:
            connection.close()
            load.times.extend(times)
            load.kept.extend(kept.values())

    threads = [threading.Thread(target=work, args=(place, cookies)) for place, cookies in enumerate(people)]
    for thread in threads:
        thread.start()
    with suppress(threading.BrokenBarrierError):
        ready.wait()
    began = time.perf_counter()
    for thread in threads:
        thread.join()
    load.seconds = time.perf_counter() - began
    if problems:
        raise Wrong(str(next((p for p in problems if not isinstance(p, threading.BrokenBarrierError)), problems[0])))
    return load


class Clients:
    """The second process, in which functions of this module are run."""

    def __init__(self, pool: ProcessPoolExecutor) -> None:
        self._pool = pool

    def run(self, function: Callable[..., Any], *arguments: Any) -> Any:
        """Call it there and wait for what it answers."""
        return self._pool.submit(function, *arguments).result()

    def start(self, function: Callable[..., Any], *arguments: Any) -> Any:
        """Call it there and go on; a future."""
        return self._pool.submit(function, *arguments)


@contextmanager
def clients() -> Iterator[Clients]:
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        yield Clients(pool)
