"""What the policy says to do with a conversation, for the agent who has it open.

By the version of the promise that falls due next, so that who works by a pilot reads the pilot's procedures; where
none runs, by the version in force. Of a conversation that is finished there is nothing to do.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import get_language

from answerable.core.policy import Procedure
from answerable.desk.actions.clocks import FINISHED, facts_of
from answerable.desk.models import Clock, Conversation
from answerable.policy.running import compiled


@dataclass(frozen=True)
class Steps:
    """A procedure in the reader's language."""

    title: str
    steps: tuple[str, ...]


@dataclass(frozen=True)
class Guidance:
    """The procedures that apply, the most specific first, and how people of the region are addressed."""

    procedures: tuple[Steps, ...]
    region: str
    tone: str


def guidance_for(conversation: Conversation, clocks: Sequence[Clock], in_force: int | None) -> Guidance | None:
    """What to do, by the clocks that run and the version in force; None where nothing is said."""
    version_id = clocks[0].version_id if clocks else in_force
    if version_id is None or conversation.status in FINISHED:
        return None
    policy, facts = compiled(version_id), facts_of(conversation)
    language = get_language() or policy.language
    region = policy.region(facts.region)
    procedures = tuple(_steps(each, language) for each in policy.procedures_for(facts))
    tone = region.tone_in(language) if region else ""
    if not procedures and not tone:
        return None
    return Guidance(procedures, region.title_in(language) if region else "", tone)


def _steps(procedure: Procedure, language: str) -> Steps:
    return Steps(procedure.title_in(language), procedure.steps_in(language))
