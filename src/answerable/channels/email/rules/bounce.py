"""A delivery report, tied to the message that failed."""

from answerable.channels.email.bounce import read_bounce
from answerable.channels.email.message import ParsedMail
from answerable.channels.email.rules.verdict import Context, Verdict


def check(mail: ParsedMail, context: Context) -> Verdict | None:
    """Reports by RFC 3464 and by older custom. The original's identifier, signed, leads to our message."""
    bounce = read_bounce(context.raw, mail)
    if bounce is None:
        return None
    original = bounce.original_message_id
    ours = context.signer.read_message_id(original) if original else None
    if ours is None:
        signed = (context.signer.read_message_id(identifier) for identifier in mail.thread_ids)
        ours = next((each for each in signed if each), None)
    conversation, message = ours or (None, None)
    return Verdict("bounce", bounce.words, conversation, message, automatic=True, bounce=bounce)
