"""Colleagues who write from their own mail program: into a customer's conversation, or to pass a customer's mail on.

What was passed on is the customer's word, and the customer is who is answered; what the colleague says of it is a note.
It proves nothing of the customer, and counts only where nobody wrote in the colleague's name.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence

from django.utils.translation import gettext as _

from answerable.channels.email.acknowledgement import manners_of
from answerable.channels.email.authors import House
from answerable.channels.email.authors.visitor import NO_REPLY
from answerable.channels.email.case import Case, PassedOn
from answerable.channels.email.forwards import Forward, forwarded
from answerable.channels.email.rules import Verdict
from answerable.desk.actions.messages import add_note
from answerable.desk.models import Conversation, Message
from answerable.people.models import User


def colleagues(addresses: Iterable[str]) -> dict[str, User]:
    """Those who work here, by address in lower case."""
    wanted = {each for each in addresses if each}
    return {user.email.lower(): user for user in User.objects.active().filter(email__in=wanted)} if wanted else {}


def look_into(cases: Sequence[Case], staff: Mapping[str, User], house: House) -> None:
    """Find what colleagues pass on. What one of us, an inbox or a machine wrote stays the colleague's."""
    found = [(case, forward) for case in cases if (forward := _forwarded(case, staff))]
    us = colleagues(_writer(forward) for _case, forward in found)
    for case, forward in found:
        writer = _writer(forward)
        if writer not in us and not house.owns(writer) and not NO_REPLY.search(writer.partition("@")[0]):
            by = staff[case.address]
            case.passed_on = PassedOn(forward.mail, by, case.address, forward.words, case.is_vouched_for)


def belongs_to_the_customer(case: Case, verdict: Verdict, participants: Collection[str]) -> bool:
    """Whether it is to be decided on as the customer's, when `verdict` is what becomes of it as the colleague's: it
    begins a conversation, or goes into one of that customer. Into any other the colleague writes a note."""
    if case.passed_on is None or case.is_the_customers:
        return False
    writer = case.passed_on.mail.writer
    is_theirs = writer is not None and writer.address.lower() in participants
    return verdict.outcome == "opened" or (verdict.outcome == "appended" and verdict.signed and is_theirs)


def _forwarded(case: Case, staff: Mapping[str, User]) -> Forward | None:
    if case.address not in staff or case.mail.author is not None or case.authentication.verdict == "fail":
        return None
    return forwarded(case.mail) if manners_of(case.inboxes[0]).takes_forwards else None


def _writer(forward: Forward) -> str:
    return forward.mail.writer.address.lower() if forward.mail.writer else ""


def note(conversation: Conversation, case: Case, colleague: User) -> Message:
    """What a colleague writes into a customer's conversation is a word among colleagues."""
    text = case.mail.text.strip() or case.mail.subject
    return _note(conversation, text, colleague, case.address, case.is_vouched_for)


def note_who_passed_on(conversation: Conversation, passed: PassedOn) -> Message:
    """Beside what was passed on: who did, and what they say of it."""
    text = passed.words or _("Forwarded a customer's mail.")
    return _note(conversation, text, passed.by, passed.address, passed.is_vouched_for)


def _note(conversation: Conversation, text: str, by: User, address: str, is_vouched_for: bool) -> Message:
    """In their name only when their server vouches for it."""
    if is_vouched_for and conversation.team_id in by.team_ids:
        return add_note(conversation, text=text, by=by)
    words = _("By mail from %(address)s, which nobody vouches for:") % {"address": address}
    return add_note(conversation, text=f"{words}\n\n{text}", by=None)
