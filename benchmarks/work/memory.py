"""Memory of every process of the product, the database aside, after all that was measured before."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from benchmarks.bench import Bench
from benchmarks.figures import Bar, Figure
from benchmarks.site import Site

PSS = re.compile(r"^Pss: +(\d+) kB", re.MULTILINE)


def measure(bench: Bench) -> Iterator[Figure]:
    for site in bench.sites:
        processes = shares(site)
        figure = Figure("memory (PSS), database aside", "MB", [sum(processes.values())], site.conversations, Bar(350))
        largest = sorted(processes.values(), reverse=True)
        figure.remark = " + ".join(f"{megabytes:.0f}" for megabytes in largest)
        yield figure


def shares(site: Site) -> dict[int, float]:
    """Proportional set size of each process, in MB, as the kernel counts it (proc(5), smaps_rollup)."""
    found = {}
    for pid in site.processes():
        with suppress(OSError):
            command = Path(f"/proc/{pid}/cmdline").read_bytes()
            match = PSS.search(Path(f"/proc/{pid}/smaps_rollup").read_text())
            if match and b"postgres" not in command:
                found[pid] = int(match[1]) / 1024
    return found
