import pytest

from benchmarks.figures import Bar, Figure, growth, row


def test_the_median_is_held_against_the_bar() -> None:
    slow = Figure("list", "ms", [9, 12, 11], 1000, Bar(10), [1, 2, 3], "a query")
    assert slow.verdict == "not met"
    assert row(slow) == ["list", "1,000", "11 ms", "9-12", "2 ms (a query)", "5.5", "≤ 10 ms", "not met"]


def test_a_rate_is_to_be_at_least_its_bar() -> None:
    fast = Figure("create", "/s", [400, 500], bar=Bar(400, at_least=True), floor=[900], floor_is="three rows")
    assert fast.verdict == "met"
    assert fast.ratio == pytest.approx(2.0)


def test_growth_is_fitted_as_a_power_of_the_size() -> None:
    """Cost 3 * n ** 0.5: ten times the conversations cost the square root of ten times as much."""
    sizes = (1000, 10_000, 100_000)
    times = [Figure("list", "ms", [3 * size**0.5], size) for size in sizes]
    rates = [Figure("create", "/s", [1e6 / size], size) for size in sizes]
    (work, cost, larger, exponent), (_create, _cost, _larger, linear) = growth([*times, *rates])
    assert (work, cost, larger, exponent) == ("list", pytest.approx(10), pytest.approx(100), pytest.approx(0.5))
    assert linear == pytest.approx(1.0)


def test_one_size_tells_nothing_of_growth() -> None:
    assert growth([Figure("list", "ms", [1], 1000), Figure("start", "s", [1])]) == []
