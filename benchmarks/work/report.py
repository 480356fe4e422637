"""The report page, over everything."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.bench import Bench, check, milliseconds
from benchmarks.client import Request
from benchmarks.figures import Bar, Figure

LIMITS = {1_000_000: 300.0}


def measure(bench: Bench) -> Iterator[Figure]:
    figures = {
        site: Figure("report page, p50", "ms", [], site.conversations, Bar(LIMITS.get(site.conversations, 300.0)))
        for site in bench.sites
    }
    for _ in range(bench.turns):
        for site, figure in figures.items():
            load = bench.load(site.port, bench.heads(site, 1), [Request("/report/")])
            for _request, answer in load.kept:
                check(b"CSAT" in answer.body, "the report is without CSAT")
            figure.values.append(milliseconds(load.times))
    yield from figures.values()
