"""Times to be reminded at, in words. Mornings are the reader's, by the time zone in force."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

MORNING = time(9)


def _morning(now: datetime, days: int) -> datetime:
    """Nine o'clock so many days on, in the zone in force, whatever the clocks do meanwhile."""
    day = timezone.localdate(now) + timedelta(days=days)
    return datetime.combine(day, MORNING, tzinfo=timezone.get_current_timezone())


def _next_monday(now: datetime) -> datetime:
    return _morning(now, 7 - timezone.localdate(now).weekday())


@dataclass(frozen=True)
class Preset:
    label: Promise
    moment: Callable[[datetime], datetime]


PRESETS: Mapping[str, Preset] = {
    "hour": Preset(_("In an hour"), lambda now: now + timedelta(hours=1)),
    "afternoon": Preset(_("In three hours"), lambda now: now + timedelta(hours=3)),
    "tomorrow": Preset(_("Tomorrow morning"), lambda now: _morning(now, 1)),
    "monday": Preset(_("Monday morning"), _next_monday),
    "week": Preset(_("In a week"), lambda now: _morning(now, 7)),
}


def moment_of(preset: str, now: datetime) -> datetime:
    """When the preset means, seen from `now`. Raises KeyError for one there is not."""
    return PRESETS[preset].moment(now)


def choices(now: datetime) -> list[tuple[str, Promise, datetime]]:
    """Key, words and moment of each preset; of two that mean the same moment, as on a Sunday, the first."""
    offered: dict[datetime, tuple[str, Promise, datetime]] = {}
    for key, preset in PRESETS.items():
        moment = preset.moment(now)
        offered.setdefault(moment, (key, preset.label, moment))
    return list(offered.values())
