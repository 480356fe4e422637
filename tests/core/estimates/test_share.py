import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from answerable.core.estimates import Definition, Estimate, difference, share, wilson

OF_TESTS = Definition("of.tests", 1)
parts = st.integers(1, 5000).flatmap(lambda whole: st.tuples(st.integers(0, whole), st.just(whole)))


@pytest.mark.parametrize(
    ("part", "whole", "low", "high"),
    [(81, 263, 0.255289, 0.366210), (0, 20, 0.0, 0.161125), (85, 100, 0.767164, 0.906940)],
)
def test_wilson_gives_newcombes_values(part: int, whole: int, low: float, high: float) -> None:
    """Newcombe (1998), Statistics in Medicine 17:857-872, table I, method 3; statsmodels agrees."""
    assert wilson(part, whole) == pytest.approx((low, high), abs=1e-6)


def test_a_difference_of_shares_is_newcombes() -> None:
    """56/70 - 48/80: .0524 to .3339 and 10/10 - 0/10: .6075 to 1, Newcombe (1998), table II, method 10."""
    both = difference(share(56, 70, OF_TESTS), share(48, 80, OF_TESTS))
    assert (both.value, both.low, both.high) == pytest.approx((0.2, 0.05243147, 0.33387265), abs=1e-6)
    assert both.verdict == "distinguishable"
    far = difference(share(10, 10, OF_TESTS), share(0, 10, OF_TESTS))
    assert (far.low, far.high) == pytest.approx((0.60750935, 1.0), abs=1e-6)
    same = difference(share(50, 100, OF_TESTS), share(52, 100, OF_TESTS))
    assert same.verdict == "not distinguishable"


def test_nothing_observed_is_no_value() -> None:
    empty = share(0, 0, OF_TESTS)
    assert (empty.value, empty.low, empty.high, empty.n, empty.known) == (None, None, None, 0, False)
    assert difference(empty, share(1, 2, OF_TESTS)).verdict == "unknown"


def test_what_cannot_be_is_refused() -> None:
    with pytest.raises(ValueError, match="21 of 20"):
        share(21, 20, OF_TESTS)
    with pytest.raises(ValueError, match="outside 0 to 1"):
        share(1, 2, OF_TESTS, coverage=1.01)
    with pytest.raises(ValueError, match="no value"):
        Estimate(0.0, None, None, 0, None, OF_TESTS, "", "share")
    with pytest.raises(ValueError, match="cannot be negative"):
        Estimate(None, None, None, -1, None, OF_TESTS, "", "share")
    with pytest.raises(ValueError, match="cannot be compared"):
        difference(share(1, 2, OF_TESTS), share(1, 2, Definition("of.tests", 2)))


@settings(deadline=None)
@given(parts)
def test_the_interval_holds_the_share(pair: tuple[int, int]) -> None:
    low, high = wilson(*pair)
    assert 0 <= low <= pair[0] / pair[1] <= high <= 1


@settings(deadline=None)
@given(parts, st.integers(2, 50))
def test_more_of_the_same_narrows_the_interval(pair: tuple[int, int], times: int) -> None:
    few, many = wilson(*pair), wilson(pair[0] * times, pair[1] * times)
    assert many[1] - many[0] < few[1] - few[0]


@settings(deadline=None)
@given(parts, parts)
def test_a_difference_is_symmetric(one: tuple[int, int], other: tuple[int, int]) -> None:
    there = difference(share(*one, OF_TESTS), share(*other, OF_TESTS))
    back = difference(share(*other, OF_TESTS), share(*one, OF_TESTS))
    assert there.value is not None
    assert back.low is not None
    assert there.high == pytest.approx(-back.low, abs=1e-12)
    assert there.distinguishable == back.distinguishable
