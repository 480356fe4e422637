"""An answer in a conversation there is, from somebody who may write there."""

from answerable.channels.email.addressing import match_conversation, sender_may_append
from answerable.channels.email.autoreply import classify
from answerable.channels.email.message import ParsedMail
from answerable.channels.email.rules.verdict import Context, Verdict

MARKS = {"reference": "the message it answers", "address": "the signed address", "subject": "the signed subject"}


def check(mail: ParsedMail, context: Context) -> Verdict | None:
    """References, then the signed address, then the signed subject. A stranger opens a conversation of his own."""
    match = match_conversation(mail, context.signer, context.find_conversation, context.recipients)
    participants = context.participants(match.conversation) if match else None
    if match is None or participants is None:
        return None
    automatic = classify(mail) is not None
    if not sender_may_append(mail, match, participants):
        reason = f"the sender is not in conversation {match.conversation}, which the mail refers to"
        return Verdict("opened", reason, automatic=automatic, follow_up_of=match.conversation)
    return Verdict("appended", f"found by {MARKS[match.by]}", match.conversation, automatic=automatic)
