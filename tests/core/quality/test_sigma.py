import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from answerable.core.quality import sigma


def test_ten_thousand_per_million() -> None:
    """50 defects, 1,000 units, 5 opportunities: DPMO 10,000, 3.8263 with the shift (Harry 1988), 2.3263 without."""
    found = sigma(50, 1000, 5)
    assert (found.dpmo.value, found.dpmo.n) == (pytest.approx(10_000), 5000)
    assert found.shifted.value == pytest.approx(3.826348, abs=1e-6)
    assert found.unshifted.value == pytest.approx(2.326348, abs=1e-6)
    assert (found.dpmo.low, found.dpmo.high) == pytest.approx((7593.7728, 13158.5751), abs=1e-3)  # statsmodels


def test_six_sigma_is_three_point_four_per_million() -> None:
    """Harry (1988): 3.4 defects per million opportunities are six sigma with the shift."""
    assert sigma(34, 10_000_000).shifted.value == pytest.approx(6.0, abs=1e-3)


def test_no_defect_gives_a_bound_and_never_infinity() -> None:
    """The rule of three: at most 3 in 1,000 (Hanley and Lippman-Hand 1983, JAMA 249:1743-1745)."""
    found = sigma(0, 1000)
    assert (found.dpmo.value, found.dpmo.low, found.dpmo.high) == pytest.approx((0, 0, 3000))
    assert (found.shifted.value, found.shifted.high) == (None, None)
    assert found.unshifted.low == pytest.approx(2.747781, abs=1e-6)
    assert found.shifted.low == pytest.approx(4.247781, abs=1e-6)
    assert sigma(0, 3).shifted.low is None
    assert sigma(0, 0).dpmo.value is None


def test_nothing_but_defects() -> None:
    found = sigma(1000, 1000)
    assert (found.unshifted.value, found.unshifted.low) == (None, None)
    assert found.unshifted.high == pytest.approx(-2.747781, abs=1e-6)


def test_what_cannot_be_is_refused() -> None:
    with pytest.raises(ValueError, match="11 defects, but only 10 opportunities"):
        sigma(11, 5, 2)
    for wrong in ((-1, 5, 1), (0, -1, 1), (0, 5, 0)):
        with pytest.raises(ValueError, match="cannot be"):
            sigma(*wrong)


@settings(deadline=None)
@given(st.integers(1, 998), st.integers(1000, 5000))
def test_more_defects_are_fewer_sigma(defects: int, units: int) -> None:
    fewer, more = sigma(defects, units).shifted, sigma(defects + 1, units).shifted
    assert fewer.low < fewer.value < fewer.high  # type: ignore[operator]
    assert more.value < fewer.value  # type: ignore[operator]
