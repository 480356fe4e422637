"""What one wording says otherwise than another, word by word: nothing of either is lost."""

from hypothesis import given
from hypothesis import strategies as st

from answerable.knowledge.differences import AROUND, MOST_TOKENS, Piece, difference
from answerable.knowledge.models import Version

lines = st.lists(st.text(alphabet="ab c.", max_size=12), max_size=AROUND + 1)


def version(text: str, title: str = "T") -> Version:
    return Version(title=title, text=text)


def told(before: str, after: str) -> list[list[Piece]]:
    return [list(line) for line in difference(version(before), version(after)).lines]


def of(found: list[list[Piece]], *kinds: str) -> str:
    """The text that is left of the pieces of some kinds."""
    return "".join(piece.text for line in found for piece in line if piece.kind in kinds)


def test_within_a_line_words_are_told_apart() -> None:
    assert told("Within 14 days.", "Within 30 days, free.") == [
        [
            Piece("same", "Within "),
            Piece("went", "14"),
            Piece("came", "30"),
            Piece("same", " days"),
            Piece("came", ", free"),
            Piece("same", "."),
        ]
    ]


@given(lines, lines)
def test_what_stays_and_what_came_is_the_later_text(before: list[str], after: list[str]) -> None:
    """Of texts so short that nothing is left out."""
    found = told("\n".join(before), "\n".join(after))
    if not found:
        assert "\n".join(before).splitlines() == "\n".join(after).splitlines()
        return
    assert of(found, "same", "came") == "".join("\n".join(after).splitlines())
    assert of(found, "same", "went") == "".join("\n".join(before).splitlines())


def test_lines_far_from_what_changed_are_left_out() -> None:
    text = [f"Line {number}" for number in range(20)]
    changed = [*text[:10], "Other", *text[11:]]
    found = told("\n".join(text), "\n".join(changed))
    assert [line[0].kind for line in (found[0], found[-1])] == ["gap", "gap"]
    assert len(found) < 2 * AROUND + 4


def test_a_long_passage_is_compared_as_a_whole() -> None:
    before, after = "a " * MOST_TOKENS, "b " * MOST_TOKENS
    assert told(before, after) == [[Piece("went", before), Piece("came", after)]]


def test_looks_alone_are_no_difference_of_words() -> None:
    assert difference(version("Same"), version("Same")).is_empty
    assert not difference(version("Same"), version("Same", "Other")).is_empty
    assert not difference(None, version("First")).is_empty
