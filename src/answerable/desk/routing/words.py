"""How long one waits, and how true it was to say so, in the reader's words."""

from datetime import timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from answerable.core.waiting import Accuracy, Wait
from answerable.web.words import duration


def wait_words(wait: Wait | None) -> str:
    """How long it takes who writes now; None: it could not be measured."""
    if wait is None:
        return _("Too few were answered in the last two hours to say how long it takes.")
    return _("Who writes now is answered in about %(wait)s; four of five between %(low)s and %(high)s.") % {
        "wait": _lasting(wait.seconds),
        "low": _lasting(wait.low),
        "high": _lasting(wait.high),
    }


def evidence_words(wait: Wait) -> str:
    """What the wait was measured on."""
    return ngettext(
        "Measured on %(n)s first answer of the last two hours.",
        "Measured on %(n)s first answers of the last two hours.",
        wait.n,
    ) % {"n": wait.n}


def checked_words(accuracy: Accuracy) -> str:
    """How true it would have been in the last seven days."""
    if accuracy.bias < 0:
        text = ngettext(
            "In the last seven days this would have been told to %(n)s customer: %(bias)s too short on average, "
            "%(error)s off either way; %(share)s %% waited within the range.",
            "In the last seven days this would have been told to %(n)s customers: %(bias)s too short on average, "
            "%(error)s off either way; %(share)s %% waited within the range.",
            accuracy.n,
        )
    else:
        text = ngettext(
            "In the last seven days this would have been told to %(n)s customer: %(bias)s too long on average, "
            "%(error)s off either way; %(share)s %% waited within the range.",
            "In the last seven days this would have been told to %(n)s customers: %(bias)s too long on average, "
            "%(error)s off either way; %(share)s %% waited within the range.",
            accuracy.n,
        )
    return text % _particulars(accuracy, accuracy.n)


def told_words(accuracy: Accuracy, visitors: int) -> str:
    """How true it was for those visitors of a chat who were really told."""
    if accuracy.bias < 0:
        text = ngettext(
            "%(n)s visitor of a chat was really told how long it takes: %(bias)s too short on average, %(error)s off "
            "either way; %(share)s of a hundred waited within the range.",
            "%(n)s visitors of a chat were really told how long it takes: %(bias)s too short on average, %(error)s off "
            "either way; %(share)s of a hundred waited within the range.",
            visitors,
        )
    else:
        text = ngettext(
            "%(n)s visitor of a chat was really told how long it takes: %(bias)s too long on average, %(error)s off "
            "either way; %(share)s of a hundred waited within the range.",
            "%(n)s visitors of a chat were really told how long it takes: %(bias)s too long on average, %(error)s off "
            "either way; %(share)s of a hundred waited within the range.",
            visitors,
        )
    return text % _particulars(accuracy, visitors)


def _particulars(accuracy: Accuracy, n: int) -> dict[str, object]:
    return {
        "n": n,
        "bias": _lasting(abs(accuracy.bias)),
        "error": _lasting(accuracy.error),
        "share": round(100 * accuracy.within),
    }


def _lasting(seconds: float) -> str:
    return duration(timedelta(seconds=seconds))
