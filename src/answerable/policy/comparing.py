"""Differences between versions for a page: in words where both are right, else by part and name."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from types import MappingProxyType

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext, pgettext_lazy

from answerable.core.policy import PolicyErrors
from answerable.core.policy.touched import Kind, Part, Touched, touched
from answerable.policy.changes import Change, changes_between, changes_of
from answerable.policy.models import Version
from answerable.policy.names import key_name
from answerable.policy.running import read_document

PARTS = MappingProxyType(
    {
        Part.TITLE: pgettext_lazy("of the policy", "Title"),
        Part.MISSION: _("Mission"),
        Part.LANGUAGE: _("Language"),
        Part.HOURS: _("Business hours"),
        Part.OBJECTIVE: _("Objectives"),
        Part.PROCEDURE: _("Procedures"),
        Part.REGION: _("Regions"),
        Part.STANDARD: pgettext_lazy("to customers", "Promises"),
        Part.ESCALATION: _("Escalations"),
    }
)
ICONS = MappingProxyType({Kind.ADDED: "plus", Kind.REMOVED: "minus", Kind.CHANGED: "pencil"})


@dataclass(frozen=True)
class Told:
    """What differs, by part. `is_rough` where a document isn't right, so that only names can be given."""

    parts: tuple[tuple[str, tuple[Change, ...]], ...]
    count: int
    is_rough: bool


def told(before: Version | None, after: Version) -> Told:
    """Everything that differs between two versions, in the reader's language."""
    try:
        changes, is_rough = changes_between(before, after), False
    except PolicyErrors:
        changes, is_rough = rough_changes(before.document if before else "", after.document), True
    return Told(_by_part(changes), len(changes), is_rough)


def document_changes(before: str, after: str) -> tuple[Change, ...]:
    """What differs between two documents: in words, or roughly where one of them isn't right."""
    try:
        return changes_of(read_document(before), read_document(after))
    except PolicyErrors:
        return rough_changes(before, after)


def rough_changes(before: str, after: str) -> tuple[Change, ...]:
    """What differs between two documents of which one may be wrong."""
    return tuple(
        Change(str(each.part or ""), str(each.kind), each.key, touched_words(each)) for each in touched(before, after)
    )


def touched_words(each: Touched) -> str:
    """``Promises: “first-response” changed``."""
    if each.part is None:
        return pgettext("of the policy", "The whole document")
    part = str(PARTS[each.part])
    if not each.key:
        return part
    name = {"part": part, "name": key_name(each.key)}
    match each.kind:
        case Kind.ADDED:
            return pgettext("of the policy", "%(part)s: “%(name)s” is new") % name
        case Kind.REMOVED:
            return pgettext("of the policy", "%(part)s: “%(name)s” is gone") % name
    return pgettext("of the policy", "%(part)s: “%(name)s” has changed") % name


def _by_part(changes: Iterable[Change]) -> tuple[tuple[str, tuple[Change, ...]], ...]:
    ordered = sorted(changes, key=lambda change: list(Part).index(Part(change.part)) if change.part else -1)
    return tuple(
        (str(PARTS[Part(part)]) if part else "", tuple(group))
        for part, group in groupby(ordered, key=lambda change: change.part)
    )
