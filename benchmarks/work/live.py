"""Live hints: thousands of people with a page open, each told of every change."""

from __future__ import annotations

import time
from collections.abc import Iterator

from benchmarks import streams
from benchmarks.bench import Bench, check, milliseconds, until
from benchmarks.figures import Bar, Figure
from benchmarks.site import Site
from benchmarks.work.memory import shares

BROADCASTS = 10
STREAMS_OF_ONE = 10
"""Nobody has thousands: more than twenty of one session in a process are refused."""
BURST = 60
TOLD_WITHIN_SECONDS = 60
SAY = """
WITH said AS (
    INSERT INTO events_event (verb, subject, root, team_id, particulars, at)
    VALUES ('bench.said', 'conversation-1', 'conversation-1', NULL, '{}', now()) RETURNING id, verb, root, team_id
)
SELECT id, pg_notify('answerable_events', json_build_object(
    'id', id, 'verb', verb, 'root', root, 'team', team_id)::text) FROM said
"""


def measure(bench: Bench) -> Iterator[Figure]:
    site = bench.sites[0]
    said = f"{bench.streams:,} streams"
    opening = Figure("live, streams opened", "/s", [], remark=said)
    broadcast = Figure("live, a change told to all, p50", "ms", [], bar=Bar(100), remark=said)
    slowest = Figure("live, a change told to all, the last", "ms", [], remark=said)
    rate = Figure("live, messages", "/s", [], bar=Bar(40_000, at_least=True), remark=said)
    keys = site.told("benchmarks.company.sessions", 1 + bench.streams // STREAMS_OF_ONE).split()
    people = [{"sessionid": key} for key in keys]
    opening.values.append(bench.streams / bench.clients.run(streams.connect, site.port, people, bench.streams))
    try:
        for _ in range(bench.turns):
            half, last = _one_by_one(bench, site)
            broadcast.values.append(half)
            slowest.values.append(last)
            rate.values.append(_burst(bench, site))
        held = Figure("memory (PSS) with streams open", "MB", [sum(shares(site).values())], remark=said)
    finally:
        bench.clients.run(streams.disconnect)
    yield from (opening, broadcast, slowest, rate, held)


def _one_by_one(bench: Bench, site: Site) -> tuple[float, float]:
    """Milliseconds from saying something to its being heard: median of all, and median of the slowest of each."""
    took, last = [], []
    with site.connect() as connection:
        for _ in range(BROADCASTS):
            began = time.perf_counter()
            row = connection.execute(SAY).fetchone()
            assert row
            _until_heard(bench, [row[0]])
            times = [at - began for at in bench.clients.run(streams.heard, [row[0]])[row[0]]]
            took += times
            last.append(max(times))
    return milliseconds(took), milliseconds(last)


def _burst(bench: Bench, site: Site) -> float:
    """Messages a second while changes come as fast as they can be written."""
    with site.connect() as connection:
        began = time.perf_counter()
        rows = [connection.execute(SAY).fetchone() for _ in range(BURST)]
    events = [row[0] for row in rows if row]
    _until_heard(bench, events)
    heard = bench.clients.run(streams.heard, events)
    check(all(len(times) == bench.streams for times in heard.values()), "a stream was told twice, or not at all")
    return BURST * bench.streams / (max(max(times) for times in heard.values()) - began)


def _until_heard(bench: Bench, events: list[int]) -> None:
    wanted = len(events) * bench.streams
    until(
        lambda: bench.clients.run(streams.counted, events) >= wanted,
        TOLD_WITHIN_SECONDS,
        f"telling {bench.streams:,} streams of {len(events)} changes",
        every=0.2,
    )
