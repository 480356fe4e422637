"""What is promised, laid over the rota's week: loaded by that page, which knows nothing of the policy."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from answerable.core.calendar import Interval
from answerable.core.rota import within
from answerable.insight.promised import Cover, cover_of
from answerable.people.models import Team
from answerable.people.views.rota.asking import asked
from answerable.people.week import Day, days_of

MOST_SAID = 8


@dataclass(frozen=True)
class Stretch:
    """A part of a day: where a drawing has it, and its times."""

    x: int
    width: int
    begins: str
    ends: str


@dataclass(frozen=True)
class Cell:
    day: Day
    promised: tuple[Stretch, ...]
    gaps: tuple[Stretch, ...]


@dataclass(frozen=True)
class Band:
    """A team's week of promises."""

    team: Team
    cells: tuple[Cell, ...]


@require_GET
def rota_hours(request: HttpRequest) -> HttpResponse:
    """The promised hours of the week that is shown, each team's in its place of the page; and the gaps in words."""
    here = asked(request)
    if here.team is None:
        return HttpResponse()
    with timezone.override(here.zone):
        days = days_of(here.monday, here.zone, timezone.now())
        frame = Interval(days[0].span.start, days[-1].span.end)
        below = [team for team in here.teams if team.path.startswith(here.team.path)]
        covers = cover_of(below, frame)
        gaps = [(span, cover.team) for cover in covers for span in _parts(cover, days)]
        gaps.sort(key=lambda gap: (gap[0], gap[1].path))
        return render(
            request,
            "insight/rota_hours.html",
            {
                "bands": [_band(cover, days) for cover in covers],
                "gaps": gaps[:MOST_SAID],
                "more": max(0, len(gaps) - MOST_SAID),
                "one_team": len(below) == 1,
            },
        )


def _parts(cover: Cover, days: tuple[Day, ...]) -> list[Interval]:
    """The gaps of each day by itself."""
    return [part for day in days for part in within(cover.gaps, day.span)]


def _band(cover: Cover, days: tuple[Day, ...]) -> Band:
    return Band(
        cover.team,
        tuple(
            Cell(
                day,
                tuple(_stretch(day, span) for span in within(cover.promised, day.span)),
                tuple(_stretch(day, span) for span in within(cover.gaps, day.span)),
            )
            for day in days
        ),
    )


def _stretch(day: Day, span: Interval) -> Stretch:
    first = day.minute(span.start)
    ends = "24:00" if span.end == day.span.end else f"{timezone.localtime(span.end):%H:%M}"
    return Stretch(first, day.minute(span.end) - first, f"{timezone.localtime(span.start):%H:%M}", ends)
