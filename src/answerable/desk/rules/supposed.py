"""How a conversation would have stood, had a rule done its work: told forwards, from what happened and what it did."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from answerable.core.criteria import Fact
from answerable.core.rules.past import Changed, applied
from answerable.core.rules.step import NOBODY, Do, Step, words_of
from answerable.desk.models import Priority
from answerable.desk.rules.fields import OWN
from answerable.desk.rules.lives import Life, collected, is_finished, texts_of
from answerable.desk.steps.names import Named

MESSAGES = ("message.received", "message.sent")


@dataclass
class Supposed:
    """It is asked of later and later moments; what somebody really changed after the rule holds."""

    life: Life
    state: Mapping[str, Fact] = field(init=False)
    _number: int = 0

    def __post_init__(self) -> None:
        self.state = self.life.states[0]

    def go_on(self, number: int) -> Mapping[str, Fact]:
        """How it would have stood after so many of its events. A message leaves the status as it really did: what the
        rule had solved is opened by an answer."""
        for place in range(self._number, number):
            self.state = applied(self.state, self.life.changes[place])
            if self.life.events[place].verb in MESSAGES:
                self.state = {**self.state, "status": self.life.states[place + 1].get("status")}
        self._number = max(self._number, number)
        return self.state

    def take(self, steps: Iterable[Step], named: Named) -> list[int]:
        """The rule's steps, one after the other; which of them would have changed something."""
        found = []
        for number, step in enumerate(steps):
            if would_change(step, self.state, named):
                found.append(number)
            if (change := change_of(step, self.state, named)) is not None:
                self.state = applied(self.state, change)
        return found


def would_change(step: Step, state: Mapping[str, Fact], named: Named) -> bool:
    """Whether a step would have changed anything of what stood so."""
    if step.do is Do.SNOOZE:
        return not is_finished(state)
    change = change_of(step, state, named)
    return change is None or bool(change.fields or change.added or change.removed)


def change_of(step: Step, state: Mapping[str, Fact], named: Named) -> Changed | None:
    """What a step would have changed; None where that can't be told afterwards, or is nothing that conditions ask."""
    tags = collected(state.get("tag"))
    match step.do:
        case Do.ADD_TAGS:
            return Changed(added=[tag for tag in words_of(step.text) if tag not in tags])
        case Do.REMOVE_TAGS:
            return Changed(removed=[tag for tag in words_of(step.text) if tag in tags])
        case Do.SET_PRIORITY:
            return _set(state, "priority", step.to)
        case Do.RAISE_PRIORITY:
            return _set(state, "priority", _higher(collected(state.get("priority"))))
        case Do.SET_STATUS:
            return _set(state, "status", step.to)
        case Do.SET_FIELD:
            return _set(state, f"{OWN}{step.to}", *texts_of(step.text))
        case Do.MOVE:
            team = named.teams.get(step.to)
            return _set(state, "team", str(team.pk)) if team is not None else Changed()
        case Do.ASSIGN if step.to == NOBODY:
            return _set(state, "assignee")
        case Do.ASSIGN:  # of those who are not named it is known only that somebody is meant
            person = named.people.get(step.to.removeprefix("user:"))
            return _set(state, "assignee", str(person.pk)) if person is not None else None
    return None


def _set(state: Mapping[str, Fact], name: str, *value: str) -> Changed:
    before = collected(state.get(name))
    return Changed({name: (before, list(value))} if before != list(value) else {})


def _higher(priority: Sequence[str]) -> str:
    known = [each for each in Priority if each.name.lower() in priority] or [Priority.NORMAL]
    return Priority(min(known[0] + 1, Priority.URGENT)).name.lower()
