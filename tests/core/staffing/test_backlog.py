"""Work that may wait: the evenest plan that keeps the limit, and what given hands make of a week."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from answerable.core.staffing.backlog import Flow, hands_needed, work_off

HOUR = 3600.0


def week(opened: dict[int, float], arrivals: dict[int, float]) -> tuple[list[float], list[float]]:
    """Seven days of 24 hours, each like the other."""
    return [arrivals.get(hour, 0.0) for hour in range(24)] * 7, [opened.get(hour, 0.0) for hour in range(24)] * 7


def test_an_even_stream_needs_its_load() -> None:
    """12 an hour of ten minutes each: two people, however long it may wait."""
    for limit in (0.0, HOUR, 4 * HOUR):
        flow = Flow([12.0] * 168, [HOUR] * 168, 600, limit)
        assert hands_needed(flow) == pytest.approx([2.0] * 168)
        assert work_off(flow, [2.0] * 168).in_time == 1.0


def test_what_came_overnight_is_worked_off_within_the_limit() -> None:
    """40 of six minutes came while it was closed, 4 hours of work, due 4 open hours after: one person till 13:00."""
    arrivals, opened = week(dict.fromkeys(range(9, 17), HOUR), {3: 40.0})
    flow = Flow(arrivals, opened, 360, 4 * HOUR)
    hands = hands_needed(flow)
    assert hands[:24] == pytest.approx([0.0] * 9 + [1.0] * 4 + [0.0] * 11)
    assert work_off(flow, hands.tolist()).in_time == 1.0
    # Due within eight open hours, half of one is enough all day (docs/measures/staffing.md).
    assert hands_needed(Flow(arrivals, opened, 360, 8 * HOUR))[9:17] == pytest.approx([0.5] * 8)


def test_too_few_hands_leave_a_backlog() -> None:
    arrivals, opened = week(dict.fromkeys(range(9, 17), HOUR), {10: 80.0})
    flow = Flow(arrivals, opened, 600, 4 * HOUR)
    worked = work_off(flow, [1.0] * 168)  # 48 a day, of 80
    assert worked.growth == pytest.approx(7 * 32)
    assert worked.in_time == 0.0
    enough = work_off(flow, [2.0] * 168)
    assert enough.growth == pytest.approx(0)
    # 12 an hour: who is the share x of the way through waits 80 x / 12 - x hours, four for x = 12 / 17.
    assert enough.in_time == pytest.approx(12 / 17, abs=0.01)
    assert work_off(flow, [0.0] * 168).done.sum() == 0


def test_what_cannot_be_is_refused() -> None:
    with pytest.raises(ValueError, match="as many"):
        Flow([1.0], [HOUR, HOUR], 60, 0)
    with pytest.raises(ValueError, match="never opens"):
        Flow([1.0], [0.0], 60, 0)


@settings(deadline=None, max_examples=40)
@given(
    st.lists(st.floats(0, 30), min_size=24, max_size=24),
    st.lists(st.sampled_from([0.0, HOUR / 2, HOUR]), min_size=24, max_size=24).filter(lambda day: sum(day) > 0),
    st.integers(1, 12),
)
def test_the_plan_keeps_the_limit_and_does_no_more_than_comes(
    day: list[float], opened: list[float], hours: int
) -> None:
    flow = Flow(day * 7, opened * 7, 420, hours * HOUR)
    hands = hands_needed(flow)
    worked = work_off(flow, hands.tolist())
    assert worked.in_time == pytest.approx(1.0)
    assert worked.done.sum() == pytest.approx(sum(day) * 7 * 420, rel=1e-6, abs=1e-3)
    assert (hands >= 0).all()
    # No plan can do with a lower peak than all work spread over all open time.
    assert hands.max() >= sum(day) * 420 / sum(opened) - 1e-6
    more = work_off(flow, (hands + 0.5).tolist())
    assert more.in_time >= worked.in_time - 1e-9
