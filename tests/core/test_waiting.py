"""How long somebody will wait: from the rate that was measured, and checked against what came."""

import math
from random import Random

import pytest

from answerable.core.waiting import Served, check, expect


def erlang(stages: int, seconds: float) -> float:
    """The share of an Erlang distribution of rate 1 that lies below."""
    return 1 - math.exp(-seconds) * sum(seconds**n / math.factorial(n) for n in range(stages))


def test_who_comes_behind_five_when_twelve_an_hour_are_taken_up() -> None:
    """The example of docs/howto/routing.md."""
    wait = expect(5, [300.0 * n for n in range(1, 13)], now=3600.0, window=3600.0)
    assert wait is not None
    assert wait.seconds == pytest.approx(6 * 300)
    assert (wait.low, wait.high) == (pytest.approx(946, abs=1), pytest.approx(2780, abs=1))
    assert wait.n == 12


def test_too_few_tell_nothing_and_neither_do_those_of_long_ago() -> None:
    assert expect(0, [1.0, 2.0], now=10.0, window=60.0) is None
    assert expect(0, [1.0, 2.0, 3.0], now=100.0, window=60.0) is None
    assert expect(0, [1.0, 2.0, 3.0, 500.0], now=10.0, window=60.0) is not None
    with pytest.raises(ValueError, match="ahead"):
        expect(-1, [], now=0.0, window=1.0)


@pytest.mark.parametrize("stages", [1, 2, 5, 30])
def test_four_of_five_wait_between_what_and_what_is_said(stages: int) -> None:
    wait = expect(stages - 1, [1.0, 2.0, 3.0], now=3.0, window=3.0)
    assert wait is not None
    assert erlang(stages, wait.high) - erlang(stages, wait.low) == pytest.approx(0.8, abs=0.01)


def test_a_queue_that_is_served_evenly_is_told_its_wait() -> None:
    """Somebody comes every minute; each is taken up ten minutes after they came."""
    served = [Served(60.0 * n, 60.0 * n + 600) for n in range(500)]
    accuracy = check(served, window=3600.0)
    assert accuracy is not None
    assert abs(accuracy.bias) < 60
    assert accuracy.error < 60
    assert check(served[:2], window=3600.0) is None


def test_a_queue_of_chance_is_told_its_wait_without_bias() -> None:
    """One server at nine tenths of its capacity (an M/M/1 queue), whose load does not change."""
    dice, at, free, served = Random(5), 0.0, 0.0, []
    for _ in range(6000):
        at += dice.expovariate(0.9)
        began = max(at, free)
        free = began + dice.expovariate(1.0)
        served.append(Served(at, began))
    accuracy = check(served, window=200.0)
    assert accuracy is not None
    mean = sum((each.taken_at or 0) - each.arrived_at for each in served) / len(served)
    assert accuracy.error < mean / 2
    assert abs(accuracy.bias) < mean / 4
