"""Which rules fire, in their order, and why the others do not.

Each rule sees what those before it have done. What they do are events of their own, on which rules may fire again; so
a chain of effects remembers what began it: each rule fires once for one beginning, and a chain has an end.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from answerable.core.criteria import Fact, Node, Seen, holds, seen

MOST_DEEP = 3
"""So many times may effects cause effects: the first event has depth 0, what a rule did about it depth 1."""
LONGEST_SHOWN = 200


class Verdict(StrEnum):
    """What became of a rule."""

    FIRES = "fires"
    ELSEWHERE = "elsewhere"  # it is for other inboxes
    NOT_MET = "not_met"
    STOPPED = "stopped"  # one before it said: stop here
    AGAIN = "again"  # cut: it has fired for the same beginning
    TOO_DEEP = "too_deep"  # cut: effects of effects of effects


CUT = (Verdict.AGAIN, Verdict.TOO_DEEP)


@dataclass(frozen=True, slots=True)
class Rule:
    """What decides whether a rule fires. No inboxes: all of them."""

    key: int
    conditions: Node
    stops: bool = False
    inboxes: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Cause:
    """How far a chain of effects has come, and which rules have fired since its beginning."""

    depth: int = 0
    fired: Collection[int] = ()


@dataclass(frozen=True, slots=True)
class Decision:
    """A rule, what became of it, and what each of its checks saw (see `looked_at`)."""

    rule: Rule
    verdict: Verdict
    seen: tuple[dict[str, Any], ...] = ()


def decide(
    rules: Iterable[Rule], *, inbox: int, facts: Callable[[], Mapping[str, Fact]], cause: Cause
) -> Iterator[Decision]:
    """One decision a rule, in the order given. `facts` are asked for anew after each that fires: the caller acts on a
    decision before it takes the next."""
    stopped, known = False, None
    for rule in rules:
        if rule.inboxes and inbox not in rule.inboxes:
            yield Decision(rule, Verdict.ELSEWHERE)
        elif stopped:
            yield Decision(rule, Verdict.STOPPED)
        else:
            known = facts() if known is None else known
            why = looked_at(rule.conditions, known)
            verdict = _verdict(rule, known, cause)
            stopped = rule.stops and verdict is Verdict.FIRES
            if verdict is Verdict.FIRES:
                known = None
            yield Decision(rule, verdict, why)


def looked_at(conditions: Node, facts: Mapping[str, Fact]) -> tuple[dict[str, Any], ...]:
    """Each check with what it saw, and each group within, as JSON keeps it."""
    return tuple(_line(each) for each in seen(conditions, facts))


def _line(each: Seen) -> dict[str, Any]:
    line: dict[str, Any] = {"ok": each.fits, "depth": each.depth}
    if each.check is None:
        return line | {"joins": each.joins}
    check = each.check
    return line | {
        "field": check.field,
        "operator": check.operator,
        "values": list(check.values),
        "saw": _shown(each.fact),
    }


def _verdict(rule: Rule, facts: Mapping[str, Fact], cause: Cause) -> Verdict:
    if not holds(rule.conditions, facts):
        return Verdict.NOT_MET
    if rule.key in cause.fired:
        return Verdict.AGAIN
    return Verdict.TOO_DEEP if cause.depth >= MOST_DEEP else Verdict.FIRES


def _shown(fact: Fact) -> list[str]:
    if fact is None:
        return []
    values = fact if isinstance(fact, Collection) else [fact]
    return [str(value)[:LONGEST_SHOWN] for value in values]
