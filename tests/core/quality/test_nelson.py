"""Nelson (1984), Journal of Quality Technology 16:237-239: one made-up run per rule, in sigma about the centre."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from answerable.core.quality import ControlChart, individuals, signals


def chart(*values: float) -> ControlChart:
    """A chart with centre 0 and sigma 1."""
    points = np.array(values, dtype=np.float64)
    ones = np.ones(len(points))
    return ControlChart("XmR", points, 0.0, ones, -3 * ones, 3 * ones, np.empty(0), None, None)


def by_rule(*values: float) -> dict[int, list[tuple[int, tuple[int, ...]]]]:
    found: dict[int, list[tuple[int, tuple[int, ...]]]] = {}
    for signal in signals(chart(*values)):
        found.setdefault(signal.rule, []).append((signal.at, signal.points))
    return found


CALM = (0.5, -0.5, -0.2, 0.3)


@pytest.mark.parametrize(
    ("rule", "values", "at", "points"),
    [
        (1, (*CALM, 3.1, *CALM), 4, (4,)),
        (1, (*CALM, -3.1, *CALM), 4, (4,)),
        (2, (0.5, 0.2, 0.4, 0.3, 0.6, 0.2, 0.7, 0.1, 0.4), 8, tuple(range(9))),
        (3, (-0.9, -0.5, -0.1, 0.2, 0.4, 0.8), 5, tuple(range(6))),
        (3, (0.8, 0.4, 0.2, -0.1, -0.5, -0.9), 5, tuple(range(6))),
        (4, (0.5, -0.5) * 7, 13, tuple(range(14))),
        (5, (0.1, -0.2, 2.1, 0.3, 2.2), 4, (2, 4)),
        (5, (-2.1, -2.2), 1, (0, 1)),
        (6, (-0.1, 1.2, 1.3, 0.2, 1.1, 1.4), 5, (1, 2, 4, 5)),
        (7, (0.5, 0.4, -0.5) * 5, 14, tuple(range(15))),
        (8, (1.5, -1.5, -1.2, 1.1, 1.5, -1.5, -1.3, 1.2), 7, tuple(range(8))),
    ],
)
def test_each_rule_comes_true_at_its_last_point(
    rule: int, values: tuple[float, ...], at: int, points: tuple[int, ...]
) -> None:
    assert by_rule(*values)[rule] == [(at, points)]
    if rule != 1:
        assert rule not in by_rule(*values[:at])


@pytest.mark.parametrize(
    ("rule", "values"),
    [
        (1, (3.0,)),
        (2, (0.5, 0.2, 0.4, 0.3, 0.0, 0.2, 0.7, 0.1, 0.4)),
        (3, (-0.9, -0.5, -0.1, -0.1, 0.4, 0.8)),
        (4, (0.5, -0.5) * 6 + (0.5, 0.5)),
        (5, (2.1, -2.2)),
        (6, (1.2, -1.3, 1.2, 1.1, 0.2)),
        (7, (0.5, 0.4, -0.5) * 4 + (0.5, 0.4, 1.0)),
        (8, (1.5, -1.5, -1.2, 1.1, 1.0, -1.5, -1.3, 1.2)),
        (8, (1.5, 1.5, 1.2, 1.1, 1.3, 1.5, 1.3, 1.2)),
    ],
)
def test_a_run_that_just_falls_short(rule: int, values: tuple[float, ...]) -> None:
    assert rule not in by_rule(*values)


def test_a_longer_run_signals_at_every_further_point() -> None:
    assert [at for at, _ in by_rule(*[0.5] * 11)[2]] == [8, 9, 10]


def test_a_calm_point_does_not_repeat_the_signal_before_it() -> None:
    assert by_rule(2.1, 2.2, 0.3)[5] == [(1, (0, 1))]


def test_no_limits_and_no_variation_signal_nothing() -> None:
    assert signals(individuals([])) == ()
    assert signals(individuals([5.0])) == ()
    assert signals(individuals([5.0] * 20)) == ()


@settings(deadline=None)
@given(st.lists(st.integers(-35, 35).map(lambda tenths: tenths / 10), max_size=40))
def test_turned_upside_down_the_same_points_signal(values: list[float]) -> None:
    assert signals(chart(*values)) == signals(chart(*(-value for value in values)))
