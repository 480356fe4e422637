"""Which parts of a document another one changes, added or took out, be they right or wrong."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from enum import StrEnum
from typing import Any, NamedTuple


class Part(StrEnum):
    """What a policy is made of."""

    TITLE = "title"
    MISSION = "mission"
    LANGUAGE = "language"
    HOURS = "hours"
    OBJECTIVE = "objective"
    PROCEDURE = "procedure"
    REGION = "region"
    STANDARD = "standard"
    ESCALATION = "escalation"


class Kind(StrEnum):
    """How a part differs from what it was."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


class Touched(NamedTuple):
    """One part that differs; `key` is empty for the title, the mission and the language, and for a whole document."""

    kind: Kind
    part: Part | None
    key: str


def read_leniently(document: str) -> dict[str, Any] | None:
    """The document's values, None where it is not TOML."""
    try:
        return tomllib.loads(document)
    except (ValueError, RecursionError):
        return None


def title_of(document: str) -> str:
    """The title as far as there is one."""
    title = (read_leniently(document) or {}).get("title", "")
    return title.strip() if isinstance(title, str) else ""


def touched(before: str, after: str) -> tuple[Touched, ...]:
    """What differs between two documents by part and key, in the order of `Part`; part None where one can't be read."""
    old, new = read_leniently(before), read_leniently(after)
    if old is None or new is None:
        return () if before == after else (Touched(Kind.CHANGED, None, ""),)
    found: list[Touched] = []
    for part in Part:
        was, now = _elements(old.get(part)), _elements(new.get(part))
        for key in dict.fromkeys((*was, *now)):
            if key not in now:
                found.append(Touched(Kind.REMOVED, part, key))
            elif key not in was:
                found.append(Touched(Kind.ADDED, part, key))
            elif was[key] != now[key]:
                found.append(Touched(Kind.CHANGED, part, key))
    return tuple(found)


def _elements(value: object) -> dict[str, object]:
    """What stands in a part by key: a table's entries, a list's by their `key` or their number, else itself."""
    if isinstance(value, Mapping):
        return {str(key): each for key, each in value.items()}
    if isinstance(value, list):
        return {_key(each, number): each for number, each in enumerate(value, 1)}
    return {} if value is None else {"": value}


def _key(value: object, number: int) -> str:
    key = value.get("key") if isinstance(value, Mapping) else None
    return key if isinstance(key, str) and key else str(number)
