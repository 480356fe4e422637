import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from answerable.core.estimates import (
    CSAT,
    EMPLOYEE_NPS,
    Definition,
    effort,
    mean,
    mean_of_sums,
    net_promoter_score,
    promoters_difference,
    satisfaction,
    split,
    split_answers,
)

five = st.lists(st.integers(0, 2000), min_size=5, max_size=5)


def test_csat_is_the_top_two_boxes_with_mean_and_distribution() -> None:
    """docs/measures/csat.md: 85 of 100 satisfied; Wilson .767164-.906940 (Newcombe 1998)."""
    csat = satisfaction([4, 3, 8, 35, 50], not_applicable=6, invited=400)
    assert csat.satisfied.value == 0.85
    assert csat.satisfied.low == pytest.approx(0.767164, abs=1e-6)
    assert csat.satisfied.high == pytest.approx(0.906940, abs=1e-6)
    assert csat.satisfied.n == 100
    assert csat.satisfied.coverage == pytest.approx(106 / 400)
    assert csat.satisfied.definition == CSAT
    assert csat.mean.value == pytest.approx(4.24)
    assert csat.distribution == (4, 3, 8, 35, 50)
    assert csat.not_applicable == 6


def test_no_mean_is_bounded_beyond_its_scale() -> None:
    csat = satisfaction([0, 0, 0, 1, 1])
    assert (csat.mean.low, csat.mean.value, csat.mean.high) == (1.0, 4.5, 5.0)


def test_csat_of_nobody_has_no_value() -> None:
    csat = satisfaction([0] * 5, not_applicable=2, invited=9)
    assert csat.satisfied.value is None
    assert csat.mean.value is None
    assert csat.satisfied.coverage == pytest.approx(2 / 9)


def test_csat_refuses_other_scales_and_too_many_answers() -> None:
    with pytest.raises(ValueError, match="five counts"):
        satisfaction([1, 2, 3])
    with pytest.raises(ValueError, match="five counts"):
        satisfaction([1, 2, 3, 4, -5])
    with pytest.raises(ValueError, match="11 answers to 10 invitations"):
        satisfaction([2, 2, 2, 2, 2], not_applicable=1, invited=10)


@pytest.mark.parametrize(
    ("counts", "value", "low", "high"),
    [((60, 20, 20), 40.0, 23.3799, 54.2900), ((19, 9, 8), 30.5556, 2.8784, 53.5318)],
)
def test_nps_has_rocks_interval(counts: tuple[int, int, int], value: float, low: float, high: float) -> None:
    """Rocks (2016), The American Statistician 70:365-372, adjusted Wald."""
    nps = net_promoter_score(*counts)
    assert (nps.value, nps.low, nps.high) == pytest.approx((value, low, high), abs=1e-4)


def test_nps_to_six_places() -> None:
    """By hand, from n' = 103, p' = 60.75 / 103, d' = 20.75 / 103 and z = 1.959963984540054."""
    nps = net_promoter_score(60, 20, 20)
    net = 40 / 103
    half = 1.959963984540054 * ((81.5 / 103 - net**2) / 103) ** 0.5
    assert (nps.low, nps.high) == pytest.approx((100 * (net - half), 100 * (net + half)), abs=1e-6)


def test_ten_points_of_nps_on_a_hundred_answers_may_not_be_claimed() -> None:
    change = promoters_difference((60, 20, 20), (50, 30, 20))
    assert change.value == pytest.approx(10)
    assert change.z == pytest.approx(0.894427, abs=1e-6)
    assert change.p == pytest.approx(0.371093, abs=1e-6)
    worse = promoters_difference((50, 30, 20), (60, 20, 20))
    assert (worse.z, worse.p) == pytest.approx((-0.894427, 0.371093), abs=1e-6)
    assert change.verdict == "not distinguishable"
    assert promoters_difference((0, 0, 0), (1, 1, 1)).verdict == "unknown"
    assert promoters_difference((5, 0, 0), (0, 0, 5)).low is None


def test_nps_takes_eleven_answers_only() -> None:
    assert split([1, 0, 0, 0, 0, 0, 2, 3, 4, 5, 6]) == (11, 7, 3)
    with pytest.raises(ValueError, match="eleven counts"):
        split([1] * 10)
    with pytest.raises(ValueError, match="cannot be negative"):
        net_promoter_score(-1, 2, 3)
    with pytest.raises(ValueError, match="cannot be negative"):
        promoters_difference((1, 2, 3), (1, -2, 3))
    assert net_promoter_score(0, 0, 0).value is None


def test_nps_refuses_other_scales_even_when_the_numbers_would_fit() -> None:
    assert split_answers({10: 3, 9: 1, 7: 2, 0: 4}, (0, 10)) == (4, 2, 4)
    with pytest.raises(ValueError, match="not from 1 to 10"):
        split_answers({10: 3, 1: 4}, (1, 10))
    with pytest.raises(ValueError, match=r"8\.5, 11 is no whole number"):
        split_answers({8.5: 1, 11: 1, 9: 2}, (0, 10))


def test_employees_have_a_measure_of_their_own() -> None:
    ours = net_promoter_score(60, 20, 20, definition=EMPLOYEE_NPS)
    assert (ours.definition, ours.value) == (EMPLOYEE_NPS, 40)


@settings(deadline=None)
@given(st.integers(0, 999), st.integers(0, 999), st.integers(1, 999))
def test_nps_stays_on_its_scale(promoters: int, passives: int, detractors: int) -> None:
    nps = net_promoter_score(promoters, passives, detractors)
    assert nps.value is not None
    assert nps.low is not None
    assert nps.high is not None
    assert -100 <= nps.low <= nps.value <= nps.high <= 100


def test_effort_keeps_its_polarity() -> None:
    easy = effort([1, 2, 3, 4, 20, 40, 30])
    assert easy.easy.value == pytest.approx(0.9)
    assert easy.mean.value == pytest.approx((1 + 4 + 9 + 16 + 100 + 240 + 210) / 100)
    hard = effort([30, 40, 20, 4, 3, 2, 1], polarity="high is hard")
    assert hard.easy == easy.easy
    assert hard.polarity == "high is hard"
    with pytest.raises(ValueError, match="seven counts"):
        effort([1] * 5)


def test_a_mean_has_students_interval() -> None:
    """Student (1908), Biometrika 6:1-25, his sleep data, drug 2 - drug 1: mean 1.58, 9 degrees."""
    differences = [1.2, 2.4, 1.3, 1.3, 0.0, 1.0, 1.8, 0.8, 4.6, 1.4]
    counts = {each: differences.count(each) for each in differences}
    estimate = mean(counts, Definition("of.tests", 1), "hours")
    assert estimate.value == pytest.approx(1.58)
    assert (estimate.low, estimate.high) == pytest.approx((0.7001142, 2.4598858), abs=1e-6)
    assert mean({4.0: 1}, Definition("of.tests", 1), "score").low is None


@settings(deadline=None)
@given(st.lists(st.integers(1, 7), max_size=60))
def test_a_mean_is_the_same_from_rows_and_from_sums(answers: list[int]) -> None:
    rows = mean({float(each): answers.count(each) for each in set(answers)}, Definition("of.tests", 1), "score")
    squares = sum(each**2 for each in answers)
    sums = mean_of_sums(len(answers), sum(answers), squares, Definition("of.tests", 1), "score")
    assert (sums.n, sums.method) == (rows.n, rows.method)
    assert (sums.value, sums.low, sums.high) == pytest.approx((rows.value, rows.low, rows.high), abs=1e-6)


@settings(deadline=None)
@given(five)
def test_csat_holds_its_mean_and_share(counts: list[int]) -> None:
    csat = satisfaction(counts)
    for estimate in (csat.satisfied, csat.mean):
        if estimate.value is not None and estimate.low is not None and estimate.high is not None:
            assert estimate.low <= estimate.value <= estimate.high
    assert csat.satisfied.n == sum(counts)
