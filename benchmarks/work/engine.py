"""The report's engine alone, on facts made by seed: the six indicators by month and team of Parquet files, beside
pandas, and anyone's CSV to a finished page."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb

from benchmarks.bench import Bench, check
from benchmarks.figures import Bar, Figure
from benchmarks.parquet import write
from benchmarks.site import ROOT

SECONDS = {1_000_000: 0.3, 10_000_000: 2.0, 100_000_000: 25.0}
MEGABYTES = {10_000_000: 1_000, 100_000_000: 4_000}
BESIDE_PANDAS = 1_000_000
TIMES_PANDAS = 20.0
PAGE_SECONDS = 10.0
CSV = """COPY (SELECT conversation_id AS id, make_timestamp(started_at * 1000000) AS created_at, team, score AS csat,
    make_timestamp(first_responded_at * 1000000) AS first_responded_at, make_timestamp(solved_at * 1000000) AS solved_at
    FROM '{conversations}' LEFT JOIN (SELECT conversation_id, score FROM '{ratings}') USING (conversation_id)
) TO '{csv}' (FORMAT csv, HEADER)"""


def measure(bench: Bench) -> Iterator[Figure]:
    for size in sorted({*bench.sizes, *bench.engine_sizes}):
        home = bench.home / f"facts-{size}"
        paths = write(size, home)
        found = _child(home, bench.turns)
        yield Figure("six indicators by month and team", "s", found["seconds"], size, _bar(SECONDS.get(size)))
        yield Figure("six indicators, processor time", "s", found["processor"], size)
        yield Figure("six indicators, peak of memory", "MB", [found["peak_mb"]], size, _bar(MEGABYTES.get(size)))
        if size <= BESIDE_PANDAS:
            yield from _beside_pandas(home, bench.turns, size)
            yield from _page(home, paths, bench.turns, size)
        for path in paths.values():
            path.unlink()


def _beside_pandas(home: Path, turns: int, size: int) -> Iterator[Figure]:
    """How many times quicker than pandas, turn by turn in one process; both give the same figures."""
    found = _child(home, turns, "--pandas")
    times = [theirs / ours for ours, theirs in zip(found["seconds"], found["pandas_seconds"], strict=True)]
    bar = Bar(TIMES_PANDAS, at_least=True) if size == BESIDE_PANDAS else None
    same = f"{found['same']} figures the same"
    yield Figure("pandas, six indicators", "s", found["pandas_seconds"], size)
    yield Figure("times quicker than pandas", "times", times, size, bar, remark=same)


def _page(home: Path, paths: dict[str, Path], turns: int, size: int) -> Iterator[Figure]:
    """Anyone's CSV to a finished page, by the command."""
    csv, page = home / "conversations.csv", home / "report.html"
    with duckdb.connect() as con:
        con.execute(CSV.format(csv=csv, **paths))
    figure = Figure("CSV to finished page", "s", [], size, Bar(PAGE_SECONDS) if size == BESIDE_PANDAS else None)
    for _ in range(turns):
        page.unlink(missing_ok=True)
        began = time.perf_counter()
        command = [sys.executable, "-m", "answerable", "report", str(csv), "--out", str(page)]
        code = subprocess.run(command, cwd=home, env=_environment(), check=False, capture_output=True).returncode
        figure.values.append(time.perf_counter() - began)
        check(code in (0, 1) and page.is_file(), "the page was not made")
        text = page.read_text(encoding="utf-8")
        check(f"{size:,}" in text, f"the page does not speak of {size:,} conversations")
    yield figure


def _child(home: Path, turns: int, *more: str) -> dict[str, Any]:
    """What benchmarks.six measures where nothing else is in memory."""
    command = [sys.executable, "-m", "benchmarks.six", str(home), "--turns", str(turns), *more]
    done = subprocess.run(command, cwd=ROOT, env=_environment(), check=False, capture_output=True, text=True)
    check(done.returncode == 0, done.stderr.strip()[-300:])
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def _environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": os.pathsep.join((str(ROOT / "src"), str(ROOT)))}


def _bar(limit: float | None) -> Bar | None:
    return Bar(limit) if limit else None
