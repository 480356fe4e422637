"""Delivery reports: who was not reached, for good or for now, and by which message of ours.

RFC 3464 reports are read here, with status and diagnostic; the shapes that servers used before it, or in
spite of it, by flufl.bounce; and what says it in words only, by `undelivered`.
"""

import logging
import re
from dataclasses import dataclass
from email import message_from_bytes
from email.policy import compat32

from flufl.bounce import all_failures

from answerable.channels.email.autoreply import DAEMON
from answerable.channels.email.charsets import one_line, storable
from answerable.channels.email.identifiers import read_identifier
from answerable.channels.email.mailboxes import normal_address
from answerable.channels.email.message import ParsedMail
from answerable.channels.email.mime import Part, Splitter, split
from answerable.channels.email.subjects import is_answer_or_forward
from answerable.channels.email.transfer import undo
from answerable.channels.email.undelivered import failures_in_words

logger = logging.getLogger(__name__)
logging.getLogger("flufl.bounce").setLevel(logging.CRITICAL)  # It logs a traceback where we log a line.

MAX_SCAN = 1_000_000
"""Bytes of a mail in which its original's identifier is looked for."""
MAX_EXAMINED = 200_000
"""Bytes of a mail that the heuristics look at, each line by two dozen of them; a bounce of old form says what it says
at the beginning."""
MAX_FAILURES = 100
SENDERS = re.compile(
    r"^(?:mailer-?daemon|postmaster|mail-?delivery|mdaemon|mailadmin|mail\.?system|delivery|listmaster|"
    r"(?:no-?)?reply-?daemon|bounces?|nondelivery)\b",
    re.IGNORECASE,
)
POSTMASTER = re.compile(r"^(?:postmaster|mail-?delivery|mail\.?system)\b", re.IGNORECASE)
SUBJECTS = re.compile(
    r"undeliver|non-?deliver|delivery (?:status|notification|fail|problem|has been|report|error)|returned mail|"
    r"mail (?:delivery )?(?:system )?(?:failed|failure|error)|failure notice|failed mail|mail failure|"
    r"could not (?:be delivered|send)|can(?:no|')t (?:be )?deliver|unable to deliver|returned to sender|"
    r"message (?:status|delayed|undeliver)|warning: (?:could not|message)|rejected|user unknown|"
    r"недоставлен|не доставлен|nav piegādāt|nevarēja piegādāt|ვერ ჩაბარდა|жеткізілмеді",
    re.IGNORECASE,
)
MESSAGE_ID = re.compile(rb"^[> \t|]*Message-I[dD]:\s*(<[^<>\r\n]+>)", re.MULTILINE | re.IGNORECASE)
STATUS = re.compile(r"\s*(\d\.\d{1,3}\.\d{1,3})")
ORIGINALS = frozenset({"message/rfc822", "text/rfc822-headers", "message/global", "message/global-headers"})
FAILED = ("fail", "error")


@dataclass(frozen=True, slots=True)
class Failure:
    """One address that was not reached: `permanent` when the server gave up, `status` as in RFC 3463."""

    address: str
    permanent: bool
    status: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Bounce:
    """A delivery report. No failures: it reports delivery, or reading it gave nobody's address."""

    failures: tuple[Failure, ...] = ()
    original_message_id: str | None = None
    """Identifier of the message it is about, when the report has its headers."""

    @property
    def permanent(self) -> bool:
        """True when at least one address was given up."""
        return any(each.permanent for each in self.failures)

    @property
    def words(self) -> str:
        """The first failure, for the page and the ledger."""
        if not self.failures:
            return "a delivery report without a failure"
        first = self.failures[0]
        return " ".join(
            filter(None, [first.address, "failed" if first.permanent else "is delayed", first.status, first.reason])
        )


def read_bounce(raw: bytes, mail: ParsedMail) -> Bounce | None:
    """The delivery report in `raw`, whose parsed form is `mail`; None when it is none. Never raises."""
    if not _looks_like_one(mail) and "report" not in (mail.header("content-type") or "").lower():
        return None
    root = split(raw, [])
    status_parts = [
        part for part in _leaves(root) if part.type in ("message/delivery-status", "message/global-delivery-status")
    ]
    failures = [failure for part in status_parts for failure in _failures(_content(part))]
    standard = bool(status_parts) and root.type == "multipart/report"
    if not standard and not _looks_like_one(mail):
        return None
    failures = failures or _old_failures(raw, mail) or _failures_in_words(mail)
    if not failures and not standard:
        return None
    unique = {failure.address.lower(): failure for failure in reversed(failures)}
    return Bounce(tuple(reversed(unique.values()))[:MAX_FAILURES], _original_message_id(root, mail))


def _looks_like_one(mail: ParsedMail) -> bool:
    """The heuristics take every mail that quotes a bounce for one, so there must be a sign of a machine.

    A customer who forwards the report he got opens a conversation.
    """
    return bool(
        mail.automatic.report_type in ("delivery-status", "unknown")
        or (mail.automatic.empty_return_path and not is_answer_or_forward(mail.subject))
        or mail.header("x-failed-recipients")
        or mail.sender is None
        or _is_by_a_server(mail)
        or (SUBJECTS.search(mail.subject) and not is_answer_or_forward(mail.subject))
    )


def _is_by_a_server(mail: ParsedMail) -> bool:
    local = mail.sender.address.partition("@")[0] if mail.sender else ""
    name = mail.sender.name if mail.sender else ""
    return bool(SENDERS.match(local) or SENDERS.match(name.replace(" ", "-")) or DAEMON.match(f"{local}@"))


def _failures(content: bytes) -> list[Failure]:
    """Failures of a message/delivery-status (RFC 3464, 2.1): blocks of headers, the first about the message."""
    found = []
    for block in re.split(rb"\r?\n[ \t]*\r?\n", content):
        headers = dict(reversed(Splitter(block, []).headers(0, len(block))[0]))
        action = headers.get("action", b"").strip().lower().decode("ascii", "replace")
        if not action.startswith((*FAILED, "delayed")):
            continue
        raw = headers.get("original-recipient") or headers.get("final-recipient") or b""
        address = normal_address(raw.decode("utf-8", "replace").rpartition(";")[2].strip().strip("<>"))
        if address:
            status = STATUS.match(headers.get("status", b"").decode("ascii", "replace"))
            reason = one_line(headers.get("diagnostic-code", b"").decode("utf-8", "replace"))
            words = (reason.partition(";")[2].strip() or reason)[:500]
            final = not action.startswith("delayed")
            found.append(Failure(address, final, status.group(1) if status else "", words))
    return found


def _old_failures(raw: bytes, mail: ParsedMail) -> list[Failure]:
    if any(defect.startswith("nested deeper") for defect in mail.defects):
        return []  # The standard library's parser takes every depth, at any price.
    try:
        message = message_from_bytes(raw[:MAX_EXAMINED], policy=compat32)
        if "from" not in message:
            message["From"] = "mailer-daemon@invalid"  # One heuristic trips over its absence.
        temporary, permanent = all_failures(message)
    except Exception as error:  # Two dozen heuristics on anybody's bytes: one that trips has found nothing.
        logger.warning("A bounce could not be examined: %s: %s", type(error).__name__, error)
        return []
    pairs = [(each, True) for each in sorted(permanent)] + [(each, False) for each in sorted(temporary - permanent)]
    named = [(normal_address(storable(address.decode("utf-8", "replace"))), final) for address, final in pairs]
    return [Failure(address, final) for address, final in named if address]


def _failures_in_words(mail: ParsedMail) -> list[Failure]:
    """Only of who is a mail server beyond doubt: a courier writes of failed deliveries, too."""
    local = mail.sender.address.partition("@")[0] if mail.sender else ""
    is_server = DAEMON.match(f"{local}@") or (mail.automatic.empty_return_path and POSTMASTER.match(local))
    if not is_server or is_answer_or_forward(mail.subject):
        return []
    return [Failure(address, final, reason=reason) for address, final, reason in failures_in_words(mail)]


def _original_message_id(root: Part, mail: ParsedMail) -> str | None:
    """From the attached message or its headers; else from the first Message-ID quoted in the text."""
    attached = [part for part in _leaves(root) if part.type in ORIGINALS]
    for part in attached:
        content = _content(part)
        headers, _ = Splitter(content, []).headers(0, len(content))
        identifier = read_identifier(dict(reversed(headers)).get("message-id"))
        if identifier:
            return identifier
    for quoted in MESSAGE_ID.findall(root.content[:MAX_SCAN] + b"\n" + mail.text.encode()):
        identifier = read_identifier(quoted)
        if identifier and identifier != mail.message_id:
            return identifier
    return None


def _leaves(part: Part) -> list[Part]:
    return [leaf for child in part.children for leaf in _leaves(child)] if part.children else [part]


def _content(part: Part) -> bytes:
    encoding = (part.get("content-transfer-encoding") or b"").decode("ascii", "replace").strip().lower()
    return undo(part.content, encoding)[0]
