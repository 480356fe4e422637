"""Is this written by a machine, and of what kind (RFC 3834; and the marks of mailers older than it)."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from answerable.channels.email.authors.visitor import NO_REPLY
from answerable.channels.email.message import ParsedMail
from answerable.channels.email.subjects import bare_subject, untagged

INSTANCE = "x-answerable-instance"
"""Every mail we send carries this header with the installation's own name."""
MAX_HOPS = 100
"""RFC 5321, 6.3: so many Received headers mean a loop."""
ABSENT = re.compile(
    r"^\s*(?:auto(?:matic|mated)?[ -]?(?:reply|response|answer)|out of (?:the )?office|abwesenheit(?:s\w+)?|"
    r"automātiskā atbilde|ārpus biroja|prombūtne|автоответ(?:чик)?|автоматический ответ|автоматична відповідь|"
    r"ავტომატური პასუხი|автоматты жауап|réponse automatique|respuesta automática|automatische antwort|"
    r"automatisch antwoord|risposta automatica|resposta automática|automatyczna odpowiedź|automatinis atsakymas|"
    r"automaatvastus|automaattinen vastaus|autosvar|automatické odpovědi|otomatik yanıt|auto(?=:)|"
    r"i(?: a|')m (?:out of (?:the )?office|away)|away from (?:my|the) (?:office|desk|mail)|nicht im (?:haus|büro)|"
    r"absen(?:ce|t) du bureau|fuera de (?:la )?oficina|fuori ufficio|poza biurem|nieobecność|nesu biure|"
    r"kontorist väljas|puhkusel|ofis dışında|(?:esmu )?atvaļinājumā|neesmu birojā|нет на месте|(?:я )?в отпуске|"
    r"вне офиса|შვებულებაში|демалыстамын)\b",
    re.IGNORECASE,
)
RECEIPT = re.compile(
    r"^\s*(?:(?:not )?read|(?:un)?gelesen|(?:non )?lu|leído|letto|gelezen|przeczytane|(?:не )?прочитано|прочтено|"
    r"(?:nav )?(?:iz)?lasīts|perskaityta|loetud|luettu|läst|okundu|წაკითხულია|оқылды)\s*:",
    re.IGNORECASE,
)
"""Of programs that say in a plain mail that ours was opened."""
REACTION = "text/vnd.google.email-reaction+json"
"""The part in which Gmail says that somebody answered with a single picture, besides the words that say so."""

DAEMON = re.compile(r"^(?:mailer-daemon|microsoftexchange[0-9a-f]{32})@", re.IGNORECASE)
"""Who writes delivery reports, also in shapes that name nobody who was not reached."""

MACHINES = re.compile(r"^(?:postmaster|auto-?(?:reply|responder)|vacation)\b", re.IGNORECASE)
"""The local part of addresses by which only programs write."""

Kind = Literal["loop", "report", "auto-reply", "bulk"]


@dataclass(frozen=True, slots=True)
class Automation:
    """A machine's mail: its kind, and the reason in words."""

    kind: Kind
    reason: str


def classify(
    mail: ParsedMail, instance: str = "", is_ours: Callable[[str], bool] = lambda _: False
) -> Automation | None:
    """The kind of machine behind a mail, or None for a person's.

    `instance` is our own name in the INSTANCE header, `is_ours` tells a Message-ID that we made. In this
    order: `loop`, our own mail come back; `report`, about a mail's delivery or reading; `auto-reply`, an
    answer no person wrote; `bulk`, lists and notices, which may well ask for an answer by a person.
    """
    return _loop(mail, instance, is_ours) or _report(mail) or _auto_reply(mail) or _bulk(mail)


def may_be_acknowledged(mail: ParsedMail) -> bool:
    """Whether a machine of ours may answer at all: never a machine, nor who asks us not to (RFC 3834, 2), nor somebody
    only named by a form or a list, who may know nothing of it. Nor where failures are to be told to nobody (ibid.)."""
    if mail.automatic.empty_return_path:
        return False
    asks_not_to = {word.strip() for word in mail.automatic.suppress.split(",")} & {"all", "autoreply", "oof"}
    return classify(mail) is None and not asks_not_to and mail.sender is not None and mail.author is None


def _loop(mail: ParsedMail, instance: str, is_ours: Callable[[str], bool]) -> Automation | None:
    if instance and instance in mail.header_all(INSTANCE):
        return Automation("loop", "it carries the mark of mail we sent")
    if mail.message_id and is_ours(mail.message_id):
        return Automation("loop", "its Message-ID is one of ours")
    hops = sum(1 for name, _ in mail.headers if name == "received")
    if hops > MAX_HOPS:
        return Automation("loop", f"it passed {hops} servers")
    return None


def _report(mail: ParsedMail) -> Automation | None:
    if mail.automatic.report_type:
        return Automation("report", f"it is a report ({mail.automatic.report_type})")
    if mail.sender and DAEMON.match(mail.sender.address):
        return Automation("report", "a mail server wrote it")
    return None


def _auto_reply(mail: ParsedMail) -> Automation | None:
    facts = mail.automatic
    if facts.auto_submitted == "auto-replied":
        return Automation("auto-reply", "Auto-Submitted: auto-replied")
    if any(each.content_type == REACTION for each in mail.attachments):
        return Automation("auto-reply", "it is a reaction to a mail")
    says_so = _says_so(untagged(mail.subject))
    if facts.auto_submitted and (mail.thread_ids or says_so):
        return Automation("auto-reply", f"Auto-Submitted: {facts.auto_submitted}, in answer to a mail")
    if facts.autoreply_headers:
        return Automation("auto-reply", f"it has the header {facts.autoreply_headers[0]}")
    if facts.precedence in ("auto_reply", "auto-reply"):
        return Automation("auto-reply", f"Precedence: {facts.precedence}")
    if facts.precedence in ("bulk", "junk") and says_so:
        return Automation("auto-reply", f"Precedence: {facts.precedence}, and its subject says so")
    if (mail.thread_ids or facts.suppress) and says_so:
        return Automation("auto-reply", "its subject says so, in answer to a mail")
    if facts.empty_return_path and (sign := _second_sign(mail)):
        return Automation("auto-reply", f"its return path is empty, and {sign}")
    return None


def _says_so(subject: str) -> bool:
    return bool(ABSENT.match(subject) or RECEIPT.match(subject))


def _second_sign(mail: ParsedMail) -> str:
    """What else speaks for a machine where nobody is to be told of a failure: some gateways empty that path of people's
    mail, too."""
    facts = mail.automatic
    if facts.suppress:
        return "it asks for no automatic answer"
    if facts.precedence in ("bulk", "junk"):
        return f"Precedence: {facts.precedence}"
    if _says_so(bare_subject(mail.subject)):
        return "its subject says so"
    local = mail.sender.address.partition("@")[0] if mail.sender and mail.author is None else ""
    if MACHINES.match(local) or (mail.thread_ids and NO_REPLY.search(local)):
        return "nobody reads its sender's address"
    return ""


def _bulk(mail: ParsedMail) -> Automation | None:
    facts = mail.automatic
    if facts.auto_submitted:
        return Automation("bulk", f"Auto-Submitted: {facts.auto_submitted}")
    if facts.precedence in ("bulk", "junk", "list"):
        return Automation("bulk", f"Precedence: {facts.precedence}")
    if facts.list_headers and not _is_answer_by_a_tool(mail):
        return Automation("bulk", f"it has the header {facts.list_headers[0]}")
    return None


def _is_answer_by_a_tool(mail: ParsedMail) -> bool:
    """Programs for salespeople offer to unsubscribe from single answers, too; a newsletter answers nothing."""
    return bool(mail.in_reply_to) and mail.automatic.list_headers == ("list-unsubscribe",)
