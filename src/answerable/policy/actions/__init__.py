"""What can be done to the policy."""

from answerable.policy.actions.documents import check_document, known_names, mistakes_of
from answerable.policy.actions.drafts import Stale, begin_draft, discard_draft, save_draft
from answerable.policy.actions.versions import load_default, load_version, put_in_force, return_to

__all__ = [
    "Stale",
    "begin_draft",
    "check_document",
    "discard_draft",
    "known_names",
    "load_default",
    "load_version",
    "mistakes_of",
    "put_in_force",
    "return_to",
    "save_draft",
]
