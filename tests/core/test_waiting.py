"""How long somebody will wait: from the rate that was measured, and checked against what came."""

from random import Random

import pytest
from scipy import stats

from answerable.core.waiting import Line, Served, check, expect


def taken(*instants: float) -> Line:
    """Taken up at these, where somebody waited all the time."""
    return Line.of(Served(0.0, at) for at in instants)


def test_who_comes_behind_five_when_twelve_an_hour_are_taken_up() -> None:
    """The example of docs/howto/routing.md."""
    wait = expect(5, taken(*(300.0 * n for n in range(1, 13))), now=3600.0, window=3600.0)
    assert wait is not None
    assert wait.seconds == pytest.approx(6 * 300)
    assert (wait.low, wait.high) == (pytest.approx(880, abs=1), pytest.approx(3345, abs=1))
    assert wait.n == 12


def test_too_few_tell_nothing_and_neither_do_those_of_long_ago() -> None:
    assert expect(0, taken(1.0, 2.0), now=10.0, window=60.0) is None
    assert expect(0, taken(1.0, 2.0, 3.0), now=100.0, window=60.0) is None
    assert expect(0, taken(1.0, 2.0, 3.0, 500.0), now=10.0, window=60.0) is not None
    with pytest.raises(ValueError, match="ahead"):
        expect(-1, taken(), now=0.0, window=1.0)


def test_time_in_which_nobody_waited_does_not_count() -> None:
    """One an hour, each answered after half a minute: who comes now waits half a minute, and not an hour."""
    line = Line.of(Served(3600.0 * n, 3600.0 * n + 30) for n in range(5))
    assert line.waited_by(-1.0) == 0
    assert line.waited_by(3615.0) == 45
    wait = expect(0, line, now=5 * 3600.0, window=4.5 * 3600)
    assert wait is not None
    assert (wait.seconds, wait.n) == (30, 4)
    together = Line.of([Served(0.0, 40.0), Served(10.0, 20.0), Served(10.0, 30.0), Served(35.0, None)])
    assert together.waited_by(100.0) == 100, "of two who wait at once the time counts once"


@pytest.mark.parametrize("stages", [1, 2, 5, 30])
@pytest.mark.parametrize("told", [3, 4, 11, 101])
def test_four_of_five_wait_between_what_and_what_is_said(stages: int, told: int) -> None:
    """Against the quantiles of F that SciPy finds."""
    wait = expect(stages - 1, taken(*(float(n) for n in range(1, told + 1))), now=float(told), window=float(told))
    assert wait is not None
    below = [stats.f.cdf(each / wait.seconds, 2 * stages, 2 * (told - 1)) for each in (wait.low, wait.high)]
    assert below == [pytest.approx(0.1, abs=0.007), pytest.approx(0.9, abs=0.003)]


def test_a_queue_that_is_served_evenly_is_told_its_wait() -> None:
    """Somebody comes every minute; each is taken up ten minutes after they came."""
    served = [Served(60.0 * n, 60.0 * n + 600) for n in range(500)]
    accuracy = check(served, window=3600.0)
    assert accuracy is not None
    assert abs(accuracy.bias) < 60
    assert accuracy.error < 60
    assert check(served[:2], window=3600.0) is None


@pytest.mark.parametrize(("load", "bias", "error"), [(0.05, 0.02, 0.8), (0.5, 0.03, 0.6), (0.9, 0.05, 0.3)])
def test_a_queue_of_chance_is_told_its_wait_whatever_its_load(load: float, bias: float, error: float) -> None:
    """One who takes up what comes, at random (an M/M/1 queue, seen until each is done): by shares of the mean wait."""
    dice, at, free, served = Random(5), 0.0, 0.0, []
    for _ in range(6000):
        at += dice.expovariate(load)
        free = max(at, free) + dice.expovariate(1.0)
        served.append(Served(at, free))
    accuracy = check(served, window=200.0)
    mean = sum((each.taken_at or 0) - each.arrived_at for each in served) / len(served)
    assert accuracy is not None
    assert abs(accuracy.bias) < bias * mean
    assert accuracy.error < error * mean
    assert accuracy.within == pytest.approx(0.8, abs=0.02)
