"""Content-Type and Content-Disposition with their parameters (RFC 2045, 5.1; RFC 2231; and broken ones)."""

import re
from dataclasses import dataclass, field
from urllib.parse import unquote_to_bytes

from answerable.channels.email.charsets import decode, one_line
from answerable.channels.email.words import decode_header

PARAMETER = re.compile(rb""";[\s;]*([^\s=;"]+)\s*=\s*("(?:[^"\\]|\\.)*"?|[^;]*)""", re.DOTALL)
SECTION = re.compile(r"^([^*]+)\*(?:(\d{1,3})(\*)?)?$")
TOKEN = re.compile(r"^[a-z0-9!#$&^_.+-]{1,64}/[a-z0-9!#$&^_.+-]{1,100}$")


@dataclass(frozen=True, slots=True)
class Field:
    """A header of the form `value; name=parameter`: both lower case but for the parameters' text."""

    value: str
    parameters: dict[str, str] = field(default_factory=dict)


def read_field(raw: bytes, hint: str | None = None) -> Field:
    """Parse the raw value of a Content-* header. Anything is accepted; what makes no sense is left out."""
    head, _, _ = raw.partition(b";")
    value = one_line(head.decode("ascii", "replace")).split(" ")[0].lower()
    if b"=" not in raw:
        return Field(value)
    plain: dict[str, str] = {}
    sections: dict[str, dict[int, tuple[bytes, bool]]] = {}
    for name_bytes, data in PARAMETER.findall(raw[len(head) :]):
        name, data = name_bytes.decode("ascii", "replace").lower(), _unquoted(data.strip())
        if match := SECTION.match(name):
            base, number, star = match.groups()
            encoded = number is None or star is not None
            sections.setdefault(base, {}).setdefault(int(number or 0), (data, encoded))
        elif name not in plain:
            plain[name] = decode_header(data, hint)
    plain.update({name: _assembled(parts) for name, parts in sections.items()})
    return Field(value, plain)


def media_type(field: Field) -> str:
    """The media type of a Content-Type, `text/plain` when absent or nonsense (RFC 2045, 5.2)."""
    return field.value if TOKEN.match(field.value) else "text/plain"


def _unquoted(data: bytes) -> bytes:
    if data.startswith(b'"'):
        return re.sub(
            rb"\\(.)",
            rb"\1",
            data[1:-1] if data.endswith(b'"') and len(data) > 1 else data[1:],
            flags=re.DOTALL,
        )
    return data


def _assembled(parts: dict[int, tuple[bytes, bool]]) -> str:
    """RFC 2231: the first section may carry charset'language'; starred ones are percent-encoded."""
    label: str | None = None
    joined = b""
    for number in sorted(parts):
        data, encoded = parts[number]
        if number == 0 and encoded and data.count(b"'") >= 2:
            charset, _, data = data.split(b"'", 2)
            label = charset.decode("ascii", "replace") or None
        joined += unquote_to_bytes(data) if encoded else data
    if b"=?" in joined:
        return decode_header(joined, label)
    return one_line(decode(joined, label)[0])
