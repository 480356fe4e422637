"""Segments."""

from answerable.api.operations import Answer, Call, Listed, operation
from answerable.api.outputs.segments import SEGMENT, rows, segment
from answerable.api.paging import PAGING, page


@operation(
    "GET",
    "/segments",
    "List segments",
    tag="Organisations",
    scope="organisations:read",
    answers=Listed(SEGMENT),
    query=PAGING,
    about="Those that contacts and organisations can be in.",
)
def list_segments(call: Call) -> Answer:
    return page(call, rows() if call.by.team_ids else rows().none(), segment, ascending=True)
