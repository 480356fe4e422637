import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from answerable.core.engagement import hidden, hidden_cells

groups = st.dictionaries(st.sampled_from("abcdefg"), st.integers(0, 40), max_size=7)
tables = st.dictionaries(st.tuples(st.sampled_from("abc"), st.sampled_from("xyz")), st.integers(0, 40), max_size=9)


def test_a_second_group_hides_the_first() -> None:
    """12, 9 and 40 with floor 10: 61 less 40 less 12 would be the 9."""
    found = hidden({"night": 12, "day": 9, "phone": 40}, 10)
    assert (found.small, found.beside, found.total) == ({"day"}, {"night"}, False)
    assert found.groups == {"day", "night"}


@pytest.mark.parametrize(
    ("sizes", "groups", "total"),
    [
        ({"a": 5, "b": 40}, "", False),
        ({"a": 4, "b": 40}, "ab", False),
        ({"a": 4, "b": 0, "c": 40, "d": 6}, "ad", False),
        ({"a": 1, "b": 2, "c": 40, "d": 6}, "abd", False),
        ({"a": 3, "b": 4, "c": 40}, "ab", False),
        ({"a": 3}, "a", True),
        ({"a": 2, "b": 2}, "ab", True),
        ({"a": 0, "b": 0}, "", False),
        ({}, "", False),
        ({"a": 3, "b": 7, "c": 7}, "ab", False),
    ],
)
def test_who_is_hidden_under_five(sizes: dict[str, int], groups: str, total: bool) -> None:
    found = hidden(sizes)
    assert (found.groups, found.total) == (set(groups), total)


def test_a_table_hides_in_both_directions() -> None:
    """9 alone is small; its row and its column each need another, and those two a fourth."""
    sizes = {("a", "x"): 9, ("a", "y"): 20, ("a", "z"): 30, ("b", "x"): 12, ("b", "y"): 25, ("b", "z"): 31}
    assert hidden_cells(sizes) == {("a", "x"), ("a", "y"), ("b", "x"), ("b", "y")}
    assert hidden_cells({key: size + 10 for key, size in sizes.items()}) == frozenset()
    assert hidden_cells({}) == frozenset()


def test_a_total_that_is_one_cell_goes_with_it() -> None:
    sizes = {("a", "x"): 4, ("b", "x"): 30, ("b", "y"): 40}
    found = hidden_cells(sizes)
    assert {("a", "x"), ("a", None), ("b", "x")} <= found
    assert ("b", None) in found  # or the total of all less it would give the other away


def test_what_cannot_be_is_refused() -> None:
    for sizes, floor in (({"a": -1}, 5), ({"a": 1}, 1)):
        with pytest.raises(ValueError, match="cannot be"):
            hidden(sizes, floor)


@settings(deadline=None)
@given(groups, st.integers(2, 12))
def test_nothing_small_can_be_had_by_subtraction(sizes: dict[str, int], floor: int) -> None:
    found = hidden(sizes, floor)
    away = [sizes[name] for name in found.groups]
    assert all(size >= floor or size == 0 or name in found.groups for name, size in sizes.items())
    assert not found.small & found.beside
    if not found.total and away:
        assert len(away) > 1
        assert sum(away) >= floor
    if not found.small:
        assert not found.beside


@settings(deadline=None)
@given(tables, st.integers(2, 12))
def test_no_line_of_a_table_has_one_unknown(sizes: dict[tuple[str, str], int], floor: int) -> None:
    away = hidden_cells(sizes, floor)
    for axis in (0, 1):
        for name in {key[axis] for key in sizes}:
            cells = [key for key, size in sizes.items() if key[axis] == name and size]
            total = (name, None) if axis == 0 else (None, name)
            gone = [key for key in cells if key in away]
            if total in away:
                assert gone
            elif gone:
                assert len(gone) > 1
                assert sum(sizes[key] for key in gone) >= floor
            assert all(sizes[key] >= floor for key in cells if key not in away)
