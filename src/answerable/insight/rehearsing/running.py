"""One rehearsal from beginning to end, its progress and its result kept in its row."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date, datetime, timedelta
from datetime import time as clock_time
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone

from answerable.core.policy import ALWAYS, Policy, PolicyErrors, compile_policy
from answerable.core.rehearsal import Comparison, micros
from answerable.core.rehearsal import rehearse as replay
from answerable.core.said import Wrong
from answerable.events.wire import conninfo
from answerable.insight.models import Rehearsal
from answerable.insight.rehearsing.desk import Period, read_desk
from answerable.insight.rehearsing.people import People
from answerable.measure import rehearsing as files
from answerable.measure import scratch
from answerable.measure.public_holidays import holidays_of
from answerable.measure.reading import read
from answerable.measure.words import Said, gettext_noop
from answerable.people.middleware import company_zone

SAID_EVERY_SECONDS = 0.5
STAGES = {"reading": (0.0, 0.4), "arranging": (0.4, 0.5), "replaying": (0.5, 1.0)}
"""What is done, and between which shares of the whole."""


class Stopped(Exception):
    """Somebody has cancelled it, or the one who started it has ended."""


def run(pk: int, *, is_orphan: Callable[[], bool] = lambda: False) -> None:
    """Do what was asked for. What is wrong with files or policies is kept in words; nothing happens to one that has
    ended."""
    waiting = Rehearsal.objects.filter(pk=pk, state__in=(Rehearsal.State.WAITING, Rehearsal.State.RUNNING))
    if not waiting.update(state=Rehearsal.State.RUNNING, begun_at=timezone.now(), stage="reading", progress=0.0):
        return
    rehearsal = Rehearsal.objects.get(pk=pk)
    try:
        found, notes = _Run(rehearsal, _Telling(pk, is_orphan)).do()
    except Stopped:
        return
    except (Wrong, PolicyErrors) as error:
        _end(pk, state=Rehearsal.State.FAILED, error=str(error), result={"error": error.said.plain})
        return
    result = {**found.as_dict(), "notes": [note.plain for note in notes]}
    _end(pk, state=Rehearsal.State.DONE, result=result, progress=1.0)


def _end(pk: int, **what: Any) -> None:
    going_on = Rehearsal.objects.filter(pk=pk, state=Rehearsal.State.RUNNING)
    going_on.update(ended_at=timezone.now(), upload=None, **what)


class _Telling:
    """Keeps the progress in the row, now and then, and finds out whether to go on."""

    def __init__(self, pk: int, is_orphan: Callable[[], bool]) -> None:
        self.going_on = Rehearsal.objects.filter(pk=pk, state=Rehearsal.State.RUNNING)
        self.is_orphan = is_orphan
        self._said_at, self._stage = 0.0, ""

    def say(self, stage: str, share: float) -> None:
        """`share` of a stage is done. Raises Stopped."""
        now = time.monotonic()
        if stage == self._stage and now < self._said_at + SAID_EVERY_SECONDS:
            return
        self._said_at, self._stage = now, stage
        begin, end = STAGES[stage]
        if self.is_orphan() or not self.going_on.update(stage=stage, progress=begin + (end - begin) * share):
            raise Stopped


class _Run:
    def __init__(self, rehearsal: Rehearsal, telling: _Telling) -> None:
        self.rehearsal, self.telling = rehearsal, telling
        self.now, self.draft = (
            compile_policy(document, holidays=holidays_of)
            for document in (rehearsal.against_document, rehearsal.draft_document)
        )

    def do(self) -> tuple[Comparison, tuple[Said, ...]]:
        """The comparison, and what is to be said of it."""
        return self._on_file() if self.rehearsal.file_name else (self._on_desk(), ())

    def _on_desk(self) -> Comparison:
        zone, asked = company_zone(), self.rehearsal
        assert asked.first_on is not None
        assert asked.last_on is not None
        since, until = (_instant(day, zone) for day in (asked.first_on, asked.last_on + timedelta(days=1)))
        period = Period(since, until, tuple(asked.teams), micros(timezone.now()))
        desk = read_desk(conninfo(), period, lambda stage, _share: self._reading(stage))
        if not len(desk.history.ids):
            raise files.NothingToRehearse(gettext_noop("No conversation began on these days."))
        people = People(desk.teams, desk.assignees)
        return replay(
            desk.history,
            self.now,
            self.draft,
            people.told,
            time_zone=str(zone),
            others_from=people.others_from,
            progress=lambda share: self.telling.say("replaying", share),
        )

    def _reading(self, stage: str) -> None:
        self.telling.say("arranging" if stage == "arranging" else "reading", 0.5)

    def _on_file(self) -> tuple[Comparison, tuple[Said, ...]]:
        zone, said = _zone(self.draft), self.rehearsal.reading
        folder = scratch.make(prefix="answerable-rehearsal-")
        try:
            path = folder / "upload"
            path.write_bytes(self.rehearsal.upload or b"")
            with read(
                [path],
                progress=lambda _what, share: self.telling.say("reading", share),
                zone=zone,
                activities=said.get("activities") or None,
            ) as reading:
                self.telling.say("arranging", 0.0)
                policies = (self.now, self.draft)
                found = files.imported(reading, policies, zone=zone, assumed=said.get("assumed"))
        finally:
            scratch.remove(folder)
        who = files.People(found, zone).told
        compared = replay(
            found.history,
            self.now,
            self.draft,
            who,
            time_zone=zone,
            progress=lambda share: self.telling.say("replaying", share),
        )
        return compared, found.notes


def _zone(policy: Policy) -> str:
    """That of the first hours of a policy."""
    return next((calendar.time_zone for name, calendar in policy.hours.items() if name != ALWAYS), "UTC")


def _instant(day: date, zone: ZoneInfo) -> int:
    return int(datetime.combine(day, clock_time(), zone).timestamp())
