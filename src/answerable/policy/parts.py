"""The parts of a policy that somebody may speak of, by their kind and key."""

from django.utils.translation import get_language

from answerable.core.policy import Policy
from answerable.policy.models import Comment, Version
from answerable.policy.running import compiled


def sentence_of(policy: Policy, part: str, key: str) -> str | None:
    """What an objective or a promise says, in the reader's language; the title of the whole; None if there is none."""
    match part:
        case Comment.Part.OBJECTIVE if key in policy.objectives:
            return policy.objectives[key].sentence
        case Comment.Part.STANDARD if key in policy.standards:
            return policy.standards[key].promise_in(get_language() or policy.language)
        case Comment.Part.POLICY if not key:
            return policy.title
    return None


def sentence_in(version: Version, part: str, key: str) -> str | None:
    """The same in a version."""
    return sentence_of(compiled(version.pk), part, key)
