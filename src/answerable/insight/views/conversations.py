"""From a figure to the conversations it is made of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from answerable.desk.models import Clock, Conversation
from answerable.insight.asking import EngineError, ask
from answerable.insight.cards import period_words
from answerable.insight.forms import BehindForm
from answerable.insight.names import narrowed, promises
from answerable.insight.question import Question, Unclear, problems_of
from answerable.insight.questions import Refused
from answerable.insight.views.report import reader
from answerable.measure.figure import Selection
from answerable.measure.words import INDICATORS, working
from answerable.web.words import duration, reader_locale

PAGE = 50


@dataclass(frozen=True)
class Row:
    """A conversation and what was measured of it. Without `conversation` it is another team's now."""

    conversation: Conversation | None
    at: datetime
    said: str


@require_GET
def conversations(request: HttpRequest) -> HttpResponse:
    """A page of them, oldest first. One that has gone to a team the reader is not in is counted, not shown."""
    user = reader(request)
    form = BehindForm(request.GET)
    try:
        question = Question.of(request.GET, user)
        if not form.is_valid():
            return render(request, "insight/conversations.html", {"problems": problems_of(form)}, status=422)
        selection = _selection(question, form.cleaned_data)
        found = ask(question.behind(selection, form.cleaned_data["after"], PAGE + 1))
    except Unclear as unclear:
        return render(request, "insight/conversations.html", {"problems": unclear.problems}, status=422)
    except Refused as error:
        return render(request, "insight/conversations.html", {"problems": [("", str(error))]}, status=422)
    except EngineError as error:
        return render(request, "insight/failed.html", {"why": error, "whole": True}, status=503)
    page, more = found[:PAGE], len(found) > PAGE
    mine = Conversation.objects.visible_to(user).select_related("contact", "team")
    known = mine.in_bulk([row["conversation_id"] for row in page])
    said = promises() if selection.kpi.endswith("_compliance") else {}
    rows = [
        Row(known.get(row["conversation_id"]), datetime.fromtimestamp(row["at"], UTC), _measured(row, said))
        for row in page
    ]
    context = {
        "title": _(INDICATORS[selection.kpi]),
        "period": period_words(question.since, question.last),
        "narrowed": narrowed(question, selection),
        "rows": [row for row in rows if row.conversation],
        "elsewhere": sum(row.conversation is None for row in rows),
        "next": _next(request, page[-1]) if more else "",
        "back": urlencode(question.query()),
    }
    return render(request, "insight/conversations.html", context)


def _selection(question: Question, asked: dict[str, Any]) -> Selection:
    by, key = asked["by"] or None, asked["key"] or None
    return Selection(asked["kpi"], question.since, question.until, question.zone, by, key, asked["outcome"] or "all")


def _measured(row: dict[str, Any], said: dict[str, str]) -> str:
    """What the figure took from this conversation, in words."""
    if "ended" in row:
        calendar = duration(timedelta(seconds=row["calendar"]))
        words = calendar
        if row["business"] is not None:
            said = {"working": working(row["business"], str(reader_locale())), "calendar": calendar}
            words = _("%(working)s of business hours (%(calendar)s by the calendar)") % said
        return words if row["ended"] else _("%s so far") % words
    if "state" in row:
        return f"{Clock.State(row['state']).label}: {said.get(row['standard'], row['standard'])}"
    if row["score"] is not None:
        return str(_("%s of 5") % row["score"])
    return str(_("no answer") if row["rated_at"] is None else _("not applicable"))


def _next(request: HttpRequest, last: dict[str, Any]) -> str:
    query = request.GET.copy()
    query["after"] = f"{last['at']}-{last['conversation_id']}"
    return str(query.urlencode())
