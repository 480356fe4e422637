"""From the card of told waits to the conversations behind it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from answerable.desk.models import Conversation
from answerable.desk.routing.told import Row as ToldRow
from answerable.desk.routing.told import listed
from answerable.insight.cards import period_words
from answerable.insight.names import filters_in_words
from answerable.insight.question import Question, Unclear, problems_of
from answerable.insight.told import PARTS, asked
from answerable.insight.views.conversations import PAGE, Row
from answerable.insight.views.report import reader
from answerable.web.words import duration

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
WORDS = {
    "answered": gettext_lazy("answered"),
    "within": gettext_lazy("waited as long as told"),
    "waiting": gettext_lazy("only those that still wait"),
    "overdue": gettext_lazy("waiting longer than told"),
    "left": gettext_lazy("went without an answer"),
}


class WaitsForm(forms.Form):
    """Which part of those who were told a wait."""

    part = forms.ChoiceField(choices=[(part, part) for part in PARTS], required=False)
    after = forms.RegexField(r"^\d{1,17}-\d{1,18}$", required=False)

    def clean_after(self) -> tuple[datetime, int] | None:
        """The place of the row that the page begins after: instant and conversation."""
        at, _dash, pk = self.cleaned_data["after"].partition("-")
        return (EPOCH + timedelta(microseconds=int(at)), int(pk)) if pk else None


@require_GET
def told_waits(request: HttpRequest) -> HttpResponse:
    """A page of them, oldest first. One that has gone to a team the reader is not in is counted, not shown."""
    user, form = reader(request), WaitsForm(request.GET)
    try:
        question = Question.of(request.GET, user)
    except Unclear as unclear:
        return render(request, "insight/conversations.html", {"problems": unclear.problems}, status=422)
    if not form.is_valid():
        return render(request, "insight/conversations.html", {"problems": problems_of(form)}, status=422)
    part = form.cleaned_data["part"] or "all"
    those, _start = asked(question)
    found = listed(those, PARTS[part], form.cleaned_data["after"], PAGE + 1)
    page, more = found[:PAGE], len(found) > PAGE
    mine = Conversation.objects.visible_to(user).select_related("contact", "team")
    known = mine.in_bulk([row.conversation for row in page])
    context = {
        "title": _("Error of the wait that was told"),
        "period": period_words(question.since, question.last),
        "narrowed": [*filters_in_words(question), *([WORDS[part]] if part in WORDS else [])],
        "rows": [Row(known[row.conversation], row.at, _said(row)) for row in page if row.conversation in known],
        "elsewhere": sum(row.conversation not in known for row in page),
        "next": _next(request, page[-1]) if more else "",
        "back": urlencode(question.query()),
    }
    return render(request, "insight/conversations.html", context)


def _said(row: ToldRow) -> str:
    wait, low, high = (duration(timedelta(seconds=each)) for each in (row.told.seconds, row.told.low, row.told.high))
    said = {"told": _("%(wait)s (%(low)s – %(high)s)") % {"wait": wait, "low": low, "high": high}}
    if row.seconds is None:
        return _("told: %(told)s; went without an answer") % said
    said["waited"] = duration(timedelta(seconds=row.seconds))
    if row.outcome in ("waiting", "overdue"):
        return _("told: %(told)s; waits for %(waited)s so far") % said
    return _("told: %(told)s; waited %(waited)s") % said


def _next(request: HttpRequest, last: ToldRow) -> str:
    query = request.GET.copy()
    query["after"] = f"{(last.at - EPOCH) // timedelta(microseconds=1)}-{last.conversation}"
    return str(query.urlencode())
