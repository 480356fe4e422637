"""Who can be mentioned in a note, and whom one may mean by a part of a name or an address."""

from collections.abc import Iterator

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from answerable.customers.models import Address, Contact
from answerable.desk.models import Conversation
from answerable.desk.views.door import StaffRequest, staff, visible
from answerable.people.models import User

MOST_OFFERED = 8
SHORTEST = 2
"""Letters below which nobody is looked for among the customers."""


@require_safe
@staff
def colleagues(request: StaffRequest, pk: int) -> HttpResponse:
    """Those who see this conversation and whose name or address fits `?q=`."""
    found = visible(request, pk, Conversation.objects.select_related("team"))
    query = request.GET.get("q", "").replace("\0", "")[:100]
    people = User.objects.seeing(found.team).exclude(pk=request.user.pk)
    if query:
        people = people.filter(Q(name__icontains=query) | Q(email__istartswith=query))
    return render(request, "desk/colleagues.html", {"people": people[:MOST_OFFERED]})


@require_safe
@staff
def addresses(request: StaffRequest) -> HttpResponse:
    """Addresses of colleagues and customers whose name or address fits `?q=`, to whoever sees customers at all."""
    query = request.GET.get("q", "").replace("\0", "").strip().lower()[:100]
    user = request.user
    found: dict[str, str] = {}
    if query and user.team_ids:
        people = User.objects.active().filter(Q(name__icontains=query) | Q(email__istartswith=query))
        found |= {person.email.lower(): person.name for person in people[:MOST_OFFERED]}
    if len(query) >= SHORTEST and len(found) < MOST_OFFERED:
        found = dict(_customers(user, query)) | found
    return render(request, "desk/address_options.html", {"found": list(found.items())[:MOST_OFFERED]})


def _customers(user: User, query: str) -> Iterator[tuple[str, str]]:
    """By how their address begins, then by their names."""
    contacts = Contact.objects.visible_to(user).current()
    mailed = Address.objects.filter(kind=Address.Kind.EMAIL, bounced_at=None).select_related("contact")
    begun = mailed.filter(value__startswith=query, contact__in=contacts).order_by("value")[:MOST_OFFERED]
    named = list(contacts.search(query).order_by("-id").values_list("pk", flat=True)[:MOST_OFFERED])
    for each in [*begun, *mailed.filter(contact__in=named).order_by("id")[:MOST_OFFERED]]:
        yield each.value, each.contact.name
