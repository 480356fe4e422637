"""Values by scipy 1.16 (scipy.stats.t, beta, binom), recomputed for these tests."""

from math import isclose

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from answerable.core.estimates.distributions import (
    beta_quantile,
    beta_tail,
    binomial_quantile,
    binomial_tail,
    normal_quantile,
    normal_two_sided_p,
    t_quantile,
)


@pytest.mark.parametrize(
    ("p", "degrees", "value"),
    [
        (0.975, 1, 12.706204736174694),
        (0.975, 2, 4.302652729749462),
        (0.975, 5, 2.5705818356363146),
        (0.975, 10, 2.228138851986274),
        (0.975, 30, 2.0422724563012378),
        (0.975, 1000, 1.9623390808264083),
        (0.975, 1e6, 1.959966356814107),
        (0.6, 3, 0.2766706623326898),
        (0.025, 5, -2.5705818356363146),
        (0.5, 5, 0.0),
    ],
)
def test_t_quantile_is_scipys(p: float, degrees: float, value: float) -> None:
    assert t_quantile(p, degrees) == pytest.approx(value, rel=1e-9)


def test_tails_and_quantiles_are_scipys() -> None:
    assert beta_quantile(0.025, 2, 5) == pytest.approx(0.043271868292741676, rel=1e-9)
    assert beta_quantile(0.975, 0.5, 30) == pytest.approx(0.08096134110426596, rel=1e-9)
    assert beta_quantile(0.975, 86, 15) == pytest.approx(0.9135456143583515, rel=1e-9)
    assert beta_tail(0.3, 20, 40) == pytest.approx(0.29982167525229364, rel=1e-12)
    assert binomial_tail(45, 100, 0.5) == pytest.approx(0.18410080866334808, rel=1e-12)
    assert binomial_tail(8990, 10_000, 0.9) == pytest.approx(0.37423442438077537, rel=1e-10)
    assert binomial_quantile(0.025, 100, 0.5) == 40
    assert binomial_quantile(0.975, 37, 0.9) == 36


def test_the_normal_is_the_tables() -> None:
    """Abramowitz & Stegun, table 26.5: 1.959964 cuts off 2.5 % on each side."""
    assert normal_quantile(0.975) == pytest.approx(1.959963984540054, rel=1e-14)
    assert normal_two_sided_p(1.959963984540054) == pytest.approx(0.05, rel=1e-12)
    assert beta_tail(0, 2, 3) == 0
    assert beta_tail(1, 2, 3) == 1
    assert binomial_tail(-1, 5, 0.5) == 0
    assert binomial_tail(5, 5, 0.5) == 1


@settings(deadline=None)  # a shared machine may pause
@given(st.floats(0.001, 0.999), st.floats(0.5, 500), st.floats(0.5, 500))
def test_a_quantile_undoes_its_tail(p: float, a: float, b: float) -> None:
    assert isclose(beta_tail(beta_quantile(p, a, b), a, b), p, rel_tol=1e-6, abs_tol=1e-9)


@settings(deadline=None)
@given(st.floats(0.001, 0.999), st.integers(1, 300), st.floats(0.01, 0.99))
def test_a_binomial_quantile_is_the_least_that_reaches(q: float, n: int, p: float) -> None:
    k = binomial_quantile(q, n, p)
    assert binomial_tail(k, n, p) >= q
    assert k == 0 or binomial_tail(k - 1, n, p) < q
