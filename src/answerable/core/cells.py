"""Cells of tables that somebody opens in a spreadsheet."""

import re

_FORMULA = re.compile(r"^[=+\-@\t\r\n＝＋－＠]")
_NUMBER = re.compile(r"^[-+]?[0-9]+([.,][0-9]+)*([eE][-+]?[0-9]+)?([ \u00a0]?%)?$")


def neutral(cell: object) -> str:
    """A cell that does nothing but stand there: what a spreadsheet would run as a formula is led by an apostrophe."""
    text = "" if cell is None else str(cell)
    return f"'{text}" if _FORMULA.match(text) and not _NUMBER.match(text) else text
