"""JSON Schema (2020-12, as OpenAPI 3.1 takes it over) in words: what is documented is what is read and written.

Each word answers a plain dictionary. Its first argument says what the value is, its second is an example.

    text("What it is about.", "Where is my order?", longest=500)
    -> {"type": "string", "description": ..., "examples": [...], "maxLength": 500, "pattern": ...}
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

Schema = dict[str, Any]
LARGEST: Final = 2**63 - 1
"""The largest number of a row."""
COMPONENTS: Final = "#/components/schemas/"
NO_NUL: Final = r"^[^\u0000]*$"
"""PostgreSQL keeps every letter but this one."""


@dataclass(frozen=True)
class Shape:
    """A schema with a name: it stands once in the document, and others refer to it."""

    name: str
    schema: Schema

    @property
    def ref(self) -> Schema:
        return {"$ref": COMPONENTS + self.name}

    @property
    def example(self) -> Any:
        return example_of(self.schema)


SHAPES: Final[dict[str, Shape]] = {}
"""All there are, by name."""


def shape(name: str, about: str, /, **properties: Schema) -> Shape:
    """An object whose properties are all there, always. Later versions may add some."""
    return named(name, record(about, **properties))


def named(name: str, schema: Schema) -> Shape:
    """Any schema by a name. A name is given once."""
    if name in SHAPES:
        raise ValueError(f"There is a shape {name} already.")
    SHAPES[name] = Shape(name, schema)
    return SHAPES[name]


def record(about: str, /, **properties: Schema) -> Schema:
    """An object without a name."""
    return {"type": "object", "description": about, "properties": properties, "required": list(properties)}


def given(about: str, required: Sequence[str] = (), /, **properties: Schema) -> Schema:
    """What a client sends: nothing but these properties, of which some must be there."""
    must: Schema = {"required": list(required)} if required else {}
    return {
        "type": "object",
        "description": about,
        "properties": properties,
        "additionalProperties": False,
        **must,
    }


def text(about: str, example: str, *, longest: int | None = None, shortest: int = 0, form: str = "") -> Schema:
    """A string; with `longest` it is one that a client may send. `form` is a format of JSON Schema."""
    found: Schema = {"type": "string", "description": about, "examples": [example]}
    if longest is not None:
        found |= {"maxLength": longest, "pattern": NO_NUL}
    if shortest:
        found["minLength"] = shortest
    return found | ({"format": form} if form else {})


def number(about: str = "Its number.", example: int = 42) -> Schema:
    """Of a row."""
    return whole(about, example, least=1, most=LARGEST)


def whole(about: str, example: int, *, least: int = 0, most: int = LARGEST) -> Schema:
    return {"type": "integer", "description": about, "examples": [example], "minimum": least, "maximum": most}


def flag(about: str, example: bool = False) -> Schema:
    return {"type": "boolean", "description": about, "examples": [example]}


def moment(about: str, example: str = "2026-03-09T08:15:30.250000Z") -> Schema:
    """RFC 3339; always written in UTC."""
    return {"type": "string", "format": "date-time", "description": about, "examples": [example]}


def choice(about: str, values: Sequence[str], example: str | None = None) -> Schema:
    return {
        "type": "string",
        "enum": list(values),
        "description": about,
        "examples": [values[0] if example is None else example],
    }


def listed(about: str, of: Schema, *, most: int | None = None) -> Schema:
    found: Schema = {"type": "array", "description": about, "items": of}
    return found if most is None else found | {"maxItems": most}


def mapped(about: str, of: Schema, example: Mapping[str, Any]) -> Schema:
    """An object whose keys are not known beforehand."""
    return {"type": "object", "description": about, "additionalProperties": of, "examples": [dict(example)]}


def maybe(schema: Schema) -> Schema:
    """Or null."""
    if "$ref" in schema:
        return {"anyOf": [schema, {"type": "null"}]}
    found = schema | {"type": [schema["type"], "null"]}
    return found | {"enum": [*schema["enum"], None]} if "enum" in schema else found


def example_of(schema: Mapping[str, Any]) -> Any:
    """What one looks like, put together from the examples within it."""
    if "$ref" in schema:
        return SHAPES[schema["$ref"].removeprefix(COMPONENTS)].example
    if "examples" in schema:
        return schema["examples"][0]
    if "anyOf" in schema:
        return example_of(schema["anyOf"][0])
    if "properties" in schema:
        return {name: example_of(within) for name, within in schema["properties"].items()}
    return [example_of(schema["items"])] if "items" in schema else None


def instant(at: datetime | None) -> str | None:
    """As RFC 3339 writes it in UTC: 2026-03-09T08:15:30.250000Z."""
    return None if at is None else at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
