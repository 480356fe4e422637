"""Thousands of open chats, some of whom write, and the agents who answer them, in the load clients' process.

A message is seen when what shows it to a person has it: the agent's page fetches the thread when its stream hints, the
visitor's widget what is new. Agents also have a list open, which their pages fetch at most once a second.
"""

from __future__ import annotations

import asyncio
import random
import re
import threading
import time
from collections.abc import Coroutine, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from urllib.parse import urlencode

from benchmarks.client import CHUNKED, LENGTH, Wrong
from benchmarks.company.visitors import ORIGIN
from benchmarks.streams import AT_ONCE, OPEN_WITHIN_SECONDS, allow_open_files

SEEN_WITHIN_SECONDS = 30.0
LIST_EVERY_SECONDS = 1.0
HINT = re.compile(rb'"id": (\d+), "verb": "([^"]+)", "root": "conversation-(\d+)"')
_talking: list[Talking] = []


@dataclass
class Talk:
    """Seconds from sending a message until the other side has it, each way, and what was never seen."""

    to_agents: list[float] = field(default_factory=list)
    to_visitors: list[float] = field(default_factory=list)
    unseen: int = 0


class Wire:
    """One kept connection."""

    def __init__(self, port: int) -> None:
        self.port = port
        self._busy = asyncio.Lock()
        self._ends: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, method: str, path: str, headers: str, body: bytes = b"") -> tuple[int, bytes]:
        async with self._busy:
            if self._ends is None:
                self._ends = await asyncio.open_connection("127.0.0.1", self.port, limit=2**20)
            reader, writer = self._ends
            length = f"Content-Length: {len(body)}\r\n" if method == "POST" else ""
            head = f"{method} {path} HTTP/1.1\r\nHost: localhost:{self.port}\r\n{headers}{length}\r\n"
            writer.write(head.encode() + body)
            answer = await reader.readuntil(b"\r\n\r\n")
            return int(answer[9:12]), await _body(reader, answer)


async def _body(reader: asyncio.StreamReader, head: bytes) -> bytes:
    if not CHUNKED.search(head):
        found = LENGTH.search(head)
        return await reader.readexactly(int(found[1])) if found else b""
    body = b""
    while size := int((await reader.readuntil(b"\r\n")).partition(b";")[0], 16):
        body += (await reader.readexactly(size + 2))[:-2]
    await reader.readexactly(2)
    return body


class Ear(asyncio.Protocol):
    """An open stream. `hear(verb, number)` for each hint about a conversation."""

    def __init__(self, head: str, hear: Any, loop: asyncio.AbstractEventLoop) -> None:
        self.head, self.hear = head, hear
        self.opened: asyncio.Future[None] = loop.create_future()
        self.rest = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        transport.write(self.head.encode())

    def data_received(self, data: bytes) -> None:
        *lines, self.rest = (self.rest + data).split(b"\n\n")
        for line in lines:
            if b"retry: " in line and not self.opened.done():
                self.opened.set_result(None)
            if found := HINT.search(line):
                self.hear(found[2].decode(), int(found[3]))
        if not self.opened.done() and b"\r\n\r\n" in self.rest and b" 200 " not in self.rest[:15]:
            self.opened.set_exception(Wrong(f"a chat's stream was refused: {self.rest[:200]!r}"))

    def connection_lost(self, error: Exception | None) -> None:
        if not self.opened.done():
            self.opened.set_exception(Wrong("a chat's stream was closed before it began"))


class Talking:
    """Visitors at their widgets and agents at their pages. `visitors`: secret and conversation of each."""

    def __init__(
        self, port: int, key: str, visitors: Sequence[tuple[str, int]], agents: Sequence[dict[str, str]]
    ) -> None:
        self.port, self.key, self.visitors, self.agents = port, key, visitors, agents
        self.secrets = {number: secret for secret, number in visitors}
        self.loop = asyncio.new_event_loop()
        self.ears: list[Ear] = []
        self.talk = Talk()
        self.expected: dict[tuple[str, int], tuple[bytes, float]] = {}
        self.wires = [Wire(port) for _ in range(24)]
        self.pages = [[Wire(port) for _ in range(3)] for _ in agents]
        self.listed = [0.0 for _ in agents]
        self._tasks: set[asyncio.Task[None]] = set()
        threading.Thread(target=self.loop.run_forever, daemon=True).start()

    def run(self, work: Coroutine[Any, Any, Any], seconds: float) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(seconds)

    async def listen(self) -> None:
        """Open a stream for every visitor and every agent."""
        places = asyncio.Semaphore(AT_ONCE)

        async def one(path: str, headers: str, hear: Any) -> None:
            async with places:
                head = f"GET {path} HTTP/1.1\r\nHost: localhost:{self.port}\r\n{headers}\r\n"
                ear = Ear(head, hear, self.loop)
                await self.loop.create_connection(lambda: ear, "127.0.0.1", self.port)
                await ear.opened
                self.ears.append(ear)

        agents = [
            one("/live/events", _cookies(agent), partial(self.agent_hears, place))
            for place, agent in enumerate(self.agents)
        ]
        visitors = [
            one(f"/live/chat?key={self.key}", self.bearer(secret), self.visitor_hears)
            for secret, _number in self.visitors
        ]
        await asyncio.gather(*agents, *visitors)

    async def chat(self, rate: float, seconds: float) -> None:
        """`rate` messages a second each way, whatever has become of those before."""
        chosen = iter(random.sample(range(len(self.visitors)), min(len(self.visitors), int(2 * rate * seconds))))
        self.talk, began = Talk(), time.perf_counter()
        for turn, place in enumerate(chosen):
            await asyncio.sleep(began + turn / (2 * rate) - time.perf_counter())
            secret, number = self.visitors[place]
            self.do(self.agent_says(place, number) if turn % 2 else self.visitor_says(secret, number))
        until = time.perf_counter() + SEEN_WITHIN_SECONDS
        while (self._tasks or self.expected) and time.perf_counter() < until:
            await asyncio.sleep(0.02)
        self.talk.unseen = len(self.expected)
        self.expected.clear()

    def do(self, work: Coroutine[Any, Any, None]) -> None:
        task = self.loop.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if error := task.exception():
            print(f"chat: {error!r}", flush=True)

    async def visitor_says(self, secret: str, number: int) -> None:
        words = f"word{time.perf_counter_ns()}"
        self.expected["agent", number] = words.encode(), time.perf_counter()
        fields = {"text": f"I say {words}.", "once": words, "conversation": str(number)}
        wire = self.wires[number % len(self.wires)]
        path, headers = f"/chat/{self.key}/messages/", self.bearer(secret) + FORM
        status, body = await wire.ask("POST", path, headers, urlencode(fields).encode())
        if status != 201:
            raise Wrong(f"a visitor's message was answered {status}: {body[:200]!r}")

    async def agent_says(self, place: int, number: int) -> None:
        agent = self.agents[place % len(self.agents)]
        words = f"word{time.perf_counter_ns()}"
        self.expected["visitor", number] = words.encode(), time.perf_counter()
        fields = {"text": f"We say {words}.", "seen_event": str(2**61), "then": "open"}
        headers = _cookies(agent) + FORM + f"X-CSRFToken: {agent['csrftoken']}\r\nHX-Request: true\r\n"
        headers += f"HX-Current-URL: http://localhost:{self.port}/conversations/{number}/\r\n"
        wire, path = self.pages[place % len(self.agents)][0], f"/conversations/{number}/replies/"
        status, body = await wire.ask("POST", path, headers, urlencode(fields).encode())
        if status != 200:
            raise Wrong(f"an answer was answered {status}: {body[:200]!r}")

    def agent_hears(self, place: int, verb: str, number: int) -> None:
        if verb == "message.received" and ("agent", number) in self.expected and number % len(self.agents) == place:
            path = f"/conversations/{number}/thread/"
            self.do(self.look("agent", number, self.pages[place][1], path, _cookies(self.agents[place]) + PART))
        if time.perf_counter() - self.listed[place] > LIST_EVERY_SECONDS:
            self.listed[place] = time.perf_counter()
            headers = _cookies(self.agents[place]) + "HX-Request: true\r\nHX-Target: list\r\n"
            self.do(self.glance(self.pages[place][2], "/inbox/open/", headers))

    def visitor_hears(self, verb: str, number: int) -> None:
        if verb == "message.sent" and ("visitor", number) in self.expected:
            path = f"/chat/{self.key}/conversations/{number}/?after=0"
            wire = self.wires[number % len(self.wires)]
            self.do(self.look("visitor", number, wire, path, self.bearer(self.secrets[number])))

    async def look(self, who: str, number: int, wire: Wire, path: str, headers: str) -> None:
        status, body = await wire.ask("GET", path, headers)
        if (who, number) not in self.expected:
            return
        words, began = self.expected[who, number]
        if status != 200 or words not in body:
            raise Wrong(f"{path} answered {status} without what was hinted at: {body[:200]!r}")
        del self.expected[who, number]
        times = self.talk.to_agents if who == "agent" else self.talk.to_visitors
        times.append(time.perf_counter() - began)

    async def glance(self, wire: Wire, path: str, headers: str) -> None:
        status, _body = await wire.ask("GET", path, headers)
        if status != 200:
            raise Wrong(f"{path} answered {status}")

    def bearer(self, secret: str) -> str:
        return f"Authorization: Bearer {secret}\r\nOrigin: {ORIGIN}\r\n"

    def close(self) -> None:
        for ear in self.ears:
            self.loop.call_soon_threadsafe(ear.transport.abort)
        self.loop.call_soon_threadsafe(self.loop.stop)


FORM = "Content-Type: application/x-www-form-urlencoded\r\n"
PART = "HX-Request: true\r\nHX-Target: timeline\r\n"


def _cookies(agent: dict[str, str]) -> str:
    return "Cookie: " + "; ".join(f"{name}={value}" for name, value in agent.items()) + "\r\n"


def connect(port: int, key: str, visitors: Sequence[tuple[str, int]], agents: Sequence[dict[str, str]]) -> float:
    """Everybody listens; seconds until they do."""
    allow_open_files()
    _talking.append(Talking(port, key, visitors, agents))
    began = time.perf_counter()
    _talking[-1].run(_talking[-1].listen(), OPEN_WITHIN_SECONDS)
    return time.perf_counter() - began


def chat(rate: float, seconds: float) -> Talk:
    """So many messages a second each way, and when each was seen."""
    talking = _talking[-1]
    talking.run(talking.chat(rate, seconds), seconds + 2 * SEEN_WITHIN_SECONDS)
    return talking.talk


def disconnect() -> None:
    _talking.pop().close()
