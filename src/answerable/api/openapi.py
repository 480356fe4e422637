"""The OpenAPI 3.1 document, made from what the operations declare of themselves."""

import json
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, Final

from django.conf import settings
from django.utils import translation

from answerable.api import resources as resources
from answerable.api.bearer import REQUESTS
from answerable.api.bodies import FILES, JSON, MULTIPART, PART
from answerable.api.operations import OPERATIONS, Bytes, Listed, Operation
from answerable.api.problems import KINDS, MEDIA_TYPE, PROBLEM
from answerable.api.schema import SHAPES, Schema, example_of, maybe, number, record, text, whole
from answerable.api.scopes import SCOPES
from answerable.api.webhooks.described import webhooks

VERSION: Final = "1.0.0"
ABOUT: Final = f"""\
Everything that agents do on their pages, for programs. A program acts as a member of staff by a token, sees what they
see and may do what they may, within the scopes of the token.

**Errors** are problems (RFC 9457). **Lists** come page by page: follow `next`, or the `Link` header. **Changes** take
`If-Match`. **POST** takes an `Idempotency-Key`: the same request sent again within a day is answered again and done
once. A token has {REQUESTS} requests a minute; the headers `RateLimit-*` say how many are left. Times are RFC 3339, in
UTC. Properties may be added to what is answered; what is sent may hold none but those documented.
"""
TAGS: Final = {
    "You": "Whose token it is.",
    "Conversations": "Matters of contacts, whatever the channel.",
    "Messages": "What is written in them, and files.",
    "Clocks": "Promises being kept or not, explained.",
    "Contacts": "People who write to the company.",
    "Organisations": "What contacts belong to.",
    "People": "Teams and colleagues.",
    "Inboxes": "Where conversations come in, and the fields they have.",
    "Policy": "What is promised, version by version.",
    "Articles": "What the company has written down, as its readers see it.",
    "Ratings": "What customers say of the service.",
    "Events": "What happened, in order.",
    "Webhooks": "The same, told to an address of yours.",
}
PARAMETERS: Final[Mapping[str, Schema]] = {
    "IdempotencyKey": {
        "name": "Idempotency-Key",
        "in": "header",
        "description": "Names this request for a day: sent again under the same key it is answered again, not done "
        "again. A random UUID does well.",
        "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": r"^[\x21-\x7e]+$"},
        "example": "0b0cf8ce-5ae2-4f0c-9c57-61a1f6c0a3f5",
    },
    "IfMatch": {
        "name": "If-Match",
        "in": "header",
        "description": "The `ETag` of what you have read. Where it is otherwise by now, nothing is changed (412).",
        "schema": {"type": "string"},
    },
    "IfNoneMatch": {
        "name": "If-None-Match",
        "in": "header",
        "description": "The `ETag` of what you have. Where nothing has changed, the answer is 304, without a body.",
        "schema": {"type": "string"},
    },
}
HEADERS: Final[Mapping[str, Schema]] = {
    "RateLimit-Limit": whole("Requests a minute that this token has.", REQUESTS),
    "RateLimit-Remaining": whole("How many are left of them.", 598),
    "RateLimit-Reset": whole("Seconds until the next minute begins.", 41),
    "ETag": text("Names this state of it.", '"5d41402abc4b2a76b9719d911017c592"'),
    "Link": text("The pages beside this one (RFC 8288).", '<https://service.example.com/api/v1/...>; rel="next"'),
    "Location": text("Where it stands from now on.", "https://service.example.com/api/v1/conversations/42", form="uri"),
    "Retry-After": whole("Seconds to wait.", 41),
    "Allow": text("What can be done here.", "GET, HEAD, PATCH"),
    "WWW-Authenticate": text("That a token is wanted, and what is wrong with this one.", 'Bearer realm="Answerable"'),
}
LIMITS: Final = ("RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset")
OF_A_PROBLEM: Final[Mapping[int, tuple[str, ...]]] = {
    401: ("WWW-Authenticate",),
    405: (*LIMITS, "Allow"),
    429: (*LIMITS, "Retry-After"),
    500: (),
    503: ("Retry-After",),
}


@cache
def document() -> bytes:
    """The whole of it, as JSON. It says nothing of the company and is open to everybody."""
    with translation.override("en"):
        return json.dumps(described(), ensure_ascii=False).encode()


def described() -> dict[str, Any]:
    paths: dict[str, dict[str, Any]] = {}
    for one in OPERATIONS:
        paths.setdefault(one.path, _with_numbers(one.path))[one.method.lower()] = _operation(one)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Answerable", "version": VERSION, "description": ABOUT, "license": {"name": "Apache-2.0"}},
        "servers": [{"url": f"{settings.SITE_URL}/api/v1"}],
        "security": [{"token": []}],
        "tags": [{"name": name, "description": about} for name, about in TAGS.items()],
        "paths": paths,
        "webhooks": webhooks(),
        "components": {
            "securitySchemes": {"token": _security()},
            "schemas": {name: shape.schema for name, shape in sorted(SHAPES.items())},
            "parameters": dict(PARAMETERS),
            "headers": {name: _header(schema) for name, schema in HEADERS.items()},
            "responses": {str(status): _problem(status) for status in sorted(_statuses())},
        },
    }


def problems_of(one: Operation) -> list[int]:
    """The statuses besides its own that an operation answers."""
    found = {400, 401, 429, 500, 503} | ({403} if one.scope else set())
    found |= {404} if "{" in one.path or one.path.endswith("in-force") else set()
    if one.body is not None:
        found |= {413, 415}
    if one.writes or "cursor" in one.query:
        found |= {422}
    if one.method == "POST" or "stale" in one.may_be:
        found |= {409}
    if one.method in ("PATCH", "DELETE"):
        found |= {412}
    return sorted(found)


def _statuses() -> set[int]:
    return {kind.status for kind in KINDS.values()}


def _operation(one: Operation) -> dict[str, Any]:
    found: dict[str, Any] = {
        "operationId": one.name,
        "summary": one.title,
        "tags": [one.tag],
        "parameters": list(_parameters(one)),
        "responses": {str(one.status): _response(one)} | {str(each): _refer(each) for each in problems_of(one)},
        "security": [{"token": [one.scope] if one.scope else []}],
    }
    if one.about:
        found["description"] = one.about
    if not one.writes and not isinstance(one.answers, Bytes):
        found["responses"]["304"] = {"description": "Nothing has changed."}
    if one.body is not None:
        found["requestBody"] = {"required": True, "content": dict(_contents(one))}
    return found


def _parameters(one: Operation) -> Iterator[dict[str, Any]]:
    for name, schema in one.query.items():
        about = {"description": schema["description"]}
        yield {"name": name, "in": "query", "required": False, "schema": schema, **about, **_style(schema)}
    if one.method == "POST":
        yield {"$ref": "#/components/parameters/IdempotencyKey"}
    if one.method in ("PATCH", "DELETE"):
        yield {"$ref": "#/components/parameters/IfMatch"}
    if not one.writes and not isinstance(one.answers, Bytes):
        yield {"$ref": "#/components/parameters/IfNoneMatch"}


def _style(schema: Schema) -> dict[str, Any]:
    return {"style": "form", "explode": True} if schema["type"] == "array" else {}


def _with_numbers(path: str) -> dict[str, Any]:
    names = [part[1:-1] for part in path.split("/") if part.startswith("{")]
    numbers = [{"name": name, "in": "path", "required": True, "schema": number()} for name in names]
    return {"parameters": numbers} if numbers else {}


def _contents(one: Operation) -> Iterator[tuple[str, Any]]:
    assert one.body is not None
    yield JSON, {"schema": one.body, "example": example_of(one.body)}
    if one.takes_files:
        file = {"type": "string", "contentMediaType": "application/octet-stream"}
        parts = {PART: one.body, FILES: {"type": "array", "description": "The files.", "items": file}}
        schema = {"type": "object", "properties": parts, "required": [PART], "additionalProperties": False}
        encoding = {PART: {"contentType": JSON}, FILES: {"contentType": "*/*"}}
        yield MULTIPART, {"schema": schema, "encoding": encoding}


def _response(one: Operation) -> dict[str, Any]:
    names = [*LIMITS, *(["ETag"] if not isinstance(one.answers, Bytes) and one.answers else [])]
    found: dict[str, Any] = {"description": one.title + "."}
    match one.answers:
        case None:
            pass
        case Bytes():
            found["content"] = {"application/octet-stream": {"schema": {}}}
        case Listed(of):
            schema = _page_of(of.ref)
            found["content"] = {JSON: {"schema": schema, "example": example_of(schema)}}
            names.append("Link")
        case shape:
            found["content"] = {JSON: {"schema": shape.ref, "example": shape.example}}
    if one.status == 201:
        names.append("Location")
    found["headers"] = {name: {"$ref": f"#/components/headers/{name}"} for name in names}
    return found


def _page_of(ref: Schema) -> Schema:
    cursor = text("Give it as `cursor`.", "eyJmIjoi")
    return record(
        "A page of a list.",
        data={"type": "array", "description": "What stands on it.", "items": ref},
        next=maybe(cursor | {"description": "The page after this one: give it as `cursor`. Null at the end."}),
        previous=maybe(cursor | {"description": "The page before this one. Null on the first."}),
    )


def _header(schema: Schema) -> dict[str, Any]:
    return {"description": schema["description"], "schema": {"type": schema["type"]}, "example": example_of(schema)}


def _refer(status: int) -> Schema:
    return {"$ref": f"#/components/responses/{status}"}


def _problem(status: int) -> dict[str, Any]:
    kinds = {key: kind for key, kind in KINDS.items() if kind.status == status}
    names = OF_A_PROBLEM.get(status, LIMITS)
    examples = {
        key: {
            "value": {
                "type": f"{settings.SITE_URL}/api/#{key}",
                "title": str(kind.title),
                "status": status,
                "detail": "What was wrong this time, and what to do.",
            }
        }
        for key, kind in kinds.items()
    }
    return {
        "description": "; ".join(str(kind.title) for kind in kinds.values()) + ".",
        "headers": {name: {"$ref": f"#/components/headers/{name}"} for name in names},
        "content": {MEDIA_TYPE: {"schema": PROBLEM.ref, "examples": examples}},
    }


def _security() -> dict[str, Any]:
    scopes = "\n".join(f"- `{name}`: {about}" for name, about in SCOPES.items())
    return {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "ans_...",
        "description": f"A token from Settings, API. Its scopes:\n\n{scopes}",
    }
