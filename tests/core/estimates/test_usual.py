"""What a day's count usually is: docs/measures/usual.md, and what must hold of any counts."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from answerable.core.estimates import usual

COUNTS = st.lists(st.integers(0, 500), min_size=4, max_size=8)


def test_alike_days_do_not_promise_that_the_next_is() -> None:
    """Poisson's variance, 36, is more than theirs: t(7, .975) = 2.364624 by scipy."""
    found = usual([36] * 8)
    assert found.low is not None
    assert found.high is not None
    assert found.high - 36 == pytest.approx(2.3646242510103 * (36 * 9 / 8) ** 0.5, rel=1e-9)
    assert 36 - found.low == pytest.approx(found.high - 36)


def test_few_days_and_few_counts_say_nothing() -> None:
    assert usual([]).mean is None
    assert usual([40, 41, 39]).low is None
    assert usual([40, 41, 39]).verdict(400) == "too few"
    assert usual([0, 1, 0, 2]).verdict(4) == "too few"
    assert usual([0, 1, 0, 2]).verdict(9) == "more"
    with pytest.raises(ValueError, match="negative"):
        usual([3, -1])


@settings(max_examples=60)
@given(COUNTS, st.integers(0, 600))
def test_the_mean_is_usual_and_more_is_never_less_unusual(counts: list[int], count: int) -> None:
    found = usual(counts)
    assert found.mean is not None
    assert found.verdict(round(found.mean)) in ("as usual", "too few")
    assert usual(counts[::-1]).verdict(count) == found.verdict(count)
    if found.verdict(count) == "more":
        assert found.verdict(count + 1) == "more"
    if found.verdict(count) == "fewer" and count:
        assert found.verdict(count - 1) in ("fewer", "too few")
