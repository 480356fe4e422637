"""Contacts: searched for, begun, read, changed, with their addresses."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from answerable.customers.actions.contacts import add_address, add_contact, change_contact, remove_address
from answerable.customers.forms.contacts import AddressForm, ContactForm, NewContactForm
from answerable.customers.models import Address, Contact
from answerable.customers.permissions import may_tend
from answerable.events.models import Event, noun
from answerable.people.errors import Refused
from answerable.people.views.door import member_of_staff, posted, refusals_told, show
from answerable.web.pager import keyset

LONGEST_SEARCH = 200
HISTORY = 20


def visible_contact(request: HttpRequest, pk: int) -> Contact:
    """With what its pages show. Raises Http404 for one that the reader may not see."""
    rows = Contact.objects.visible_to(member_of_staff(request))
    return get_object_or_404(rows.select_related("organisation__segment", "segment", "merged_into"), pk=pk)


@require_GET
def contacts(request: HttpRequest) -> HttpResponse:
    """All contacts, the newest first, or those a search finds."""
    reader = member_of_staff(request)
    text = request.GET.get("q", "").replace("\x00", "").strip()[:LONGEST_SEARCH]
    rows = Contact.objects.visible_to(reader).current()
    if text:
        rows = rows.search(text)
    page = keyset(
        rows.select_related("organisation", "segment").prefetch_related("addresses"),
        column="id",
        cursor=request.GET.get("cursor"),
    )
    return show(request, "customers/contacts.html", page=page, text=text, may_tend=may_tend(reader))


@require_http_methods(["GET", "POST"])
def new_contact(request: HttpRequest) -> HttpResponse:
    """A contact with a first address."""
    person = member_of_staff(request)
    if not may_tend(person):
        raise PermissionDenied
    form = NewContactForm(posted(request))
    if form.is_valid():
        try:
            return redirect("contact", add_contact(by=person, **form.cleaned_data).pk)
        except Refused as refusal:
            form.add_error("address", str(refusal))
    return show(request, "customers/contact_new.html", form)


@require_http_methods(["GET", "POST"])
def contact(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything known about a contact. Who was merged leads to whom they are now."""
    row = visible_contact(request, pk)
    if row.merged_into_id is not None and request.method == "GET":
        return redirect("contact", row.merged_into_id)
    form = ContactForm.of(row, posted(request))
    if form.is_valid():
        change_contact(row, by=member_of_staff(request), **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("contact", pk)
    return show_contact(request, row, form=form)


def show_contact(
    request: HttpRequest, contact: Contact, *, form: ContactForm | None = None, address_form: AddressForm | None = None
) -> HttpResponse:
    """Its page, with forms that were refused as they were typed."""
    prefetch_related_objects([contact], "addresses")
    return show(
        request,
        "customers/contact.html",
        form or ContactForm.of(contact),
        contact=contact,
        addresses=contact.addresses.all(),
        address_form=address_form or AddressForm(),
        merges=contact.merges.filter(undone_at=None).order_by("-at"),
        history=Event.objects.filter(root=noun(contact)).select_related("actor").order_by("-id")[:HISTORY],
        may_tend=may_tend(member_of_staff(request)),
    )


@require_POST
def addresses(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a contact another address."""
    row = visible_contact(request, pk)
    form = AddressForm(request.POST)
    if form.is_valid():
        try:
            add_address(row, by=member_of_staff(request), **form.cleaned_data)
        except Refused as refusal:
            form.add_error("value", str(refusal))
    if form.errors:
        response = show_contact(request, row, address_form=form)
        response.status_code = 422
        return response
    return redirect("contact", pk)


@require_POST
def address_removal(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an address away from its contact."""
    seen = Contact.objects.visible_to(member_of_staff(request))
    row = get_object_or_404(Address.objects.filter(contact__in=seen), pk=pk)
    with refusals_told(request):
        remove_address(row, by=member_of_staff(request))
    return redirect("contact", row.contact_id)
