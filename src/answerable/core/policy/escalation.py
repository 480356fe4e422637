"""``[[escalation]]``: what happens, in order, as a target is used up."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from answerable.core.policy.document import EMAIL, KEY, OWN_KEY, TAKE_OUT, Table
from answerable.core.policy.errors import NOBODY, shown, suggestion
from answerable.core.policy.known import Known
from answerable.core.said import Said, gettext_noop

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
            table.refuse("key", Said(gettext_noop("There are two escalations “{key}”."), key=str(key)), OWN_KEY)
        elif key:
            found[key] = Chain(key, steps)
    return found


def _read_steps(table: Table, known: Known) -> tuple[Step, ...]:
    found: list[Step] = []
    tables = table.tables("steps", required=True)
    if table.values.get("steps") == []:
        remedy = gettext_noop('Add one: { at = "100%", do = "notify", to = "lead" }.')
        table.refuse("steps", gettext_noop("has no steps."), remedy)
    for each in tables:
        step = _read_step(each, known)
        if step is None:
            continue
        if found and step.percent < found[-1].percent:
            late = Said(
                gettext_noop("{later} percent come after {earlier} percent."),
                later=step.percent,
                earlier=found[-1].percent,
            )
            each.refuse("at", late, gettext_noop("Put the steps in order of time."))
        if step in found:
            twice = Said(gettext_noop("“{step}” is there already."), step=str(step))
            each.document.refuse(each.path, twice, gettext_noop("Take one of the two out."))
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
        problem = gettext_noop("The chain ends nowhere: it only raises the priority, and nobody is told.")
    elif step.to is None:
        problem = gettext_noop("The chain ends nowhere: its last step tells nobody.")
    elif step.to.whom is Whom.ASSIGNEE:
        problem = gettext_noop("The chain ends nowhere: at its last step the conversation may have no assignee.")
    else:
        problem = gettext_noop("The chain ends nowhere: at its last step the conversation's team may have no members.")
    end = gettext_noop('End it with lead, team:KEY or user:EMAIL: {{ at = "{n}%", do = "notify", to = "lead" }}.')
    last.document.refuse(last.path, problem, Said(end, n=str(step.percent)))


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
        unlike = Said(gettext_noop("{text} is not a share of the target."), text=shown(text))
        table.refuse("at", unlike, gettext_noop('Write "50%", from 1% to 1000%.'))
        return None
    return int(match[1])


def _read_recipient(table: Table, do: Do, known: Known) -> Recipient | None:
    if do is Do.RAISE_PRIORITY:
        if table.has("to"):
            whom = gettext_noop("says whom, but raise_priority concerns the conversation only.")
            table.refuse("to", whom, TAKE_OUT)
        return None
    text = table.string("to")
    if text is None:
        return None
    recipient = _recipient(text)
    if recipient is None:
        forms = [*Whom, "team:KEY", "user:EMAIL"]
        remedy = suggestion(text, [form for form in forms if form != Whom.USER])
        table.refuse("to", Said(gettext_noop("{text} is nobody."), text=shown(text)), remedy)
    elif do is Do.REASSIGN and recipient in (Recipient(Whom.ASSIGNEE), Recipient(Whom.TEAM)):
        table.refuse(
            "to",
            Said(gettext_noop("{text} has the conversation already."), text=shown(text)),
            gettext_noop("Reassign it to lead, team:KEY or user:EMAIL."),
        )
    elif not recipient.name or _is_there(table, recipient, known):
        return recipient
    return None


def _is_there(table: Table, recipient: Recipient, known: Known) -> bool:
    """Whether whoever is named exists and can act."""
    name = recipient.name
    if recipient.whom is Whom.USER and not known.has("user", name):
        table.refuse("to", Said(NOBODY, address=shown(name)), known.suggestion("user", name))
    elif recipient.whom is Whom.TEAM and not known.has("team", name):
        table.refuse(
            "to", Said(gettext_noop("There is no team {name}."), name=shown(name)), known.suggestion("team", name)
        )
    elif recipient.whom is Whom.TEAM and not known.has("staffed", name):
        problem = Said(gettext_noop("The team {name} has nobody who could act."), name=shown(name))
        remedy = Said(gettext_noop("Give it a member, or name another."))
        if other := known.suggestion("staffed", name):
            remedy = Said("{first} {second}", first=remedy, second=other)
        table.refuse("to", problem, remedy)
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
