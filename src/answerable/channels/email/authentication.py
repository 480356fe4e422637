"""Did the sender's domain really send this? SPF, DKIM and DMARC (RFC 7208, 6376, 7489).

When the server in front of us has looked already, its word is taken: the Authentication-Results header
that carries its name, and no other, since anybody can write such a header (RFC 8601, 5). Otherwise the
mail is examined here, with DNS as a parameter. DNS out of reach gives `temperror`, and no verdict.
"""

import re
from dataclasses import asdict, dataclass
from functools import lru_cache
from importlib import resources

import dkim
from authheaders.dmarc_lookup import DMARCException, answer_to_dict
from authres import AuthenticationResultsHeader
from authres.core import AuthResError
from publicsuffix2 import PublicSuffixList  # type: ignore[import-untyped]

from answerable.channels.email.dns import Lookup, Unreachable
from answerable.channels.email.message import ParsedMail
from answerable.channels.email.spf import check_spf
from answerable.channels.email.words import decode_header

MAX_SIGNATURES = 5
VERDICTS = {"pass": "pass", "fail": "fail", "reject": "fail", "quarantine": "fail"}


@dataclass(frozen=True, slots=True)
class Signature:
    """One DKIM signature: its result, and the domain that signed."""

    result: str
    domain: str


@dataclass(frozen=True, slots=True)
class Authentication:
    """Results in the words of RFC 8601. `verdict` is pass, fail or none: what the page shows."""

    spf: str = "none"
    dkim: str = "none"
    dmarc: str = "none"
    verdict: str = "none"
    words: str = ""
    checked_by: str = ""
    """The trusted server's name, or empty when we looked ourselves."""

    def as_dict(self) -> dict[str, str]:
        """For the ledger's JSON column."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Envelope:
    """What the SMTP session told: the peer's address, the name it gave and the sender it named."""

    ip: str = ""
    helo: str = ""
    mail_from: str = ""


def authenticate(
    raw: bytes, mail: ParsedMail, *, trusted: str = "", envelope: Envelope | None = None, lookup: Lookup | None = None
) -> Authentication:
    """The trusted server's results when `trusted` names it and it left some; else our own by `lookup`.

    Without either there is nothing to say: all results are `none`.
    """
    if trusted:
        told = _told(mail, trusted)
        if told:
            return told
    return _examined(raw, mail, envelope or Envelope(), lookup) if lookup else Authentication(words="not checked")


def _told(mail: ParsedMail, trusted: str) -> Authentication | None:
    """The topmost Authentication-Results headers of our own server. Others may be forged, in its name as well where it
    leaves such in: what stands above counts, and below a Received stands what had been written before."""
    results: dict[str, str] = {}
    for name, value in mail.headers:
        if name == "received" and results:
            break
        if name == "authentication-results":
            results = _said(decode_header(value), trusted) | results
    if not results:
        return None
    return _judged(mail, results.get("spf", "none"), results.get("dkim", "none"), results.get("dmarc", "none"), trusted)


def _said(value: str, trusted: str) -> dict[str, str]:
    """The best result of each method in one header of the trusted server's."""
    try:
        header = AuthenticationResultsHeader.parse(f"Authentication-Results: {value}")
    except (AuthResError, ValueError, IndexError, AttributeError, TypeError):
        return {}  # Not in the form of RFC 8601, hence not from a server to be trusted.
    results: dict[str, str] = {}
    if str(header.authserv_id or "").lower() == trusted.lower():
        for each in header.results:
            method, result = str(each.method).lower(), str(each.result).lower()
            if method in ("spf", "dkim", "dmarc") and results.get(method) != "pass":
                results[method] = result
    return results


def _examined(raw: bytes, mail: ParsedMail, envelope: Envelope, lookup: Lookup) -> Authentication:
    spf, spf_domain = "none", ""
    if envelope.ip:
        spf, spf_domain = check_spf(envelope.ip, envelope.mail_from, envelope.helo, lookup)
    signatures = check_dkim(raw, lookup)
    domain = mail.sender.domain if mail.sender else ""
    proved = [each.domain for each in signatures if each.result == "pass"]
    proved_by_spf = spf_domain if spf == "pass" else ""
    dmarc = _check_dmarc(domain, proved_by_spf, signatures, lookup) if domain else "none"
    results = [each.result for each in signatures]
    best = next((each for each in ("pass", "temperror", "fail") if each in results), "none")
    confirmed = any(_aligned(domain, each, "r") for each in (proved_by_spf, *proved))
    return _judged(mail, spf, best, dmarc, "", confirmed)


def check_dkim(raw: bytes, lookup: Lookup) -> list[Signature]:
    """Result of each DKIM signature, top first, at most MAX_SIGNATURES."""

    def text_record(name: bytes, timeout: float = 0) -> bytes | None:
        answers = lookup(name.decode("ascii", "replace").rstrip("."), "TXT")
        return answers[0].encode() if answers else None

    signed = re.findall(
        rb"^DKIM-Signature:", raw.partition(b"\r\n\r\n")[0].partition(b"\n\n")[0], re.IGNORECASE | re.MULTILINE
    )
    return [_check_signature(raw, index, text_record) for index in range(min(len(signed), MAX_SIGNATURES))]


def _check_signature(raw: bytes, index: int, text_record: object) -> Signature:
    verifier = None
    try:
        verifier = dkim.DKIM(raw, logger=dkim.get_default_logger())
        result = "pass" if verifier.verify(idx=index, dnsfunc=text_record) else "fail"
    except Unreachable:
        result = "temperror"
    except Exception:  # The library trips over signatures of any shape in any way; none of them holds.
        result = "fail"
    domain = (getattr(verifier, "domain", None) or b"").decode("ascii", "replace").lower()
    return Signature(result, domain)


def _check_dmarc(domain: str, spf_domain: str, signatures: list[Signature], lookup: Lookup) -> str:
    """RFC 7489, 3.1 and 6.6: From's domain aligned with one that SPF or DKIM proved."""
    try:
        policy = _policy(domain, lookup)
    except Unreachable:
        return "temperror"
    except DMARCException:
        return "permerror"
    if not policy:
        return "none"
    aligned = _aligned(domain, spf_domain, policy.get("aspf", "r")) or any(
        _aligned(domain, each.domain, policy.get("adkim", "r")) for each in signatures if each.result == "pass"
    )
    return "pass" if aligned else "temperror" if any(each.result == "temperror" for each in signatures) else "fail"


def _policy(domain: str, lookup: Lookup) -> dict[str, str]:
    """The record of the domain or of its organisational domain; more than one is none (RFC 7489, 6.6.3)."""
    for name in dict.fromkeys((domain, _organisation(domain))):
        records = [text for text in lookup(f"_dmarc.{name}", "TXT") if text.startswith("v=DMARC1")]
        if records:
            return dict(answer_to_dict(records[0])) if len(records) == 1 else {}
    return {}


def _aligned(domain: str, proved: str, mode: str) -> bool:
    if not proved or not domain:
        return False
    return domain == proved or (mode != "s" and _organisation(domain) == _organisation(proved))


@lru_cache(maxsize=1)
def _public_suffixes() -> PublicSuffixList:
    """The list authheaders carries, read once: reading takes 50 ms, and its own function reads it each time."""
    with (resources.files("authheaders") / "public_suffix_list.txt").open(encoding="utf-8") as lines:
        return PublicSuffixList(lines)


def _organisation(domain: str) -> str:
    """The organisational domain (RFC 7489, 3.2)."""
    return str(_public_suffixes().get_public_suffix(domain) or domain)


def _judged(
    mail: ParsedMail, spf: str, signed: str, dmarc: str, checked_by: str, confirmed: bool = False
) -> Authentication:
    """One word: DMARC's where the domain has a policy; else what is `confirmed` for From's own domain passes,
    and a failure counts only when nothing passed."""
    domain = mail.sender.domain if mail.sender else "the sender's domain"
    if dmarc in VERDICTS:
        verdict = VERDICTS[dmarc]
    elif confirmed:
        verdict = "pass"
    elif "fail" in (spf, signed) and "pass" not in (spf, signed):
        verdict = "fail"
    else:
        verdict = "none"
    words = {
        "pass": f"{domain} confirms that it sent this",
        "fail": f"{domain} does not confirm that it sent this",
        "none": f"{domain} does not say who may send for it",
    }[verdict]
    if verdict == "none" and "temperror" in (spf, signed, dmarc):
        words = "could not be checked now"
    return Authentication(spf, signed, dmarc, verdict, words, checked_by)
