"""Queues made of conditions, opened by an agent of one team."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from benchmarks.bench import Bench, check, milliseconds
from benchmarks.client import Request
from benchmarks.figures import Bar, Figure
from benchmarks.site import Site
from benchmarks.work.open_list import AWAKE, ROW

UNSOLVED = ("new", "open", "pending", "on_hold")
MINUTE = "date_trunc('minute', now())"
"""Whence a queue's times are seen."""
AWAKE_ONLY = {"field": "snoozed", "in": ["no"]}
"""As the form of a queue says at first."""


@dataclass(frozen=True)
class Queue:
    """Its conditions, as a company writes them and as SQL, and its order in both."""

    name: str
    conditions: tuple[Mapping[str, Any], ...]
    truth: str
    order: str
    by: str


QUEUES = (
    Queue(
        "unanswered for a day",
        ({"field": "waiting_hours", "at_least": "24"}, {"field": "priority", "in": ["high", "urgent"]}, AWAKE_ONLY),
        f"{AWAKE} AND unanswered_since <= {MINUTE} - interval '24 hours' AND priority IN (3, 4)",
        "waiting",
        "unanswered_since, id",
    ),
    Queue(
        "customer silent for a week",
        ({"field": "status", "in": list(UNSOLVED)}, {"field": "asked", "older": "7 days"}, AWAKE_ONLY),
        f"{AWAKE} AND asked_at < {MINUTE} - interval '7 days'",
        "newest",
        "last_message_at DESC, id DESC",
    ),
)
MAKE = """
INSERT INTO desk_savedqueue (owner_id, name, conditions, "order", columns, place, revision)
SELECT id, %s, %s, %s, '[]', 1, 1 FROM people_user WHERE email = %s RETURNING id
"""


def measure(bench: Bench) -> Iterator[Figure]:
    for queue in QUEUES:
        figures = {
            site: Figure(f"saved queue, {queue.name}, p50", "ms", [], site.conversations, Bar(10))
            for site in bench.sites
        }
        for _ in range(bench.turns):
            for site, figure in figures.items():
                figure.values.append(_opened(bench, site, queue))
        yield from figures.values()


def _opened(bench: Bench, site: Site, queue: Queue) -> float:
    """Milliseconds in which its page is there."""
    with _made(site, queue) as number:
        load = bench.ask(site, [bench.agent(site)], [Request(f"/inbox/saved-{number}/")])
    with site.connect() as connection:
        which = f"team_id = {site.company.teams[0]} AND {queue.truth}"
        sql = f"SELECT id FROM desk_conversation WHERE {which} ORDER BY {queue.by} LIMIT 50"
        truth = [row[0] for row in connection.execute(sql.encode())]
    for request, answer in load.kept:
        shown = [int(key) for key in ROW.findall(answer.body)]
        check(shown == truth, f"{request.path} shows {shown[:5]}..., not {truth[:5]}...")
    return milliseconds(load.times)


@contextmanager
def _made(site: Site, queue: Queue) -> Iterator[int]:
    """Its number, while it is there: no other work counts it."""
    conditions = json.dumps({"all": queue.conditions})
    with site.connect() as connection:
        row = connection.execute(MAKE, [queue.name, conditions, queue.order, site.company.emails[0]]).fetchone()
        assert row
        try:
            yield int(row[0])
        finally:
            connection.execute("DELETE FROM desk_savedqueue WHERE id = %s", [row[0]])
