"""``[[procedure]]``: how an objective is reached, as steps that agents see beside the conversation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from answerable.core.conditions import Conditions
from answerable.core.policy.document import OWN_KEY, Table
from answerable.core.policy.references import References, read_reference
from answerable.core.policy.spoken import read_spoken, read_spoken_list, spoken
from answerable.core.policy.when import read_conditions
from answerable.core.said import Said, gettext_noop

MOST_STEPS = 30


@dataclass(frozen=True, slots=True)
class Procedure:
    """What to do, step by step, in the language of each reader; `language` is the policy's own."""

    key: str
    objective: str
    title: Mapping[str, str]
    language: str
    when: Conditions
    steps: tuple[Mapping[str, str], ...]

    def title_in(self, language: str) -> str:
        """The title in a language (``pt-BR``, then ``pt``), or in the policy's own."""
        return spoken(self.title, language, self.language)

    def steps_in(self, language: str) -> tuple[str, ...]:
        """The steps likewise."""
        return tuple(spoken(step, language, self.language) for step in self.steps)


def read_procedures(root: Table, references: References) -> dict[str, Procedure]:
    """Every procedure by key, in the document's order."""
    found: dict[str, Procedure] = {}
    for table in root.tables("procedure"):
        key, objective = table.key(), read_reference(table, "objective", references.objectives)
        title = read_spoken(table, "title", references.language)
        when = read_conditions(table, references.known)
        steps = read_spoken_list(table, "steps", references.language, most=MOST_STEPS)
        table.finish()
        if key in found:
            table.refuse("key", Said(gettext_noop("There are two procedures “{key}”."), key=str(key)), OWN_KEY)
        elif key and objective and title and steps:
            found[key] = Procedure(key, objective, MappingProxyType(title), references.language, when, steps)
    return found
