"""The report: a page that stands at once, and its figures and charts as they come."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from answerable.desk.models import Conversation
from answerable.insight.asking import EngineError, ask
from answerable.insight.cards import Words
from answerable.insight.drawings import all_charts, drawn
from answerable.insight.forms import OWN, PERIODS
from answerable.insight.names import measure_name, named
from answerable.insight.question import Question, Unclear
from answerable.insight.questions import Measured, Refused
from answerable.insight.targets import Targets, targets_in_force
from answerable.insight.told import card as told_card
from answerable.insight.told import told
from answerable.people.models import User

# Sentences that claim something, with the tone and the icon they are said in; all others claim nothing.
CLAIMS = {
    "missed": ("bad", "x"),
    "met": ("good", "check"),
    "longer": ("bad", "trending-up"),
    "shorter": ("good", "trending-down"),
    "higher": ("good", "trending-up"),
    "lower": ("bad", "trending-down"),
    "not_reached": ("bad", "hourglass"),
}


@require_GET
def report(request: HttpRequest) -> HttpResponse:
    """Choice of period and filters; the rest is fetched by the page."""
    user = reader(request)
    try:
        question = Question.of(request.GET, user)
    except Unclear as unclear:
        context = {"form": unclear.form, "unclear": True, "problems": unclear.problems, "periods": _periods({})}
        return render(request, "insight/report.html", context, status=422)
    others = question.filter_query()
    context = {
        "form": question.form,
        "question": question,
        "query": urlencode(question.query()),
        "period_query": question.period_query().items(),
        "filter_query": others.items(),
        "periods": _periods(others),
        "is_empty": not Conversation.objects.visible_to(user).exists(),
    }
    return render(request, "insight/report.html", context)


@require_GET
def figures(request: HttpRequest) -> HttpResponse:
    """Conclusions, cards and what was left out."""
    try:
        question, targets, measured = _measured(request)
    except Unclear as unclear:
        return _unclear(request, unclear)
    except (EngineError, Refused) as error:
        return _failed(request, error)
    found = named(measured.report)
    words = Words(question, found, targets)
    waits = told(question)
    conclusions = [(each.code, words.sentence(each)) for each in found.conclusions]
    context = {
        "question": question,
        "query": urlencode(question.query()),
        "report": found,
        "cards": [*words.cards(), *([told_card(words, waits)] if waits.is_used else [])],
        "period": words.period(),
        "claims": [(*CLAIMS[code], sentence) for code, sentence in conclusions if code in CLAIMS],
        "no_claims": [sentence for code, sentence in conclusions if code not in CLAIMS],
        "as_of": datetime.fromtimestamp(found.as_of, UTC),
        "population": {name: words.count(n) for name, n in found.population.items()},
        "errors": [(gettext(error.what), measure_name(error.measure), error.count) for error in found.errors],
    }
    return render(request, "insight/figures.html", context)


@require_GET
def charts(request: HttpRequest) -> HttpResponse:
    """The charts, drawn or from the cache."""
    try:
        _question, _targets, measured = _measured(request)
    except Unclear as unclear:
        return _unclear(request, unclear)
    except (EngineError, Refused) as error:
        return _failed(request, error)
    wanted = all_charts(measured, named(measured.report))
    return render(request, "insight/charts.html", {"charts": drawn(wanted)})


@require_GET
def document(request: HttpRequest) -> HttpResponse:
    """All of it as JSON: measure.Report.as_dict, the filters, and what the charts show."""
    try:
        question, _targets, measured = _measured(request)
        waits = told(question)
    except Unclear as unclear:
        return JsonResponse({"errors": unclear.form.errors.get_json_data()}, status=422)
    except (EngineError, Refused) as error:
        return JsonResponse({"errors": {"__all__": [{"message": str(error), "code": "failed"}]}}, status=503)
    plain: dict[str, Any] = named(measured.report).as_dict()
    plain["filters"] = {name: list(values) for name, values in question.filters.items()}
    plain["waits"] = {
        name: {
            "edges_seconds": shape.edges,
            "ended": shape.ended,
            "waiting": shape.waiting,
            "settled": shape.settled,
        }
        for name, shape in measured.waits.items()
    }
    plain["arrivals"] = measured.arrivals
    plain["told_waits"] = waits.as_dict()
    return JsonResponse(plain, json_dumps_params={"ensure_ascii": False})


def reader(request: HttpRequest) -> User:
    """Who asks; LoginRequiredMiddleware let nobody else through."""
    assert isinstance(request.user, User)
    return request.user


def _periods(others: dict[str, str]) -> list[tuple[str, object, str]]:
    """The named periods, each with its words and the query that keeps the filters."""
    return [(key, label, urlencode({"period": key, **others})) for key, label in PERIODS if key != OWN]


def _measured(request: HttpRequest) -> tuple[Question, Targets, Measured]:
    """The question of the query string, the policy's targets, and the answer."""
    question = Question.of(request.GET, reader(request))
    targets = targets_in_force()
    return question, targets, ask(question.report(targets))


def _unclear(request: HttpRequest, unclear: Unclear) -> HttpResponse:
    return render(request, "insight/unclear.html", {"problems": unclear.problems}, status=422)


def _failed(request: HttpRequest, error: Exception) -> HttpResponse:
    return render(request, "insight/failed.html", {"why": error}, status=503)
