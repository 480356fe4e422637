"""Chats: thousands of widgets connected, some of whom write, agents who answer, and what pages take meanwhile."""

from __future__ import annotations

import json
import statistics
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import Future

from benchmarks import chatting
from benchmarks.bench import Bench, check
from benchmarks.client import Clients, Connection, Request, Wrong, clients
from benchmarks.figures import Bar, Figure
from benchmarks.site import Site
from benchmarks.work.memory import shares

EACH_WAY = (25, 50)
"""Messages a second of visitors, and as many of agents: fifty in all, and fifty each way. The bars stand at both."""
IDLE_SECONDS = 3.0
PAGES = ("/inbox/open/", "/conversations/1/", "/inbox/unassigned/", "/conversations/2/")
PAGES_A_SECOND = 10


def measure(bench: Bench) -> Iterator[Figure]:
    site = bench.site(min(bench.sizes))
    told = json.loads(site.told("benchmarks.company.visitors", bench.streams))
    agents, said = bench.heads(site), f"{bench.streams:,} widgets"
    with clients() as readers:
        bench.clients.run(chatting.connect, site.port, told["key"], told["visitors"][:200], agents)  # to warm up
        bench.clients.run(chatting.chat, 5.0, 4.0)
        bench.clients.run(chatting.disconnect)
        quiet = [_p95(_paced(readers, bench, site).result()) for _ in range(bench.turns)]
        time.sleep(IDLE_SECONDS)
        before = sum(shares(site).values())
        took = bench.clients.run(chatting.connect, site.port, told["key"], told["visitors"], agents)
        time.sleep(IDLE_SECONDS)
        idle = (sum(shares(site).values()) - before) * 1024 / bench.streams
        yield Figure("chat, widgets connected", "/s", [bench.streams / took], remark=said)
        yield Figure("chat, memory (PSS) of a connected idle widget", "kB", [idle], bar=Bar(20), remark=said)
        try:
            for rate in EACH_WAY:
                yield from _talk(bench, site, readers, rate, quiet)
        finally:
            bench.clients.run(chatting.disconnect)


def _talk(bench: Bench, site: Site, readers: Clients, rate: int, quiet: Sequence[float]) -> Iterator[Figure]:
    remark = f"{bench.streams:,} widgets, {2 * rate} messages a second, {rate} each way"
    names = ("chat, a visitor's message seen by the agent", "chat, an answer seen by the visitor")
    figures = [
        Figure(f"{name}, {share}", "ms", [], bar=Bar(300) if share == "p99" else None, remark=remark)
        for name in names
        for share in ("p50", "p99")
    ]
    pages = Figure("chat, p95 of pages beside what it is without", "times", [], bar=Bar(2))
    pages.remark = remark
    processor = Figure("chat, processor time of a message, its answer seen", "ms", [], remark=remark)
    for _ in range(bench.turns):
        used = site.processor_seconds()
        reading = _paced(readers, bench, site)
        talk: chatting.Talk = bench.clients.run(chatting.chat, float(rate), bench.seconds)
        times = reading.result()
        used = site.processor_seconds() - used
        check(not talk.unseen, f"{talk.unseen} messages were never seen ({remark})")
        ways = (talk.to_agents, talk.to_agents, talk.to_visitors, talk.to_visitors)
        for figure, seen in zip(figures, ways, strict=True):
            share = 0.99 if figure.work.endswith("p99") else 0.5
            figure.values.append(_quantile(seen, share) * 1000)
        pages.values.append(_p95(times) / statistics.median(quiet))
        processor.values.append(used * 1000 / (len(talk.to_agents) + len(talk.to_visitors)))
    yield from (*figures, pages, processor)


def _paced(readers: Clients, bench: Bench, site: Site) -> Future[list[float]]:
    """Somebody reads on in a process of their own, at an even pace."""
    return readers.start(read, site.port, bench.heads(site, 1)[0], bench.seconds)


def read(port: int, cookies: dict[str, str], seconds: float) -> list[float]:
    """PAGES in turn, PAGES_A_SECOND of them: how long each took, in seconds."""
    connection, times, began = Connection(port, cookies), [], time.perf_counter()
    for turn in range(int(seconds * PAGES_A_SECOND)):
        time.sleep(max(0.0, began + turn / PAGES_A_SECOND - time.perf_counter()))
        asked = time.perf_counter()
        answer = Request(PAGES[turn % len(PAGES)]).send(connection, turn)
        times.append(time.perf_counter() - asked)
        if answer.status != 200:
            raise Wrong(f"{PAGES[turn % len(PAGES)]} answered {answer.status}")
    connection.close()
    return times


def _p95(times: Sequence[float]) -> float:
    return _quantile(times, 0.95)


def _quantile(values: Sequence[float], share: float) -> float:
    """Linear between the order statistics (type 7)."""
    ordered = sorted(values)
    place = (len(ordered) - 1) * share
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)
