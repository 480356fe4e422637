"""An answer in a conversation there is, from somebody who may write there.

Between a customer and a third party who was asked beside it no mark counts, however it was come by: each writes into
their own. Whom only a form or a list names has to be one of its people and to hold a mark, both.
"""

from collections.abc import Collection
from dataclasses import dataclass

from answerable.channels.email.addressing import match_conversation, sender_may_append
from answerable.channels.email.autoreply import classify
from answerable.channels.email.message import ParsedMail
from answerable.channels.email.rules.verdict import Context, Verdict

MARKS = {"reference": "the message it answers", "address": "the signed address", "index": "the signed thread index"}


def check(mail: ParsedMail, context: Context) -> Verdict | None:
    """References, then the signed address, then the thread index. A stranger opens a conversation of his own."""
    match = match_conversation(mail, context.signer, context.find_conversation, context.recipients)
    participants = context.participants(match.conversation) if match else None
    if match is None or participants is None:
        return None
    automatic = classify(mail) is not None
    if mail.author and not (match.signed and _is_among(mail.author.address, participants)):
        return Verdict("opened", "nothing proves who has written it", automatic=automatic)
    if (elsewhere := _whose_own(mail, match.conversation, participants, context)) is not None:
        if elsewhere.conversation is None:
            return Verdict("opened", elsewhere.reason, automatic=automatic)
        return Verdict("appended", elsewhere.reason, elsewhere.conversation, automatic=automatic)
    if not sender_may_append(mail, match, participants):
        reason = f"the sender is not in conversation {match.conversation}, which the mail refers to"
        return Verdict("opened", reason, automatic=automatic, follow_up_of=match.conversation)
    found = f"found by {MARKS[match.by]}"
    return Verdict("appended", found, match.conversation, automatic=automatic, signed=match.signed)


@dataclass(frozen=True)
class Elsewhere:
    """Another conversation than the one that the mail refers to; None: a new one."""

    conversation: int | None
    reason: str


def _whose_own(mail: ParsedMail, named: int, participants: Collection[str], context: Context) -> Elsewhere | None:
    """Where a mail belongs that refers to the wrong side; None where it is on its own."""
    sender = mail.writer.address.lower() if mail.writer else ""
    if not sender or _is_among(sender, participants):
        return None
    about = context.stands_beside(named)
    if about is None:
        own = next((each for each in context.asides(named) if _writes(sender, each, context)), None)
        return None if own is None else Elsewhere(own, f"the sender is asked beside conversation {named}")
    if _writes(sender, about, context):
        return Elsewhere(about, f"the sender is no part of {named}, but of what it stands beside")
    return Elsewhere(None, f"the sender is not in conversation {named}, which is with a third party")


def _writes(sender: str, conversation: int, context: Context) -> bool:
    return _is_among(sender, context.participants(conversation) or ())


def _is_among(address: str, people: Collection[str]) -> bool:
    return address.lower() in {each.lower() for each in people}
