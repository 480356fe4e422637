"""The report: the first time anybody asks, a period nobody has asked for yet, and the same once more."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

from benchmarks.bench import Bench, check, milliseconds
from benchmarks.client import Answer, Connection, Request, Wrong
from benchmarks.figures import Bar, Figure
from benchmarks.site import Site

DAYS = 90
COUNT = """
SELECT count(*) FROM desk_conversation
WHERE created_at >= %s::date::timestamp AT TIME ZONE %s AND created_at < %s::date::timestamp AT TIME ZONE %s
"""


def measure(bench: Bench) -> Iterator[Figure]:
    sites = bench.sites
    first = [Figure("report, the first of all", "ms", [], site.conversations) for site in sites]
    fresh = [Figure(f"report, {DAYS} days not asked before", "ms", [], s.conversations, Bar(300)) for s in sites]
    again = [Figure("report, asked again, p50", "ms", [], site.conversations) for site in sites]
    shell = [Figure("report, its page without figures, p50", "ms", [], site.conversations) for site in sites]
    for site, figure in zip(sites, first, strict=True):
        figure.values.append(_ask(bench, site, 0)[0])
    for turn in range(1, bench.turns + 1):
        for place, site in enumerate(sites):
            head = bench.heads(site, 1)
            taken, path = _ask(bench, site, turn)
            fresh[place].values.append(taken)
            again[place].values.append(milliseconds(bench.load(site.port, head, [Request(path)]).times))
            shell[place].values.append(milliseconds(bench.load(site.port, head, [Request("/report/")]).times))
    yield from (*first, *fresh, *again, *shell)


def _ask(bench: Bench, site: Site, turn: int) -> tuple[float, str]:
    """Milliseconds of the figures of a period of its own, and their address; checked by the same as data."""
    last = datetime.now(UTC).date() - timedelta(days=10 + turn)
    query = f"period=own&first={last - timedelta(days=DAYS - 1)}&last={last}"
    began = time.perf_counter()
    answer = bench.clients.run(_get, site.port, bench.heads(site, 1)[0], f"/report/figures/?{query}")
    taken = time.perf_counter() - began
    check(b"CSAT" in answer.body, "the report is without CSAT")
    data = json.loads(bench.clients.run(_get, site.port, bench.heads(site, 1)[0], f"/report.json?{query}").body)
    counted, wanted = data["population"]["conversations"], _count(site, data["period"])
    check(counted == wanted, f"the report is about {counted} conversations, not {wanted}")
    return taken * 1000, f"/report/figures/?{query}"


def _get(port: int, cookies: dict[str, str], path: str) -> Answer:
    connection = Connection(port, cookies)
    try:
        answer = connection.get(path)
    finally:
        connection.close()
    if answer.status != 200:
        raise Wrong(f"{path} answered {answer.status}")
    return answer


def _count(site: Site, period: dict[str, str]) -> int:
    """Conversations begun in the period, past the product."""
    since, until = (date.fromisoformat(period[name]) for name in ("since", "until"))
    with site.connect() as connection:
        row = connection.execute(COUNT, [since, period["zone"], until, period["zone"]]).fetchone()
        return row[0] if row else 0
