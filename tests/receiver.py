"""A real HTTP server on loopback that keeps what it is sent, and answers as it is told."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PATIENCE_SECONDS = 120.0


@dataclass
class Reply:
    """What a receiver answers: at once, or by `raw` bytes on the wire, or when `held` lets it."""

    status: int = 200
    body: bytes = b"thank you"
    headers: dict[str, str] = field(default_factory=dict)
    raw: Callable[[Callable[[bytes], object]], None] | None = None
    held: threading.Event | None = None


@dataclass
class Taken:
    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Receiver:
    """`reply` is asked for each request; `taken` are all that have come."""

    port: int
    reply: Callable[[Taken], Reply]
    taken: list[Taken] = field(default_factory=list)
    came: threading.Condition = field(default_factory=threading.Condition)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook"

    def wait_for(self, count: int) -> list[Taken]:
        """Until so many requests have come."""
        with self.came:
            assert self.came.wait_for(lambda: len(self.taken) >= count, PATIENCE_SECONDS), f"{len(self.taken)} came"
            return list(self.taken)


@contextmanager
def receiving(reply: Callable[[Taken], Reply] | None = None, tls: ssl.SSLContext | None = None) -> Iterator[Receiver]:
    """On a free port, until the end."""
    found = Receiver(0, reply or (lambda _taken: Reply()))

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            told = {name.lower(): value for name, value in self.headers.items()}
            taken = Taken(self.command, self.path, told, self.rfile.read(length))
            with found.came:
                found.taken.append(taken)
                found.came.notify_all()
            answer = found.reply(taken)
            if answer.held is not None:
                answer.held.wait(PATIENCE_SECONDS)
            try:
                self._answer(answer)
            except OSError:
                return  # who asked has hung up

        do_GET = do_POST

        def _answer(self, answer: Reply) -> None:
            if answer.raw is not None:
                answer.raw(self.wfile.write)
                return
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(answer.body)))
            self.end_headers()
            self.wfile.write(answer.body)

        def log_message(self, *_: object) -> None:
            """Nobody reads it."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_: object) -> None:
            """Those who hang up early are what some tests are about."""

    server = Server(("127.0.0.1", 0), Handler)
    found.port = server.server_address[1]
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield found
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
