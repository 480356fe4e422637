"""The work that is measured, on one page, in the order it is done: what only reads comes first."""

from collections.abc import Callable, Iterator

from benchmarks.bench import Bench
from benchmarks.figures import Figure
from benchmarks.work import (
    chat,
    conversation,
    create,
    engine,
    escalations,
    live,
    mail,
    memory,
    offering,
    open_list,
    rehearsal,
    report,
    routing,
    saved,
    search,
    start,
)

Work = Callable[[Bench], Iterator[Figure]]

WORKS: dict[str, Work] = {
    "list": open_list.measure,
    "saved": saved.measure,
    "conversation": conversation.measure,
    "search": search.measure,
    "report": report.measure,
    "create": create.measure,
    "mail": mail.measure,
    "escalations": escalations.measure,
    "offering": offering.measure,
    "memory": memory.measure,
    "live": live.measure,
    "chat": chat.measure,
    "engine": engine.measure,
    "rehearsal": rehearsal.measure,
    "routing": routing.measure,
    "start": start.measure,
}
