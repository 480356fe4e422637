"""The times a conversation may be put aside until."""

from datetime import datetime

import pytest
from django.utils import timezone

from answerable.desk.snoozes import choices


@pytest.mark.parametrize(
    ("day", "offered"),
    [
        ("2026-11-18", ["hour", "afternoon", "tomorrow", "monday", "week"]),
        ("2026-11-22", ["hour", "afternoon", "tomorrow", "week"]),  # a Sunday: tomorrow is Monday
        ("2026-11-23", ["hour", "afternoon", "tomorrow", "monday"]),  # a Monday: the next is in a week
    ],
)
def test_no_moment_is_offered_twice(day: str, offered: list[str]) -> None:
    with timezone.override("Europe/Riga"):
        now = datetime.fromisoformat(f"{day}T15:20+02:00")
        assert [key for key, _words, _moment in choices(now)] == offered
