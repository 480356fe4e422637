"""Conversations begun and answered by agents, by the forms they use."""

from __future__ import annotations

import time
from collections.abc import Iterator

import psycopg

from benchmarks.bench import EIGHT, Bench, check, milliseconds
from benchmarks.client import Load, Request
from benchmarks.figures import Bar, Figure
from benchmarks.site import Site

WORDS = "We have looked into it and found what went wrong with your order. " * 6
FLOOR_TABLES = """
CREATE UNLOGGED TABLE IF NOT EXISTS bench_conversation (id bigserial PRIMARY KEY, subject text);
CREATE UNLOGGED TABLE IF NOT EXISTS bench_message (id bigserial PRIMARY KEY, conversation_id bigint, text text);
CREATE UNLOGGED TABLE IF NOT EXISTS bench_event (id bigserial PRIMARY KEY, root text, verb text);
"""
THREE_ROWS = """
WITH one AS (INSERT INTO bench_conversation (subject) VALUES (%s) RETURNING id),
two AS (INSERT INTO bench_message (conversation_id, text) SELECT id, %s FROM one)
INSERT INTO bench_event (root, verb) SELECT 'conversation-' || id, 'conversation.opened' FROM one
"""


def measure(bench: Bench) -> Iterator[Figure]:
    sites = bench.sites
    create = {
        site: Figure(
            "create, 8 clients", "/s", [], site.conversations, Bar(400, at_least=True), [], "three rows, one client"
        )
        for site in sites
    }
    reply = {site: Figure("reply, 8 clients", "/s", [], site.conversations) for site in sites}
    alone = {site: Figure("reply, one client, p50", "ms", [], site.conversations) for site in sites}
    costs = [
        {site: Figure(f"{work}, processor time of one", "ms", [], site.conversations) for site in sites}
        for work in ("create", "reply", "letter that leaves ten seconds later")
    ]
    for _ in range(bench.turns):
        for site in sites:
            create[site].floor.append(_three_rows(bench, site))
            loads = _create(bench, site), _reply(bench, site, EIGHT)
            for load, figures, cost in zip(loads, (create, reply), costs, strict=False):
                figures[site].values.append(load.rate)
                cost[site].values.append(load.cost)
            alone[site].values.append(milliseconds(_reply(bench, site, 1).times))
            costs[2][site].values.append(_letters(bench, site))
    for figures in (create, reply, alone, *costs):
        yield from figures.values()


def new_fields(site: Site) -> dict[str, str]:
    """What an agent types to begin a conversation."""
    return {
        "inbox": str(site.company.inboxes[0]),
        "to": "someone{n}@customers.example",
        "name": "Someone New",
        "subject": "About your order {n}",
        "text": WORDS,
    }


def _create(bench: Bench, site: Site) -> Load:
    with site.connect() as connection:
        before = _highest(connection, "desk_conversation")
        load = bench.ask(site, bench.heads(site), [Request("/conversations/new/", new_fields(site), status=302)])
        made = connection.execute(
            """SELECT count(*), count(message.id), count(delivery.id), count(search.conversation_id), min(message.text)
               FROM desk_conversation AS conversation
               LEFT JOIN desk_message AS message ON message.conversation_id = conversation.id
               LEFT JOIN desk_delivery AS delivery ON delivery.message_id = message.id
               LEFT JOIN desk_search AS search ON search.conversation_id = conversation.id
               WHERE conversation.id > %s""",
            [before],
        ).fetchone()
    told = len(load.times) + len(bench.heads(site))  # each client asks once before the clock runs
    check(made == (told, told, told, told, WORDS), f"{told} were created, and there are {made}")
    return load


def _reply(bench: Bench, site: Site, people: int) -> Load:
    with site.connect() as connection:
        found = connection.execute(
            """SELECT id FROM desk_conversation WHERE status IN ('new', 'open', 'pending') AND snoozed_until IS NULL
               ORDER BY last_message_at DESC, id DESC LIMIT 1000"""
        ).fetchall()
        before = _highest(connection, "desk_message")
        fields = {"text": f"{WORDS} {{n}}", "anyway": str(2**61), "then": "pending"}
        asked = [Request(f"/conversations/{key}/replies/", fields, htmx="timeline") for (key,) in found]
        load = bench.ask(site, bench.heads(site, people), asked)
        made = connection.execute(
            """SELECT count(*), count(DISTINCT text), count(delivery.id) FROM desk_message AS message
               LEFT JOIN desk_delivery AS delivery ON delivery.message_id = message.id
               WHERE message.id > %s AND kind = 'outbound' AND NOT automatic""",
            [before],
        ).fetchone()
    told = len(load.times) + people
    check(made == (told, told, told), f"{told} replies were sent, and there are {made}")
    return load


def _letters(bench: Bench, site: Site) -> float:
    """Milliseconds of processor time for each letter that has to leave yet; afterwards none has."""
    before = site.processor_seconds()
    with site.connect() as connection:
        row = connection.execute("SELECT count(*) FROM desk_delivery WHERE state = 'waiting'").fetchone()
    bench.settle()
    check(row and row[0], "no letter waits")
    assert row
    return (site.processor_seconds() - before) / int(row[0]) * 1000


def _highest(connection: psycopg.Connection, table: str) -> int:
    row = connection.execute(f"SELECT coalesce(max(id), 0) FROM {table}".encode()).fetchone()
    assert row
    return int(row[0])


def _three_rows(bench: Bench, site: Site) -> float:
    """Transactions of three rows a second, by one client."""
    with site.connect() as connection:
        connection.execute(FLOOR_TABLES)
        began, times = time.perf_counter(), 0
        while time.perf_counter() - began < bench.seconds:
            connection.execute(THREE_ROWS, ["About your order", WORDS])
            times += 1
        return times / (time.perf_counter() - began)
