"""The worked examples of docs/business-time.md."""

from __future__ import annotations

from datetime import date, timedelta

from answerable.core.calendar import always_open, business_time
from answerable.core.clock import Clock, Pause
from tests.core.calendars import local, weekdays
from tests.core.pages import tables

HOURS, SPANS = tables("business-time.md")


def test_open_and_calendar_hours() -> None:
    assert len(HOURS) == 5
    for zone, start, end, holidays, open_hours, calendar_hours in HOURS:
        calendar = weekdays(zone, holidays={date.fromisoformat(on): "holiday" for on in holidays.split()})
        first, last = local(zone, start), local(zone, end)
        assert business_time(calendar, first, last) == timedelta(hours=int(open_hours))
        assert business_time(always_open(), first, last) == timedelta(hours=int(calendar_hours))


def test_an_explanation() -> None:
    calendar = weekdays("Europe/Riga", holidays={date(2024, 5, 6): "Brīvdiena"})

    def riga(text: str) -> object:
        return local("Europe/Riga", text)

    pause = Pause(local("Europe/Riga", "2024-05-07 09:30"), local("Europe/Riga", "2024-05-07 10:30"))
    clock = Clock(calendar, timedelta(hours=4), local("Europe/Riga", "2024-05-03 16:00"), (pause,))
    told = clock.explain(local("Europe/Riga", "2024-05-07 12:00"))
    shown = [(span.start, span.end, span.kind.value, span.name, str(span.length)) for span in told.spans]
    assert shown == [(riga(start), riga(end), *rest) for start, end, *rest in SPANS]
    assert clock.due_at == riga("2024-05-07 12:00")
