"""Escalations: how late they fire among 200,000 promises that run, while the desk is in use."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from benchmarks.bench import EIGHT, Bench, check, until
from benchmarks.client import Load, Request, hammer
from benchmarks.figures import Bar, Figure
from benchmarks.site import Site
from benchmarks.work.create import new_fields

RUNNING = 200_000
EVENLY, BURST = 200, 500
AHEAD_SECONDS, SPREAD_SECONDS = 2.0, 8.0
SOONEST = 0.2
SHORTER = 1.6
"""With short turns they are spread over so many of them only, and planned so much less ahead."""
FIRED_WITHIN_SECONDS = 120
BEGIN = """
WITH missing AS (
    SELECT conversation.id, team_id, kind FROM desk_conversation AS conversation
    CROSS JOIN unnest(ARRAY['next_response', 'resolution', 'first_response']) WITH ORDINALITY AS kinds (kind, place)
    WHERE NOT EXISTS (SELECT 1 FROM desk_clock AS clock
                      WHERE clock.conversation_id = conversation.id AND clock.kind = kinds.kind AND stopped_at IS NULL)
    ORDER BY place, conversation.id LIMIT %s
), begun AS (
    INSERT INTO desk_clock (conversation_id, kind, state, version_id, standard, target_seconds, facts, team_id,
        started_at, due_at, pauses)
    SELECT id, kind, 'running', (SELECT id FROM policy_version WHERE state = 'in_force'), replace(kind, '_', '-'),
        30 * 86400, '{"channel": "email", "priority": "normal"}', team_id,
        now(), now() + interval '30 days' + random() * interval '30 days', '[]'
    FROM missing RETURNING id, due_at
)
INSERT INTO desk_escalation (clock_id, step, share, fires_at, outcome)
SELECT id, step, share, due_at - before, '{}' FROM begun
CROSS JOIN (VALUES (1, 0.8, interval '1 hour'), (2, 1, interval '0'), (3, 1, interval '0'))
    AS steps (step, share, before)
"""
PLAN = """
UPDATE desk_escalation SET fires_at = now() + %s * interval '1 second' + number * %s * interval '1 second'
FROM (SELECT escalation.id, row_number() OVER (ORDER BY escalation.id) AS number
      FROM desk_escalation AS escalation JOIN desk_clock AS clock ON clock.id = clock_id
      WHERE fired_at IS NULL AND fires_at > now() + interval '1 hour' AND step = 1 AND clock.state = 'running'
      ORDER BY escalation.id LIMIT %s) AS chosen
WHERE chosen.id = desk_escalation.id RETURNING desk_escalation.id
"""
WAKE = "NOTIFY answerable_events"


def measure(bench: Bench) -> Iterator[Figure]:
    for site in bench.sites:
        with _promises(site) as running:
            yield from _measured(bench, site, running)


def _measured(bench: Bench, site: Site, running: int) -> Iterator[Figure]:
    size, remark = site.conversations, f"{running:,} clocks run"
    half = Figure("escalations, desk in use, lateness p50", "s", [], size, remark=remark)
    worst = Figure("escalations, desk in use, lateness worst", "s", [], size, Bar(2.0), remark=remark)
    pages = Figure("pages and writes of the desk meanwhile", "/s", [], size)
    rate = Figure("escalations all at once", "/s", [], size, remark=remark)
    room = running // (3 * bench.turns)
    evenly, burst = min(EVENLY, room), min(BURST, room)
    spread = min(SPREAD_SECONDS, SHORTER * bench.seconds)
    ahead = AHEAD_SECONDS * max(SOONEST, spread / SPREAD_SECONDS)
    for _ in range(bench.turns):
        use = bench.clients.start(hammer, site.port, bench.heads(site), day(site), ahead + spread + 1.0)
        late = _fire(site, evenly, ahead, spread / evenly)
        load: Load = use.result()
        half.values.append(late[len(late) // 2])
        worst.values.append(late[-1])
        pages.values.append(load.rate)
        at_once = _fire(site, burst, ahead, 0)
        rate.values.append(len(at_once) / at_once[-1])
    yield from (half, worst, pages, rate)


def day(site: Site) -> list[Request]:
    """What agents do all day, without a pause: lists, conversations, new conversations."""
    opened = [
        Request(f"/conversations/{number}/") for number in range(1, site.conversations, site.conversations // EIGHT)
    ]
    return [Request("/inbox/open/"), *opened, Request("/conversations/new/", new_fields(site), status=302)]


@contextmanager
def _promises(site: Site) -> Iterator[int]:
    """So many clocks run, or as many as the conversations have room for; gone again afterwards. How many they are."""
    with site.connect() as connection:
        running, last = connection.execute(
            "SELECT count(*) FILTER (WHERE state = 'running'), max(id) FROM desk_clock"
        ).fetchone() or (0, 0)
        connection.execute(BEGIN, [max(0, RUNNING - running)])
        connection.execute("ANALYZE desk_clock, desk_escalation")
        yield _running(site)
        connection.execute("DELETE FROM desk_escalation WHERE clock_id > %s", [last])
        connection.execute("DELETE FROM desk_clock WHERE id > %s", [last])


def _running(site: Site) -> int:
    with site.connect() as connection:
        row = connection.execute("SELECT count(*) FROM desk_clock WHERE state = 'running'").fetchone()
        return row[0] if row else 0


def _fire(site: Site, count: int, ahead: float, apart: float) -> list[float]:
    """Let so many fire, the first `ahead` seconds from now, so many seconds `apart`; by how many seconds each was late,
    ascending. Each must fire once."""
    with site.connect() as connection:
        planned = [row[0] for row in connection.execute(PLAN, [ahead, apart, count])]
        check(len(planned) == count, f"only {len(planned)} of {count} escalations could be planned")
        connection.execute(WAKE)

        def fired() -> int:
            row = connection.execute(
                "SELECT count(fired_at) FROM desk_escalation WHERE id = ANY(%s)", [planned]
            ).fetchone()
            return row[0] if row else 0

        time.sleep(ahead + count * apart)
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
