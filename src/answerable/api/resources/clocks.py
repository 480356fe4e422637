"""The promises of a conversation."""

from django.utils import timezone

from answerable.api.operations import Answer, Call, operation
from answerable.api.outputs.clocks import CLOCK, EXPLAINED, clock, clock_explained, rows
from answerable.api.resources.parts import parts

parts(
    "clocks",
    "List clocks",
    tag="Clocks",
    about="The promises of a conversation, the first that began first.",
    of=CLOCK,
    rows=rows,
    output=clock,
)


@operation(
    "GET",
    "/clocks/{id}",
    "Explain a clock",
    tag="Clocks",
    scope="conversations:read",
    answers=EXPLAINED,
    about="Which promise it is and why that one, and every stretch of time since it began: whether it counts, and "
    "why. Words come in the language of `Accept-Language`.",
)
def explain_clock(call: Call) -> Answer:
    found = call.one(rows().filter(conversation__team_id__in=call.by.team_ids))
    return Answer(clock_explained(found, at=timezone.now()))
