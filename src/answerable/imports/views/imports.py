"""Settings: imports, each from its files to what came of it."""

import csv
from collections.abc import Iterable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from answerable.core.cells import neutral
from answerable.imports import actions
from answerable.imports.forms import ImportForm, MappingForm
from answerable.imports.models import Import, Remark
from answerable.imports.reasons import by_reason, sentence
from answerable.imports.running import folder_of_files
from answerable.people.middleware import company_zone
from answerable.people.views.door import administrator, posted, refusals_told, show
from answerable.web.pager import keyset

MOST_RUNS = 100


@require_safe
def imports(request: HttpRequest) -> HttpResponse:
    """All that there were, the newest first."""
    administrator(request)
    return show(request, "imports/imports.html", imports=Import.objects.select_related("inbox", "by")[:MOST_RUNS])


@require_http_methods(["GET", "POST"])
def new_import(request: HttpRequest) -> HttpResponse:
    """Give files, to be looked through."""
    person = administrator(request)
    there = _files_there()
    form = ImportForm(posted(request), request.FILES or None, zone=str(company_zone()), there=there)
    if form.is_valid():
        row = actions.begin_import(**form.facts, by=person)
        return redirect("settings-import", row.pk)
    return show(request, "imports/new_import.html", form, folder=folder_of_files())


@require_http_methods(["GET", "POST"])
def one_import(request: HttpRequest, pk: int) -> HttpResponse:
    """How it goes; what would mean what, to be agreed with; or what came of it."""
    person = administrator(request)
    row = get_object_or_404(Import.objects.select_related("inbox", "by"), pk=pk)
    form = MappingForm(posted(request), row=row) if row.state == Import.State.READY else None
    if form is not None and form.is_valid():
        with refusals_told(request):
            actions.agree(row, form.mapping, inbox=form.cleaned_data["inbox"], by=person)
        return redirect("settings-import", pk)
    page = keyset(Remark.objects.filter(run=row), column="id", cursor=request.GET.get("cursor"), ascending=True)
    listed = [(remark.about, sentence(remark.reason, remark.words)) for remark in page.rows]
    reasons = [(one.about, sentence(one.reason, one.words), alike) for one, alike in by_reason(row)] if listed else []
    told = {"page": page, "listed": listed, "reasons": reasons, "percent": round(100 * row.progress)}
    return show(request, "imports/import.html", form, row=row, **told)


@require_safe
def progress(request: HttpRequest, pk: int) -> HttpResponse:
    """How far it is; when it is no longer going on, the page is fetched anew."""
    administrator(request)
    row = get_object_or_404(Import, pk=pk)
    if not row.goes_on:
        return HttpResponse(headers={"HX-Refresh": "true"})
    return render(request, "imports/progress.html", {"row": row, "percent": round(100 * row.progress)})


@require_POST
def cancellation(request: HttpRequest, pk: int) -> HttpResponse:
    actions.cancel(get_object_or_404(Import, pk=pk), by=administrator(request))
    messages.success(request, _("It stops. What is here stays, whole; another import goes on from there."))
    return redirect("settings-import", pk)


@require_safe
def remarks(request: HttpRequest, pk: int) -> StreamingHttpResponse:
    """All that did not come, or not as it was, as a table."""
    administrator(request)
    row = get_object_or_404(Import, pk=pk)
    found = Remark.objects.filter(run=row).order_by("id").iterator()
    writer = csv.writer(_Echo())
    lines: Iterable[str] = (
        writer.writerow([neutral(one.about), neutral(sentence(one.reason, one.words))]) for one in found
    )
    headers = {"Content-Disposition": f'attachment; filename="import-{pk}.csv"'}
    return StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8", headers=headers)


def _files_there() -> list[str]:
    """Names of files in the server's folder of imports."""
    folder = folder_of_files()
    return sorted(path.name for path in folder.iterdir() if path.is_file())[:200] if folder.is_dir() else []


class _Echo:
    """Answers what it is given to write."""

    def write(self, line: str) -> str:
        return line
