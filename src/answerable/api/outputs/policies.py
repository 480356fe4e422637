"""Versions of the promises a company has made."""

from typing import Any

from answerable.api.outputs.references import REFERENCE, reference
from answerable.api.schema import choice, instant, maybe, moment, named, shape, text, whole
from answerable.policy.models import Version
from answerable.policy.models.version import VersionQuerySet

POLICY = shape(
    "Policy",
    "A version of the policy.",
    number=whole("Which version.", 3, least=1),
    title=text("What the document calls itself.", "How we serve our customers"),
    state=choice(
        "Drafts may be changed and may be wrong; one version is in force.",
        [state.value for state in Version.State],
        "in_force",
    ),
    revision=whole("How often the draft was saved.", 1, least=1),
    reason=text("Why it was made.", "We answer on Saturdays, too."),
    by=maybe(REFERENCE.ref),
    created_at=moment("When it was begun."),
    changed_at=moment("When its document or its state changed last."),
    in_force_at=maybe(moment("Since when it was in force.")),
    retired_at=maybe(moment("Until when.")),
)
POLICY_DOCUMENT = named(
    "PolicyWithDocument",
    POLICY.schema
    | {
        "description": "A version of the policy, with its document.",
        "properties": POLICY.schema["properties"]
        | {"document": text("TOML, exactly as it was given.", 'title = "How we serve our customers"\n')},
        "required": [*POLICY.schema["required"], "document"],
    },
)


def rows() -> VersionQuerySet:
    """With all that `policy` shows, and without the documents: one query."""
    found: VersionQuerySet = Version.objects.select_related("by").defer("document")
    return found


def policy(row: Version) -> dict[str, Any]:
    """One of `rows`."""
    return {
        "number": row.number,
        "title": row.title,
        "state": row.state,
        "revision": row.revision,
        "reason": row.reason,
        "by": reference(row.by),
        "created_at": instant(row.created_at),
        "changed_at": instant(row.changed_at),
        "in_force_at": instant(row.in_force_at),
        "retired_at": instant(row.retired_at),
    }


def policy_with_document(row: Version) -> dict[str, Any]:
    return policy(row) | {"document": row.document}
