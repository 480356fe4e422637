"""What the parts of a document name: hours, objectives and chains by key."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from answerable.core.calendar import Calendar
from answerable.core.policy.document import Table
from answerable.core.policy.errors import shown, suggestion
from answerable.core.policy.known import Known
from answerable.core.policy.objective import Objective


@dataclass(frozen=True)
class References:
    """What there is to name, None for what is there but wrong; `language` is the policy's own."""

    language: str
    hours: Mapping[str, Calendar | None]
    objectives: Mapping[str, Objective | None]
    chains: Mapping[str, object]
    known: Known


def read_reference(table: Table, key: str, named: Mapping[str, object], *, noun: str = "") -> str | None:
    """The name at a key, which is required, if there is something of that name; `noun` is what it would be."""
    name = table.string(key)
    if name is not None and name not in named:
        problem = f"There is no {noun or key} {shown(name)} in this document."
        table.refuse(key, problem, suggestion(name, list(named)))
        return None
    return name
