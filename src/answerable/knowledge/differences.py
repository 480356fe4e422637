"""What one wording of an article says otherwise than another: line by line, and within a line word by word."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from answerable.knowledge.models import Version

TOKEN = re.compile(r"\s+|\w+|[^\w\s]")
MOST_TOKENS = 2_000
"""Of a passage longer than that, whole lines are shown instead of words: comparing takes the square of them."""
AROUND = 2
"""Lines shown around what differs."""


@dataclass(frozen=True)
class Piece:
    """Some text that is in both ("same"), only in the later one ("came") or only in the earlier one ("went").

    "gap" stands for lines that are left out.
    """

    kind: str
    text: str = ""


@dataclass(frozen=True)
class Difference:
    title: Sequence[Piece]
    lines: Sequence[Sequence[Piece]]

    @property
    def is_empty(self) -> bool:
        """Whether both say the same. Their looks may differ."""
        return not self.lines and all(piece.kind == "same" for piece in self.title)


def difference(before: Version | None, after: Version) -> Difference:
    """From the earlier (None: nothing was there) to the later one."""
    title, text = (before.title, before.text) if before else ("", "")
    return Difference(list(_by_words(title, after.title)), list(_by_lines(text.splitlines(), after.text.splitlines())))


def _by_lines(before: list[str], after: list[str]) -> Iterator[list[Piece]]:
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    if before == after:
        return
    shown = 0  # lines of the later one that have been shown or passed
    for group in matcher.get_grouped_opcodes(AROUND):
        if group[0][3] > shown:
            yield [Piece("gap")]
        for kind, a, b, c, d in group:
            if kind == "equal":
                yield from ([Piece("same", line)] for line in after[c:d])
            elif kind == "replace":
                yield from _passage(before[a:b], after[c:d])
            else:
                yield from ([Piece("went", line)] for line in before[a:b])
                yield from ([Piece("came", line)] for line in after[c:d])
        shown = group[-1][4]
    if shown < len(after):
        yield [Piece("gap")]


def _passage(before: list[str], after: list[str]) -> Iterator[list[Piece]]:
    """Lines in place of others: word by word, each line of the two together."""
    line: list[Piece] = []
    for piece in _by_words("\n".join(before), "\n".join(after)):
        first, *more = piece.text.split("\n")
        line.append(Piece(piece.kind, first))
        for text in more:
            yield [part for part in line if part.text]
            line = [Piece(piece.kind, text)]
    yield [part for part in line if part.text]


def _by_words(before: str, after: str) -> Iterator[Piece]:
    old, new = TOKEN.findall(before), TOKEN.findall(after)
    if len(old) + len(new) > MOST_TOKENS:
        old, new = [before], [after]
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            yield Piece("same", "".join(new[c:d]))
            continue
        if a < b:
            yield Piece("went", "".join(old[a:b]))
        if c < d:
            yield Piece("came", "".join(new[c:d]))
