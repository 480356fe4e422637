"""The list that agents look at all day: everything open, the newest first, with the counts of each queue."""

from __future__ import annotations

import re
from collections.abc import Iterator

from benchmarks.bench import EIGHT, Bench, check, milliseconds, query_time
from benchmarks.client import Load, Request
from benchmarks.figures import Bar, Figure
from benchmarks.site import Site

ROW = re.compile(rb'id="row-(\d+)"')
PAGE = Request("/inbox/open/")
LIST = Request("/inbox/open/", htmx="list")
GROWS_AT_MOST = 1.3
AWAKE = "status IN ('new', 'open', 'pending', 'on_hold') AND snoozed_until IS NULL"
KEYSET = f"""
SELECT id, subject, preview, status, priority, last_message_at, due_at, contact_id, assignee_id
FROM desk_conversation WHERE {AWAKE} AND (last_message_at, id) < ('infinity', 0)
ORDER BY last_message_at DESC, id DESC LIMIT 51
"""


def measure(bench: Bench) -> Iterator[Figure]:
    sites = bench.sites
    alone = {site: Figure("open list, one client, p50", "ms", [], site.conversations, Bar(10)) for site in sites}
    one_team = {site: Figure("open list of one team, p50", "ms", [], site.conversations, Bar(10)) for site in sites}
    fragment = {site: Figure("open list, refetched in place, p50", "ms", [], site.conversations) for site in sites}
    eight = {
        site: Figure("open list, 8 clients", "/s", [], site.conversations, Bar(250, at_least=True)) for site in sites
    }
    cost = {site: Figure("open list, processor time of one", "ms", [], site.conversations) for site in sites}
    for site in sites:
        alone[site].floor, alone[site].floor_is = [], "keyset query"
        eight[site].floor, eight[site].floor_is = [], "page of one row"
    for _ in range(bench.turns):
        for site in sites:
            head, agent = bench.heads(site, 1), [bench.agent(site)]
            with site.connect() as connection:
                alone[site].floor.append(query_time(connection, KEYSET))
            alone[site].values.append(milliseconds(_load(bench, site, head, PAGE).times))
            fragment[site].values.append(milliseconds(_load(bench, site, head, LIST).times))
            one_team[site].values.append(milliseconds(_load(bench, site, agent, PAGE, of_team=True).times))
            floor = bench.load(bench.floor(site), [{}] * EIGHT, [Request("/row/")])
            eight[site].floor.append(floor.rate)
            load = _load(bench, site, bench.heads(site), PAGE)
            eight[site].values.append(load.rate)
            cost[site].values.append(load.cost)
    for figures in (alone, one_team, fragment, eight, cost):
        yield from figures.values()
    yield from grown(list(alone.values()), "open list, largest size beside the smallest")


def grown(figures: list[Figure], work: str) -> Iterator[Figure]:
    """How many times the smallest size's time the largest size's is, turn by turn."""
    if len(figures) > 1:
        pairs = zip(figures[0].values, figures[-1].values, strict=True)
        yield Figure(work, "times", [large / small for small, large in pairs], bar=Bar(GROWS_AT_MOST))


def _load(bench: Bench, site: Site, people: list[dict[str, str]], request: Request, of_team: bool = False) -> Load:
    load = bench.ask(site, people, [request])
    truth = _truth(site, site.company.teams[0] if of_team else None)
    for _request, answer in load.kept:
        shown = [int(number) for number in ROW.findall(answer.body)]
        check(shown == truth, f"{request.path} shows {shown[:5]}..., not {truth[:5]}...")
    return load


def _truth(site: Site, team: int | None) -> list[int]:
    """The keys that must be on the first page."""
    condition = f"{AWAKE} AND team_id = {team}" if team else AWAKE
    with site.connect() as connection:
        sql = f"SELECT id FROM desk_conversation WHERE {condition} ORDER BY last_message_at DESC, id DESC LIMIT 50"
        return [row[0] for row in connection.execute(sql.encode())]
