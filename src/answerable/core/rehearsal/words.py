"""What differs, in words; pass Django's `gettext` and `ngettext` for the reader's language."""

from __future__ import annotations

from answerable.core.policy.words import Ngettext
from answerable.core.rehearsal.comparison import Change


def _plain(one: str, many: str, count: int) -> str:
    return one if count == 1 else many


def difference_words(change: Change, count: int, said: str, promise: str = "", *, ngettext: Ngettext = _plain) -> str:
    """One sentence of so many waits or conversations; `said` is the count as the reader writes it."""
    match change:
        case Change.BROKEN:
            text = ngettext(
                "%(count)s promise that was kept would be broken: “%(promise)s”",
                "%(count)s promises that were kept would be broken: “%(promise)s”",
                count,
            )
        case Change.KEPT:
            text = ngettext(
                "%(count)s promise that was broken would be kept: “%(promise)s”",
                "%(count)s promises that were broken would be kept: “%(promise)s”",
                count,
            )
        case Change.PROMISED:
            text = ngettext(
                "%(count)s time something would be promised where nothing is: “%(promise)s”",
                "%(count)s times something would be promised where nothing is: “%(promise)s”",
                count,
            )
        case Change.DROPPED:
            text = ngettext(
                "%(count)s time nothing would be promised any more: “%(promise)s”",
                "%(count)s times nothing would be promised any more: “%(promise)s”",
                count,
            )
        case Change.MORE_TOLD:
            text = ngettext(
                "%(count)s conversation would tell people more often",
                "%(count)s conversations would tell people more often",
                count,
            )
        case Change.LESS_TOLD:
            text = ngettext(
                "%(count)s conversation would tell people less often",
                "%(count)s conversations would tell people less often",
                count,
            )
        case Change.WOKEN:
            text = ngettext(
                "%(count)s conversation would wake somebody that wakes nobody now",
                "%(count)s conversations would wake somebody that wake nobody now",
                count,
            )
        case Change.LEFT_ASLEEP:
            text = ngettext(
                "%(count)s conversation would let people sleep that wakes somebody now",
                "%(count)s conversations would let people sleep that wake somebody now",
                count,
            )
    return text % {"count": said, "promise": promise.removesuffix(".")}
