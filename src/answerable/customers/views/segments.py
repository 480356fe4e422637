"""Segments, which promises may depend on: listed, named, removed."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from answerable.customers.actions.segments import add_segment, remove_segment, rename_segment
from answerable.customers.forms.organisations import SegmentForm
from answerable.customers.models import Segment
from answerable.customers.permissions import may_arrange
from answerable.customers.views.organisations import reader_of_customers
from answerable.people.views.door import posted, refusals_told, show


@require_http_methods(["GET", "POST"])
def segments(request: HttpRequest) -> HttpResponse:
    """All segments; a new one is posted here."""
    person = reader_of_customers(request)
    form = SegmentForm(posted(request))
    if form.is_valid():
        segment = add_segment(name=form.cleaned_data["name"], by=person)
        messages.success(request, _("%(segment)s is added.") % {"segment": segment})
        return redirect("segments")
    rows = Segment.objects.annotate(
        contact_count=Count("contacts", distinct=True), organisation_count=Count("organisations", distinct=True)
    ).order_by("name", "pk")
    return show(request, "customers/segments.html", form, segments=rows, may_arrange=may_arrange(person))


@require_http_methods(["GET", "POST"])
def segment(request: HttpRequest, pk: int) -> HttpResponse:
    """Rename a segment."""
    person = reader_of_customers(request)
    if not may_arrange(person):
        raise PermissionDenied
    row = get_object_or_404(Segment, pk=pk)
    form = SegmentForm(posted(request), initial={"name": row.name})
    if form.is_valid():
        rename_segment(row, name=form.cleaned_data["name"], by=person)
        return redirect("segments")
    return show(request, "customers/segment.html", form, segment=row)


@require_POST
def segment_removal(request: HttpRequest, pk: int) -> HttpResponse:
    """Refused while somebody is in it."""
    person = reader_of_customers(request)
    with refusals_told(request):
        remove_segment(get_object_or_404(Segment, pk=pk), by=person)
        messages.success(request, _("Removed."))
    return redirect("segments")
