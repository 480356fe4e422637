"""The six indicators by month and team of Parquet files, measured where nothing else is in memory:

python -m benchmarks.six DIR [--turns 3] [--pandas]        one line of JSON: seconds, processor, peak of memory in MB

With --pandas the same by pandas in the same run, turn by turn, and both give the same figures, or it fails.
"""

from __future__ import annotations

import argparse
import json
import math
import resource
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from answerable.measure.facts import Facts
from answerable.measure.figure import Figure
from answerable.measure.measuring import SIX
from answerable.measure.report import Report, build_report
from benchmarks.measure import AS_OF
from benchmarks.parquet import NAMES


def measure(paths: dict[str, Path]) -> Report:
    """From the files to the figures."""
    facts = Facts.from_parquet(paths, as_of=AS_OF)
    return build_report(
        facts, since=date(2026, 1, 1), until=date(2026, 6, 30), compare_to=None, group_by=("month", "team_id"),
        measures=SIX,
    )  # fmt: skip


def timed(what: Callable[[], Any]) -> tuple[Any, float, float]:
    """What came of it, in how many seconds, and of how much processor time."""
    wall, processor = time.perf_counter(), time.process_time()
    found = what()
    return found, time.perf_counter() - wall, time.process_time() - processor


def compare(report: Report, others: dict[str, dict[str, dict[Any, float]]]) -> int:
    """How many figures are the same to 1e-9 in both. Raises AssertionError on one that is not."""
    same = 0
    for name, by in others.items():
        for dimension, values in by.items():
            for key, value in values.items():
                ours = _ours(report, name, dimension, key)
                alike = ours is not None and math.isclose(ours, value, rel_tol=1e-9, abs_tol=1e-9)
                assert alike, f"{name} of {dimension} {key}: {ours}, by pandas {value}"
                same += 1
    return same


def _ours(report: Report, name: str, dimension: str, key: Any) -> float | None:
    beside = {"first_response_p90": "p90", "naive_p50": "naive_p50", "naive_p90": "naive_p90"}
    if name == "calendar":
        return report.other_clock["first_response"].estimate.value
    indicator = report.indicators["first_response" if name in beside else name]
    figure: Figure = indicator.total
    if dimension != "total":
        groups = indicator.groups["month" if dimension == "month" else "team_id"]
        wanted = date(2026, key + 1, 1).isoformat() if dimension == "month" else key
        figure = next(group.figure for group in groups if group.key == wanted)
    return figure.beside[beside[name]].value if name in beside else figure.estimate.value


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("directory", type=Path)
    parser.add_argument("--turns", type=int, default=3)
    parser.add_argument("--pandas", action="store_true")
    options = parser.parse_args()
    paths = {name: options.directory / f"{name}.parquet" for name in NAMES}
    found: dict[str, Any] = {"seconds": [], "processor": [], "pandas_seconds": [], "pandas_processor": []}
    for _ in range(options.turns):
        report, wall, processor = timed(lambda: measure(paths))
        found["seconds"].append(wall)
        found["processor"].append(processor)
        if options.pandas:
            from benchmarks.pandas_six import six

            others, wall, processor = timed(lambda: six(paths))
            found["pandas_seconds"].append(wall)
            found["pandas_processor"].append(processor)
            found["same"] = compare(report, others)
        else:
            found["peak_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    missing = [name for name in SIX if name not in report.indicators]
    assert not missing, f"there is no {missing}"
    json.dump(found, sys.stdout)
    print()


if __name__ == "__main__":
    main()
