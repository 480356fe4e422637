"""Names and texts inside SQL."""

from __future__ import annotations

from collections.abc import Sequence

EMPTY = ("", "-", "--", "—", "n/a", "na", "null", "none", "nan", "nat", "#n/a")
"""What exports write, in any case of letters, where there is nothing."""


def name(text: str) -> str:
    """An identifier."""
    return '"' + text.replace('"', '""') + '"'


def literal(text: str) -> str:
    """A string."""
    return "'" + text.replace("'", "''") + "'"


def literals(texts: object) -> str:
    """Strings, separated by commas."""
    assert isinstance(texts, (list, tuple, set, frozenset, dict))
    return ", ".join(literal(str(text)) for text in texts)


def present(expression: str) -> str:
    """The trimmed text of an expression; null where it says that there is nothing."""
    trimmed, words = f"trim({expression})", literals(EMPTY)
    short = f"WHEN lower({trimmed}) NOT IN ({words}) THEN {trimmed}"
    return f"CASE WHEN length({expression}) > 5 THEN nullif({trimmed}, '') {short} END"


def cleaned(columns: Sequence[str]) -> str:
    """Columns of text as they are staged: trimmed, and null where they say that there is nothing."""
    return ", ".join(f"{present(name(column))} AS {name(column)}" for column in columns)
