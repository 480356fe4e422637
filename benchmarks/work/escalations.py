"""Escalations: how late they fire among thousands of promises that run."""

from __future__ import annotations

import time
from collections.abc import Iterator

from benchmarks.bench import Bench, check, until
from benchmarks.figures import Bar, Figure
from benchmarks.site import Site, Unable

EVENLY, BURST = 200, 500
SPREAD_SECONDS = 8.0
FIRED_WITHIN_SECONDS = 120
PLAN = """
UPDATE desk_escalation SET fires_at = now() + interval '2 seconds' + number * %s * interval '1 second'
FROM (SELECT escalation.id, row_number() OVER (ORDER BY escalation.id) AS number
      FROM desk_escalation AS escalation JOIN desk_clock AS clock ON clock.id = clock_id
      WHERE fired_at IS NULL AND fires_at > now() + interval '1 hour' AND step = 1 AND clock.state = 'running'
      ORDER BY escalation.id LIMIT %s) AS chosen
WHERE chosen.id = desk_escalation.id RETURNING desk_escalation.id
"""
WAKE = """
INSERT INTO events_event (verb, subject, root, particulars, at) VALUES ('bench.said', 'team-1', 'team-1', '{}', now())
"""


def measure(bench: Bench) -> Iterator[Figure]:
    for site in bench.sites:
        running = _running(site)
        evenly, burst = (min(most, running // (2 * bench.turns)) for most in (EVENLY, BURST))
        if not evenly:
            raise Unable("too few promises run at this size to let any fall due")
        remark = f"{running:,} clocks run"
        half = Figure("escalations, lateness p50", "s", [], site.conversations, remark=remark)
        worst = Figure("escalations, lateness worst", "s", [], site.conversations, Bar(1.0), remark=remark)
        rate = Figure("escalations all at once", "/s", [], site.conversations, remark=remark)
        for _ in range(bench.turns):
            late = _fire(site, evenly, SPREAD_SECONDS / evenly)
            half.values.append(late[len(late) // 2])
            worst.values.append(late[-1])
            at_once = _fire(site, burst, 0)
            rate.values.append(len(at_once) / at_once[-1])
        yield from (half, worst, rate)


def _running(site: Site) -> int:
    with site.connect() as connection:
        row = connection.execute("SELECT count(*) FROM desk_clock WHERE state = 'running'").fetchone()
        return row[0] if row else 0


def _fire(site: Site, count: int, apart: float) -> list[float]:
    """Let so many fire, so many seconds apart; by how many seconds each was late, ascending. Each must fire once."""
    with site.connect() as connection:
        planned = [row[0] for row in connection.execute(PLAN, [apart, count])]
        connection.execute(WAKE)

        def fired() -> int:
            row = connection.execute(
                "SELECT count(fired_at) FROM desk_escalation WHERE id = ANY(%s)", [planned]
            ).fetchone()
            return row[0] if row else 0

        time.sleep(2 + count * apart)
        until(lambda: fired() == len(planned), FIRED_WITHIN_SECONDS, f"{len(planned)} escalations", every=0.2)
        twice = connection.execute(
            """SELECT count(*) - count(DISTINCT subject) FROM events_event WHERE verb = 'clock.escalated' AND subject IN
               (SELECT 'clock-' || clock_id FROM desk_escalation WHERE id = ANY(%s))""",
            [planned],
        ).fetchone()
        check(twice == (0,), "an escalation fired twice")
        rows = connection.execute(
            """SELECT extract(epoch FROM fired_at - fires_at)::float8 FROM desk_escalation
               WHERE id = ANY(%s) ORDER BY 1""",
            [planned],
        )
        return [row[0] for row in rows]
