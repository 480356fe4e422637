"""A policy rehearsed: on a history made by seed, by arrays alone, and anyone's CSV by the command."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.bench import Bench, check
from benchmarks.figures import Bar, Figure
from benchmarks.rehearsals import documents, write
from benchmarks.site import ROOT

MILLION = 1_000_000
SECONDS = 60.0


def measure(bench: Bench) -> Iterator[Figure]:
    for size in sorted(bench.sizes):
        bar = Bar(SECONDS) if size == MILLION else None
        found = _child([str(size), "--turns", str(bench.turns)])
        remark = f"{found['waits']:,} waits, {found['steps']:,} steps fired"
        yield Figure("rehearsal of a policy, by arrays", "s", found["seconds"], size, bar, remark=remark)
        yield Figure("rehearsal by arrays, processor time", "s", found["processor"], size)
        yield Figure("rehearsal by arrays, peak of memory", "MB", [found["peak_mb"]], size)
        yield from _command(bench.home, size, bench.turns, bar)


def _command(home: Path, size: int, turns: int, bar: Bar | None) -> Iterator[Figure]:
    """`answerable policy rehearse` on a file, from its start to its end."""
    csv, now, draft = home / "rehearsed.csv", home / "now.toml", home / "draft.toml"
    write(size, csv)
    for path, text in zip((now, draft), documents(), strict=True):
        path.write_text(text, encoding="utf-8")
    seconds, peaks = [], []
    command = [sys.executable, "-m", "answerable", "policy", "rehearse", str(draft)]
    for _ in range(turns):
        out = home / "rehearsal.json"
        out.unlink(missing_ok=True)
        began = time.perf_counter()
        told = ["--on", str(csv), "--against", str(now), "--out", str(out)]
        process = subprocess.Popen(
            command + told, cwd=home, env=_environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        seconds.append(time.perf_counter() - began)
        peaks.append(usage.ru_maxrss / 1024)
        check(process.returncode == 0, "the rehearsal of a file failed")
        check(json.loads(out.read_text(encoding="utf-8"))["conversations"] == size, "conversations are missing")
    csv.unlink()
    yield Figure("rehearsal of a policy on a CSV", "s", seconds, size, bar)
    yield Figure("rehearsal on a CSV, peak of memory", "MB", peaks, size)


def _child(words: list[str]) -> dict[str, Any]:
    """What benchmarks.rehearsals measures where nothing else is in memory."""
    command = [sys.executable, "-m", "benchmarks.rehearsals", *words]
    done = subprocess.run(command, cwd=ROOT, env=_environment(), check=False, capture_output=True, text=True)
    check(done.returncode == 0, done.stderr.strip()[-300:])
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def _environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": os.pathsep.join((str(ROOT / "src"), str(ROOT)))}
