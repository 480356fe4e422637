"""What clients send, held against the documented schema: strictly, and every mistake is named.

Knows the part of JSON Schema that `schema.py` writes.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from django.utils.translation import gettext as _

from answerable.api.schema import Schema

RFC3339: Final = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)", re.ASCII)
WHOLE: Final = re.compile(r"-?\d{1,19}", re.ASCII)
Mistakes = list[tuple[str, str]]


def read(schema: Schema, value: Any, mistakes: Mistakes, place: str = "") -> Any:
    """The value, with times as aware datetimes. What does not fit is noted in `mistakes`, by its place."""
    if value is None and "null" in _types(schema):
        return None
    if isinstance(value, float) and value.is_integer():  # 42.0 is a whole number, too
        value = int(value)
    if not any(_is(kind, value) for kind in _types(schema)):
        mistakes.append((place, _wanted(schema)))
        return None
    if isinstance(value, dict):
        return _read_object(schema, value, mistakes, place)
    if isinstance(value, list):
        return _read_list(schema, value, mistakes, place)
    if mistake := next(_mistakes_of(schema, value), None):
        mistakes.append((place, mistake))
        return None
    return _moment(value) if schema.get("format") == "date-time" else value


def from_text(schema: Schema, value: str) -> Any:
    """A parameter's text as the JSON value it means; the text itself where it means none of that type."""
    kinds = _types(schema)
    if "integer" in kinds and WHOLE.fullmatch(value):
        return int(value)
    if "boolean" in kinds and value in ("true", "false"):
        return value == "true"
    return value


def _read_object(schema: Schema, value: Mapping[str, Any], mistakes: Mistakes, place: str) -> dict[str, Any]:
    known: Mapping[str, Schema] = schema.get("properties", {})
    others = schema.get("additionalProperties")
    found = {}
    for name, within in value.items():
        where = f"{place}.{name}" if place else name
        if name in known:
            found[name] = read(known[name], within, mistakes, where)
        elif isinstance(others, dict) and re.fullmatch(schema["propertyNames"]["pattern"], name):
            found[name] = read(others, within, mistakes, where)
        else:
            mistakes.append((where, _("“%(name)s” is not known here.") % {"name": name}))
    for name in schema.get("required", ()):
        if name not in value:
            mistakes.append((f"{place}.{name}" if place else name, _("This is missing.")))
    return found


def _read_list(schema: Schema, value: list[Any], mistakes: Mistakes, place: str) -> list[Any]:
    most = schema.get("maxItems")
    if most is not None and len(value) > most:
        mistakes.append((place, _("At most %(most)s can be given.") % {"most": most}))
        return []
    return [read(schema["items"], each, mistakes, f"{place}.{number}") for number, each in enumerate(value)]


def _mistakes_of(schema: Schema, value: Any) -> Iterator[str]:
    """Of a value of the right type."""
    if "enum" in schema and value not in schema["enum"]:
        allowed = ", ".join(str(each) for each in schema["enum"] if each is not None)
        yield _("This is none of: %(allowed)s.") % {"allowed": allowed}
    if isinstance(value, str):
        yield from _mistakes_of_text(schema, value)
    elif not isinstance(value, bool) and not schema["minimum"] <= value <= schema["maximum"]:
        yield _("This lies between %(least)s and %(most)s.") % {"least": schema["minimum"], "most": schema["maximum"]}


def _mistakes_of_text(schema: Schema, value: str) -> Iterator[str]:
    if "\0" in value or any("\ud800" <= letter <= "\udfff" for letter in value):
        yield _("This holds a letter that can't be kept.")
    if len(value) > schema.get("maxLength", len(value)):
        yield _("This has at most %(most)s letters.") % {"most": schema["maxLength"]}
    if len(value) < schema.get("minLength", 0):
        yield _("This is empty.")
    if schema.get("format") == "date-time" and _moment(value) is None:
        yield _("This is a time such as 2026-03-09T08:15:30Z.")


def _moment(value: str) -> datetime | None:
    try:
        return datetime.fromisoformat(value.upper()).astimezone(UTC) if RFC3339.fullmatch(value) else None
    except (ValueError, OverflowError):
        return None


def _types(schema: Schema) -> list[str]:
    kinds = schema["type"]
    return [kinds] if isinstance(kinds, str) else kinds


def _is(kind: str, value: Any) -> bool:
    match kind:
        case "integer":
            return isinstance(value, int) and not isinstance(value, bool)
        case "boolean":
            return isinstance(value, bool)
        case "string":
            return isinstance(value, str)
        case "array":
            return isinstance(value, list)
    return kind == "object" and isinstance(value, dict)


def _wanted(schema: Schema) -> str:
    words = {
        "integer": _("This is a whole number."),
        "boolean": _("This is true or false."),
        "string": _("This is text."),
        "array": _("This is a list."),
        "object": _("This is an object."),
    }
    return words[_types(schema)[0]]
