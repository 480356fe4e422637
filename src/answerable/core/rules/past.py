"""How something stood at each moment of its past: told from how it stands, and from what changed it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from answerable.core.criteria import Fact


@dataclass(frozen=True, slots=True)
class Changed:
    """What one event changed: fields with what stood there before and after, and tags that came and went."""

    fields: Mapping[str, tuple[Fact, Fact]] = field(default_factory=dict)
    added: Sequence[str] = ()
    removed: Sequence[str] = ()


def stands(now: Mapping[str, Fact], changes: Sequence[Changed]) -> list[dict[str, Fact]]:
    """How it stood before all of them, and after each: one more than there are changes. The last is `now`.

    Only what the changes speak of is told from them; everything else was always as it is.
    """
    states = [dict(now)]
    for change in reversed(changes):
        states.append(_undone(states[-1], change))
    states.reverse()
    return states


def applied(before: Mapping[str, Fact], change: Changed) -> dict[str, Fact]:
    """How it stands after a change."""
    after = dict(before) | {name: value for name, (_was, value) in change.fields.items()}
    if change.added or change.removed:
        after["tag"] = [*(tag for tag in _tags(before) if tag not in change.removed), *change.added]
    return after


def _undone(after: Mapping[str, Fact], change: Changed) -> dict[str, Fact]:
    before = dict(after) | {name: was for name, (was, _value) in change.fields.items()}
    if change.added or change.removed:
        before["tag"] = [*(tag for tag in _tags(after) if tag not in change.added), *change.removed]
    return before


def _tags(facts: Mapping[str, Fact]) -> list[str]:
    tags = facts.get("tag")
    return [str(tag) for tag in tags] if isinstance(tags, Iterable) else []
