"""Who gets a copy: people besides the customer, of all that is written to them from now on, or (blind) of one answer.

Nobody is on copy twice, whoever gets the answer itself is not, and an inbox of ours never is: our own mail would come
back to us, and open another conversation there.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from answerable.desk.actions.deliveries import addresses_of, recipients_of
from answerable.desk.actions.held import Held
from answerable.desk.errors import Refused
from answerable.desk.models import Conversation, Inbox, Message
from answerable.people.models import User

CHANNEL = "email"
MOST_COPIES = 50
"""People on copy of a conversation; and of one answer, blind ones included."""


@dataclass(frozen=True)
class Envelope:
    """Whom an answer goes to.

    `to`: one of the customer's addresses; empty: whichever they last wrote from. `copied`: who gets copies from now on;
    None: as before. `knew`: who did so on the page it was written on, so that whoever came or went meanwhile is neither
    lost nor brought back; None: `copied` is all there is to be. `blind`: this answer only, unseen by the others.
    """

    to: str = ""
    copied: Sequence[str] | None = None
    knew: Sequence[str] | None = None
    blind: Sequence[str] = ()

    @property
    def plain(self) -> dict[str, Any]:
        """As a draft keeps it: what is to change, not what stands there."""
        asked, knew = _each_once(self.copied or ()), _each_once(self.knew or ())
        changes = {
            "to": self.to,
            "added": [each for each in asked if each not in knew],
            "removed": [each for each in knew if each not in asked] if self.copied is not None else [],
            "blind": _each_once(self.blind),
        }
        return {name: value for name, value in changes.items() if value}


AS_EVER = Envelope()


def copied_by(conversation: Conversation, kept: Mapping[str, Any]) -> list[str]:
    """Who is on copy by what a draft keeps."""
    removed = kept.get("removed", ())
    return _each_once([*(each for each in conversation.copied if each not in removed), *kept.get("added", ())])


def address(held: Held, envelope: Envelope, *, by: User) -> tuple[list[str], list[str]]:
    """Whom an answer goes to, and who gets it blind; who is on copy changes with it. Refused where one can't be."""
    conversation = held.conversation
    recipients = recipients_of(conversation)
    if envelope.to and envelope.to.lower() not in recipients:
        recipients = [envelope.to.lower()]
        if recipients[0] not in addresses_of(conversation):
            raise Refused(_("%(address)s is no address of this contact.") % {"address": envelope.to}, field="to")
    if envelope.copied is not None:
        change_copies(held, to=_as_asked(conversation.copied, envelope), by=by)
    return recipients, _blind(conversation, recipients, envelope.blind)


def address_first(
    held: Held, recipients: Sequence[str], *, copied: Iterable[str], blind: Iterable[str], by: User
) -> list[str]:
    """Who is on copy of a conversation that we begin, not written yet; and who gets its first message blind."""
    wanted = [each for each in _each_once(copied) if each not in recipients]
    _check_are_few(wanted)
    _check_is_none_of_ours(wanted)
    held.conversation.copied = wanted
    return _blind(held.conversation, recipients, blind)


def _blind(conversation: Conversation, recipients: Sequence[str], asked: Iterable[str]) -> list[str]:
    seen = {*recipients, *conversation.copied}
    blind = [each for each in _each_once(asked) if each not in seen]
    if blind and conversation.leaves_by != CHANNEL:
        raise Refused(_("Only what leaves by e-mail has copies."), field="blind")
    if blind:
        _check_are_few([*conversation.copied, *blind])
        _check_is_none_of_ours(blind)
    return blind


def change_copies(held: Held, *, to: Iterable[str], by: User | None) -> bool:
    """These addresses get a copy of each reply from now on. Asked by a person, refused where one can't; else those are
    left out."""
    before = held.conversation.copied
    wanted = _each_once(to)
    added = [each for each in wanted if each not in before]
    if by is not None:
        if added:
            _check_are_few(wanted)
        _check_is_none_of_ours(added)
    elif added:
        ours = ours_among(added)
        wanted = [each for each in wanted if each not in ours][: max(MOST_COPIES, len(before))]
    if before == wanted:
        return False
    held.conversation.copied = wanted
    held.record("conversation.copied", by=by, before=before, to=wanted)
    return True


def copied_by_customer(held: Held, message: Message, addresses: Sequence[str]) -> None:
    """Whom the customer put on copy of what they wrote gets copies from now on, as far as there is room. Never beside:
    there a third party would bring in the customer."""
    conversation = held.conversation
    before = conversation.copied
    own = {*before, message.written_from}
    added = [each for each in _each_once(addresses) if each not in own]
    is_customers = message.contact_id == conversation.contact_id and conversation.beside_id is None
    if not added or message.automatic or not is_customers:
        return
    ours = ours_among(added)
    to = [*before, *(each for each in added if each not in ours)][: max(MOST_COPIES, len(before))]
    if to != before:
        conversation.copied = to
        who = str(message.contact)
        held.record("conversation.copied", by=None, at=message.created_at, before=before, to=to, contact=who)


def ours_among(addresses: Iterable[str]) -> set[str]:
    """Those that lead to an inbox of ours, retired ones too, as they are or with a +token."""
    spelled = {each: {each, _without_tag(each)} for each in addresses}
    every = set().union(*spelled.values())
    ours = set(Inbox.objects.filter(address__in=every).values_list("address", flat=True)) if every else set()
    return {each for each, ways in spelled.items() if ours & ways}


def _check_are_few(addresses: Sequence[str]) -> None:
    if len(addresses) > MOST_COPIES:
        raise Refused(_("At most %(most)s people can get a copy.") % {"most": MOST_COPIES}, field="copied")


def _check_is_none_of_ours(addresses: Sequence[str]) -> None:
    ours = ours_among(addresses) if addresses else set()
    for each in addresses:
        if each in ours:
            raise Refused(
                _("%(address)s is an inbox of ours. Move the conversation there instead.") % {"address": each},
                field="copied",
            )


def _as_asked(now: Sequence[str], envelope: Envelope) -> list[str]:
    """What the page asks, done to what stands there by now."""
    asked = _each_once(envelope.copied or ())
    if envelope.knew is None:
        return asked
    knew = _each_once(envelope.knew)
    kept = [each for each in now if each in asked or each not in knew]
    return [*kept, *(each for each in asked if each not in knew and each not in kept)]


def _each_once(addresses: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(each.strip().lower() for each in addresses))


def _without_tag(address: str) -> str:
    local, _at, domain = address.rpartition("@")
    return f"{local.partition('+')[0]}@{domain}"
