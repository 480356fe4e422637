"""What customers say."""

from answerable.api.operations import Answer, Call, Listed, operation
from answerable.api.outputs.ratings import RATING, rating, rows
from answerable.api.paging import PAGING, page
from answerable.api.schema import moment, number

FILTERS = {
    "conversation": number("About this conversation."),
    "rated_after": moment("Given after this."),
}


@operation(
    "GET",
    "/ratings",
    "List ratings",
    tag="Ratings",
    scope="ratings:read",
    answers=Listed(RATING),
    query=FILTERS | PAGING,
    about="Those about conversations of your teams, the newest first.",
)
def list_ratings(call: Call) -> Answer:
    columns = {"conversation": "invitation__conversation", "rated_after": "rated_at__gt"}
    asked = {columns[name]: value for name, value in call.query.items() if name in columns}
    return page(call, rows().visible_to(call.by).filter(**asked), rating)


@operation("GET", "/ratings/{id}", "Read a rating", tag="Ratings", scope="ratings:read", answers=RATING)
def read_rating(call: Call) -> Answer:
    return Answer(rating(call.one(rows().visible_to(call.by))))
