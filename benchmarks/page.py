"""The page that says how fast it is: docs/benchmarks.md."""

from __future__ import annotations

import argparse
import os
import platform
import re
import subprocess
import sys
import time
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from benchmarks.figures import COLUMNS, Figure, growth, row
from benchmarks.scratch import BINARIES
from benchmarks.site import ROOT

LIBRARIES = ("django", "granian", "psycopg", "duckdb", "ibis-framework", "aiosmtpd")


def line(figure: Figure) -> str:
    """One figure for the terminal."""
    work, size, median, spread, floor, ratio, bar, verdict = row(figure)
    parts = [f"{work:52} {size:>9}  {median:>10}  {spread:<17}"]
    parts += [f"floor {floor}, {ratio} times" if floor else "", f"bar {bar}: {verdict}" if bar else ""]
    return "  ".join(filter(None, parts))


def write(path: Path, figures: list[Figure], failures: list[str], options: argparse.Namespace) -> None:
    """The whole page anew."""
    lines = [
        "# How fast it is",
        "",
        "Written by `make bench`; do not edit. Every piece of work is done against a running `answerable serve` with",
        "signed-in sessions over kept connections, by a client in another process, and its results are checked while",
        f"it is measured. Each value is the median of {options.turns} turns of {options.seconds:g} s, in which the",
        "product takes turns with its floor (the least that could do the work on this machine) and with the other",
        "size. Absolute values move from hour to hour on shared machines, up to threefold; the ratios hold, and how",
        "quick Python alone was says which hour it was.",
        "",
        "## Machine",
        "",
        *(f"- {text}" for text in machine()),
        "",
        "## Work",
        "",
        *table(COLUMNS, [row(figure) for figure in figures]),
        "",
        *_growth(figures),
        *_failures(failures),
        "## What is measured",
        "",
        "The conversations are made by seed: three messages each, eight teams, twenty agents, up to thirty thousand",
        "contacts, two years; words by Zipf's law in English, Latvian, Georgian, Kazakh and Russian, of log-normal",
        "lengths; one in twenty-five not solved; clocks met, breached, paused and running, ratings, events, deliveries",
        "and search rows as the product writes them. They are loaded by COPY. Mail is of seven MIME kinds, with",
        "attachments, inline images, legacy charsets, replies and redeliveries.",
        "",
        "An answer leaves ten seconds after it was written, when it cannot be taken back any more. So writing is",
        "measured when nothing is left to do on any site, and what the letters take has a line of its own.",
        "",
    ]
    path.parent.mkdir(exist_ok=True)
    path.write_text("\n".join(lines), "utf-8")


def table(columns: tuple[str, ...], rows: list[list[str]]) -> list[str]:
    """Markdown."""
    marks = ["---" if place in (0, 4, 6, 7) else "---:" for place in range(len(columns))]
    return [f"| {' | '.join(cells)} |" for cells in ([*columns], marks, *rows)]


def _growth(figures: list[Figure]) -> list[str]:
    found = growth(figures)
    if not found:
        return []
    rows = [[work, f"{larger:,.0f}", f"{times:.2f}", f"{exponent:.2f}"] for work, times, larger, exponent in found]
    columns = ("work", "times the conversations", "times the cost", "exponent")
    return [
        "## How cost grows",
        "",
        "Cost = a × conversations^exponent, fitted by least squares of logarithms.",
        "",
        *table(columns, rows),
        "",
    ]


def _failures(failures: list[str]) -> list[str]:
    return ["## What gave a wrong answer", "", *(f"- {text}" for text in failures), ""] if failures else []


def machine() -> list[str]:
    """Processor, memory, system and versions."""
    processor = re.search(r"^model name\s*: (.*)$", _read("/proc/cpuinfo"), re.MULTILINE)
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    system = re.search(r'^PRETTY_NAME="(.*)"$', _read("/etc/os-release"), re.MULTILINE)
    server = subprocess.run([str(BINARIES / "postgres"), "--version"], capture_output=True, text=True, check=True)
    versions = ", ".join(f"{name} {version(name)}" for name in LIBRARIES)
    return [
        f"{datetime.now(UTC):%-d %B %Y}, revision {_revision()}",
        f"{os.cpu_count()} cores of {processor[1] if processor else platform.processor()}, {memory:.0f} GB",
        f"{system[1] if system else platform.system()}, kernel {platform.release()}",
        f"load of the machine at the end {os.getloadavg()[0]:.1f}",
        f"{_additions() / 1e6:.1f} million additions a second by Python alone, at the end",
        f"Python {sys.version.split()[0]}, {server.stdout.strip().removeprefix('postgres ')}, {versions}",
    ]


def _additions(seconds: float = 0.2) -> float:
    """How many squares one processor adds up in a second: of five attempts the best, since others use it, too."""
    best, many = 0.0, 200_000
    for _ in range(5):
        done, began = 0, time.perf_counter()
        while time.perf_counter() - began < seconds:
            sum(number * number for number in range(many))
            done += many
        best = max(best, done / (time.perf_counter() - began))
    return best


def _revision() -> str:
    command = ["git", "rev-parse", "--short", "HEAD"]
    asked = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    return asked.stdout.strip() or "unknown"


def _read(path: str) -> str:
    try:
        return Path(path).read_text()
    except OSError:
        return ""
