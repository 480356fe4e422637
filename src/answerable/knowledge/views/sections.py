"""The headings of the help centre."""

from django.contrib import messages
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from answerable.knowledge.actions import raise_section, retire_section, write_section
from answerable.knowledge.forms import SectionForm
from answerable.knowledge.models import Section
from answerable.knowledge.permissions import check_may_publish, may_publish
from answerable.people.errors import Refused
from answerable.people.models import Company, User
from answerable.people.views.door import member_of_staff, posted, refusals_told, show


@require_safe
def sections(request: HttpRequest) -> HttpResponse:
    """All in use, in the order readers see them."""
    person = member_of_staff(request)
    rows = Section.objects.current().annotate(held=Count("articles"))
    return show(request, "knowledge/sections.html", sections=rows, may_arrange=may_publish(person))


@require_http_methods(["GET", "HEAD", "POST"])
def section(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """One, to be added or named otherwise."""
    person = _arranger(request)
    row = None if pk is None else get_object_or_404(Section.objects.current(), pk=pk)
    company = Company.objects.first()
    form = SectionForm(posted(request), section=row, language=company.language if company else person.language)
    if form.is_valid():
        try:
            write_section(row, name=form.cleaned_data["name"], names=form.names, by=person)
        except Refused as refusal:
            form.add_error(refusal.field, str(refusal))
        else:
            messages.success(request, _("Saved."))
            return redirect("knowledge_sections")
    return show(request, "knowledge/section.html", form, section=row)


@require_POST
def place(request: HttpRequest, pk: int) -> HttpResponse:
    """One place further up."""
    person = _arranger(request)
    raise_section(get_object_or_404(Section.objects.current(), pk=pk), by=person)
    return redirect("knowledge_sections")


@require_POST
def retirement(request: HttpRequest, pk: int) -> HttpResponse:
    """It takes no more articles."""
    person = _arranger(request)
    with refusals_told(request):
        retire_section(get_object_or_404(Section, pk=pk), by=person)
        messages.success(request, _("The section is gone from the help centre."))
    return redirect("knowledge_sections")


def _arranger(request: HttpRequest) -> User:
    """Who asks, if they may arrange the help centre. Raises PermissionDenied."""
    person = member_of_staff(request)
    check_may_publish(person)
    return person
