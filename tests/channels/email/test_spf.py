"""The worked examples of RFC 7208, appendix A, and what must not be asked."""

import pytest

from answerable.channels.email.dns import Kind, Unreachable
from answerable.channels.email.spf import check_spf

ZONE: dict[tuple[str, str], list[str]] = {
    # RFC 7208, appendix A.
    ("example.com", "MX"): ["mail-a.example.com", "mail-b.example.com"],
    ("example.com", "A"): ["192.0.2.10", "192.0.2.11"],
    ("amy.example.com", "A"): ["192.0.2.65"],
    ("bob.example.com", "A"): ["192.0.2.66"],
    ("mail-a.example.com", "A"): ["192.0.2.129"],
    ("mail-b.example.com", "A"): ["192.0.2.130"],
    ("example.org", "MX"): ["mail-c.example.org"],
    ("mail-c.example.org", "A"): ["192.0.2.140"],
    ("mary.mobile-users._spf.example.com", "A"): ["127.0.0.2"],
    ("15.15.168.192.joel.remote-users._spf.example.com", "A"): ["127.0.0.2"],
}


def spf(record: str, ip: str, sender: str = "strong-bad@example.com", more: dict[str, list[str]] | None = None) -> str:
    def lookup(name: str, kind: Kind) -> list[str]:
        if (name, kind) == ("example.com", "TXT"):
            return ["other text", record]
        if kind == "TXT" and more and name in more:
            return more[name]
        return ZONE.get((name, kind), [])

    return check_spf(ip, sender, "mail-a.example.com", lookup)[0]


@pytest.mark.parametrize(
    ("record", "ip", "result"),
    [
        # A.1, "Simple Examples".
        ("v=spf1 +all", "198.51.100.1", "pass"),
        ("v=spf1 a -all", "192.0.2.10", "pass"),
        ("v=spf1 a -all", "192.0.2.65", "fail"),
        ("v=spf1 a:example.org -all", "192.0.2.10", "fail"),
        ("v=spf1 mx -all", "192.0.2.129", "pass"),
        ("v=spf1 mx -all", "192.0.2.140", "fail"),
        ("v=spf1 mx:example.org -all", "192.0.2.140", "pass"),
        ("v=spf1 mx mx:example.org -all", "192.0.2.130", "pass"),
        ("v=spf1 mx/30 mx:example.org/30 -all", "192.0.2.131", "pass"),
        ("v=spf1 mx/30 mx:example.org/30 -all", "192.0.2.143", "pass"),
        ("v=spf1 mx/30 mx:example.org/30 -all", "192.0.2.132", "fail"),
        ("v=spf1 ip4:192.0.2.128/28 -all", "192.0.2.129", "pass"),
        ("v=spf1 ip4:192.0.2.128/28 -all", "192.0.2.65", "fail"),
        ("v=spf1 ip6:2001:db8::/32 ~all", "2001:db8::1", "pass"),
        ("v=spf1 ip6:2001:db8::/32 ~all", "192.0.2.1", "softfail"),
        ("v=spf1 ?all", "192.0.2.1", "neutral"),
        ("v=spf1", "192.0.2.1", "neutral"),
        ("v=spf10 -all", "192.0.2.1", "none"),
        ("v=spf1 ip4:nonsense -all", "192.0.2.1", "permerror"),
        ("v=spf1 typo:x -all", "192.0.2.1", "permerror"),
        ("v=spf1 include:example.com -all", "192.0.2.1", "permerror"),  # Without end: ten questions are the limit.
        ("v=spf1 redirect=nowhere.example", "192.0.2.1", "permerror"),
        ("v=spf1 a:1.example a:2.example a:3.example -all", "192.0.2.1", "permerror"),  # Names without an answer.
    ],
)
def test_records(record: str, ip: str, result: str) -> None:
    assert spf(record, ip) == result


def test_macros() -> None:
    """A.4: `exists` with the local part, and with the reversed address."""
    record = "v=spf1 mx exists:%{l1r-}.mobile-users._spf.%{d2} exists:%{ir}.%{l1r+-}.remote-users._spf.%{d} -all"
    assert spf(record, "192.0.2.200", "mary@example.com") == "pass"
    assert spf(record, "192.168.15.15", "joel@example.com") == "pass"
    assert spf(record, "192.0.2.200", "eve@example.com") == "fail"


def test_include_and_redirect() -> None:
    assert (
        spf("v=spf1 include:a.example -all", "192.0.2.7", more={"a.example": ["v=spf1 ip4:192.0.2.7 -all"]}) == "pass"
    )
    assert (
        spf("v=spf1 include:a.example ~all", "192.0.2.8", more={"a.example": ["v=spf1 ip4:192.0.2.7 -all"]})
        == "softfail"
    )
    assert spf("v=spf1 redirect=a.example", "192.0.2.8", more={"a.example": ["v=spf1 ip4:192.0.2.7 -all"]}) == "fail"


def test_the_null_sender_is_judged_by_its_greeting() -> None:
    asked = []

    def lookup(name: str, kind: Kind) -> list[str]:
        asked.append(name)
        return ["v=spf1 +all"]

    assert check_spf("192.0.2.1", "", "mx.example.com", lookup) == ("pass", "mx.example.com")
    assert check_spf("192.0.2.1", "", "localhost", lookup) == ("none", "localhost")
    assert asked == ["mx.example.com"]


def test_dns_out_of_reach_is_temporary() -> None:
    def lookup(name: str, kind: Kind) -> list[str]:
        raise Unreachable(name)

    assert check_spf("192.0.2.1", "a@example.com", "x", lookup) == ("temperror", "example.com")
    assert check_spf("not an address", "a@example.com", "x", lambda *_: ["v=spf1 -all"]) == ("permerror", "example.com")
