"""From the text of a policy document to a policy, or to everything that is wrong with it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from types import MappingProxyType
from typing import TypeVar

from answerable.core.policy.document import Document, Table
from answerable.core.policy.errors import shown
from answerable.core.policy.escalation import read_chains
from answerable.core.policy.hours import HolidaySource, read_hours
from answerable.core.policy.known import Known
from answerable.core.policy.objective import read_objectives
from answerable.core.policy.policy import Policy
from answerable.core.policy.procedure import read_procedures
from answerable.core.policy.references import References
from answerable.core.policy.region import read_regions
from answerable.core.policy.spoken import LANGUAGE, NO_LANGUAGE, WRITE_LANGUAGE
from answerable.core.policy.standard import read_standards
from answerable.core.said import Said

Found = TypeVar("Found")


def compile_policy(
    text: str | bytes,
    *,
    holidays: HolidaySource,
    known: Mapping[str, Collection[str]] | None = None,
) -> Policy:
    """Read and check a policy document (TOML, UTF-8, up to 256 KB).

    `known` gives existing names (``{"channel": ["email"], "team": ["billing"]}``, see `Known`) when a new
    document is checked, as many as are known of; leave it out to compile a version in force. Raises PolicyErrors
    with all mistakes. The format is described in ``docs/policy.md``.
    """
    document = Document(text)
    root = document.root
    names = Known(known)
    title, mission = root.string("title"), root.string("mission")
    language = _read_language(root)
    hours = read_hours(root, holidays, language)
    objectives = read_objectives(root, mission, names)
    chains = read_chains(root, names)
    references = References(
        language=language,
        hours=_declared(root, "hours", hours),
        objectives=_declared(root, "objective", objectives),
        chains=_declared(root, "escalation", chains),
        known=names,
    )
    regions = read_regions(root, references)
    procedures = read_procedures(root, references)
    standards = read_standards(root, references, regions.values())
    root.finish()
    document.finish()
    return Policy(
        title=title or "",
        mission=mission or "",
        language=language,
        hours=MappingProxyType(hours),
        objectives=MappingProxyType(objectives),
        procedures=MappingProxyType(procedures),
        standards=MappingProxyType({standard.key: standard for standard in standards}),
        chains=MappingProxyType(chains),
        regions=MappingProxyType(regions),
    )


def _read_language(root: Table) -> str:
    language = root.string("language")
    if language is not None and not LANGUAGE.fullmatch(language):
        root.refuse("language", Said(NO_LANGUAGE, name=shown(language)), WRITE_LANGUAGE)
    return language or "en"


def _declared(root: Table, key: str, read: Mapping[str, Found]) -> dict[str, Found | None]:
    """What was read, and None for what is named in the document but wrong, so that it may be referred to."""
    value = root.values.get(key)
    names = [each.get("key") for each in value if isinstance(each, dict)] if isinstance(value, list) else value
    found: dict[str, Found | None] = {}
    if isinstance(names, list | dict):
        found.update(dict.fromkeys(name for name in names if isinstance(name, str)))
    found.update(read)
    return found
