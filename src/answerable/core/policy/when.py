"""``when``: the conversations that a standard or a procedure speaks of."""

from __future__ import annotations

from answerable.core.conditions import FIELDS, Conditions
from answerable.core.policy.document import Table
from answerable.core.policy.errors import shown
from answerable.core.policy.known import Known
from answerable.core.said import Said, gettext_noop

ABSENT = {
    "channel": gettext_noop("There is no channel {name}."),
    "priority": gettext_noop("There is no priority {name}."),
    "segment": gettext_noop("There is no segment {name}."),
    "region": gettext_noop("There is no region {name}."),
    "language": gettext_noop("There is no language {name}."),
    "team": gettext_noop("There is no team {name}."),
}


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
            nothing = gettext_noop("accepts nothing, so it would never apply.")
            when.refuse(field, nothing, gettext_noop("Name a value, or take it out."))
        for path, name in named:
            if not known.has(field, name):
                problem = Said(ABSENT[field], name=shown(name))
                when.document.refuse((*when.path, *path), problem, known.suggestion(field, name))
        accepted[field] = tuple(name for _, name in named)
    when.finish()
    return Conditions(**accepted)
