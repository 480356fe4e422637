"""``[[region]]``: what differs for customers of a region: hours, language, tone, targets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from answerable.core.policy.document import TOO_LONG, Table
from answerable.core.policy.errors import shown, suggestion
from answerable.core.policy.hours import ALWAYS
from answerable.core.policy.objective import Target, read_target
from answerable.core.policy.references import NO_BUSINESS_HOURS, References, read_reference
from answerable.core.policy.spoken import LANGUAGE, NO_LANGUAGE, WRITE_LANGUAGE, read_spoken, spoken
from answerable.core.said import Said, gettext_noop

LONGEST_KEY = 60


@dataclass(frozen=True, slots=True)
class Region:
    """A regional profile. `key` is what conversations call the region; `own` is the policy's language.

    `hours` names its business hours and `language` the one to write in, None where nothing is said of them.
    `targets` are those of objectives, by key, that differ here.
    """

    key: str
    title: Mapping[str, str]
    own: str
    hours: str | None
    language: str | None
    tone: Mapping[str, str]
    targets: Mapping[str, Target]

    def title_in(self, language: str) -> str:
        """What readers of a language (``pt-BR``, then ``pt``) call it, or the policy's own."""
        return spoken(self.title, language, self.own)

    def tone_in(self, language: str) -> str:
        """How people there are addressed, likewise; empty where nothing is said."""
        return spoken(self.tone, language, self.own)


def read_regions(root: Table, references: References) -> dict[str, Region]:
    """Every profile by its key in small letters, in the document's order."""
    found: dict[str, Region] = {}
    for table in root.tables("region"):
        key, title = _read_key(table), read_spoken(table, "title", references.language)
        hours = _read_hours(table, references)
        language = _read_language(table)
        tone = read_spoken(table, "tone", references.language, required=False) or {}
        targets = _read_targets(table, references)
        table.finish()
        if key and key.casefold() in found:
            two = gettext_noop("There are two profiles of the region {name}.")
            table.refuse("key", Said(two, name=shown(key)), gettext_noop("Make them one."))
        elif key and title:
            region = Region(
                key=key,
                title=MappingProxyType(title),
                own=references.language,
                hours=hours,
                language=language,
                tone=MappingProxyType(tone),
                targets=MappingProxyType(targets),
            )
            found[key.casefold()] = region
    return found


def _read_key(table: Table) -> str | None:
    key = table.string("key")
    if key is not None and len(key) > LONGEST_KEY:
        most = gettext_noop("Conversations call a region by {most} characters at most.")
        table.refuse("key", TOO_LONG, Said(most, most=LONGEST_KEY))
        return None
    return key


def _read_hours(table: Table, references: References) -> str | None:
    if not table.has("hours"):
        table.get("hours", required=False)
        return None
    business = {name: calendar for name, calendar in references.hours.items() if name != ALWAYS}
    return read_reference(table, "hours", business, absent=NO_BUSINESS_HOURS)


def _read_language(table: Table) -> str | None:
    language = table.string("language", required=False)
    if language is not None and not LANGUAGE.fullmatch(language):
        table.refuse("language", Said(NO_LANGUAGE, name=shown(language)), WRITE_LANGUAGE)
        return None
    return language


def _read_targets(table: Table, references: References) -> dict[str, Target]:
    targets = table.table("targets")
    found: dict[str, Target] = {}
    for key in targets.values if targets else ():
        assert targets is not None
        if key not in references.objectives:
            problem = Said(gettext_noop("There is no objective {name}."), name=shown(key))
            remedy = suggestion(key, list(references.objectives))
            targets.document.refuse((*targets.path, key), problem, remedy, at_key=True)
        elif (objective := references.objectives[key]) is not None:
            target = read_target(targets, key, objective.kpi)
            if target is not None:
                found[key] = target
    return found
