"""Business time of many instants at once is the business time of each."""

from datetime import UTC, date, datetime, timedelta

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from answerable.core.calendar import Calendar, business_seconds
from answerable.measure.business import open_until

RIGA = Calendar(
    "Europe/Riga",
    (((540, 780), (840, 1080)),) * 5 + ((), ()),
    {date(2024, 3, 29): "Good Friday"},
    {date(2024, 3, 30): ((600, 660),)},
)
FIRST = int(datetime(2024, 3, 1, tzinfo=UTC).timestamp())
LAST = FIRST + 60 * 86_400
INSTANTS = st.integers(FIRST, LAST)


@settings(max_examples=60, deadline=None)
@given(st.lists(INSTANTS, min_size=2, max_size=20))
def test_it_equals_the_calendar(instants: list[int]) -> None:
    found = open_until(RIGA, FIRST, LAST)(np.array(instants, dtype=np.int64))
    start = datetime.fromtimestamp(FIRST, UTC)
    for at, seconds in zip(instants, found.tolist(), strict=True):
        assert seconds == business_seconds(RIGA, start, start + timedelta(seconds=at - FIRST))


def test_nobody_is_ever_there() -> None:
    never = Calendar("UTC", ((),) * 7)
    assert open_until(never, FIRST, LAST)(np.array([FIRST, LAST])).tolist() == [0, 0]
