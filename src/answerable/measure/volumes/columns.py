"""What the columns of a volume file mean, by their headers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from answerable.measure.reading.matching import words

CHANNELS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "email": ("email", "e-mail", "e mail", "mail", "mails", "emails", "e-mails", "e-pasts", "почта"),
        "form": ("form", "web form", "web", "webform", "forms"),
        "chat": ("chat", "live chat", "chats", "messaging", "webchat", "čats", "чат", "ჩატი"),
        "phone": ("phone", "telephone", "voice", "call", "calls", "phones", "inbound calls", "tālrunis", "телефон"),
        "api": ("api",),
    }
)
"""How a channel may be called, in small letters."""
START = (
    "interval start", "start of interval", "interval begin", "interval", "period start", "start time", "starts at",
    "start", "timestamp", "date time", "datetime", "time", "date", "hour", "begins at", "from", "ds", "laiks", "время",
)  # fmt: skip
ARRIVALS = (
    "arrivals", "arrived", "arrival count", "contacts", "contacts offered", "calls offered", "offered", "volume",
    "volumes", "contact volume", "call volume", "count", "incoming", "number of contacts", "y",
)  # fmt: skip
CHANNEL = ("channel", "contact channel", "channel name", "channel type", "media", "media type", "kanāls", "канал")
HANDLING = (
    ("seconds", ("handling seconds", "aht seconds", "handling time seconds", "average handling time seconds", "aht s",
                 "aht sec", "average handle time seconds", "handle time seconds", "aht", "handling time",
                 "average handling time", "average handle time", "handle time")),
    ("minutes", ("handling minutes", "aht minutes", "handling time minutes", "average handling time minutes",
                 "aht min", "handle time minutes")),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Counted:
    """A column of arrivals: of which channel (None: as the channel's column or the reader says), and the column of
    its handling time with its unit, where there is one."""

    column: str
    channel: str | None
    handling: str | None
    unit: str


@dataclass(frozen=True, slots=True)
class Columns:
    """When an interval begins, and what is counted in it."""

    start: str
    counted: tuple[Counted, ...]
    channel: str | None


def columns_of(names: Sequence[str]) -> Columns | None:
    """By the headers; None where they are not those of volumes. One column of arrivals with perhaps one of the
    channel, or a column for each channel."""
    said = {words(name): name for name in reversed(names)}
    start = _first(said, START)
    if start is None:
        return None
    if (arrivals := _first(said, ARRIVALS)) is not None:
        handling, unit = _handling(said, "")
        return Columns(start, (Counted(arrivals, None, handling, unit),), _first(said, CHANNEL))
    wide = []
    for channel, called in CHANNELS.items():
        column = _first(said, [word for name in called for word in (words(name), *_with_arrivals(name))])
        if column is not None and column != start:
            handling, unit = next((found for name in called if (found := _handling(said, name))[0]), (None, "seconds"))
            wide.append(Counted(column, channel, handling, unit))
    return Columns(start, tuple(wide), None) if wide else None


def _with_arrivals(name: str) -> list[str]:
    return [words(f"{name} {each}") for each in ARRIVALS]


def _handling(said: Mapping[str, str], channel: str) -> tuple[str | None, str]:
    for unit, called in HANDLING:
        found = _first(said, [words(f"{channel} {name}") for name in called])
        if found is not None:
            return found, unit
    return None, "seconds"


def _first(said: Mapping[str, str], called: Sequence[str]) -> str | None:
    return next((said[name] for name in called if name in said), None)
