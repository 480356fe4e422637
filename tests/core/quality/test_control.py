import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from answerable.core.quality import individuals, proportions, rates

# NIST/SEMATECH e-Handbook of Statistical Methods, 6.3.2.2: flow rates of a pump.
FLOW = [49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4, 53.6, 52.1]
# The same, 6.3.3.1: defects on 25 wafers, counts chart, 16 a wafer on average; limits 4 and 28.
WAFERS = [16, 14, 28, 16, 12, 20, 10, 12, 10, 17, 19, 17, 14, 16, 15, 13, 14, 16, 11, 20, 11, 19, 16, 31, 13]
# The same, 6.3.3.2: defective chips in lots of 50; centre .2313.
CHIPS = [12, 15, 8, 10, 4, 7, 16, 9, 14, 10, 5, 6, 17, 12, 22, 8, 10, 5, 13, 11, 20, 18, 24, 15, 9, 12, 7, 13, 9, 6]


def test_flow_rates() -> None:
    """NIST: limits 45.8159 and 55.8041 about 50.81, mean moving range 1.8778."""
    chart = individuals(FLOW)
    assert (chart.centre, chart.ranges_centre) == pytest.approx((50.81, 1.877778), abs=1e-6)
    assert (chart.low[0], chart.high[0]) == pytest.approx((45.815910, 55.804090), abs=1e-6)
    assert chart.high[0] - chart.centre == pytest.approx(2.66 * chart.ranges_centre, abs=1e-3)
    assert chart.ranges_high == pytest.approx(3.267 * 1.877778, abs=1e-5)
    assert (chart.outside, chart.provisional) == ((), True)


def test_wafers() -> None:
    """NIST: centre 16, limits 4 and 28; the 24th wafer, 31 defects, is out."""
    chart = rates(WAFERS, [1] * 25)
    assert (chart.centre, chart.low[0], chart.high[0]) == pytest.approx((16, 4, 28))
    assert (chart.outside, chart.provisional) == ((23,), False)


def test_chips() -> None:
    """NIST: centre .2313, limits .0524 and .4102; lots 15 and 23 (.44 and .48) are out."""
    chart = proportions(CHIPS, [50] * 30)
    assert chart.centre == pytest.approx(0.2313, abs=5e-5)
    assert (chart.low[0], chart.high[0]) == pytest.approx((0.0524, 0.4102), abs=1e-4)
    assert chart.outside == (14, 22)


def test_limits_follow_the_size_of_each_period() -> None:
    """docs/measures/quality.md: 10 of 100 and 30 of 300 share a centre, not their limits."""
    chart = proportions([10, 30], [100, 300])
    assert chart.centre == pytest.approx(0.1)
    assert chart.high == pytest.approx([0.19, 0.1519615], abs=1e-6)
    assert chart.low == pytest.approx([0.01, 0.0480385], abs=1e-6)
    u = rates([10, 30], [2.5, 7.5])
    assert u.high == pytest.approx([7.794733, 6.190890], abs=1e-6)
    assert u.low == pytest.approx([0.205267, 1.809110], abs=1e-6)


def test_what_has_no_limits_and_what_cannot_be() -> None:
    assert individuals([]).centre is None
    one = individuals([5.0])
    assert (one.centre, one.ranges_centre, np.isnan(one.low[0]), one.outside) == (5, None, True, ())
    assert proportions([], []).centre is None
    assert rates([], []).centre is None
    with pytest.raises(ValueError, match="point 1 is not a number"):
        individuals([1.0, float("nan")])
    with pytest.raises(ValueError, match="point 1 has 3 defective items of 2"):
        proportions([1, 3], [2, 2])
    with pytest.raises(ValueError, match="point 0 has 1 of 0 units"):
        rates([1], [0])
    with pytest.raises(ValueError, match="2 counts, but 1 sizes"):
        rates([1, 2], [1])


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 50), st.integers(50, 500)), min_size=1, max_size=30))
def test_limits_stay_where_a_share_can_be(points: list[tuple[int, int]]) -> None:
    chart = proportions(*zip(*points, strict=True))
    assert (chart.low >= 0).all()
    assert (chart.high <= 1).all()
    assert (chart.low <= chart.centre).all()
    assert (chart.centre <= chart.high).all()
