"""The sender's domain is asked, or the server that asked it; nobody else is believed."""

import base64
import time
from functools import lru_cache

import dkim
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from answerable.channels.email.authentication import Authentication, Envelope, authenticate
from answerable.channels.email.dns import Kind, Lookup, Unreachable, system_lookup
from answerable.channels.email.parse import parse

PLAIN = (
    b"From: Anna <anna@example.org>\r\nTo: support@example.com\r\nSubject: Order 7\r\n"
    b"Message-ID: <1@example.org>\r\n\r\nHello\r\n"
)


@lru_cache
def keys() -> tuple[bytes, str]:
    """A private key in PEM, and the DNS record of its public half."""
    private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = private.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
    )
    public = private.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return pem, f"v=DKIM1; k=rsa; p={base64.b64encode(public).decode()}"


def signed(domain: str = "example.org", raw: bytes = PLAIN) -> bytes:
    header: bytes = dkim.sign(raw, b"s1", domain.encode(), keys()[0], include_headers=[b"from", b"subject"])
    return header + raw


def zone(**records: str) -> Lookup:
    texts = {name.replace("__", "."): text for name, text in records.items()}
    texts |= {f"s1._domainkey.{domain}": keys()[1] for domain in ("example.org", "mail.example.org", "evil.example")}

    def lookup(name: str, kind: Kind) -> list[str]:
        return [texts[name]] if kind == "TXT" and name in texts else []

    return lookup


STRICT = {"_dmarc__example__org": "v=DMARC1; p=reject; adkim=s; aspf=s"}
RELAXED = {"_dmarc__example__org": "v=DMARC1; p=none"}
SPF = {"example__org": "v=spf1 ip4:192.0.2.1 -all"}


def results(raw: bytes, lookup: Lookup, ip: str = "", mail_from: str = "anna@example.org") -> tuple[str, str, str, str]:
    found = authenticate(raw, parse(raw), envelope=Envelope(ip, "mx.example.org", mail_from), lookup=lookup)
    assert found.words
    return found.spf, found.dkim, found.dmarc, found.verdict


@pytest.mark.parametrize(
    ("raw", "records", "ip", "expected"),
    [
        (signed(), STRICT, "", ("none", "pass", "pass", "pass")),
        (signed().replace(b"Order 7", b"Order 8"), STRICT, "", ("none", "fail", "fail", "fail")),
        (signed("mail.example.org"), STRICT, "", ("none", "pass", "fail", "fail")),
        (signed("mail.example.org"), RELAXED, "", ("none", "pass", "pass", "pass")),
        (signed("evil.example"), RELAXED, "", ("none", "pass", "fail", "fail")),
        (signed("evil.example"), {}, "", ("none", "pass", "none", "none")),
        (signed(), {}, "", ("none", "pass", "none", "pass")),
        (PLAIN, SPF | STRICT, "192.0.2.1", ("pass", "none", "pass", "pass")),
        (PLAIN, SPF | STRICT, "192.0.2.2", ("fail", "none", "fail", "fail")),
        (PLAIN, SPF, "192.0.2.2", ("fail", "none", "none", "fail")),
        (PLAIN, {}, "192.0.2.2", ("none", "none", "none", "none")),
        (signed("evil.example", signed()), STRICT, "", ("none", "pass", "pass", "pass")),  # Any of two signatures.
        (PLAIN.replace(b"From:", b"DKIM-Signature: nonsense\r\nFrom:"), {}, "", ("none", "fail", "none", "fail")),
    ],
)
def test_examined_here(raw: bytes, records: dict[str, str], ip: str, expected: tuple[str, ...]) -> None:
    assert results(raw, zone(**records), ip) == expected


def test_dns_out_of_reach_gives_no_verdict() -> None:
    def lookup(name: str, kind: Kind) -> list[str]:
        raise Unreachable(name)

    raw = signed()
    found = authenticate(raw, parse(raw), envelope=Envelope("192.0.2.1", "x", "a@example.org"), lookup=lookup)
    assert found == Authentication("temperror", "temperror", "temperror", "none", "could not be checked now")


def test_one_timeout_is_enough() -> None:
    """A resolver that does not answer holds a mail up once, not once for each question."""
    import dns.resolver

    silent = dns.resolver.Resolver(configure=False)
    silent.nameservers = ["127.0.0.1"]
    silent.port = 9  # Nobody listens there.
    before, dns.resolver.default_resolver = dns.resolver.default_resolver, silent
    try:
        began = time.perf_counter()
        raw = signed()
        found = authenticate(
            raw, parse(raw), envelope=Envelope("192.0.2.1", "x", "a@example.org"), lookup=system_lookup(0.3)
        )
        assert time.perf_counter() - began < 2
    finally:
        dns.resolver.default_resolver = before
    assert (found.spf, found.dkim, found.verdict) == ("temperror", "temperror", "none")


TOLD = (
    b"Authentication-Results: mx.answerable.example; spf=pass smtp.mailfrom=example.org;\r\n"
    b" dkim=pass header.d=example.org; dmarc=pass header.from=example.org\r\n"
)
FORGED = b"Authentication-Results: mx.evil.example; spf=pass; dkim=pass; dmarc=pass header.from=example.org\r\n"


def test_the_trusted_server_is_believed() -> None:
    found = authenticate(TOLD + PLAIN, parse(TOLD + PLAIN), trusted="MX.answerable.example")
    assert (found.spf, found.dkim, found.dmarc, found.verdict) == ("pass", "pass", "pass", "pass")
    assert found.checked_by == "MX.answerable.example"


@pytest.mark.parametrize("header", [FORGED, TOLD, b"Authentication-Results: ;;;=\r\n", b"Authentication-Results: \r\n"])
def test_nobody_else_is(header: bytes) -> None:
    raw = header + PLAIN
    trusted = "" if header == TOLD else "mx.answerable.example"
    found = authenticate(raw, parse(raw), trusted=trusted, lookup=zone(**STRICT))
    assert (found.dmarc, found.verdict, found.checked_by) == ("fail", "fail", "")


RECEIVED = b"Received: from somewhere by mx.answerable.example; Thu, 5 Mar 2026 10:00:00 +0000\r\n"
FAILS = b"Authentication-Results: mx.answerable.example; dmarc=fail header.from=example.org\r\n"
CHECKED_SPF = b"Authentication-Results: mx.answerable.example; spf=softfail smtp.mailfrom=example.org\r\n"


@pytest.mark.parametrize("above", [FAILS, RECEIVED + FAILS, FAILS + RECEIVED, FAILS + CHECKED_SPF, CHECKED_SPF + FAILS])
def test_nor_who_writes_in_the_trusted_servers_name(above: bytes) -> None:
    """Not each server takes out of a mail what pretends to be its own: what it has written itself stands above."""
    raw = above + TOLD + PLAIN
    found = authenticate(raw, parse(raw), trusted="mx.answerable.example")
    assert (found.dmarc, found.verdict) == ("fail", "fail")


def test_what_came_with_the_mail_adds_nothing_to_what_was_found_at_the_door() -> None:
    raw = CHECKED_SPF + RECEIVED + TOLD + PLAIN
    found = authenticate(raw, parse(raw), trusted="mx.answerable.example")
    assert (found.spf, found.dkim, found.dmarc, found.verdict) == ("softfail", "none", "none", "none")


def test_without_a_way_to_check_nothing_is_said() -> None:
    assert authenticate(PLAIN, parse(PLAIN)).verdict == "none"
