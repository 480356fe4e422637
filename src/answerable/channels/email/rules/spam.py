"""What the receiving server's filter called spam; Answerable has no filter of its own."""

from answerable.channels.email.message import ParsedMail
from answerable.channels.email.rules.verdict import Context, Verdict


def check(mail: ParsedMail, context: Context) -> Verdict | None:
    """The filter's flag, or its score from the threshold on."""
    facts = mail.automatic
    if facts.spam_flag:
        return Verdict("spam", "the mail server's filter calls it spam")
    if (
        context.spam_threshold is not None
        and facts.spam_score is not None
        and facts.spam_score >= context.spam_threshold
    ):
        return Verdict("spam", f"its spam score is {facts.spam_score:g}, {context.spam_threshold:g} or more")
    return None
