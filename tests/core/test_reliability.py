import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from answerable.core.estimates import Definition
from answerable.core.moments import moments
from answerable.core.reliability import cronbach
from tests.core.references import ATTITUDE

OF_TESTS = Definition("of.tests", 1)
answers = st.lists(st.lists(st.integers(1, 7), min_size=3, max_size=3), min_size=2, max_size=30)


def test_the_seven_attitudes() -> None:
    """datasets::attitude, 7 items: alpha .843143; Feldt's interval recomputed with scipy's F distribution."""
    alpha = cronbach(moments(ATTITUDE))
    assert (alpha.value, alpha.n) == (pytest.approx(0.843143, abs=1e-6), 30)
    assert (alpha.low, alpha.high) == pytest.approx((0.7393757, 0.9157731), abs=1e-6)


def test_it_is_not_defined_for_one_item_one_person_or_when_all_are_alike() -> None:
    assert cronbach(moments(ATTITUDE[:, :1])).value is None
    assert cronbach(moments(ATTITUDE[:1])).value is None
    assert cronbach(moments(np.full((9, 4), 5.0))).value is None
    assert cronbach(moments(np.empty((0, 4)))).n == 0
    two = cronbach(moments(ATTITUDE[:2]))
    assert two.value is not None
    assert two.low is None


def test_rotated_items_still_have_an_alpha() -> None:
    """Every third answer left out by rotation: pairwise covariances, n of the rarest pair, alpha close by."""
    rotated = ATTITUDE.copy()
    for row in range(30):
        rotated[row, row % 7 :: 3] = np.nan
    alpha = cronbach(moments(rotated))
    assert alpha.n < 15
    assert alpha.value == pytest.approx(0.843143, abs=0.15)


@settings(deadline=None)
@given(answers, st.integers(0, 30))
def test_moments_of_parts_add_up(rows: list[list[int]], cut: int) -> None:
    whole = np.array(rows, dtype=float)
    parts = moments(whole[:cut]) + moments(whole[cut:])
    for ours, theirs in ((parts.counts, moments(whole).counts), (parts.products, moments(whole).products)):
        assert (ours == theirs).all()
    assert parts.covariance() == pytest.approx(np.cov(whole.T))


@settings(deadline=None)
@given(answers)
def test_a_sum_of_means_of_complete_answers_is_the_mean_of_the_sums(rows: list[list[int]]) -> None:
    """Everybody answered all: then the interval must be that of each person's own weighted sum."""
    whole, weights = np.array(rows, dtype=float), (0.5, 0.3, 0.2)
    ours = moments(whole).combination(weights, OF_TESTS, "score")
    theirs = moments((whole @ np.array(weights))[:, None]).mean(0, OF_TESTS, "score")
    assert (ours.value, ours.low, ours.high) == pytest.approx((theirs.value, theirs.low, theirs.high), abs=1e-6)
