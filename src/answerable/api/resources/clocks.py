"""The promises of a conversation."""

from django.utils import timezone

from answerable.api.operations import Answer, Call, Listed, operation
from answerable.api.outputs.clocks import CLOCK, EXPLAINED, clock, clock_explained, rows
from answerable.api.paging import PAGING, page
from answerable.desk.models import Conversation


@operation(
    "GET",
    "/conversations/{id}/clocks",
    "List clocks",
    tag="Clocks",
    scope="conversations:read",
    answers=Listed(CLOCK),
    query=PAGING,
    about="The promises of a conversation, the first that began first.",
)
def list_clocks(call: Call) -> Answer:
    found = call.one(Conversation.objects.visible_to(call.by))
    return page(call, rows().filter(conversation=found), clock, ascending=True)


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
