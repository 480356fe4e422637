"""The bridge from ASGI to Django's WSGI handler, by messages and through a real Granian."""

import asyncio
import threading
from collections.abc import Callable, Coroutine, Iterator
from typing import Any

import pytest

from answerable.site.bridge import BATCH, BODY_LIMIT, READ_AHEAD, Bridge, Environ
from tests import loops

Headers = list[tuple[bytes, bytes]]


class Answer:
    """What a WSGI application returns: pieces, and whether it was closed."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self.pieces = pieces
        self.closed = threading.Event()

    def __iter__(self) -> Iterator[bytes]:
        return self.pieces

    def close(self) -> None:
        self.closed.set()


class Client:
    """One request to a bridge: `body` as pieces; leaves after `leaves_after` messages of the response."""

    def __init__(self, method: str, headers: Headers, body: list[bytes], leaves_after: int | None = None) -> None:
        self.scope = {
            "type": "http",
            "method": method,
            "path": "/ā",
            "query_string": b"q=1",
            "http_version": "1.1",
            "scheme": "http",
            "server": ("127.0.0.1", 8000),
            "client": ("192.0.2.7", 4711),
            "headers": headers,
        }
        self.coming = list(body) or [b""]
        self.received: list[Any] = []
        self.left = asyncio.Event()
        self.leaves_after = leaves_after

    async def receive(self) -> Any:
        if self.coming:
            part = self.coming.pop(0)
            return {"type": "http.request", "body": part, "more_body": bool(self.coming)}
        await self.left.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Any) -> None:
        self.received.append(message)
        if len(self.received) == self.leaves_after:
            self.left.set()

    @property
    def status(self) -> int:
        return int(self.received[0]["status"])

    @property
    def body(self) -> bytes:
        return b"".join(message.get("body", b"") for message in self.received[1:])


def ask(
    work: Callable[[Environ], Iterator[bytes]],
    method: str = "GET",
    headers: Headers | None = None,
    body: list[bytes] | None = None,
    leaves_after: int | None = None,
) -> tuple[Client, list[Answer]]:
    answers: list[Answer] = []

    def application(environ: Environ, start_response: Callable[..., Any]) -> Answer:
        start_response("200 OK", [("Content-Type", "text/plain")])
        answers.append(Answer(work(environ)))
        return answers[-1]

    async def go() -> Client:
        client = Client(method, headers or [], body or [], leaves_after)
        await asyncio.wait_for(Bridge(application, 2)(client.scope, client.receive, client.send), 10)
        return client

    return run(go()), answers


def run(coroutine: Coroutine[Any, Any, Client]) -> Client:
    return loops.run(coroutine)


def test_a_short_answer_is_two_messages() -> None:
    client, (answer,) = ask(lambda environ: iter([environ["REMOTE_ADDR"].encode(), b"!"]))
    assert [message["type"] for message in client.received] == ["http.response.start", "http.response.body"]
    assert (client.status, client.body) == (200, b"192.0.2.7!")
    assert client.received[0]["headers"] == [(b"content-type", b"text/plain")]
    assert answer.closed.is_set()


def test_the_path_is_as_wsgi_wants_it() -> None:
    client, _ = ask(lambda environ: iter([environ["PATH_INFO"].encode("latin-1"), environ["QUERY_STRING"].encode()]))
    assert client.body == "/āq=1".encode()


def test_head_has_the_headers_and_no_body() -> None:
    for pieces in ([b"words"], [b"x" * BATCH] * 3):
        client, (answer,) = ask(lambda _, pieces=pieces: iter(pieces), method="HEAD")  # type: ignore[misc]
        assert (client.status, client.body) == (200, b"")
        assert client.received[-1].get("more_body", False) is False
        assert answer.closed.is_set()


def test_a_long_answer_is_sent_in_pieces_and_whole() -> None:
    client, (answer,) = ask(lambda _: iter([b"%07d" % n for n in range(200_000)]))
    assert client.body == b"".join(b"%07d" % n for n in range(200_000))
    assert len(client.received) > 3
    assert answer.closed.is_set()


def test_who_leaves_early_stops_an_endless_answer() -> None:
    def endless(_: Environ) -> Iterator[bytes]:
        while True:
            yield b"x" * BATCH

    client, (answer,) = ask(endless, leaves_after=4)
    assert answer.closed.wait(10)
    assert len(client.body) < READ_AHEAD


def test_an_upload_reaches_the_application_whole() -> None:
    pieces = [b"%d" % n * 50_000 for n in range(10, 60)]

    def work(environ: Environ) -> Iterator[bytes]:
        content = environ["wsgi.input"].read()
        yield b"same" if content == b"".join(pieces) else b"different"
        yield environ["CONTENT_LENGTH"].encode()

    client, _ = ask(work, method="POST", body=pieces)
    assert client.body == b"same%d" % sum(map(len, pieces))


def test_too_long_an_upload_is_refused_before_it_is_read() -> None:
    client, answers = ask(
        lambda _: iter([b""]), method="POST", headers=[(b"content-length", str(BODY_LIMIT + 1).encode())]
    )
    assert client.status == 413
    assert not answers


def test_an_upload_that_breaks_off_never_reaches_the_application() -> None:
    async def go() -> Client:
        client = Client("POST", [], [b"half", b"never"])
        client.left.set()
        whole = client.receive

        async def receive() -> Any:
            return {"type": "http.disconnect"} if len(client.coming) == 1 else await whole()

        await Bridge(lambda *_: pytest.fail("reached"), 1)(client.scope, receive, client.send)
        return client

    assert run(go()).received == []


def test_headers_that_could_pass_for_others_are_dropped() -> None:
    headers = [
        (b"x_forwarded_proto", b"https"),
        (b"proxy", b"http://evil.example"),
        (b"cookie", b"a=1"),
        (b"cookie", b"b=2"),
        (b"accept-language", b"lv"),
        (b"accept-language", b"ka"),
    ]

    def work(environ: Environ) -> Iterator[bytes]:
        yield repr({key: environ[key] for key in sorted(environ) if key.startswith("HTTP_")}).encode()

    client, _ = ask(work, headers=headers)
    assert client.body == b"{'HTTP_ACCEPT_LANGUAGE': 'lv,ka', 'HTTP_COOKIE': 'a=1; b=2'}"


def test_an_application_that_exits_leaves_nobody_waiting(caplog: pytest.LogCaptureFixture) -> None:
    def work(_environ: Environ) -> Iterator[bytes]:
        raise SystemExit(1)

    client, _ = ask(work)
    assert client.status == 500
    assert "GET" in caplog.text


def test_a_failing_application_is_a_500_without_particulars(caplog: pytest.LogCaptureFixture) -> None:
    def work(_: Environ) -> Iterator[bytes]:
        raise ValueError("a secret")

    client, _ = ask(work)
    assert client.status == 500
    assert b"secret" not in client.body
    assert "a secret" in caplog.text
