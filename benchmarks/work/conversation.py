"""One conversation, opened: its messages and happenings, the customer beside it, and the queues."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.bench import EIGHT, Bench, check, milliseconds, query_time
from benchmarks.client import Load, Request
from benchmarks.figures import Bar, Figure
from benchmarks.site import Site
from benchmarks.work.open_list import grown

OPENED = 200
THREAD = "SELECT id, kind, text, created_at FROM desk_message WHERE conversation_id = %s ORDER BY id"


def measure(bench: Bench) -> Iterator[Figure]:
    sites = bench.sites
    page = {
        site: Figure("conversation, p50", "ms", [], site.conversations, Bar(10), [], "its messages") for site in sites
    }
    opened = {site: Figure("conversation, opened from the list, p50", "ms", [], site.conversations) for site in sites}
    eight = {
        site: Figure("conversation, 8 clients", "/s", [], site.conversations, None, [], "page of one row")
        for site in sites
    }
    cost = {site: Figure("conversation, processor time of one", "ms", [], site.conversations) for site in sites}
    for _ in range(bench.turns):
        for site in sites:
            numbers = _numbers(site)
            with site.connect() as connection:
                page[site].floor.append(query_time(connection, THREAD, [numbers[0]]))
            head = bench.heads(site, 1)
            page[site].values.append(milliseconds(_load(bench, site, head, numbers).times))
            opened[site].values.append(milliseconds(_load(bench, site, head, numbers, htmx="work").times))
            eight[site].floor.append(bench.load(bench.floor(site), [{}] * EIGHT, [Request("/row/")]).rate)
            load = _load(bench, site, bench.heads(site), numbers)
            eight[site].values.append(load.rate)
            cost[site].values.append(load.cost)
    for figures in (page, opened, eight, cost):
        yield from figures.values()
    yield from grown(list(page.values()), "conversation, largest size beside the smallest")


def _numbers(site: Site) -> list[int]:
    """Conversations spread evenly over all."""
    step = max(1, site.conversations // OPENED)
    return list(range(1, site.conversations + 1, step))


def _load(bench: Bench, site: Site, people: list[dict[str, str]], numbers: list[int], htmx: str = "") -> Load:
    load = bench.ask(site, people, [Request(f"/conversations/{n}/", htmx=htmx) for n in numbers])
    with site.connect() as connection:
        for request, answer in load.kept:
            number = int(request.path.split("/")[2])
            messages = connection.execute(THREAD.encode(), [number]).fetchall()
            check(len(messages) == 3, f"conversation {number} has {len(messages)} messages")
            for key, _kind, text, _at in messages:
                words = text.partition("\n")[0].encode()
                whole = b'id="message-%d"' % key in answer.body and words in answer.body
                check(whole, f"conversation {number} is shown without message {key}")
    return load
