"""Single values, however an export writes them."""

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

MAIL = re.compile(r"[^\s<>,;\"']+@[^\s<>,;\"']+\.[^\s<>,;\"']+")
OLDEST = datetime(1990, 1, 1, tzinfo=UTC).timestamp()


def key(value: Any) -> str:
    """A number or a name as a key; empty for none."""
    if value is None or isinstance(value, bool | dict | list):
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    found = str(value).strip()[:100]
    return "" if found == "0" else found


def text(value: Any) -> str:
    """Words, without what PostgreSQL cannot keep."""
    return "" if value is None or isinstance(value, dict | list) else str(value).replace("\x00", "\ufffd")


def number(value: Any) -> int:
    """A count; 0 for what is none."""
    try:
        return max(0, min(int(value), 32_000))
    except (TypeError, ValueError, OverflowError):
        return 0


def moment(value: Any, zone: ZoneInfo) -> float | None:
    """Unix seconds: of a number (milliseconds, too), or of ISO 8601. A time that does not say its zone is of `zone`.

    None for what is no time, or before anybody had a help desk.
    """
    if value is None or value == "" or isinstance(value, bool | dict | list):
        return None
    try:
        found = _seconds(value, zone)
    except (ValueError, OverflowError, OSError):
        return None
    return found if OLDEST < found < 32_503_680_000 else None


def _seconds(value: Any, zone: ZoneInfo) -> float:
    if isinstance(value, int | float) or str(value).strip().isdigit():
        seconds = float(value)
        return seconds / 1000 if seconds > 1e11 else seconds
    written = str(value).strip().replace(" UTC", "Z").replace("/", "-")
    found = datetime.fromisoformat(re.sub(r"\s+([+-]\d\d:?\d\d)$", r"\1", written))
    return (found if found.tzinfo else found.replace(tzinfo=zone)).timestamp()


def addresses(*values: Any) -> list[str]:
    """E-mail addresses in texts and lists, each once, in lower case."""
    found: dict[str, None] = {}
    for value in values:
        for one in value if isinstance(value, list) else [value]:
            for address in MAIL.findall(one) if isinstance(one, str) else ():
                if len(address) <= 254:
                    found[address.lower()] = None
    return list(found)


def words(values: Any) -> list[str]:
    """Short texts of a list, or of one text with commas or spaces: tags."""
    if isinstance(values, str):
        values = re.split(r"[,\s]+", values)
    if not isinstance(values, list):
        return []
    named = (one.get("name") if isinstance(one, dict) else one for one in values)
    return [one.strip()[:60] for one in map(text, named) if one.strip()][:100]


def inside(value: Any, *path: str) -> Any:
    """What stands at a path of objects; None where there is nothing."""
    for name in path:
        value = value.get(name) if isinstance(value, Mapping) else None
    return value


def rows(value: Any) -> Iterable[dict[str, Any]]:
    """The objects of a list; none where it is no list."""
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def filled(fields: Any) -> list[str]:
    """Names (or numbers) of custom fields that hold something: of an object by name, or of objects with a value."""
    told = fields.items() if isinstance(fields, Mapping) else [(_named(one), one.get("value")) for one in rows(fields)]
    return [text(name)[:60] for name, value in told if value not in (None, "", [], {}, False)][:50]


def _named(one: dict[str, Any]) -> str:
    return text(one.get("name") or one.get("title")) or key(one.get("id"))
