"""Who is there: what was chosen, what the pages tell, and the rota."""

from datetime import UTC, datetime, timedelta

import pytest

from answerable.core.presence import Cause, Planned, Signs, State, standing

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def ago(minutes: float) -> datetime:
    return NOW - timedelta(minutes=minutes)


HERE = Signs(connected_at=ago(0.5), active_at=ago(1))
ON = Planned(since=ago(180), on_shift=True)


@pytest.mark.parametrize(
    ("signs", "planned", "found"),
    [
        (HERE, None, (State.ONLINE, Cause.ACTIVE)),
        (HERE, ON, (State.ONLINE, Cause.ACTIVE)),
        (Signs(), None, (State.AWAY, Cause.SILENT)),
        (Signs(connected_at=ago(2), active_at=ago(2)), None, (State.AWAY, Cause.SILENT)),
        (Signs(connected_at=NOW, active_at=ago(11)), None, (State.AWAY, Cause.IDLE)),
        (Signs(connected_at=NOW, active_at=ago(3), missed_at=ago(2)), None, (State.AWAY, Cause.MISSED)),
        (Signs(connected_at=NOW, active_at=ago(1), missed_at=ago(2)), None, (State.ONLINE, Cause.ACTIVE)),
        (Signs(State.BREAK, ago(20), NOW, NOW), None, (State.BREAK, Cause.CHOSEN)),
        (Signs(State.BREAK, ago(20)), None, (State.BREAK, Cause.CHOSEN)),
        (Signs(State.BREAK, ago(13 * 60), NOW, NOW), None, (State.ONLINE, Cause.ACTIVE)),
        (Signs(State.BREAK, ago(200), NOW, NOW), ON, (State.ONLINE, Cause.ACTIVE)),
        (Signs(State.AWAY, ago(100), NOW, NOW), ON, (State.AWAY, Cause.CHOSEN)),
        (HERE, Planned(ago(30), on_shift=False), (State.OFF, Cause.ROTA)),
        (HERE, Planned(ago(30), on_shift=True, is_absent=True), (State.OFF, Cause.ABSENCE)),
        (HERE, Planned(ago(10), on_shift=True, on_break=True), (State.BREAK, Cause.ROTA)),
        (Signs(State.ONLINE, ago(5), NOW, NOW), Planned(ago(30), on_shift=False), (State.ONLINE, Cause.ACTIVE)),
        (Signs(State.ONLINE, ago(40), NOW, NOW), Planned(ago(30), on_shift=False), (State.OFF, Cause.ROTA)),
        (Signs(State.ONLINE, ago(5), NOW, NOW), Planned(ago(10), True, on_break=True), (State.ONLINE, Cause.ACTIVE)),
    ],
)
def test_who_is_there(signs: Signs, planned: Planned | None, found: tuple[State, Cause]) -> None:
    assert standing(signs, planned, NOW) == found
