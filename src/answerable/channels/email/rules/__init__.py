"""The way of a mail that could be read: the first rule with a verdict decides. docs/mail.md says why so."""

from collections.abc import Callable

from answerable.channels.email.message import ParsedMail
from answerable.channels.email.rules import append, auto_reply, bounce, duplicate, loop, spam
from answerable.channels.email.rules import open as opening
from answerable.channels.email.rules.verdict import Context, Outcome, Verdict

__all__ = ["CHAIN", "Context", "Outcome", "Rule", "Verdict", "append", "judge", "opening"]

Rule = Callable[[ParsedMail, Context], Verdict | None]

CHAIN: tuple[tuple[str, Rule], ...] = (
    # name         check              outcome
    ("duplicate",  duplicate.check),  # duplicate
    ("loop",       loop.check),       # loop
    ("bounce",     bounce.check),     # bounce, tied to the message that failed
    ("auto-reply", auto_reply.check), # auto-reply, tied to its conversation
    ("spam",       spam.check),       # spam
    ("append",     append.check),     # appended, or opened when the sender is a stranger there
    ("open",       opening.check),    # opened, or quarantined without a sender
)  # fmt: skip


def judge(mail: ParsedMail, context: Context) -> Verdict:
    """The outcome of one mail. Bytes that can't be parsed are quarantined before they come here."""
    for _, check in CHAIN:
        verdict = check(mail, context)
        if verdict is not None:
            return verdict
    raise AssertionError("the last rule decides on every mail")
