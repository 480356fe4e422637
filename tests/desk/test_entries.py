"""A message's words, cut where something is quoted."""

from answerable.desk.drawn import said
from answerable.desk.entries import parts
from tests.cast import Cast

LINES = ("> When?\n", "Last week.\n", "> Where?\n", "Riga.\n", "> Best, Bob\n")


def test_quotes_with_answers_under_each_are_open(cast: Cast) -> None:
    text = "".join(LINES)
    cut = parts(text, [[0, 8], [19, 28], [34, len(text)]])
    assert [part.is_quoted for part in cut] == [True, False, True, False, True]
    assert [part.is_answered for part in cut] == [True, False, True, False, False]
    drawn = said((part, part.text) for part in cut)
    assert drawn.count("<blockquote") == 3
    assert drawn.count("<details") == 1


def test_one_quote_is_closed_and_so_are_long_ones() -> None:
    assert not any(part.is_answered for part in parts("> When?\nLast week.\n", [[0, 8]]))
    long = "> " + "word " * 100 + "\n"
    text = f"{long}Yes.\n{long}No.\n"
    folds = [[0, len(long)], [len(long) + 5, 2 * len(long) + 5]]
    assert not any(part.is_answered for part in parts(text, folds))
