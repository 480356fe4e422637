"""The report's engine alone, on facts made by seed: how it grows past what the database is loaded with."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import date

from answerable.measure.facts import Facts
from answerable.measure.report import build_report
from benchmarks.bench import Bench
from benchmarks.figures import Bar, Figure
from benchmarks.measure import AS_OF, check, generate

LIMITS = {1_000_000: 0.3, 10_000_000: 2.0, 100_000_000: 25.0}
PERIOD = {"since": date(2026, 4, 1), "until": date(2026, 6, 30)}


def measure(bench: Bench) -> Iterator[Figure]:
    for size in sorted({*bench.sizes, *bench.engine_sizes}):
        tables = generate(size)
        facts = Facts.from_arrow(tables, as_of=AS_OF)
        build_report(facts, **PERIOD)
        limit = LIMITS.get(size)
        figure = Figure("report's engine, all indicators", "s", [], size, Bar(limit) if limit else None)
        for _ in range(bench.turns):
            began = time.perf_counter()
            build_report(facts, **PERIOD)
            figure.values.append(time.perf_counter() - began)
        check(build_report(facts, **PERIOD, group_by=("team_id",)), tables)
        yield figure
