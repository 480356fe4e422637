from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from answerable.core.drivers import drivers
from answerable.core.moments import moments
from tests.core.references import SWISS, SWISS_NAMES


def test_fertility_in_switzerland() -> None:
    """datasets::swiss: R2 .706735 and the lmg of R's relaimpo, Education .260135 (Grömping 2006, JSS 17(1))."""
    found = drivers(np.cov(SWISS.T), SWISS_NAMES[1:], 47)
    assert found.r_squared.value == pytest.approx(0.706735, abs=1e-6)
    assert found.adjusted == pytest.approx(0.670971, abs=1e-6)  # summary(lm(Fertility ~ ., swiss))
    assert found.p_value == pytest.approx(5.594e-10, rel=1e-3)  # of the same: F = 19.76 on 5 and 41 degrees of freedom
    parts = {driver.name: driver.part for driver in found.drivers}
    assert parts == pytest.approx(
        {
            "Agriculture": 0.057091,
            "Examination": 0.171173,
            "Education": 0.260135,
            "Catholic": 0.105570,
            "Infant.Mortality": 0.112766,
        },
        abs=1e-6,
    )
    assert [driver.sign for driver in found.drivers] == [1, -1, -1, 1, 1]
    assert [driver.conflicting for driver in found.drivers] == [True, False, False, False, False]
    education = found.drivers[2]
    assert education.share == pytest.approx(0.260135 / 0.706735, abs=1e-6)
    assert education.coefficient == pytest.approx(-0.670401, abs=1e-6)


@pytest.mark.parametrize(("correlation", "n", "telling"), [(0.06, 100_000, False), (0.3, 20, False), (0.3, 200, True)])
def test_what_explains_next_to_nothing_tells_nothing(correlation: float, n: int, telling: bool) -> None:
    """Sure but small; large but by chance (p = .199); both sure and large enough."""
    found = drivers(np.array([[1, correlation], [correlation, 1]]), ["speed"], n)
    assert found.telling is telling
    if n == 20:
        assert found.p_value == pytest.approx(0.1987, abs=1e-4)  # pf(18 * .09 / .91, 1, 18, lower.tail = FALSE)


def test_covariances_and_correlations_give_the_same() -> None:
    by_sums = drivers(moments(SWISS).covariance(), SWISS_NAMES[1:], 47)
    by_correlation = drivers(np.corrcoef(SWISS.T), SWISS_NAMES[1:], 47)
    for ours, theirs in zip(by_sums.drivers, by_correlation.drivers, strict=True):
        assert ours.part == pytest.approx(theirs.part, abs=1e-9)


def test_fifteen_attributes_are_exact() -> None:
    """Fifteen that have nothing to do with each other: each part is its squared correlation."""
    alone = np.linspace(0.05, 0.3, 15)
    correlation = np.eye(16)
    correlation[0, 1:] = correlation[1:, 0] = alone
    found = drivers(correlation, [str(number) for number in range(15)], 500)
    assert [driver.part for driver in found.drivers] == pytest.approx(alone**2, abs=1e-12)


def test_what_cannot_be_told_is_refused_by_name() -> None:
    rows = np.random.default_rng(5).normal(size=(40, 3))
    twins = np.column_stack([rows, rows[:, 1]])
    with pytest.raises(ValueError, match="among speed, haste one follows"):
        drivers(np.cov(twins.T), ["speed", "care", "haste"], 40)
    still = np.column_stack([rows, np.full(40, 3.0)])
    with pytest.raises(ValueError, match="haste never varies"):
        drivers(np.cov(still.T), ["speed", "care", "haste"], 40)
    with pytest.raises(ValueError, match="4 complete answers are too few for 2"):
        drivers(np.cov(rows.T), ["speed", "care"], 4)
    patched = np.array([[1, 0.9, 0.9], [0.9, 1, -0.5], [0.9, -0.5, 1]])
    with pytest.raises(ValueError, match="complete answers: R2 would exceed 1"):
        drivers(patched, ["speed", "care"], 40)
    with pytest.raises(ValueError, match="16 attributes"):
        drivers(np.eye(17), ["x"] * 16, 99)


def test_without_any_relation_there_are_no_shares() -> None:
    found = drivers(np.eye(3), ["speed", "care"], 99)
    assert found.r_squared.value == 0
    assert [driver.share for driver in found.drivers] == [None, None]
    assert [driver.sign for driver in found.drivers] == [0, 0]


@settings(deadline=None, max_examples=25)
@given(st.integers(0, 10_000), st.integers(2, 4))
def test_parts_are_the_mean_over_all_orders_and_add_up(seed: int, p: int) -> None:
    rows = np.random.default_rng(seed).normal(size=(30, p + 1))
    rows[:, 1:] += rows[:, :1]
    correlation = np.corrcoef(rows.T)
    found = drivers(correlation, [str(number) for number in range(p)], 30)

    def explained(chosen: list[int]) -> float:
        side = correlation[0, chosen]
        return float(side @ np.linalg.solve(correlation[np.ix_(chosen, chosen)], side)) if chosen else 0.0

    orders = list(permutations(range(1, p + 1)))
    for number, driver in enumerate(found.drivers, start=1):
        gains = [
            explained(list(order[: order.index(number) + 1])) - explained(list(order[: order.index(number)]))
            for order in orders
        ]
        assert driver.part == pytest.approx(np.mean(gains), abs=1e-9)
        assert driver.part >= -1e-12
    assert sum(driver.part for driver in found.drivers) == pytest.approx(found.r_squared.value)
