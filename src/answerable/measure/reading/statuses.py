"""What the status of a conversation, or of a purchase, says, by its words."""

from __future__ import annotations

import re

SOLVED = (
    "solved", "closed", "resolved", "done", "complete", "completed", "archived",
    "slēgts", "aizvērts", "atrisināts", "pabeigts", "დახურული", "დახურულია", "მოგვარებული", "გადაჭრილი",
    "жабық", "жабылды", "жабылған", "шешілді", "шешілген", "geschlossen", "gelöst", "erledigt", "fertig",
    "закрыта", "закрыт", "закрыто", "решена", "решён", "решен", "решено", "завершено",
    "clos", "fermé", "résolu", "cerrado", "resuelto", "zamknięte", "rozwiązane", "chiuso", "risolto", "fechado",
    "resolvido", "gesloten", "opgelost", "afgemeld", "gereed",
)  # fmt: skip
"""Words of a status that mean solved where the mapping names none: “closed successful”, “5 - Closed”."""
_DENIED = re.compile(r"\b(not|non|nicht|un\w+|re ?open\w*|pending|wait\w*|await\w*|to be|partial\w*)\b")
"""Words that say of a status with such a word that it does not."""
_UNSOLVED = re.compile(
    r"\b(new|open|opened|active|assigned|hold|progress|working|cancel\w*|reject\w*|merged|spam|deleted|draft|neu|offen|"
    r"nouveau|ouvert|abierto|aperto|aberto|nowe|открыт\w*|нов\w+)\b"
)
"""Words of a status that does not, whatever dates its rows have."""
FAILED = ("failed", "declined", "canceled", "cancelled", "voided", "void", "expired", "unpaid", "rejected", "abandoned")
"""What a purchase is called that came to nothing."""


def means_solved(status: str) -> bool:
    """Whether a status says that it is solved, by its words."""
    said = _words(status)
    return not _DENIED.search(said) and not set(said.split()).isdisjoint(SOLVED)


def means_unsolved(status: str) -> bool:
    """Whether a status says that it is not, by its words."""
    said = _words(status)
    return bool(_DENIED.search(said) or _UNSOLVED.search(said))


def _words(status: str) -> str:
    return " ".join(re.findall(r"[^\W_]+", status.lower()))
