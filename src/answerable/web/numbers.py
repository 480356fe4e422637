"""Numbers of rows, in what somebody has sent."""

MOST_DIGITS = 18
"""Of any that a bigint holds; `int` itself refuses thousands."""


def key_in(text: str) -> int | None:
    """The number of a row; None for what can't be one.

    >>> key_in("42"), key_in("-1"), key_in("²"), key_in("9" * 5000)
    (42, None, None, None)
    """
    return int(text) if text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS else None
