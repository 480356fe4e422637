"""The questions that sender authentication asks of DNS."""

from collections.abc import Callable
from typing import Literal

import dns.exception
import dns.name
import dns.resolver

Kind = Literal["TXT", "A", "AAAA", "MX", "PTR"]
Lookup = Callable[[str, Kind], list[str]]
"""Answers for a name: texts, addresses or mail hosts; none is the empty list. Raises Unreachable."""

TIMEOUT_SECONDS = 2.0


class Unreachable(Exception):
    """DNS gave no answer, so nothing can be said now; later it may."""


def system_lookup(timeout_seconds: float = TIMEOUT_SECONDS) -> Lookup:
    """Questions to the machine's own resolvers. After one timeout all further ones fail at once, so that
    a mail is held up for `timeout_seconds` at most."""
    dead: list[str] = []

    def lookup(name: str, kind: Kind) -> list[str]:
        if dead:
            raise Unreachable(dead[0])
        try:
            answer = dns.resolver.resolve(name, kind, lifetime=timeout_seconds, raise_on_no_answer=False)
        except (dns.resolver.NXDOMAIN, dns.exception.SyntaxError, dns.name.LabelTooLong, dns.name.EmptyLabel):
            return []
        except dns.exception.DNSException as error:
            dead.append(f"{type(error).__name__} for {name}"[:200])
            raise Unreachable(dead[0]) from error
        return [_text(record, kind) for record in answer.rrset or ()]

    return lookup


def _text(record: object, kind: Kind) -> str:
    if kind == "TXT":
        return b"".join(getattr(record, "strings", ())).decode("utf-8", "replace")
    if kind == "MX":
        return str(getattr(record, "exchange", "")).rstrip(".")
    return str(record).rstrip(".")
