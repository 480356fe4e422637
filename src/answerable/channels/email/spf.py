"""SPF: may this host send mail for that domain (RFC 7208)?

Written here since the lock has no library for it, and the known one asks DNS by itself. `ptr`, which the
RFC says not to use (5.5), never matches; of the macros of section 7 those that records use are expanded.
"""

import re
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Literal

from answerable.channels.email.dns import Kind, Lookup, Unreachable

Result = Literal["pass", "fail", "softfail", "neutral", "none", "temperror", "permerror"]
QUALIFIERS: dict[str, Result] = {"+": "pass", "-": "fail", "~": "softfail", "?": "neutral"}
MAX_LOOKUPS = 10
MAX_VOID = 2
MAX_HOSTS = 10
TERM = re.compile(r"^([+?~-]?)([a-z][a-z0-9]*)(?::(.*?))?((?:/\d{1,3})?(?://\d{1,3})?)$", re.IGNORECASE)
MODIFIER = re.compile(r"^([a-z][a-z0-9_.-]*)=(.*)$", re.IGNORECASE)
MACRO = re.compile(r"%(?:\{([slodivh])(\d*)(r?)([.+,/_=-]*)\}|([%_-]))", re.IGNORECASE)


class Malformed(Exception):
    """The record is not SPF, or asks too much (RFC 7208, 4.6)."""


@dataclass(slots=True)
class Check:
    """One evaluation: who sends, as whom, and how many questions were asked."""

    ip: IPv4Address | IPv6Address
    sender: str
    helo: str
    lookup: Lookup
    lookups: int = 0
    voids: int = 0

    def host(self, domain: str) -> Result:
        """check_host() of RFC 7208, 4, for one domain."""
        records = [text for text in self.ask(domain, "TXT") if re.match(r"v=spf1(?: |$)", text, re.IGNORECASE)]
        if not records:
            return "none"
        if len(records) > 1:
            raise Malformed(f"{domain} has {len(records)} SPF records")
        redirect = None
        for term in records[0].split()[1:]:
            if modifier := MODIFIER.match(term):
                redirect = modifier.group(2) if modifier.group(1).lower() == "redirect" else redirect
                continue
            mechanism = TERM.match(term)
            if not mechanism:
                raise Malformed(f"{domain} has the term {term[:40]!r}")
            qualifier, name, argument, masks = mechanism.groups()
            if self.matches(name.lower(), argument, masks, domain):
                return QUALIFIERS[qualifier or "+"]
        if redirect is None:
            return "neutral"
        self.count()
        result = self.host(self.expand(redirect, domain))
        if result == "none":
            raise Malformed(f"{domain} redirects to a domain without a record")
        return result

    def matches(self, name: str, argument: str | None, masks: str, domain: str) -> bool:
        """One mechanism of RFC 7208, 5."""
        if name == "all":
            return True
        if name in ("ip4", "ip6"):
            return self.in_network(f"{argument or ''}{masks}")
        if name not in ("include", "a", "mx", "exists", "ptr"):
            raise Malformed(f"{domain} has the mechanism {name!r}")
        self.count()
        target = self.expand(argument, domain) if argument else domain
        if name == "include":
            result = self.host(target)
            if result == "none":
                raise Malformed(f"{domain} includes {target}, which has no record")
            return result == "pass"
        if name == "exists":
            return bool(self.ask(target, "A"))
        if name == "ptr":
            return False
        hosts = [target] if name == "a" else self.ask(target, "MX")[:MAX_HOSTS]
        prefix = self.mask(masks)
        return any(self.in_network(f"{address}{prefix}") for host in hosts for address in self.addresses(host))

    def addresses(self, host: str) -> list[str]:
        """Addresses of a host, of the sender's family."""
        return self.ask(host, "A" if self.ip.version == 4 else "AAAA")

    def mask(self, masks: str) -> str:
        """The prefix length for the sender's family out of `/24//64`."""
        four, _, six = masks.partition("//")
        return four if self.ip.version == 4 else f"/{six}" if six else ""

    def in_network(self, network: str) -> bool:
        """Whether the sender is in `address/prefix`."""
        try:
            return self.ip in ip_network(network, strict=False)
        except ValueError as error:
            raise Malformed(str(error)) from error

    def ask(self, name: str, kind: Kind) -> list[str]:
        """A question to DNS; too many without an answer are an error (RFC 7208, 4.6.4)."""
        answers = self.lookup(name, kind)
        if not answers:
            self.voids += 1
            if self.voids > MAX_VOID:
                raise Malformed("too many names without an answer")
        return answers

    def count(self) -> None:
        """One more of the terms that cause a question."""
        self.lookups += 1
        if self.lookups > MAX_LOOKUPS:
            raise Malformed(f"more than {MAX_LOOKUPS} terms ask DNS")

    def expand(self, text: str, domain: str) -> str:
        """Macros of RFC 7208, 7."""
        local, _, sender_domain = self.sender.rpartition("@")
        dotted = str(self.ip) if self.ip.version == 4 else ".".join(self.ip.exploded.replace(":", ""))
        letters = {"s": self.sender, "l": local, "o": sender_domain, "d": domain, "i": dotted, "h": self.helo,
                   "v": "in-addr" if self.ip.version == 4 else "ip6"}  # fmt: skip

        def value(match: re.Match[str]) -> str:
            letter, digits, backwards, delimiters, literal = match.groups()
            if literal:
                return {"%": "%", "_": " ", "-": "%20"}[literal]
            parts = re.split(f"[{re.escape(delimiters or '.')}]", letters[letter.lower()])
            parts = parts[::-1] if backwards else parts
            return ".".join(parts[-int(digits) :] if digits and int(digits) else parts)

        return MACRO.sub(value, text)[-253:]


def check_spf(ip: str, mail_from: str, helo: str, lookup: Lookup) -> tuple[Result, str]:
    """SPF's result for the envelope sender, or for HELO when that is empty, and the domain it is about."""
    domain = (mail_from.rpartition("@")[2] or helo).rstrip(".").lower()
    if "." not in domain:
        return "none", domain
    sender = mail_from if "@" in mail_from else f"postmaster@{domain}"
    try:
        return Check(ip_address(ip), sender, helo, lookup).host(domain), domain
    except Unreachable:
        return "temperror", domain
    except (Malformed, ValueError):
        return "permerror", domain
