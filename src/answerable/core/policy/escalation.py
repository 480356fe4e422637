"""``[[escalation]]``: what happens, in order, as a target is used up."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from answerable.core.policy.document import EMAIL, KEY, Table
from answerable.core.policy.errors import shown, suggestion
from answerable.core.policy.known import Known

HIGHEST_PERCENT = 1000
_PERCENT = re.compile(r"(\d{1,5})\s*%", re.ASCII)


class Do(StrEnum):
    """What a step does."""

    NOTIFY = "notify"
    RAISE_PRIORITY = "raise_priority"
    REASSIGN = "reassign"


class Whom(StrEnum):
    """Whom a step concerns: the conversation's own assignee, its team's lead, a team, a person."""

    ASSIGNEE = "assignee"
    LEAD = "lead"
    TEAM = "team"
    USER = "user"


@dataclass(frozen=True, slots=True)
class Recipient:
    """Whom, and for a team its key (empty: the conversation's own team), for a user the e-mail address."""

    whom: Whom
    name: str = ""

    def __str__(self) -> str:
        return f"{self.whom}:{self.name}" if self.name else str(self.whom)


@dataclass(frozen=True, slots=True)
class Step:
    """One step, at a share of the target in percent; `to` is None for `Do.RAISE_PRIORITY`."""

    percent: int
    do: Do
    to: Recipient | None

    @property
    def share(self) -> float:
        """The share of the target: 0.5 for 50 %."""
        return self.percent / 100

    def __str__(self) -> str:
        return f"{self.percent} % {self.do}{f' {self.to}' if self.to else ''}"


@dataclass(frozen=True, slots=True)
class Chain:
    """Steps in the order in which they fall due."""

    key: str
    steps: tuple[Step, ...]


def read_chains(root: Table, known: Known) -> dict[str, Chain]:
    """Every chain by key, in the document's order."""
    found: dict[str, Chain] = {}
    for table in root.tables("escalation"):
        key, steps = table.key(), _read_steps(table, known)
        table.finish()
        if key in found:
            table.refuse("key", f"There are two escalations “{key}”.", "Give each its own key.")
        elif key:
            found[key] = Chain(key, steps)
    return found


def _read_steps(table: Table, known: Known) -> tuple[Step, ...]:
    found: list[Step] = []
    tables = table.tables("steps", required=True)
    if table.values.get("steps") == []:
        table.refuse("steps", "has no steps.", 'Add one: { at = "100%", do = "notify", to = "lead" }.')
    for each in tables:
        step = _read_step(each, known)
        if step is None:
            continue
        if found and step.percent < found[-1].percent:
            each.refuse(
                "at",
                f"{step.percent} % comes after {found[-1].percent} %.",
                "Put the steps in order of time.",
            )
        if step in found:
            each.document.refuse(each.path, f"“{step}” is there already.", "Take one of the two out.")
        found.append(step)
    if known.is_new and len(found) == len(tables) > 0:
        _refuse_dead_end(tables[-1], found)
    return tuple(found)


def _refuse_dead_end(last: Table, steps: list[Step]) -> None:
    """Only the lead is always there (somebody above is, where the team has none), and whoever was named."""
    step = steps[-1]
    if step.to is not None and (step.to.whom is Whom.LEAD or step.to.name):
        return
    if all(each.to is None for each in steps):
        problem = "The chain ends nowhere: it only raises the priority, and nobody is told."
    elif step.to is None:
        problem = "The chain ends nowhere: its last step tells nobody."
    elif step.to.whom is Whom.ASSIGNEE:
        problem = "The chain ends nowhere: at its last step the conversation may have no assignee."
    else:
        problem = "The chain ends nowhere: at its last step the conversation's team may have no members."
    remedy = f'End it with lead, team:KEY or user:EMAIL: {{ at = "{step.percent}%", do = "notify", to = "lead" }}.'
    last.document.refuse(last.path, problem, remedy)


def _read_step(table: Table, known: Known) -> Step | None:
    percent, do = _read_percent(table), table.choice("do", list(Do))
    to = _read_recipient(table, Do(do), known) if do else None
    table.get("to", required=False)
    table.finish()
    if percent is None or do is None or (to is None and do != Do.RAISE_PRIORITY):
        return None
    return Step(percent, Do(do), to)


def _read_percent(table: Table) -> int | None:
    text = table.string("at")
    if text is None:
        return None
    match = _PERCENT.fullmatch(text)
    if match is None or not 1 <= int(match[1]) <= HIGHEST_PERCENT:
        table.refuse("at", f"{shown(text)} is not a share of the target.", 'Write "50%", from 1% to 1000%.')
        return None
    return int(match[1])


def _read_recipient(table: Table, do: Do, known: Known) -> Recipient | None:
    if do is Do.RAISE_PRIORITY:
        if table.has("to"):
            table.refuse("to", "says whom, but raise_priority concerns the conversation only.", "Take it out.")
        return None
    text = table.string("to")
    if text is None:
        return None
    recipient = _recipient(text)
    if recipient is None:
        forms = [*Whom, "team:KEY", "user:EMAIL"]
        table.refuse("to", f"{shown(text)} is nobody.", suggestion(text, [form for form in forms if form != Whom.USER]))
    elif do is Do.REASSIGN and recipient in (Recipient(Whom.ASSIGNEE), Recipient(Whom.TEAM)):
        table.refuse(
            "to",
            f"{shown(text)} has the conversation already.",
            "Reassign it to lead, team:KEY or user:EMAIL.",
        )
    elif not recipient.name or _is_there(table, recipient, known):
        return recipient
    return None


def _is_there(table: Table, recipient: Recipient, known: Known) -> bool:
    """Whether whoever is named exists and can act."""
    name = recipient.name
    if recipient.whom is Whom.USER and not known.has("user", name):
        table.refuse("to", f"Nobody here has the address {shown(name)}.", known.suggestion("user", name))
    elif recipient.whom is Whom.TEAM and not known.has("team", name):
        table.refuse("to", f"There is no team {shown(name)}.", known.suggestion("team", name))
    elif recipient.whom is Whom.TEAM and not known.has("staffed", name):
        problem = f"The team {shown(name)} has nobody who could act."
        table.refuse("to", problem, f"Give it a member, or name another. {known.suggestion('staffed', name)}".strip())
    else:
        return True
    return False


def _recipient(text: str) -> Recipient | None:
    whom, colon, name = text.partition(":")
    if not colon:
        return Recipient(Whom(whom)) if whom in (Whom.ASSIGNEE, Whom.LEAD, Whom.TEAM) else None
    if whom == Whom.TEAM and KEY.fullmatch(name):
        return Recipient(Whom.TEAM, name)
    return Recipient(Whom.USER, name) if whom == Whom.USER and EMAIL.fullmatch(name) else None
