"""The board of the day: one page, its parts that stay fresh, and the conversations behind its figures."""

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET
from django_htmx.http import HttpResponseClientRefresh

from answerable.insight.today.board import Board, Day
from answerable.insight.today.crew import crew
from answerable.insight.today.escalations import open_escalations
from answerable.insight.today.figures import yesterday
from answerable.insight.today.lists import behind, remarks
from answerable.insight.today.load import expected, waiting
from answerable.insight.today.said import said
from answerable.people.middleware import company_zone
from answerable.people.models import Role
from answerable.people.views.door import member_of_staff
from answerable.people.views.rota.asking import chosen_team, teams_of
from answerable.web.pager import keyset

SHOWN_ESCALATIONS = 6


@require_GET
def today(request: HttpRequest) -> HttpResponse:
    """The whole board of a team (`?team=`), with `?wall` in larger type. Who is in no team has none."""
    reader = member_of_staff(request)
    teams = teams_of(reader)
    team = chosen_team(request, reader, teams)
    if team is None:
        return render(request, "insight/today/today.html", {"board": None})
    board = Board.of(reader, team, teams, now=timezone.now(), zone=company_zone())
    is_on_wall = "wall" in request.GET
    context = {
        "teams": teams,
        "is_on_wall": is_on_wall,
        "other_size": urlencode({"team": team.pk} | ({} if is_on_wall else {"wall": 1})),
        "figures": yesterday(board),
        "has_begun": board.began_at is not None,
    }
    return render(request, "insight/today/today.html", context | _now(board) | _said(board))


@require_GET
def now(request: HttpRequest) -> HttpResponse:
    """The load, the people and the escalations as they are by now; on another day (`?day=`) the whole page anew."""
    board = _board(request)
    if request.GET.get("day") != board.today.on.isoformat():
        return HttpResponseClientRefresh()
    return render(request, "insight/today/now.html", _now(board))


@require_GET
def words(request: HttpRequest) -> HttpResponse:
    """Praise, compliments and lessons as they are by now."""
    return render(request, "insight/today/said.html", _said(_board(request)))


@require_GET
def conversations(request: HttpRequest) -> HttpResponse:
    """A page of those behind a figure (`?of=`, else all that is open), the newest first; of a day (`?day=`) where the
    figure is of one."""
    board = _board(request)
    day = _day(request, board)
    found = behind(board, request.GET.get("of", "open"), day)
    if found is None:
        raise Http404(_("There is no such figure."))
    rows = found.rows.select_related("contact", "team", "assignee")
    page = keyset(rows, column="created_at", cursor=request.GET.get("cursor"))
    said_of = remarks(board, found, day, page.rows)
    context = {
        "board": board,
        "found": found,
        "day": day,
        "page": page,
        "rows": [(conversation, said_of.get(conversation.pk, "")) for conversation in page.rows],
        "has_remarks": bool(said_of),
    }
    return render(request, "insight/today/conversations.html", context)


def _board(request: HttpRequest) -> Board:
    """Raises Http404 for a team that is not there for the reader, or where they are in none."""
    reader = member_of_staff(request)
    teams = teams_of(reader)
    team = chosen_team(request, reader, teams)
    if team is None:
        raise Http404(_("You are in no team yet."))
    return Board.of(reader, team, teams, now=timezone.now(), zone=company_zone())


def _now(board: Board) -> dict[str, Any]:
    escalations = open_escalations(board)
    return {
        "board": board,
        "parts": waiting(board),
        "expected": expected(board),
        "crew": crew(board),
        "is_working": board.is_working(board.today),
        "escalations": escalations[:SHOWN_ESCALATIONS],
        "more_escalations": max(0, len(escalations) - SHOWN_ESCALATIONS),
        "may_plan": board.reader.holds(Role.LEAD, Role.ADMINISTRATOR, team_id=board.team.pk),
    }


def _said(board: Board) -> dict[str, Any]:
    return {"board": board, "said": said(board)}


def _day(request: HttpRequest, board: Board) -> Day:
    """The day asked for, if it has been; else the last working day."""
    try:
        on = date.fromisoformat(request.GET.get("day", ""))
    except ValueError:
        return board.yesterday
    return Day.of(on, board.zone) if date(2000, 1, 1) <= on <= board.today.on else board.yesterday
