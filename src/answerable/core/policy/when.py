"""``when``: the conversations that a standard or a procedure speaks of."""

from __future__ import annotations

from answerable.core.conditions import FIELDS, Conditions
from answerable.core.policy.document import Table
from answerable.core.policy.errors import shown
from answerable.core.policy.known import Known


def read_conditions(table: Table, known: Known) -> Conditions:
    """The conditions of a table; none where it has no ``when``."""
    when = table.table("when")
    if when is None:
        return Conditions()
    accepted: dict[str, tuple[str, ...]] = {}
    for field in FIELDS:
        named = when.strings(field)
        if named is None:
            continue
        if when.values[field] == []:
            when.refuse(field, "accepts nothing, so it would never apply.", "Name a value, or take it out.")
        for path, name in named:
            if not known.has(field, name):
                problem = f"There is no {field} {shown(name)}."
                when.document.refuse((*when.path, *path), problem, known.suggestion(field, name))
        accepted[field] = tuple(name for _, name in named)
    when.finish()
    return Conditions(**accepted)
