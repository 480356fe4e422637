"""SPF, DKIM and DMARC for a batch of mails, within a time that holds up nobody."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from ipaddress import ip_address

from django.conf import settings

from answerable.channels.email.authentication import Authentication, Envelope, authenticate
from answerable.channels.email.dns import system_lookup
from answerable.channels.email.message import ParsedMail
from answerable.channels.email.models import Arrival

TOGETHER = 8
AT_MOST_SECONDS = 4.0
LATE = Authentication(words="could not be checked in time")
_pool = ThreadPoolExecutor(TOGETHER, thread_name_prefix="senders")


def checked(mails: Sequence[tuple[Arrival, ParsedMail]], trusted: Sequence[str]) -> list[Authentication]:
    """Of each mail, in order. `trusted` names the server in front of it whose word is taken, or is empty."""
    told = [authenticate(b"", mail, trusted=name) for (_arrival, mail), name in zip(mails, trusted, strict=True)]
    asked = {
        index: _pool.submit(_ask, arrival, mail)
        for index, (arrival, mail) in enumerate(mails)
        if not told[index].checked_by and (_came_from_afar(arrival) or mail.header("dkim-signature"))
    }
    if asked:
        wait(asked.values(), timeout=AT_MOST_SECONDS)
    for index, answer in asked.items():
        told[index] = answer.result() if answer.done() else LATE
    return told


def _ask(arrival: Arrival, mail: ParsedMail) -> Authentication:
    ip, _space, greeting = arrival.peer.partition(" ")
    far = _came_from_afar(arrival)
    envelope = Envelope(ip, greeting.strip("()"), arrival.envelope_from) if far else Envelope()
    return authenticate(bytes(arrival.raw), mail, envelope=envelope, lookup=system_lookup())


def _came_from_afar(arrival: Arrival) -> bool:
    """By SMTP from a public address: then it tells who sends. Behind a server of ours it does not."""
    if arrival.door != Arrival.Door.SMTP:
        return False
    try:
        return ip_address(arrival.peer.partition(" ")[0]).is_global
    except ValueError:
        return False


def trusted_by(arrival: Arrival, mailboxes: dict[str, str]) -> str:
    """The name of the server in front: the mailbox's own, else the one in the settings."""
    box = (arrival.name_at_door or "").split(":")[1:2] if arrival.door == Arrival.Door.IMAP else []
    return mailboxes.get(box[0], "") if box else settings.MAIL_AUTHSERV
