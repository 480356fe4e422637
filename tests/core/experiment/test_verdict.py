"""Shares in bunches, sizes of samples and what they say, against published figures."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from answerable.core.estimates import Definition, wilson
from answerable.core.experiment import Finding, clustered_share, judge, sample_sizes
from answerable.core.experiment.clusters import variance

KEPT = Definition("compliance.first_response", 1)
# Cochran (1977), Sampling Techniques, table 3.5: thirty households, how many live there and how many of them had seen a
# doctor in the last year.
PERSONS = (5, 6, 3, 3, 2, 3, 3, 3, 4, 4, 3, 2, 7, 4, 3, 5, 4, 4, 3, 3, 4, 3, 3, 1, 2, 4, 3, 4, 2, 4)
DOCTOR = (5, 0, 2, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 1, 2, 0, 0, 1, 3, 2, 0, 0, 0, 2, 2, 0, 2, 0, 1)
HOUSEHOLDS = list(zip(DOCTOR, PERSONS, strict=True))
bunches = st.lists(
    st.tuples(st.integers(0, 6), st.integers(0, 6)).map(lambda pair: (min(pair), max(pair))), max_size=30
)


def test_cochrans_households() -> None:
    """p = 30/104 with variance 0.00520, where independent persons would have 0.00197."""
    found = clustered_share(HOUSEHOLDS, KEPT)
    assert (found.estimate.n, found.clusters) == (104, 30)
    assert found.estimate.value == pytest.approx(0.2885, abs=5e-5)
    assert variance(HOUSEHOLDS) == pytest.approx(0.00520, abs=1e-5)
    assert found.effect == pytest.approx(0.00520 / 0.00197, rel=0.02)


def test_one_each_is_wilson_but_for_students_quantile() -> None:
    """81 of 263 (Newcombe 1998): .255289 to .366210 for a sample without end."""
    found = clustered_share([(1, 1)] * 81 + [(0, 1)] * 182, KEPT).estimate
    assert (found.low, found.high) == pytest.approx((0.255289, 0.366210), abs=5e-4)
    assert found.low is not None
    assert found.low < 0.255289


@settings(max_examples=60)
@given(bunches)
def test_bunches_never_tell_more_than_lots(counts: list[tuple[int, int]]) -> None:
    found = clustered_share(counts, KEPT)
    part, whole = sum(part for part, _whole in counts), sum(whole for _part, whole in counts)
    if not whole:
        assert found.estimate.value is None
    elif found.clusters == 1:
        assert found.estimate.low is None
    else:
        low, high = wilson(part, whole)
        assert found.estimate.low is not None
        assert found.estimate.high is not None
        assert 0 <= found.estimate.low <= low + 1e-12
        assert high - 1e-12 <= found.estimate.high <= 1


def test_a_part_outside_its_whole_is_refused() -> None:
    with pytest.raises(ValueError, match="outside its whole"):
        clustered_share([(2, 1)], KEPT)


def test_sample_sizes_of_rs_power_prop_test() -> None:
    """R's example: power.prop.test(p1 = .50, p2 = .75, power = .90) gives n = 76.7 in each group."""
    assert sample_sizes(0.5, 0.75, power=0.9) == pytest.approx((76.7, 76.7), abs=0.05)


@settings(max_examples=40)
@given(st.floats(0.05, 0.95), st.floats(0.05, 0.95), st.floats(0.2, 5))
def test_a_sample_is_as_large_whichever_arm_is_named_first(first: float, second: float, ratio: float) -> None:
    if abs(first - second) > 0.01:
        one, other = sample_sizes(first, second, ratio=ratio), sample_sizes(second, first, ratio=1 / ratio)
        assert one == pytest.approx((other.second, other.first))


def test_shares_that_are_alike_have_no_sample() -> None:
    for first, second in ((0.4, 0.4), (0.4, 1.1)):
        with pytest.raises(ValueError, match="no sample"):
            sample_sizes(first, second)


def arm(kept: int, of: int) -> list[tuple[int, int]]:
    """As many customers with one conversation each."""
    return [(1, 1)] * kept + [(0, 1)] * (of - kept)


def test_the_verdicts() -> None:
    def said(one: list[tuple[int, int]], other: list[tuple[int, int]], *, last: bool = True) -> Finding:
        return judge(one, other, KEPT, smallest=0.05, is_last_look=last).finding

    assert said(arm(180, 200), arm(150, 200)) is Finding.BETTER
    assert said(arm(150, 200), arm(180, 200)) is Finding.WORSE
    assert said(arm(170, 200), arm(160, 200)) is Finding.OPEN
    assert said(arm(8500, 10_000), arm(8500, 10_000)) is Finding.ALIKE
    assert said([], arm(8, 10)) is Finding.UNKNOWN
    assert said([(3, 4)], arm(8, 10)) is Finding.UNKNOWN


def test_before_the_planned_end_more_is_demanded() -> None:
    early = judge(arm(180, 200), arm(160, 200), KEPT, smallest=0.05, is_last_look=False)
    last = judge(arm(180, 200), arm(160, 200), KEPT, smallest=0.05, is_last_look=True)
    assert (early.finding, last.finding) == (Finding.OPEN, Finding.BETTER)
    assert early.confidence > last.confidence


def test_how_many_more() -> None:
    """80 % against 85 %: 905.3 in each arm (R: power.prop.test(p1 = .80, p2 = .85, power = .80))."""
    found = judge(arm(82, 100), arm(80, 100), KEPT, smallest=0.05, is_last_look=True)
    assert found.finding is Finding.OPEN
    assert found.more == 1811 - 200
    assert found.more_today is not None
    assert found.more_today > found.more
    none = judge(arm(80, 100), arm(80, 100), KEPT, smallest=0.05, is_last_look=True)
    assert none.more_today is None


def test_bunches_ask_for_more() -> None:
    lots = judge(arm(80, 100), arm(80, 100), KEPT, smallest=0.05, is_last_look=True)
    bunched = judge([(4, 4)] * 20 + [(0, 4)] * 5, arm(80, 100), KEPT, smallest=0.05, is_last_look=True)
    assert lots.more is not None
    assert bunched.more is not None
    assert bunched.more > 2 * lots.more


def test_a_share_near_the_top_is_asked_about_downwards() -> None:
    found = judge(arm(97, 100), arm(99, 100), KEPT, smallest=0.05, is_last_look=True)
    assert found.finding is Finding.OPEN
    assert found.more is not None
    assert found.more > 0
