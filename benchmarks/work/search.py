"""Searching: a rare word, a word in a third of all, a word being typed."""

from __future__ import annotations

import time
from collections.abc import Iterator

from benchmarks.bench import Bench, check, milliseconds, query_time
from benchmarks.client import Load, Request
from benchmarks.figures import Bar, Figure
from benchmarks.search import search, through_index
from benchmarks.site import Site
from benchmarks.work.open_list import ROW

ASKED = {"rarest": ("rare word", 10.0), "hundredth": ("word in 1 %", 40.0), "third": ("word in a third", 40.0)}
FLOOR = "SELECT conversation_id FROM desk_search WHERE vector @@ %s::tsquery LIMIT 50"


def measure(bench: Bench) -> Iterator[Figure]:
    for word, (name, limit) in ASKED.items():
        figures = {
            site: Figure(f"search, {name}, p50", "ms", [], site.conversations, Bar(limit), [], "any 50 by the index")
            for site in bench.sites
        }
        for _ in range(bench.turns):
            for site, figure in figures.items():
                with site.connect() as connection:
                    figure.floor.append(query_time(connection, FLOOR, [word], times=10))
                figure.values.append(milliseconds(_load(bench, site, word).times))
        yield from figures.values()
    yield from _typing(bench)


def _typing(bench: Bench) -> Iterator[Figure]:
    """The query alone: the word is not finished yet."""
    figures = {
        site: Figure("search, a third while typing, query p50", "ms", [], site.conversations, Bar(40))
        for site in bench.sites
    }
    for _ in range(bench.turns):
        for site, figure in figures.items():
            with site.connect() as connection:
                truth = through_index(connection, "thir", site.company.teams, True)
                taken = []
                for _turn in range(15):
                    began = time.perf_counter()
                    _way, found = search(connection, "thir", site.company.teams, True)
                    taken.append(time.perf_counter() - began)
                    check(found == truth, "a wrong page while typing")
            figure.values.append(milliseconds(taken))
    yield from figures.values()


def _load(bench: Bench, site: Site, word: str) -> Load:
    load = bench.ask(site, bench.heads(site, 1), [Request(f"/search/?q={word}")])
    with site.connect() as connection:
        truth = through_index(connection, word, site.company.teams, False)
    for _request, answer in load.kept:
        shown = [int(number) for number in ROW.findall(answer.body)]
        check(shown == truth[:50], f"searching {word} shows {shown[:5]}..., not {truth[:5]}...")
    return load
