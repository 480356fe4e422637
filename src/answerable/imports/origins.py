"""Which of their rows are ours already."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db import connection

from answerable.events.inserting import insert_all
from answerable.imports.models import Origin
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

    def note(self, kind: str, targets: Mapping[str, int]) -> None:
        """These are here now."""
        insert_all(
            Origin(system=self.system, account=self.account, kind=kind, key=key, target=target)
            for key, target in targets.items()
        )
