"""How fast Answerable is: floor and product measured turn by turn, results checked while they are measured.

    make bench                                              everything, at 100,000 and 1,000,000 conversations
    python -m benchmarks --only list,search --size 100000   some of it, for who is working on it
    python -m benchmarks --only engine --size 1000000 --engine-size 10000000 --turns 3     the report's engine alone

Each value is the median of the turns. A figure is worth nothing while others use the machine.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from benchmarks.bench import Bench, opened
from benchmarks.client import Wrong, clients
from benchmarks.figures import Figure
from benchmarks.page import line, write
from benchmarks.site import ROOT, Unable, scratch_directory
from benchmarks.work import WORKS

SIZES = [100_000, 1_000_000]
ENGINE_SIZES = [1_000_000, 10_000_000]
PAGE = ROOT / "docs" / "benchmarks.md"


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--size", type=int, action="append", help="conversations; may be given several times")
    parser.add_argument("--engine-size", type=int, action="append", help="further sizes for the report's engine alone")
    parser.add_argument("--only", default=",".join(WORKS), help=f"some of {','.join(WORKS)}")
    parser.add_argument("--turns", type=int, default=5, help="values taken of everything (5)")
    parser.add_argument("--seconds", type=float, default=5.0, help="how long a turn is (5)")
    parser.add_argument("--streams", type=int, default=5000, help="live streams (5000)")
    parser.add_argument("--mails", type=int, default=1000, help="mails a turn (1000)")
    parser.add_argument("--directory", type=Path, help="where the data stands meanwhile (the system's own)")
    parser.add_argument("--output", type=Path, help="the page to write (docs/benchmarks.md when nothing is left out)")
    options = parser.parse_args()
    options.works = options.only.split(",")
    if unknown := set(options.works) - WORKS.keys():
        parser.error(f"there is no {', '.join(sorted(unknown))}; choose from {', '.join(WORKS)}")
    if options.output is None and options.size is None and options.works == list(WORKS):
        options.output = PAGE
    return options


def main() -> int:
    options = arguments()
    figures: list[Figure] = []
    failures: list[str] = []
    with scratch_directory(options.directory) as home, clients() as second:
        bench = Bench(
            home,
            options.size or SIZES,
            options.engine_size or (ENGINE_SIZES if options.size is None else []),
            options.turns,
            options.seconds,
            options.streams,
            options.mails,
            second,
            lambda text: print(text, file=sys.stderr, flush=True),
        )
        with opened(bench):
            for name in options.works:
                try:
                    bench.settle()
                    for figure in WORKS[name](bench):
                        figures.append(figure)
                        print(line(figure), flush=True)
                except (Wrong, Unable) as problem:
                    failures.append(f"{name}: {problem}")
                    print(f"FAILED {failures[-1]}", flush=True)
                except KeyboardInterrupt:
                    failures.append(f"{name} and what comes after it: stopped by hand")
                    break
    if options.output:
        write(options.output, figures, failures, options)
    return 1 if failures else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Unable as problem:
        sys.exit(f"Cannot measure here: {problem}")
