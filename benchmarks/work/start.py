"""From nothing to the first page: an empty data directory, and the same one again."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.bench import Bench
from benchmarks.figures import Bar, Figure
from benchmarks.site import Site


def measure(bench: Bench) -> Iterator[Figure]:
    first = Figure("start to first page, empty directory", "s", [], bar=Bar(2.5))
    again = Figure("start to first page, again", "s", [], bar=Bar(2.5))
    for turn in range(bench.turns):
        home = bench.home / f"start-{turn}"
        home.mkdir()
        site = Site(home)
        for figure in (first, again):
            try:
                figure.values.append(site.serve())
                site.until_quiet()
            finally:
                site.stop()
    yield first
    yield again
