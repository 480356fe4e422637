"""What a reader of a system's exports is."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from answerable.imports.models import System
from answerable.imports.reading.failures import Unreadable
from answerable.imports.reading.files import Source
from answerable.imports.stage import Stage


class Reader(Protocol):
    """Of one system. `statuses` and `priorities`: what its words usually mean here ("leave_out": not taken over)."""

    statuses: Mapping[str, str]
    priorities: Mapping[str, str]

    def read(self, source: Source, stage: Stage, zone: ZoneInfo) -> None:
        """The records of one file into the stage. Raises Unreadable for what is none of the system's."""
        ...

    def finish(self, stage: Stage) -> None:
        """Put together what stands in several files, when all are read."""
        ...


Take = Callable[[dict[str, Any], Stage, ZoneInfo], None]


@dataclass(frozen=True)
class Shape:
    """How a kind of row is recognised: it has all of `has`, and none of `lacks`."""

    take: Take
    has: frozenset[str]
    lacks: frozenset[str] = frozenset()

    def fits(self, row: Mapping[str, Any]) -> bool:
        return self.has <= row.keys() and not self.lacks & row.keys()


def reader_of(system: str) -> Reader:
    """The one for a system."""
    from answerable.imports.reading.chatwoot import Chatwoot
    from answerable.imports.reading.freshdesk import Freshdesk
    from answerable.imports.reading.osticket import OsTicket
    from answerable.imports.reading.zammad import Zammad
    from answerable.imports.reading.zendesk import Zendesk

    readers: dict[str, Callable[[], Reader]] = {
        System.ZENDESK: Zendesk,
        System.FRESHDESK: Freshdesk,
        System.ZAMMAD: Zammad,
        System.OSTICKET: OsTicket,
        System.CHATWOOT: Chatwoot,
    }
    return readers[system]()


__all__ = ["Reader", "Shape", "Take", "Unreadable", "reader_of"]
