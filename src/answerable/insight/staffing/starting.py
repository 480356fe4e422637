"""What can be done here: begin a forecast, cancel it, say what is assumed of a team."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from answerable.events.record import record
from answerable.insight.jobs import forecast
from answerable.insight.models import Assumptions, Forecast
from answerable.insight.staffing.assumed import Assumed
from answerable.people.models import Team, User
from answerable.people.permissions import check_may_manage


@dataclass(frozen=True)
class File:
    """A file's name, and its volumes as `measure.volumes` prints them."""

    name: str
    volumes: Mapping[str, Any]


class ChangedMeanwhile(Exception):
    """Somebody else has said something else since the form was opened; `row` is what holds now."""

    def __init__(self, row: Assumptions) -> None:
        super().__init__(f"revision {row.revision}")
        self.row = row


def begin(*, team: Team, by: User, file: File | None = None) -> Forecast:
    """Ask for a forecast of the desk's own history, or of a file's. The worker makes it; one of the team that goes on
    is given up for it."""
    check_may_manage(by, team)
    with transaction.atomic():
        Team.objects.select_for_update().get(pk=team.pk)
        going_on = Forecast.objects.going_on().filter(team=team)
        going_on.update(state=Forecast.State.CANCELLED, ended_at=timezone.now(), volumes=None)
        begun = Forecast.objects.create(
            team=team,
            file_name=file.name[:250] if file else "",
            volumes=dict(file.volumes) if file else None,
            by=by,
        )
        record("forecast.begun", subject=begun, by=by, team_id=team.pk, file=begun.file_name)
        forecast.later(forecast_id=begun.pk)
    return begun


def cancel(begun: Forecast, *, by: User) -> None:
    """It stops at its next step; what has ended stays as it is."""
    check_may_manage(by, begun.team)
    with transaction.atomic():
        going_on = Forecast.objects.going_on().filter(pk=begun.pk)
        if going_on.update(state=Forecast.State.CANCELLED, ended_at=timezone.now(), volumes=None):
            record("forecast.cancelled", subject=begun, by=by, team_id=begun.team_id)


def assume(
    *, team: Team, shrinkage: float, occupancy: float, channels: Mapping[str, Assumed], revision: int, by: User
) -> Assumptions:
    """Say what holds for a team; `channels` that are not named stay as they were. `revision` is that of the row that
    was looked at, 0 for none. Raises ChangedMeanwhile."""
    check_may_manage(by, team)
    with transaction.atomic():
        Team.objects.select_for_update().get(pk=team.pk)
        row = Assumptions.objects.filter(team=team).first() or Assumptions(team=team)
        if row.revision != revision:
            raise ChangedMeanwhile(row)
        before = _told(row) if row.pk else {}
        row.shrinkage, row.occupancy = shrinkage, occupancy
        row.channels = {**row.channels, **{key: each.as_dict() for key, each in channels.items()}}
        row.by, row.changed_at, row.revision = by, timezone.now(), row.revision + 1
        row.save()
        record("staffing.assumed", subject=row, by=by, team_id=team.pk, before=before, after=_told(row))
    return row


def _told(row: Assumptions) -> dict[str, Any]:
    return {"shrinkage": row.shrinkage, "occupancy": row.occupancy, "channels": row.channels}
