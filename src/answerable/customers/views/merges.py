"""Two contacts who are one person: put together, and apart again."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from answerable.customers.actions.merging import merge, plan_merge, undo_merge
from answerable.customers.forms.contacts import MergeForm
from answerable.customers.models import Contact, Merge
from answerable.customers.permissions import may_tend
from answerable.customers.views.contacts import LONGEST_SEARCH, visible_contact
from answerable.people.errors import Refused
from answerable.people.views.door import member_of_staff, refusals_told, show

CANDIDATES = 20


@require_http_methods(["GET", "POST"])
def merges(request: HttpRequest, pk: int) -> HttpResponse:
    """Find the other one (?q=), look at what would move (?absorbed=), then merge (POST)."""
    kept, person = visible_contact(request, pk), member_of_staff(request)
    if not may_tend(person):
        raise PermissionDenied
    try:
        if request.method == "POST":
            return _merge(request, kept)
        return _look(request, kept)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("contact", pk)


def _merge(request: HttpRequest, kept: Contact) -> HttpResponse:
    form = MergeForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("This contact is not there, or was merged already."))
        return redirect("contact-merges", kept.pk)
    merge(kept, absorb=form.cleaned_data["absorbed"], by=member_of_staff(request))
    messages.success(request, _("Merged. You can undo it on this page, now or later."))
    return redirect("contact", kept.pk)


def _look(request: HttpRequest, kept: Contact) -> HttpResponse:
    text = request.GET.get("q", "").replace("\x00", "").strip()[:LONGEST_SEARCH]
    form = MergeForm(request.GET) if "absorbed" in request.GET else None
    plan = plan_merge(kept, form.cleaned_data["absorbed"]) if form and form.is_valid() else None
    others = Contact.objects.visible_to(member_of_staff(request)).current().exclude(pk=kept.pk)
    found = others.search(text).prefetch_related("addresses").order_by("-id")[:CANDIDATES] if text else []
    return show(request, "customers/merge.html", contact=kept, text=text, found=found, plan=plan)


@require_POST
def merge_undone(request: HttpRequest, pk: int) -> HttpResponse:
    """They are two after all."""
    seen = Contact.objects.visible_to(member_of_staff(request))
    row = get_object_or_404(Merge.objects.filter(kept__in=seen), pk=pk)
    with refusals_told(request):
        undo_merge(row, by=member_of_staff(request))
        messages.success(request, _("They are two again."))
    return redirect("contact", row.kept_id)
