"""An answer that no person wrote."""

from answerable.channels.email.addressing import match_conversation
from answerable.channels.email.autoreply import classify
from answerable.channels.email.message import ParsedMail
from answerable.channels.email.rules.verdict import Context, Verdict


def check(mail: ParsedMail, context: Context) -> Verdict | None:
    """Absence notes, read receipts and abuse reports; with the conversation they came to, if they name it."""
    found = classify(mail)
    if found is None or found.kind not in ("auto-reply", "report"):
        return None
    match = match_conversation(mail, context.signer, context.find_conversation, context.recipients)
    known = match is not None and context.participants(match.conversation) is not None
    return Verdict("auto-reply", found.reason, match.conversation if match and known else None, automatic=True)
