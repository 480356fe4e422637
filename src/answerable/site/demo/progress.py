"""How far the loading is, told to whoever waits."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext_noop

STAGES = {
    "found": (gettext_noop("Founding the company"), 0.0, 0.05),
    "play": (gettext_noop("Playing ninety days of conversations"), 0.05, 0.45),
    "write": (gettext_noop("Writing them down"), 0.45, 0.85),
    "index": (gettext_noop("Making them findable"), 0.85, 1.0),
}
"""What is done (to be translated), and between which shares of the whole."""


@dataclass
class Progress:
    """Calls `tell` with what is being done and the share of the whole, when that has grown by a hundredth."""

    tell: Callable[[str, float], None] = lambda words, share: None
    _told: float = -1.0

    def at(self, stage: str, share: float) -> None:
        """`share` of this stage is done."""
        words, start, end = STAGES[stage]
        whole = start + (end - start) * share
        if whole >= self._told + 0.01:
            self._told = whole
            self.tell(words, whole)
