"""Lists, page by page: by keyset, with cursors that say nothing to the reader."""

from collections.abc import Callable
from typing import Any, Final
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import QuerySet

from answerable.api.operations import Answer, Call, Row
from answerable.api.problems import Problem
from answerable.api.schema import Schema, text, whole
from answerable.web.pager import BadCursor, Order

MOST: Final = 100
USUAL: Final = 50
PAGING: Final[dict[str, Schema]] = {
    "limit": whole("How many a page.", USUAL, least=1, most=MOST),
    "cursor": text("Where the page begins: `next` or `previous` of another page of the same list.", "", longest=1000),
}
"""What every list takes besides its own filters."""


def page(
    call: Call,
    rows: "QuerySet[Row]",
    output: Callable[[Row], dict[str, Any]],
    *,
    ascending: bool = False,
    column: str = "id",
) -> Answer:
    """The page that was asked for, the newest first unless `ascending`."""
    order = Order(call.path, column, ascending, call.query.get("limit", USUAL))
    try:
        place = order.place(call.query.get("cursor"))
    except BadCursor as bad:
        raise Problem("refused", str(bad), errors=[("cursor", str(bad))]) from None
    found = order.page(list(order.slice(rows, place)), place)
    sides = {"next": found.next, "prev": found.previous}
    links = [f'<{_address(call, cursor)}>; rel="{side}"' for side, cursor in sides.items() if cursor]
    body = {"data": [output(row) for row in found.rows], "next": found.next, "previous": found.previous}
    return Answer(body, headers={"Link": ", ".join(links)} if links else {})


def _address(call: Call, cursor: str) -> str:
    kept = [(name, value) for name, value in call.raw_query if name != "cursor"]
    return f"{settings.SITE_URL}/api/v1{call.path}?{urlencode([*kept, ('cursor', cursor)])}"
