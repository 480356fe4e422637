"""Colleagues who write from their own mail program: into a customer's conversation, or to pass a customer's mail on.

What was passed on is the customer's word, and the customer is who is answered; what the colleague says of it is a note.
It proves nothing of the customer, and counts only where nobody wrote in the colleague's name.
"""

from collections.abc import Iterable, Mapping, Sequence

from django.utils.translation import gettext as _

from answerable.channels.email.acknowledgement import manners_of
from answerable.channels.email.authors import House
from answerable.channels.email.case import Case, PassedOn
from answerable.channels.email.forwards import Forward, forwarded
from answerable.desk.actions.messages import add_note
from answerable.desk.models import Conversation, Message
from answerable.people.models import User


def colleagues(addresses: Iterable[str]) -> dict[str, User]:
    """Those who work here, by address in lower case."""
    wanted = {each for each in addresses if each}
    return {user.email.lower(): user for user in User.objects.active().filter(email__in=wanted)} if wanted else {}


def unwrap(cases: Sequence[Case], staff: Mapping[str, User], house: House) -> None:
    """Make what colleagues pass on the customers' own mail. What one of us or an inbox wrote stays the colleague's."""
    found = [(case, staff[case.address], forward) for case in cases if (forward := _passed_on(case, staff))]
    us = colleagues(forward.mail.writer.address.lower() for _case, _by, forward in found if forward.mail.writer)
    for case, by, forward in found:
        writer = forward.mail.writer
        if writer is None or writer.address.lower() in us or house.owns(writer.address):
            continue
        case.passed_on = PassedOn(by, case.address, forward.words, case.is_vouched_for)
        case.parsed = forward.mail


def _passed_on(case: Case, staff: Mapping[str, User]) -> Forward | None:
    if case.address not in staff or case.mail.author is not None or case.authentication.verdict == "fail":
        return None
    return forwarded(case.mail) if manners_of(case.inboxes[0]).takes_forwards else None


def note(conversation: Conversation, case: Case, colleague: User) -> Message:
    """What a colleague writes into a customer's conversation is a word among colleagues."""
    text = case.mail.text.strip() or case.mail.subject
    return _note(conversation, text, PassedOn(colleague, case.address, text, case.is_vouched_for))


def note_who_passed_on(conversation: Conversation, passed: PassedOn) -> Message:
    """Beside what was passed on: who did, and what they say of it."""
    return _note(conversation, passed.words or _("Forwarded a customer's mail."), passed)


def _note(conversation: Conversation, text: str, said: PassedOn) -> Message:
    """In their name only when their server vouches for it."""
    if said.is_vouched_for and conversation.team_id in said.by.team_ids:
        return add_note(conversation, text=text, by=said.by)
    words = _("By mail from %(address)s, which nobody vouches for:") % {"address": said.address}
    return add_note(conversation, text=f"{words}\n\n{text}", by=None)
