"""Names and texts inside SQL."""

from __future__ import annotations

from collections.abc import Container, Sequence

EMPTY = (
    "",
    "-",
    "?",
    "--",
    "—",
    "n/a",
    "na",
    "null",
    "none",
    "nan",
    "nat",
    "#n/a",
    "\\n",
    "(null)",
    "[null]",
    "<null>",
)
"""What exports write, in any case of letters, where there is nothing."""
_WRITTEN = tuple(dict.fromkeys([" ", *EMPTY, *(word.upper() for word in EMPTY), "None", "Null", "NaN", "NaT", "Na"]))
_LONGEST = max(map(len, _WRITTEN))


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
    trimmed = f"trim({expression})"
    return f"CASE WHEN strlen({trimmed}) > {_LONGEST} OR {trimmed} NOT IN ({literals(_WRITTEN)}) THEN {trimmed} END"


def cleaned(columns: Sequence[str], spaced: Container[str]) -> str:
    """Columns of text as they are staged: null where they say that there is nothing, and trimmed where `spaced`:
    trimming all of a large file takes as long as reading it."""
    picked = []
    for column in columns:
        value = name(column)
        bare = f"CASE WHEN strlen({value}) > {_LONGEST} OR {value} NOT IN ({literals(_WRITTEN)}) THEN {value} END"
        picked.append(f"{present(value) if column in spaced else bare} AS {value}")
    return ", ".join(picked)
