"""Addresses in From, To, Cc and their like (RFC 5322, 3.4), read with forgiveness."""

import re
from dataclasses import dataclass
from itertools import islice

from answerable.channels.email.charsets import one_line
from answerable.channels.email.words import decode_header

MAX_ADDRESSES = 500
MAX_ITEMS = 2_000
MAX_LENGTH = 320
# One mailbox: anything but a bare comma or semicolon; quoted strings, comments and <...> may hold them. What is
# left open goes to the end, and nothing is given back (`*+`): so hostile headers take no more time than others.
ITEM = re.compile(
    rb"""(?:"(?:[^"\\]|\\.)*+"?|\((?:[^()\\]|\\.)*+\)?|<[^<>]*+>?|=\?[^\s?]*+\?[bBqQ]\?[^?]*+\?=|[^,;"(<])++""",
    re.DOTALL,
)
ANGLE = re.compile(rb"<([^<>]*)>?\s*$")
COMMENT = re.compile(rb"\(((?:[^()\\]|\\.)*+)\)", re.DOTALL)
ADDRESS = re.compile(
    r'^(?:"[^"\x00-\x1f]{1,64}"|[^\s@<>"(),:;\\\[\]\x00-\x1f]{1,128})@[^\s@<>"(),;\\\x00-\x1f]{1,253}$'
)


@dataclass(frozen=True, slots=True)
class Address:
    """A mailbox: display name, possibly empty, and address with its domain in lower case.

    An address in place of a name is none: some mailers repeat it there, and others put there whom they pretend to be.
    """

    name: str
    address: str

    @property
    def domain(self) -> str:
        """What follows the last @."""
        return self.address.rpartition("@")[2]


def read_addresses(raws: list[bytes], hint: str | None = None) -> tuple[Address, ...]:
    """All valid addresses of these headers, in order, each once; a group's name is dropped."""
    found: dict[str, Address] = {}
    for raw in raws:
        for item in islice((match.group() for match in ITEM.finditer(raw)), MAX_ITEMS):
            address = _mailbox(item.strip(), hint)
            if address:
                found.setdefault(address.address.lower(), address)
            if len(found) >= MAX_ADDRESSES:
                return tuple(found.values())
    return tuple(found.values())


def normal_address(text: str) -> str | None:
    """An address with its domain in lower case, or None when it can't be one."""
    local, _, domain = "".join(text.split()).rpartition("@")
    address = f"{local}@{domain.rstrip('.').lower()}"
    return address if len(address) <= MAX_LENGTH and address.isprintable() and ADDRESS.match(address) else None


def spellings(address: str) -> list[str]:
    """The address in lower case, and without what follows a plus sign."""
    local, at, domain = address.strip().lower().rpartition("@")
    return [f"{local}{at}{domain}", f"{local.partition('+')[0]}{at}{domain}"]


def _mailbox(item: bytes, hint: str | None) -> Address | None:
    if angle := ANGLE.search(item):
        name, text = item[: angle.start()], angle.group(1)
        text = text.rpartition(b":")[2] if text.startswith(b"@") else text  # An obsolete route.
    else:
        comments = COMMENT.findall(item)
        name, text = b" ".join(comments), COMMENT.sub(b"", item)
        if b":" in text:
            text = text.rpartition(b":")[2]  # "Group: first@example.com"
    address = normal_address(decode_header(text, hint).removeprefix("mailto:").strip("'\" "))
    return Address(_name(name, hint), address) if address else None


def _name(raw: bytes, hint: str | None) -> str:
    raw = raw.strip()
    if raw.startswith(b'"'):
        raw = re.sub(rb"\\(.)", rb"\1", raw.strip(b'"'), flags=re.DOTALL)
    name = one_line(decode_header(raw, hint)).strip("\"' ")
    return "" if ADDRESS.match(name) else name[:200]
