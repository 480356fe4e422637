"""How fast the report is made of facts: python -m benchmarks.measure [conversations] [--runs 5]

Generates conversations by seed (log-normal waits, eight teams, four channels, 180 days, ratings for a
third), builds the report, checks the figures against numpy while it measures, prints medians and spread.
"""

from __future__ import annotations

import argparse
import resource
import statistics
import time
from collections.abc import Callable
from datetime import date

import numpy as np
import pyarrow as pa

from answerable.measure.facts import Facts, conform
from answerable.measure.report import Report, build_report

START = 1_767_225_600  # 1 January 2026, UTC
DAYS = 180
AS_OF = START + DAYS * 86_400
TEAMS = ["Care", "Claims", "Billing", "Sales", "Returns", "Business", "Field", "Night"]
CHANNELS = ["email", "chat", "form", "phone"]


def generate(n: int, seed: int = 2026) -> dict[str, pa.Table]:
    """Facts of `n` conversations over 180 days, the same for the same seed."""
    rng = np.random.default_rng(seed)
    ids = np.arange(1, n + 1)
    started = np.sort(rng.integers(START, AS_OF, n))
    team = rng.integers(0, len(TEAMS), n)
    channel = rng.choice(len(CHANNELS), n, p=[0.6, 0.2, 0.15, 0.05])
    first = np.maximum(1, rng.lognormal(8.6, 1.3, n)).astype(np.int64)
    solved = first + np.maximum(1, rng.lognormal(10.5, 1.2, n)).astype(np.int64)
    never = rng.random(n) < 0.03
    responded = ~never & (started + first <= AS_OF)
    done = ~never & (started + solved <= AS_OF)
    wait = np.where(responded, first, AS_OF - started)
    work = np.where(done, solved, AS_OF - started)
    groups = {
        "team_id": team + 1,
        "team": pa.array(TEAMS).take(pa.array(team)).dictionary_encode(),
        "channel": pa.array(CHANNELS).take(pa.array(channel)).dictionary_encode(),
    }
    facts = {
        "conversation_id": ids,
        "started_at": started,
        "opened_by": pa.array(["customer", "agent"])
        .take(pa.array((rng.random(n) < 0.05).astype(np.int32)))
        .dictionary_encode(),
        "spam": rng.random(n) < 0.01,
        **groups,
        "first_responded_at": pa.array(started + first, mask=~responded),
        "first_response_business_seconds": (wait * 0.4).astype(np.int64),
        "solved_at": pa.array(started + solved, mask=~done),
        "resolution_business_seconds": (work * 0.4).astype(np.int64),
        "reopened_count": rng.poisson(0.1, n),
    }
    target = 14_400
    met = responded & (wait * 0.4 <= target)
    late = ~met & (started + target * 2 <= AS_OF)
    clocks = {
        "conversation_id": ids,
        "kind": pa.array(np.where(ids % 2, "first_response", "resolution")).dictionary_encode(),
        "started_at": started,
        **groups,
        "standard": pa.array(np.where(channel == 0, "answer-mail", "answer-others")).dictionary_encode(),
        "target_seconds": np.full(n, target),
        "state": pa.array(np.where(met, "met", np.where(late, "breached", "running"))).dictionary_encode(),
        "due_at": started + target * 2,
    }
    asked = np.flatnonzero(done & (rng.random(n) < 0.7))
    rated = rng.random(len(asked)) < 0.35
    ratings = {
        "conversation_id": ids[asked],
        "invited_at": (started + solved)[asked],
        "rated_at": pa.array((started + solved)[asked] + 3600, mask=~rated),
        "score": pa.array(rng.choice([1, 2, 3, 4, 5], len(asked), p=[0.05, 0.05, 0.1, 0.3, 0.5]), mask=~rated),
        "team_id": (team + 1)[asked],
        "team": groups["team"].take(pa.array(asked)),
        "channel": groups["channel"].take(pa.array(asked)),
    }
    made = {"conversations": facts, "clocks": clocks, "ratings": ratings}
    return {name: conform(name, pa.table(columns)) for name, columns in made.items()}


def check(report: Report, tables: dict[str, pa.Table]) -> None:
    """A fast wrong answer is a failure: the medians and counts again, by plain numpy."""
    rows = tables["conversations"]
    column = {name: rows.column(name) for name in rows.column_names}
    start = column["started_at"].to_numpy()
    low, high = report.period.instants
    counted = (start >= low) & (start < high)
    counted &= np.array(column["opened_by"].cast("string").to_numpy(zero_copy_only=False) == "customer")
    counted &= ~column["spam"].to_numpy()
    ended = column["first_responded_at"].is_valid().to_numpy()
    waits = column["first_response_business_seconds"].to_numpy()
    figure = report.indicators["first_response"].total
    wanted = {"ended": int((counted & ended).sum()), "waiting": int((counted & ~ended).sum()), "settled": 0}
    assert figure.counts == wanted
    assert figure.beside["naive_p50"].value == np.quantile(waits[counted & ended], 0.5)
    assert sum(g.figure.estimate.n for g in report.indicators["first_response"].groups["team_id"]) == (
        figure.estimate.n
    )


def timed(run: Callable[[], Report], runs: int) -> tuple[list[float], list[float], Report]:
    """Seconds by the wall and of processor time of each of `runs` after one to warm up, and the last result."""
    result = run()
    walls, processors = [], []
    for _ in range(runs):
        wall, processor = time.perf_counter(), time.process_time()
        result = run()
        walls.append(time.perf_counter() - wall)
        processors.append(time.process_time() - processor)
    return walls, processors, result


def main() -> None:
    """Run, check and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("conversations", type=int, nargs="?", default=1_000_000)
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    tables = generate(options.conversations)
    made = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    facts = Facts.from_arrow(tables, as_of=AS_OF)
    since, until = date(2026, 4, 1), date(2026, 6, 30)
    print(f"{options.conversations:,} conversations, {since} to {until} beside the period before")
    for group_by in ((), ("week",), ("day",), ("team_id",), ("week", "team_id", "channel")):
        seconds, processors, report = timed(
            lambda by=group_by: build_report(facts, since=since, until=until, group_by=by), options.runs
        )
        if "team_id" in group_by:
            check(report, tables)
        low, high, name = min(seconds), max(seconds), "+".join(group_by) or "totals"
        print(
            f"  {name:24} {statistics.median(seconds):.3f} s  ({low:.3f}-{high:.3f}), "
            f"processor {statistics.median(processors):.3f} s"
        )
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(f"  memory: {made // 1024} MB with the rows made, peak {peak // 1024} MB")


if __name__ == "__main__":
    main()
