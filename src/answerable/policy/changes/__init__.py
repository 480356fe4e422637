"""What a version changes, in sentences of the reader's language."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from answerable.core.policy import Policy
from answerable.core.policy.difference import Difference, differences
from answerable.core.policy.touched import Part
from answerable.policy.changes import hours, objectives, procedures, regions, standards, words
from answerable.policy.changes.reading import Reading
from answerable.policy.models import Version
from answerable.policy.running import policy_of

SENTENCES: Mapping[Part, Callable[[Difference, Reading], Iterator[str]]] = MappingProxyType(
    {
        Part.TITLE: words.title,
        Part.MISSION: words.mission,
        Part.LANGUAGE: words.language,
        Part.HOURS: hours.hours,
        Part.OBJECTIVE: objectives.objective,
        Part.PROCEDURE: procedures.procedure,
        Part.REGION: regions.region,
        Part.STANDARD: standards.standard,
        Part.ESCALATION: standards.escalation,
    }
)


@dataclass(frozen=True)
class Change:
    """One thing that changes. `part` is a `Part`, `kind` a `Kind`; `key` names the element in the document.

    `standards` are the keys of the promises it bears on, in the later version (of a promise taken out: its own).
    """

    part: str
    kind: str
    key: str
    sentence: str
    standards: tuple[str, ...] = ()


def changes_between(before: Version | None, after: Version) -> tuple[Change, ...]:
    """What `after` says otherwise than `before`, in the reader's language; against None all that it says.

    Raises PolicyErrors where one of them is a draft that isn't right yet.
    """
    return changes_of(policy_of(before) if before is not None else None, policy_of(after))


def changes_of(before: Policy | None, after: Policy) -> tuple[Change, ...]:
    """The same of two policies that are read."""
    reading = Reading(before, after)
    return tuple(
        Change(str(each.part), str(each.kind), each.key, sentence, _standards(each, after))
        for each in differences(before, after)
        for sentence in SENTENCES[each.part](each, reading)
    )


def _standards(each: Difference, policy: Policy) -> tuple[str, ...]:
    """The promises a difference bears on."""
    every = policy.standards.values()
    match each.part:
        case Part.STANDARD:
            return (each.key,) if each.key else tuple(each.after)
        case Part.OBJECTIVE:
            return tuple(one.key for one in every if one.objective == each.key)
        case Part.HOURS:
            return tuple(one.key for one in every if one.hours == each.key)
        case Part.ESCALATION:
            return tuple(one.key for one in every if one.escalation == each.key)
    return ()
