"""What the parts of a document name: hours, objectives and chains by key."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from answerable.core.calendar import Calendar
from answerable.core.policy.document import Table
from answerable.core.policy.errors import shown, suggestion
from answerable.core.policy.known import Known
from answerable.core.policy.objective import Objective
from answerable.core.said import Said, gettext_noop


@dataclass(frozen=True)
class References:
    """What there is to name, None for what is there but wrong; `language` is the policy's own."""

    language: str
    hours: Mapping[str, Calendar | None]
    objectives: Mapping[str, Objective | None]
    chains: Mapping[str, object]
    known: Known


NO_BUSINESS_HOURS = gettext_noop("There is no block of business hours {name} in this document.")
ABSENT = {
    "objective": gettext_noop("There is no objective {name} in this document."),
    "hours": gettext_noop("There are no hours {name} in this document."),
    "escalation": gettext_noop("There is no escalation {name} in this document."),
}


def read_reference(table: Table, key: str, named: Mapping[str, object], *, absent: str = "") -> str | None:
    """The name at a key, which is required, if there is something of that name; else `absent` says what is not."""
    name = table.string(key)
    if name is not None and name not in named:
        table.refuse(key, Said(absent or ABSENT[key], name=shown(name)), suggestion(name, list(named)))
        return None
    return name
