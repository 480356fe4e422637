"""Published figures, written down and mended by administrators; everybody on the staff reads them under Compare."""

from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from answerable.people.errors import Refused
from answerable.people.middleware import company_zone
from answerable.people.views.door import administrator, posted
from answerable.policy.actions.published import (
    Overtaken,
    add_figure,
    add_figures,
    add_starting_set,
    change_figure,
    choose_scope,
    leave_scope,
    retire_figure,
)
from answerable.policy.forms.published import FigureForm, FiguresForm
from answerable.policy.models import PublishedFigure
from answerable.policy.published import COLUMNS, MORE_COLUMNS


@require_http_methods(["GET", "POST"])
def new_figure(request: HttpRequest) -> HttpResponse:
    """Write one down."""
    person = administrator(request)
    asked = {name: request.GET[name] for name in ("statistic", "competitor", "scope") if name in request.GET}
    form = FigureForm(posted(request), today=_today(), initial=asked)
    if form.is_valid():
        try:
            add_figure(form.facts, by=person)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Saved."))
            return redirect("policy_comparison")
    return _page(request, form)


@require_http_methods(["GET", "POST"])
def figure(request: HttpRequest, pk: int) -> HttpResponse:
    """Mend one."""
    person = administrator(request)
    row = get_object_or_404(PublishedFigure.objects.current(), pk=pk)
    if request.method != "POST":
        return _page(request, FigureForm.of(row, today=_today()), row)
    form, by_now = FigureForm(request.POST, today=_today()), None
    if form.is_valid():
        try:
            change_figure(row, form.facts, by=person, revision=form.cleaned_data["revision"] or 0)
        except Overtaken as overtaken:
            by_now = overtaken.by_now
            form.data = form.data.copy()  # type: ignore[attr-defined]  # sent again, it stands on what is shown now
            form.data["revision"] = str(by_now.revision)  # type: ignore[index]
            form.add_error(None, str(overtaken))
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Saved."))
            return redirect("policy_comparison")
    return _page(request, form, row, by_now)


@require_POST
def retirement(request: HttpRequest, pk: int) -> HttpResponse:
    """Put one away."""
    person = administrator(request)
    retire_figure(get_object_or_404(PublishedFigure, pk=pk), by=person)
    messages.success(request, _("Put away: it is compared with no more."))
    return redirect("policy_comparison")


@require_http_methods(["GET", "POST"])
def imports(request: HttpRequest) -> HttpResponse:
    """Bring in a file, all of it or nothing."""
    person = administrator(request)
    form = FiguresForm(posted(request), request.FILES or None, today=_today())
    if form.is_valid():
        _say(request, *add_figures(form.found, by=person))
        return redirect("policy_comparison")
    context = {"form": form, "columns": COLUMNS, "more_columns": MORE_COLUMNS}
    return render(request, "policy/figures_import.html", context, status=422 if form.is_bound else 200)


@require_POST
def starting_set(request: HttpRequest) -> HttpResponse:
    """Bring in the figures that ship with us."""
    person = administrator(request)
    _say(request, *add_starting_set(by=person))
    return redirect("policy_comparison")


@require_POST
def scopes(request: HttpRequest) -> HttpResponse:
    """Count ourselves among a group of companies, or no longer (`leave`)."""
    person = administrator(request)
    name = request.POST.get("scope", "").strip().replace("\0", "")
    if name and len(name) <= 200:
        (leave_scope if "leave" in request.POST else choose_scope)(name, by=person)
    return redirect("policy_comparison")


def _page(
    request: HttpRequest, form: FigureForm, figure: PublishedFigure | None = None, by_now: PublishedFigure | None = None
) -> HttpResponse:
    status = 409 if by_now else 422 if form.is_bound and form.errors else 200
    return render(request, "policy/figure.html", {"form": form, "figure": figure, "by_now": by_now}, status=status)


def _say(request: HttpRequest, new: int, already: int) -> None:
    said = ngettext("%d figure is new.", "%d figures are new.", new) % new
    if already:
        said += " " + ngettext("%d stood here already.", "%d stood here already.", already) % already
    messages.success(request, said)


def _today() -> date:
    return timezone.localdate(timezone=company_zone())
