"""Organisations: listed, begun, read with their people, changed, removed."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from answerable.customers.actions.organisations import add_organisation, change_organisation, remove_organisation
from answerable.customers.forms.organisations import OrganisationForm
from answerable.customers.models import Contact, Organisation
from answerable.customers.permissions import may_arrange
from answerable.people.errors import Refused
from answerable.people.models import User
from answerable.people.views.door import member_of_staff, posted, show
from answerable.web.pager import keyset


def reader_of_customers(request: HttpRequest) -> User:
    """Whoever is in no team sees no customers."""
    person = member_of_staff(request)
    if not person.team_ids:
        raise Http404
    return person


@require_GET
def organisations(request: HttpRequest) -> HttpResponse:
    """All of them by name, with how many contacts each has."""
    person = reader_of_customers(request)
    rows = Organisation.objects.select_related("segment").annotate(contact_count=Count("contacts"))
    page = keyset(rows, column="name", cursor=request.GET.get("cursor"), ascending=True)
    return show(request, "customers/organisations.html", page=page, may_arrange=may_arrange(person))


@require_http_methods(["GET", "POST"])
def new_organisation(request: HttpRequest) -> HttpResponse:
    """An organisation with its segment and domains."""
    person = reader_of_customers(request)
    if not may_arrange(person):
        raise PermissionDenied
    form = OrganisationForm(posted(request))
    if form.is_valid():
        try:
            return redirect("organisation", add_organisation(by=person, **form.cleaned_data).pk)
        except Refused as refusal:
            form.add_error("domains", str(refusal))
    return show(request, "customers/organisation_new.html", form)


@require_http_methods(["GET", "POST"])
def organisation(request: HttpRequest, pk: int) -> HttpResponse:
    """An organisation and its people; what is to be otherwise is posted here."""
    person = reader_of_customers(request)
    row = get_object_or_404(Organisation.objects.select_related("segment"), pk=pk)
    form = OrganisationForm.of(row, posted(request))
    if form.is_valid():
        try:
            change_organisation(row, by=person, **form.cleaned_data)
        except Refused as refusal:
            form.add_error("domains", str(refusal))
        else:
            messages.success(request, _("Saved."))
            return redirect("organisation", pk)
    people = Contact.objects.visible_to(person).current().filter(organisation=row).prefetch_related("addresses")
    page = keyset(people, column="id", cursor=request.GET.get("cursor"))
    return show(
        request, "customers/organisation.html", form, organisation=row, page=page, may_arrange=may_arrange(person)
    )


@require_POST
def organisation_removal(request: HttpRequest, pk: int) -> HttpResponse:
    """Its contacts stay."""
    person = reader_of_customers(request)
    remove_organisation(get_object_or_404(Organisation, pk=pk), by=person)
    messages.success(request, _("Removed. Its contacts are still here."))
    return redirect("organisations")
