"""Which of their rows are ours already."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db import connection

from answerable.events.inserting import insert_all
from answerable.imports.freezing import instant
from answerable.imports.models import Origin
from answerable.imports.records import Ticket
from answerable.people.models import User


@dataclass(frozen=True)
class Origins:
    """Of one account of one system. `by`: who takes it over."""

    system: str
    account: str
    by: User | None

    @property
    def slug(self) -> str:
        return f"{self.system}-{self.account}" if self.account else self.system

    def hold(self) -> None:
        """Until the transaction ends nobody else takes anything over from this account."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"imports:{self.slug}"])

    def known(self, kind: str, keys: Iterable[str]) -> dict[str, int]:
        """Key -> id of our row, of those that are here."""
        rows = Origin.objects.filter(system=self.system, account=self.account, kind=kind, key__in=list(keys))
        return dict(rows.values_list("key", "target"))

    def known_tickets(self, keys: Iterable[str]) -> dict[str, Origin]:
        """Key -> how far it came, of the tickets that are conversations of ours."""
        rows = Origin.objects.filter(
            system=self.system, account=self.account, kind=Origin.Kind.CONVERSATION, key__in=list(keys)
        )
        return {row.key: row for row in rows}

    def note_tickets(self, tickets: Iterable[tuple[Ticket, int, list[str]]]) -> None:
        """These are conversations now: each with the number of ours, and the keys of what was written in it."""
        insert_all(
            Origin(
                system=self.system,
                account=self.account,
                kind=Origin.Kind.CONVERSATION,
                key=ticket.key,
                target=target,
                parts=parts,
                changed_at=instant(ticket.updated_at),
            )
            for ticket, target, parts in tickets
        )

    def note(self, kind: str, targets: Mapping[str, int]) -> None:
        """These are here now."""
        insert_all(
            Origin(system=self.system, account=self.account, kind=kind, key=key, target=target)
            for key, target in targets.items()
        )
