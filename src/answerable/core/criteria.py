"""ONE vocabulary of conditions: what a queue, a rule or a list asks of a conversation, as a tree of checks.

As it is kept, in JSON:

    {"all": [{"field": "status", "in": ["new", "open"]},
             {"any": [{"field": "tag", "in": ["refund"]}, {"field": "waiting_hours", "at_least": "4"}]},
             {"not": {"field": "assignee", "in": ["me"]}},
             {"field": "created", "within": "3 days"}]}

A fact is a set of texts (one, several, or none where nothing is known), a number or an instant. Among values the empty
text stands for “nothing is known”. Case is ignored. `contains` asks whether one of the values stands anywhere in one of
the texts. Of an instant is asked whether it was `before` a date or `since` its beginning; `within` a span that ends
now, `older` than that, or at the latest a span `ahead` of now.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, tzinfo
from decimal import Decimal, InvalidOperation
from typing import Any, TypeAlias

from answerable.core.rules.span import Span, Unit

DEEPEST = 8
MOST_CHECKS = 100
LONGEST_VALUE = 1000
NUMBERS = ("at_least", "at_most")
DATES = ("before", "since")
SPANS = ("within", "older", "ahead")
YEARS = range(1970, 3000)
OF_SPANS = (Unit.HOURS, Unit.DAYS)
OPERATORS = ("in", "not_in", "contains", "contains_not", *NUMBERS, *DATES, *SPANS)
ONE_VALUE = (*NUMBERS, *DATES, *SPANS)


@dataclass(frozen=True, slots=True)
class Instant:
    """When something was or will be, as it is seen at another instant; days are those of a zone."""

    at: datetime
    now: datetime
    zone: tzinfo

    def __str__(self) -> str:
        return f"{self.at.astimezone(self.zone):%Y-%m-%d %H:%M}"

    @classmethod
    def of(cls, at: datetime | None, now: datetime, zone: tzinfo) -> Instant | None:
        return None if at is None else cls(at, now, zone)

    def fits(self, operator: str, value: str) -> bool:
        bound = bound_of(operator, value, now=self.now, zone=self.zone)
        return self.at >= bound if operator in ("since", "within") else self.at < bound


Fact: TypeAlias = Collection[str] | Decimal | int | Instant | None


def bound_of(operator: str, value: str, *, now: datetime, zone: tzinfo) -> datetime:
    """The instant that a question about time compares with: the beginning of a date, or so long from now."""
    if operator in DATES:
        return datetime.combine(date.fromisoformat(value), time(), tzinfo=zone)
    span = Span.of(value).after(now, None) - now
    return now + span if operator == "ahead" else now - span


class Unreadable(ValueError):
    """What is no tree of conditions. The message says where."""


@dataclass(frozen=True, slots=True)
class Check:
    """One question about one field. A number, a date (ISO) or a span of time is one value, as text."""

    field: str
    operator: str
    values: tuple[str, ...]

    @property
    def number(self) -> Decimal:
        return Decimal(self.values[0])

    def holds(self, fact: Fact) -> bool:
        """Whether a fact fits. A number that is not known fits neither bound."""
        if self.operator in NUMBERS:
            value = _number(fact)
            if value is None:
                return False
            return value >= self.number if self.operator == "at_least" else value <= self.number
        if self.operator in (*DATES, *SPANS):
            return isinstance(fact, Instant) and fact.fits(self.operator, self.values[0])
        wanted = {each.casefold() for each in self.values}
        if self.operator in ("contains", "contains_not"):
            texts = [str(each).casefold() for each in fact] if isinstance(fact, Collection) else []
            occurs = any(each in text for each in wanted if each for text in texts)
            return occurs if self.operator == "contains" else not occurs
        known = {str(each).casefold() for each in fact} if isinstance(fact, Collection) else set()
        found = bool(wanted & known) or (not known and "" in wanted)
        return found if self.operator == "in" else not found


@dataclass(frozen=True, slots=True)
class All:
    """Every part holds; without parts it always does."""

    parts: tuple[Node, ...] = ()


@dataclass(frozen=True, slots=True)
class Some:
    """One part at least holds; without parts it never does."""

    parts: tuple[Node, ...] = ()


@dataclass(frozen=True, slots=True)
class Not:
    part: Node


Node: TypeAlias = Check | All | Some | Not


def read(kept: object, fields: Callable[[str], bool] = bool) -> Node:
    """The tree out of JSON. `fields` says whether there is a field of a name. Raises Unreadable."""
    count = [0]

    def node(value: object, depth: int, at: str) -> Node:
        if depth > DEEPEST:
            raise Unreadable(f"{at}: nested deeper than {DEEPEST}")
        if not isinstance(value, dict):
            raise Unreadable(f"{at}: no condition")
        for name, kind in (("all", All), ("any", Some)):
            if name in value:
                if len(value) != 1 or not isinstance(value[name], list):
                    raise Unreadable(f"{at}: “{name}” takes a list and stands alone")
                return kind(tuple(node(each, depth + 1, f"{at}.{name}[{i}]") for i, each in enumerate(value[name])))
        if "not" in value:
            if len(value) != 1:
                raise Unreadable(f"{at}: “not” stands alone")
            return Not(node(value["not"], depth + 1, f"{at}.not"))
        count[0] += 1
        if count[0] > MOST_CHECKS:
            raise Unreadable(f"{at}: more than {MOST_CHECKS} checks")
        return _check(value, at, fields)

    return node(kept, 0, "conditions")


def written(node: Node) -> dict[str, Any]:
    """As it is kept; `read` reads it back."""
    match node:
        case All(parts):
            return {"all": [written(part) for part in parts]}
        case Some(parts):
            return {"any": [written(part) for part in parts]}
        case Not(part):
            return {"not": written(part)}
        case Check(field, operator, values):
            return {"field": field, operator: values[0] if operator in ONE_VALUE else list(values)}


def holds(node: Node, facts: Mapping[str, Fact]) -> bool:
    """Whether what is known of a conversation fits. A field that is not among the facts is not known."""
    match node:
        case All(parts):
            return all(holds(part, facts) for part in parts)
        case Some(parts):
            return any(holds(part, facts) for part in parts)
        case Not(part):
            return not holds(part, facts)
        case Check():
            return node.holds(facts.get(node.field))


@dataclass(frozen=True, slots=True)
class Seen:
    """A line of why a tree holds, or does not: a check with what it asked of, or how a group joins (all, any, none)
    what stands below it, one deeper."""

    depth: int
    fits: bool
    check: Check | None = None
    fact: Fact = None
    joins: str = ""


def seen(node: Node, facts: Mapping[str, Fact]) -> Iterator[Seen]:
    """Line by line; that all of the outermost must hold needs no line."""
    joins, parts = group_of(node)
    for each in parts if joins == "all" else (node,):
        yield from _seen(each, facts, 0)


def group_of(node: Node) -> tuple[str, tuple[Node, ...]]:
    """How a group joins its parts: all, any, none; of a check nothing."""
    match node:
        case All(parts):
            return "all", parts
        case Some(parts):
            return "any", parts
        case Not(Some(parts)):
            return "none", parts
        case Not(part):
            return "none", (part,)
        case Check():
            return "", ()


def checks(node: Node) -> Iterator[Check]:
    """All checks in it, in their order."""
    match node:
        case All(parts) | Some(parts):
            for part in parts:
                yield from checks(part)
        case Not(part):
            yield from checks(part)
        case Check():
            yield node


def _seen(node: Node, facts: Mapping[str, Fact], depth: int) -> Iterator[Seen]:
    if isinstance(node, Check):
        fact = facts.get(node.field)
        yield Seen(depth, node.holds(fact), node, fact)
        return
    joins, parts = group_of(node)
    yield Seen(depth, holds(node, facts), joins=joins)
    for each in parts:
        yield from _seen(each, facts, depth + 1)


def _check(value: dict[Any, Any], at: str, fields: Callable[[str], bool]) -> Check:
    operators = [name for name in value if name != "field"]
    field = value.get("field")
    if not isinstance(field, str) or not fields(field):
        raise Unreadable(f"{at}: there is no field “{field}”")
    if len(operators) != 1 or operators[0] not in OPERATORS:
        raise Unreadable(f"{at}: one of {', '.join(OPERATORS)} is needed")
    operator, given = operators[0], value[operators[0]]
    if operator in NUMBERS:
        if _number(given) is None:
            raise Unreadable(f"{at}: “{given}” is no number")
        return Check(field, operator, (str(given),))
    if operator in (*DATES, *SPANS):
        if not _is_time(operator, given):
            raise Unreadable(f"{at}: “{given}” is no date, and no span of hours or days")
        return Check(field, operator, (given,))
    if not isinstance(given, list) or not all(isinstance(each, str) and len(each) <= LONGEST_VALUE for each in given):
        raise Unreadable(f"{at}: “{operator}” takes a list of texts")
    return Check(field, operator, tuple(given))


def _is_time(operator: str, value: object) -> bool:
    try:
        if operator in SPANS:
            return Span.of(str(value)).unit in OF_SPANS
        found = date.fromisoformat(str(value))
        return found.isoformat() == value and found.year in YEARS
    except ValueError:
        return False


def _number(value: object) -> Decimal | None:
    if isinstance(value, Instant):
        return None
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
        [value] = value if isinstance(value, Collection) and len(value) == 1 else [None]
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None
