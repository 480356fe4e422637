"""A policy rehearsed on conversations made by seed, measured where nothing else is in memory:

python -m benchmarks.rehearsals [1000000] [--turns 3]     one line of JSON: seconds, processor, peak of memory in MB

`history` makes the arrays, which the pure rehearsal takes; `write` the same as anyone's CSV.
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
import time
from pathlib import Path

import numpy as np

from answerable.core.conditions import FIELDS, PRIORITIES
from answerable.core.policy import Policy, compile_policy, default_policy
from answerable.core.policy.escalation import Step
from answerable.core.rehearsal import (
    NOBODY,
    SECOND,
    Beginnings,
    Comparison,
    Happenings,
    History,
    Person,
    Status,
    What,
    history_of,
    rehearse,
)
from answerable.measure.public_holidays import holidays_of

SEED = 4
BEGIN = 1_704_067_200  # 1 January 2024
DAYS = 730
TEAMS, AGENTS = 8, 20
SEGMENTS = ("gold", "silver")
REGIONS = ("LV", "GE", "KZ")
LANGUAGES = ("en", "lv", "ka", "kk")
CHANNELS = ("email", "form", "chat")


def documents() -> tuple[str, str]:
    """The policy of today, and a draft that promises more, by segment as well."""
    today = default_policy(title="Today").replace('when = { channel = ["email"] }\n', "")
    draft = today.replace('within = "4 working hours"', 'within = "3 working hours"').replace(
        '[[standard]]\nkey = "next-response"',
        """[[standard]]
key = "gold"
objective = "answer-soon"
clock = "first_response"
within = "2 hours"
hours = "always"
when = { segment = ["gold"] }
escalation = "usual"
promise = "Gold customers have an answer within two hours."

[[standard]]
key = "next-response\"""",
    )
    return today, draft.replace('"Today"', '"Draft"')


def policies() -> tuple[Policy, Policy]:
    """Both, compiled."""
    today, draft = (compile_policy(text, holidays=holidays_of) for text in documents())
    return today, draft


def history(conversations: int) -> History:
    """Two years of them: a question, an answer, often another of both; statuses, hand-overs, priorities."""
    rng, n = np.random.default_rng(SEED), conversations
    began = np.sort(BEGIN + rng.integers(0, DAYS * 86_400, n))
    place = np.arange(n, dtype=np.int32)
    told: list[tuple[np.ndarray, What, np.ndarray, np.ndarray | int]] = [(place, What.ASKED, began, NOBODY)]
    at, going = began, place
    for turn in range(3):
        at = at + rng.lognormal(8.6, 1.3, len(at)).astype(np.int64) + 1
        told.append((going, What.ANSWERED, at, rng.integers(0, AGENTS, len(at))))
        told.append((going, What.STATUS, at, Status.PENDING))
        some = rng.random(len(at)) < (0.6, 0.4, 0.0)[turn]
        done = ~some & (rng.random(len(at)) < 0.95)
        told.append((going[done], What.STATUS, at[done] + 600, Status.SOLVED))
        going, at = going[some], at[some] + rng.lognormal(9.6, 1.2, int(some.sum())).astype(np.int64) + 1
        told.append((going, What.STATUS, at, Status.OPEN))
        told.append((going, What.ASKED, at, NOBODY))
    some = np.flatnonzero(rng.random(n) < 0.1).astype(np.int32)
    told.append((some, What.PRIORITY, began[some] + 1800, 3))
    some = np.flatnonzero(rng.random(n) < 0.5).astype(np.int32)
    told.append((some, What.ASSIGNEE, began[some] + 900, rng.integers(0, AGENTS, len(some))))
    happened = _ordered(told)
    words = {"channel": CHANNELS, "segment": SEGMENTS, "region": REGIONS, "language": LANGUAGES}
    facts = {name: rng.integers(-1 if name == "segment" else 0, len(some), n) for name, some in words.items()}
    facts |= {"priority": np.ones(n), "team": rng.integers(0, TEAMS, n)}
    words |= {"priority": PRIORITIES, "team": tuple(f"team-{number}" for number in range(TEAMS))}
    begun = Beginnings(
        ids=np.arange(1, n + 1),
        began_at=began * SECOND,
        facts={name: facts[name].astype(np.int32) for name in FIELDS},
        words=words,
        assignee=np.full(n, NOBODY, dtype=np.int32),
        by_agent=np.zeros(n, dtype=np.bool_),
    )
    return history_of(begun, happened, (BEGIN + DAYS * 86_400) * SECOND)


def _ordered(told: list[tuple[np.ndarray, What, np.ndarray, np.ndarray | int]]) -> Happenings:
    conversation = np.concatenate([each[0] for each in told])
    what = np.concatenate([np.full(len(each[0]), each[1], dtype=np.int16) for each in told])
    at = np.concatenate([each[2] for each in told])
    value = np.concatenate([np.broadcast_to(np.asarray(each[3], dtype=np.int32), len(each[0])) for each in told])
    kept = at < BEGIN + DAYS * 86_400
    order = np.flatnonzero(kept)[np.lexsort((what[kept], at[kept], conversation[kept]))]
    return Happenings(conversation[order], what[order], at[order] * SECOND, value[order])


def told(step: Step, team: int, assignee: int, _at: int) -> tuple[Person, ...]:
    """The assignee, or the team's lead."""
    if step.to is not None and step.to.whom == "assignee" and assignee >= 0:
        return (Person(f"agent-{assignee}", f"Agent {assignee}", "Asia/Almaty" if assignee % 3 else "Europe/Riga"),)
    return (Person(f"lead-{team}", f"Lead {team}", "Europe/Riga"),)


def write(conversations: int, path: Path) -> None:
    """A row a conversation, as another help desk would export them."""
    import pyarrow as pa
    from pyarrow import csv

    rng, n = np.random.default_rng(SEED), conversations
    began = np.sort(BEGIN + rng.integers(0, DAYS * 86_400, n))
    answered = began + rng.lognormal(8.6, 1.3, n).astype(np.int64) + 1
    solved = answered + rng.lognormal(9.6, 1.2, n).astype(np.int64) + 1

    def instants(at: np.ndarray, chance: float) -> pa.Array:
        return pa.array(at, mask=rng.random(n) > chance).cast(pa.timestamp("s"))

    def words(some: tuple[str, ...]) -> pa.Array:
        return pa.DictionaryArray.from_arrays(rng.integers(0, len(some), n), list(some)).cast(pa.string())

    table = pa.table(
        {
            "id": np.arange(1, n + 1),
            "created_at": instants(began, 1.0),
            "first_responded_at": instants(answered, 0.97),
            "solved_at": instants(solved, 0.94),
            "channel": words(CHANNELS),
            "priority": words(PRIORITIES),
            "segment": words((*SEGMENTS, "")),
            "team": words(tuple(f"team-{number}" for number in range(TEAMS))),
        }
    )
    csv.write_csv(table, path)


def check(found: Comparison, conversations: int) -> None:
    """A fast wrong answer is a failure. Raises AssertionError."""
    assert found.conversations == conversations
    for line in found.standards:
        for kept in (line.now, line.draft):
            assert kept is None or 0 <= kept.met <= kept.due <= kept.clocks
    assert found.now.total == sum(found.now.steps.values())
    assert found.draft.total > found.now.total > 0


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("conversations", type=int, nargs="?", default=1_000_000)
    parser.add_argument("--turns", type=int, default=3)
    options = parser.parse_args()
    started = time.perf_counter()
    happened = history(options.conversations)
    found: dict[str, object] = {"making": time.perf_counter() - started, "waits": len(happened.waits.kind)}
    now, draft = policies()
    walls, processors = [], []
    for _ in range(options.turns):
        wall, processor = time.perf_counter(), time.process_time()
        compared = rehearse(happened, now, draft, told, time_zone="Europe/Riga")
        walls.append(time.perf_counter() - wall)
        processors.append(time.process_time() - processor)
        check(compared, options.conversations)
    found |= {"seconds": walls, "processor": processors, "steps": compared.now.total + compared.draft.total}
    found["peak_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    json.dump(found, sys.stdout)
    print()


if __name__ == "__main__":
    main()
