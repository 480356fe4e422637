"""What was told against what came."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from answerable.core.foretold import Tally, truth

SECONDS = st.integers(0, 100_000)


def test_nobody_was_told_anything() -> None:
    found = truth(Tally())
    assert (found.bias.known, found.error.known, found.within.known) == (False, False, False)
    assert Tally().accuracy is None


def test_who_still_waits_past_the_range_did_not_wait_within_it() -> None:
    tally = Tally(within=3, waiting=7, overdue=1, left=9, too_long=30, off=30, squares=300)
    assert (tally.told, tally.answered, tally.settled) == (20, 3, 4)
    assert truth(tally).within.value == 0.75
    assert truth(tally).error.coverage == 3 / 20


@given(st.lists(st.tuples(SECONDS, SECONDS), min_size=2, max_size=40))
def test_the_error_is_never_smaller_than_the_bias(waits: list[tuple[int, int]]) -> None:
    """And both halves of a period make the whole."""
    each = [
        Tally(outside=1, too_long=told - was, off=abs(told - was), squares=(told - was) ** 2) for told, was in waits
    ]
    whole = sum(each[1:], each[0])
    found = truth(whole)
    assert found.error.value is not None
    assert found.bias.value is not None
    assert abs(found.bias.value) <= found.error.value + 1e-9
    assert found.bias.low is not None
    assert found.bias.low <= found.bias.value
    assert found.error.value == pytest.approx(sum(abs(told - was) for told, was in waits) / len(waits))
