"""What belongs together: merged, split, linked, and asked of somebody else beside it."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from answerable.desk.happenings.names import Names
from answerable.desk.happenings.saying import Sentence, Told, given, number, said
from answerable.events.models import Event


def _with_other(template: Promise) -> Sentence:
    """`number` is the other conversation's, `count` how many messages went along."""
    return said(template, number=given("other"), count=number("count"))


def _with_somebody(template: Promise) -> Sentence:
    """`name` is the third party's."""
    return said(template, name=given("to"))


UNDONE = {
    "merge": _with_other(_("%(who)s undid the merge with conversation #%(number)s")),
    "split": _with_other(_("%(who)s undid the split from conversation #%(number)s")),
}
MOVE_UNDONE = _with_other(_("%(who)s undid the move of messages with conversation #%(number)s"))


def _undone(event: Event, names: Names) -> str:
    return UNDONE.get(str(event.particulars.get("kind")), MOVE_UNDONE)(event, names)


TOGETHER: Told = {
    "conversation.absorbed": (
        "git-merge",
        _with_other(
            ngettext_lazy(
                "%(who)s merged conversation #%(number)s into this one, with %(count)s message",
                "%(who)s merged conversation #%(number)s into this one, with %(count)s messages",
                "count",
            )
        ),
    ),
    "conversation.merged": (
        "git-merge",
        _with_other(_("%(who)s merged it into conversation #%(number)s, where all of it stands")),
    ),
    "conversation.split": (
        "split",
        _with_other(
            ngettext_lazy(
                "%(who)s split %(count)s message off into conversation #%(number)s",
                "%(who)s split %(count)s messages off into conversation #%(number)s",
                "count",
            )
        ),
    ),
    "conversation.split_off": ("split", _with_other(_("%(who)s split it off from conversation #%(number)s"))),
    "conversation.messages_left": (
        "arrow-right",
        _with_other(
            ngettext_lazy(
                "%(who)s moved %(count)s message to conversation #%(number)s",
                "%(who)s moved %(count)s messages to conversation #%(number)s",
                "count",
            )
        ),
    ),
    "conversation.messages_came": (
        "arrow-right",
        _with_other(
            ngettext_lazy(
                "%(who)s moved %(count)s message here from conversation #%(number)s",
                "%(who)s moved %(count)s messages here from conversation #%(number)s",
                "count",
            )
        ),
    ),
    "conversation.aside_opened": ("messages-square", _with_somebody(_("%(who)s asked %(name)s about it"))),
    "conversation.aside_answered": (
        "messages-square",
        _with_somebody(_("%(name)s, who was asked about it, has answered")),
    ),
    "conversation.aside_closed": (
        "messages-square",
        _with_somebody(_("%(who)s waits for nothing more from %(name)s")),
    ),
    "conversation.linked": ("link", _with_other(_("%(who)s linked it with conversation #%(number)s"))),
    "conversation.unlinked": (
        "unlink",
        _with_other(_("%(who)s took the link with conversation #%(number)s away")),
    ),
    "conversation.followed_up": (
        "arrow-right",
        _with_other(_("%(who)s followed it up in conversation #%(number)s")),
    ),
    "conversation.rearrangement_undone": ("undo-2", _undone),
}
