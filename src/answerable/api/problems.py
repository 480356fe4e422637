"""Errors as RFC 9457 has them: application/problem+json."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.conf import settings
from django.http import HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from answerable.api.schema import named, record, text, whole

MEDIA_TYPE: Final = "application/problem+json"


@dataclass(frozen=True)
class Kind:
    """A kind of problem: its status, and its title."""

    status: int
    title: Promise


KINDS: Final[Mapping[str, Kind]] = {
    "invalid": Kind(400, _("The request is not as documented")),
    "unauthorised": Kind(401, _("A token is needed")),
    "forbidden": Kind(403, _("This is not allowed")),
    "not-found": Kind(404, _("There is nothing at this address")),
    "method-not-allowed": Kind(405, _("This can't be done to it")),
    "stale": Kind(409, _("Something came in between")),
    "key-reused": Kind(409, _("The idempotency key was used for another request")),
    "changed": Kind(412, _("It has been changed since it was read")),
    "too-large": Kind(413, _("The request is too large")),
    "media-type": Kind(415, _("The body has a type that is not taken here")),
    "refused": Kind(422, _("The request makes no sense now")),
    "too-many-requests": Kind(429, _("Too many requests")),
    "failed": Kind(500, _("Something went wrong here")),
    "away": Kind(503, _("The database does not answer")),
}

PROBLEM = named(
    "Problem",
    record(
        "What went wrong (RFC 9457).",
        type=text("The kind of problem: an address where it is explained.", "https://service.example.com/api/#invalid"),
        title=text("The kind in words.", "The request is not as documented"),
        status=whole("The status of the answer.", 400, least=400, most=599),
        detail=text("What was wrong this time, and what to do.", "“colour” is not known here."),
    ),
)
PROBLEM.schema["properties"]["errors"] = {
    "type": "array",
    "description": "Where it was wrong, place by place.",
    "items": record(
        "One mistake.",
        field=text("The place: a property such as `fields.3`, a parameter, or a header.", "colour"),
        detail=text("What is wrong with it.", "“colour” is not known here."),
    ),
}
PROBLEM.schema["properties"]["events"] = {
    "type": "array",
    "description": "Of a stale reply: numbers of the events that came in between.",
    "items": {"type": "integer"},
}


class Problem(Exception):
    """Ends a request. `errors`: (place, what is wrong there)."""

    def __init__(
        self,
        kind: str,
        detail: str,
        *,
        errors: Sequence[tuple[str, str]] = (),
        headers: Mapping[str, str] | None = None,
        **more: Any,
    ) -> None:
        super().__init__(detail)
        self.kind, self.detail = kind, detail
        self.errors, self.headers, self.more = errors, dict(headers or {}), more

    def response(self) -> HttpResponse:
        kind = KINDS[self.kind]
        said: dict[str, Any] = {
            "type": f"{settings.SITE_URL}/api/#{self.kind}",
            "title": str(kind.title),
            "status": kind.status,
            "detail": self.detail,
            **self.more,
        }
        if self.errors:
            said["errors"] = [{"field": place, "detail": detail} for place, detail in self.errors]
        body = json.dumps(said, ensure_ascii=False)
        content = body.encode(errors="replace")  # what is repeated of the request may be no text
        return HttpResponse(content, content_type=MEDIA_TYPE, status=kind.status, headers=self.headers)
