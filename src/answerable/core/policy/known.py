"""The names that a document may use because they exist outside it: channels, segments, teams, people."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from answerable.core.conditions import PRIORITIES
from answerable.core.policy.errors import suggestion
from answerable.core.said import Said


class Known:
    """Names by field of conditions, `user` by e-mail address, and `staffed`: the teams with somebody able to act.

    A field that was not given accepts any; priorities are always known. Without names the document is not being
    written but in force already, and what was right when it was written stays so: `is_new` says which.
    """

    def __init__(self, names: Mapping[str, Collection[str]] | None = None) -> None:
        self.is_new = names is not None
        self._names: dict[str, Collection[str]] = {"priority": PRIORITIES, **(names or {})}

    def has(self, field: str, name: str) -> bool:
        """Whether the name exists, as far as is known; case is ignored."""
        names = self._names.get(field)
        return names is None or name.casefold() in (each.casefold() for each in names)

    def suggestion(self, field: str, name: str) -> Said:
        """What to write instead."""
        return suggestion(name, self._names.get(field, ()))
