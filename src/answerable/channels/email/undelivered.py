"""Delivery reports in words only, in the languages that servers here write them in.

Who writes it has to be known for a mail server already: people's words are not read by this.
"""

import re

from answerable.channels.email.mailboxes import normal_address
from answerable.channels.email.message import ParsedMail

MAX_WORDS = 20_000
MAX_NAMED = 20
CODE = re.compile(r"\b5\d\d[ -]|\b5\.\d{1,2}\.\d{1,3}\b")
"""A server that gave up (RFC 5321, 4.2.1; RFC 3463, 2)."""
FAILED = re.compile(
    r"undeliver|(?:not|n.t) be delivered|not delivered|fail|unknown user|user (?:unknown|not found)|no such user|"
    r"unzustellbar|nicht (?:zu)?gestellt|non remis|pas pu être|n.existe pas|no se (?:pudo|puede|ha podido) entregar|"
    r"não (?:pôde|foi) (?:ser )?entregue|mancato recapito|impossibile (?:recapitare|consegnare)|"
    r"niet (?:worden )?bezorgd|niedostarcz|nie można dostarczyć|"
    r"недостав|не ?доставлен|не удалось доставить|не вдалося доставити|"
    r"nav piegādāt|nevar(?:ēja)? piegādāt|neizdevās piegādāt|netika piegādāt|nepavyko pristatyti|nepristatyt|"
    r"ei saanud kohale|kohaletoimetamata|ei voitu toimittaa|kunde inte levereras|teslim edilemedi|"
    r"ვერ (?:ჩაბარდა|მიეწოდა|მიწოდებულა)|жеткізілмеді|жеткізу мүмкін",
    re.IGNORECASE,
)
DELAYED = re.compile(
    r"delay|not yet|(?:been|be) retried|(?:keep|continue) (?:trying|to try)|verzöger|noch nicht|retard|pas encore|"
    r"retras|aún no|ritard|vertraag|opóźn|задерж|отлож|(?:пока|ещё|еще) не|затрим|aizkav|kavēj|vēl nav|vėluo|dar ne|"
    r"hilin|veel ei|gecik|იგვიანებ|кешік",
    re.IGNORECASE,
)
ADDRESS = re.compile(r"[\w.+%=-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
ORIGINAL = re.compile(r"^[> ]*(?:-{3,}|Received:|Return-Path:|From:|Message-ID:)", re.MULTILINE | re.IGNORECASE)
RECIPIENT = re.compile(r"^[> ]*To:([^\n]+)", re.MULTILINE | re.IGNORECASE)


def failures_in_words(mail: ParsedMail) -> list[tuple[str, bool, str]]:
    """Whom the report names, whether it is for good, and the line that says why; nothing where it reports no failure.

    The addresses are those above the original that it quotes, else the recipients of that.
    """
    words = mail.text[:MAX_WORDS]
    original = ORIGINAL.search(words)
    said = words[: original.start()] if original else words
    whole = f"{mail.subject}\n{said}"
    code, delayed = CODE.search(whole), DELAYED.search(whole)
    if not (code or delayed or FAILED.search(whole)):
        return []
    places = (said, "\n".join(RECIPIENT.findall(words[len(said) :])))
    own = mail.sender.address.lower() if mail.sender else ""
    named = next((found for place in places if (found := _addresses(place, own))), [])
    return [(each, bool(code or not delayed), _reason(said)) for each in named]


def _addresses(text: str, own: str) -> list[str]:
    found = (normal_address(each.rstrip(".")) for each in ADDRESS.findall(text))
    return list(dict.fromkeys(each for each in found if each and each.lower() != own))[:MAX_NAMED]


def _reason(said: str) -> str:
    lines = [line.strip() for line in said.splitlines()]
    telling = next((line for line in lines if CODE.search(line)), "")
    return (telling or next((line for line in lines if FAILED.search(line) or DELAYED.search(line)), ""))[:500]
