import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from answerable.core.agreement import Level, kappa, krippendorff

_ = None
# Krippendorff (2011), Computing Krippendorff's Alpha-Reliability, section C: four observers, twelve units.
OBSERVERS = (
    (1, 2, 3, 3, 2, 1, 4, 1, 2, _, _, _),
    (1, 2, 3, 3, 2, 2, 4, 1, 2, 5, _, 3),
    (_, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, _),
    (1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, _),
)
UNITS = list(zip(*OBSERVERS, strict=True))
grades = st.lists(st.lists(st.one_of(st.none(), st.integers(1, 5)), min_size=3, max_size=3), max_size=15)


@pytest.mark.parametrize(("level", "value"), [("nominal", 0.743421), ("ordinal", 0.815388), ("interval", 0.849107)])
def test_krippendorffs_own_example(level: Level, value: float) -> None:
    """The paper prints .743, .815 and .849; all digits by the package krippendorff."""
    found = krippendorff(UNITS, level)
    assert found.coefficient.value == pytest.approx(value, abs=1e-6)
    assert found.coefficient.n == 11  # the twelfth unit was seen by one observer only
    assert found.raw.value == pytest.approx(0.8)
    assert found.undefined is None


def test_the_interval_is_the_jackknifes() -> None:
    """Leaving one unit out at a time, by the function itself on ten units, put together by hand."""
    units = UNITS[:11]
    left = [krippendorff(units[:i] + units[i + 1 :], "nominal").coefficient.value for i in range(11)]
    error = (10 / 11 * sum((each - np.mean(left)) ** 2 for each in left)) ** 0.5
    whole = krippendorff(units, "nominal").coefficient
    assert whole.low == pytest.approx(whole.value - 2.228139 * error, abs=1e-6)  # t, 10 degrees, .975
    assert whole.high == pytest.approx(min(1, whole.value + 2.228139 * error), abs=1e-6)


def test_all_alike_is_not_defined_but_agreed() -> None:
    found = krippendorff([[3, 3], [3, 3, 3], [3, 3]], "ordinal")
    assert (found.coefficient.value, found.raw.value, found.undefined) == (None, 1, "all grades are alike")
    alone = krippendorff([[3], [4, None], []], "ordinal")
    assert (alone.coefficient.n, alone.raw.value, alone.undefined) == (0, None, "nothing graded twice")
    with pytest.raises(ValueError, match="numbers"):
        krippendorff([[float("nan"), 3]], "interval")


def test_two_units_have_no_interval() -> None:
    assert krippendorff([[1, 2], [2, 2]], "nominal").coefficient.low is None
    # Nothing is left to compare without the only unit that differs.
    assert krippendorff([[1, 2], [2, 2], [2, 2]], "nominal").coefficient.low is None


def test_kappa_of_cohens_kind() -> None:
    """[[20, 5], [10, 15]]: kappa .4, agreement .7; limits by statsmodels' cohens_kappa, of a second table too."""
    found = kappa(np.array([[20, 5], [10, 15]]))
    assert found.coefficient.value == pytest.approx(0.4, abs=1e-9)
    assert (found.coefficient.low, found.coefficient.high) == pytest.approx((0.1510923, 0.6489077), abs=1e-6)
    assert (found.raw.value, found.raw.n) == (0.7, 50)
    three = kappa(np.array([[20, 5, 1], [10, 15, 3], [0, 2, 9]])).coefficient
    assert (three.value, three.low, three.high) == pytest.approx((0.4918094, 0.3102357, 0.6733831), abs=1e-6)


def test_kappa_where_all_are_alike_or_nothing_is() -> None:
    found = kappa(np.array([[50, 0], [0, 0]]))
    assert (found.coefficient.value, found.raw.value, found.undefined) == (None, 1, "all grades are alike")
    assert kappa(np.zeros((2, 2), dtype=int)).undefined == "nothing graded twice"
    with pytest.raises(ValueError, match="square"):
        kappa(np.ones((2, 3), dtype=int))
    with pytest.raises(ValueError, match="square"):
        kappa(np.array([[1, -1], [0, 0]]))


@settings(deadline=None)
@given(grades, st.sampled_from(["nominal", "ordinal", "interval"]))
def test_alpha_does_not_care_who_graded_or_in_which_order(units: list, level: Level) -> None:
    ours = krippendorff(units, level)
    theirs = krippendorff([list(reversed(unit)) for unit in reversed(units)], level)
    assert ours.coefficient.value == pytest.approx(theirs.coefficient.value)
    if ours.coefficient.value is not None:
        assert ours.coefficient.value <= 1
        if ours.coefficient.low is not None and ours.coefficient.high is not None:
            assert ours.coefficient.low <= ours.coefficient.value <= ours.coefficient.high


@settings(deadline=None)
@given(st.lists(st.integers(0, 40), min_size=9, max_size=9))
def test_kappa_is_at_most_raw_agreement(counts: list[int]) -> None:
    found = kappa(np.array(counts).reshape(3, 3))
    if found.coefficient.value is not None:
        assert found.raw.value is not None
        assert found.coefficient.value <= found.raw.value + 1e-12
