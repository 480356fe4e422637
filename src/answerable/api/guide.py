"""What the page for people shows, made from the same declarations as the OpenAPI document. In English throughout."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.utils import translation
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from answerable.api.bearer import REQUESTS
from answerable.api.openapi import TAGS, problems_of
from answerable.api.operations import OPERATIONS, Bytes, Listed, Operation
from answerable.api.outputs.verbs import PUBLIC
from answerable.api.problems import KINDS
from answerable.api.schema import SHAPES, Schema, example_of
from answerable.api.scopes import SCOPES

CODE = re.compile("`([^`]+)`")
NUMBERS = {"id": 42, "address": 12, "number": 3}
KINDS_OF_VALUES = {
    "integer": "whole number",
    "string": "text",
    "boolean": "true or false",
    "array": "list",
    "object": "object",
}


@dataclass(frozen=True)
class Named:
    """A property or parameter as a table shows it."""

    name: str
    kind: str
    about: SafeString
    is_required: bool


@dataclass(frozen=True)
class Shown:
    """An operation as the page shows it."""

    operation: Operation
    about: SafeString
    curl: str
    takes: tuple[Named, ...]
    sends: tuple[Named, ...]
    answers: str
    shape: str
    problems: tuple[int, ...]


@cache
def guide() -> Mapping[str, Any]:
    """The context of its template."""
    with translation.override("en"):
        return {
            "site": settings.SITE_URL,
            "requests": REQUESTS,
            "tags": [(name, about, shown) for name, about in TAGS.items() if (shown := _under(name))],
            "scopes": [(name, str(about)) for name, about in SCOPES.items()],
            "problems": [(key, kind.status, str(kind.title)) for key, kind in KINDS.items()],
            "verbs": [
                (verb.name, verb.about, [(name, said(about)) for name, about in verb.data.items()])
                for verb in PUBLIC.values()
            ],
            "shapes": [
                (name, said(shape.schema["description"]), tuple(_named(shape.schema))) for name, shape in _shapes()
            ],
        }


def _under(tag: str) -> list[Shown]:
    return [_shown(one) for one in OPERATIONS if one.tag == tag]


def _shapes() -> Iterator[tuple[str, Any]]:
    return ((name, shape) for name, shape in sorted(SHAPES.items()) if "properties" in shape.schema)


def _shown(one: Operation) -> Shown:
    of = one.answers.of if isinstance(one.answers, Listed) else one.answers
    shape = "" if of is None or isinstance(of, Bytes) else of.name
    return Shown(
        one,
        said(one.about),
        _curl(one),
        tuple(_named({"properties": one.query})),
        tuple(_named(one.body)) if one.body else (),
        _answer(one),
        shape,
        tuple(problems_of(one)),
    )


def _curl(one: Operation) -> str:
    address = one.path.format(**NUMBERS)
    asked = {name: example_of(schema) for name, schema in one.query.items() if name in ("limit", "status")}
    asked = {name: value[0] if isinstance(value, list) else value for name, value in asked.items()}
    query = f"?{urlencode(asked)}" if asked else ""
    lines = [f'curl "{settings.SITE_URL}/api/v1{address}{query}"', '-H "Authorization: Bearer $TOKEN"']
    if one.method not in ("GET", "POST"):
        lines[0] += f" -X {one.method}"
    if one.method == "POST":
        lines.append('-H "Idempotency-Key: $(uuidgen)"')
    if one.body:
        lines.append('-H "Content-Type: application/json"')
        lines.append(f"-d '{json.dumps(example_of(one.body), ensure_ascii=False)}'")
    if isinstance(one.answers, Bytes):
        lines.append("-o file")
    return " \\\n  ".join(lines)


def _answer(one: Operation) -> str:
    match one.answers:
        case None:
            return ""
        case Bytes():
            return "The bytes of the file."
        case Listed(of):
            body: Any = {"data": [of.example], "next": None, "previous": None}
        case shape:
            body = shape.example
    return json.dumps(body, ensure_ascii=False, indent=2)


def _named(schema: Schema) -> Iterator[Named]:
    for name, within in schema["properties"].items():
        about = said(within.get("description", _about(within)))
        yield Named(name, _kind(within), about, name in schema.get("required", ()))


def said(text: str) -> SafeString:
    """With what stands between backticks as code."""
    return mark_safe(CODE.sub(r"<code>\1</code>", escape(text)))  # noqa: S308 (escaped)


def _about(schema: Schema) -> str:
    """Of a property that is another shape."""
    found = schema.get("anyOf", [schema])[0]
    return SHAPES[found["$ref"].rpartition("/")[2]].schema["description"] if "$ref" in found else ""


def _kind(schema: Schema) -> str:
    if "anyOf" in schema:
        return f"{_kind(schema['anyOf'][0])}, or null"
    if "$ref" in schema:
        return str(schema["$ref"].rpartition("/")[2])
    kinds = [schema["type"]] if isinstance(schema["type"], str) else schema["type"]
    said = "time" if schema.get("format") == "date-time" else KINDS_OF_VALUES[kinds[0]]
    if "enum" in schema:
        said = "one of " + ", ".join(str(each) or "“”" for each in schema["enum"] if each is not None)
    if "items" in schema:
        said = f"list of {_kind(schema['items'])}"
    if "maxLength" in schema:
        said += f", at most {schema['maxLength']} letters"
    return f"{said}, or null" if "null" in kinds else said
