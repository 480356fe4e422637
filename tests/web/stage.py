"""A small server for pages made of web's templates, with a live stream that a test writes, and no database."""

import mimetypes
import queue
import threading
from collections.abc import Callable, Iterator
from http.cookies import SimpleCookie
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from django.contrib.staticfiles import finders
from django.template import engines
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import translation

from answerable.web.security import CONTENT_SECURITY_POLICY
from answerable.web.views import specimens


class Alice:
    """A signed-in reader, as far as templates look."""

    is_authenticated = True
    is_administrator = True
    theme = "auto"

    def __str__(self) -> str:
        return "Alice Ozola"


SIGNS = "/attendance/signs/"
"""Every page of the desk tells here that somebody does something, whatever it is a test of."""


class Stage:
    """Serves `pages` (template source, or the name of a template) by path, and keeps what was posted."""

    def __init__(self) -> None:
        self.pages: dict[str, str] = {}
        self.answers: dict[str, Callable[[], tuple[str, list[tuple[str, str]], str]]] = {}
        self.posted: queue.Queue[tuple[str, str]] = queue.Queue()
        self.streams: queue.Queue[tuple[str, queue.Queue[str | None]]] = queue.Queue()
        self.server = make_server("127.0.0.1", 0, self._answer, server_class=_Server, handler_class=_Quiet)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()

    def stream(self) -> "tuple[str, queue.Queue[str | None]]":
        """The next stream a page opens: its query string, and where to put events (None ends it)."""
        return self.streams.get(timeout=10)

    def _answer(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterator[bytes] | list[bytes]:
        path = environ["PATH_INFO"]
        policy = ("Content-Security-Policy", CONTENT_SECURITY_POLICY)
        if path.startswith("/static/"):
            return self._static(path.removeprefix("/static/"), start)
        if path == "/live/events":
            return self._events(environ["QUERY_STRING"], start)
        if environ["REQUEST_METHOD"] == "POST":
            body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
            if path != SIGNS:
                self.posted.put((path, body.decode()))
        if path in self.answers:
            status, headers, text = self.answers[path]()
            own = [] if any(name == policy[0] for name, _value in headers) else [policy]
            start(status, [*own, ("Content-Type", "text/html; charset=utf-8"), *headers])
            return [text.encode()]
        if path in self.pages:
            return self._page(path, environ, start)
        start("404 Not Found", [policy])
        return [b""]

    def _page(self, path: str, environ: dict[str, Any], start: Callable[..., Any]) -> list[bytes]:
        request = RequestFactory().get(path, QUERY_STRING=environ["QUERY_STRING"])
        request.user = Alice()  # type: ignore[assignment]
        request.COOKIES = {k: v.value for k, v in SimpleCookie(environ.get("HTTP_COOKIE", "")).items()}
        source = self.pages[path]
        context = specimens(request)
        with translation.override(request.GET.get("language", "en")):
            if source.endswith(".html"):
                text = render_to_string(source, context, request=request)
            else:
                text = engines["django"].from_string(source).render(context, request=request)
        headers = {"Content-Security-Policy": CONTENT_SECURITY_POLICY, "Content-Type": "text/html; charset=utf-8"}
        start("200 OK", list(headers.items()))
        return [text.encode()]

    def _static(self, name: str, start: Callable[..., Any]) -> list[bytes]:
        found = finders.find(name)
        if not found:
            start("404 Not Found", [])
            return [b""]
        with open(found, "rb") as file:
            start("200 OK", [("Content-Type", mimetypes.guess_type(found)[0] or "text/plain")])
            return [file.read()]

    def _events(self, query: str, start: Callable[..., Any]) -> Iterator[bytes]:
        events: queue.Queue[str | None] = queue.Queue()
        start("200 OK", [("Content-Type", "text/event-stream"), ("Cache-Control", "no-store")])
        yield b": hello\n\n"
        self.streams.put((query, events))
        while (event := events.get()) is not None:
            yield event.encode()


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        """A test's output is for failures."""
