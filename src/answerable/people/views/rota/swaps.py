"""Swaps of shifts: offered, taken, confirmed."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from answerable.people.actions.swaps import decide_swap, offer_shift, take_shift, withdraw_swap
from answerable.people.errors import Refused
from answerable.people.models import Shift, SwapRequest
from answerable.people.permissions import may_manage
from answerable.people.views.door import member_of_staff, refusals_told, show
from answerable.people.views.rota.shifts import offer_form, show_shift, visible_shift

MOST = 200


@require_GET
def swaps(request: HttpRequest) -> HttpResponse:
    """What is open, and one's own coming shifts to offer."""
    person = member_of_staff(request)
    now = timezone.now()
    rows = SwapRequest.objects.going_on().visible_to(person).filter(shift__begins_at__gt=now)
    rows = rows.select_related("shift__user", "shift__team", "offered_by", "offered_to", "taken_by", "in_return")
    found = list(rows.order_by("shift__begins_at", "id")[:MOST])
    own = Shift.objects.standing().filter(user=person, begins_at__gt=now).select_related("team")
    return show(
        request,
        "people/rota/swaps.html",
        swaps=[
            {
                "swap": swap,
                "is_own": swap.offered_by_id == person.pk,
                "may_take": swap.state == SwapRequest.State.OFFERED
                and swap.offered_by_id != person.pk
                and swap.offered_to_id in (None, person.pk),
                "may_decide": may_manage(person, swap.shift.team),
            }
            for swap in found
        ],
        own=own.exclude(swap_requests__in=[swap.pk for swap in found])[:30],
    )


@require_POST
def offers(request: HttpRequest, pk: int) -> HttpResponse:
    """Offer the shift."""
    row = visible_shift(request, pk)
    form = offer_form(row, request.POST)
    if form.is_valid():
        try:
            offer_shift(row, **form.cleaned_data, by=member_of_staff(request))
        except Refused as refusal:
            form.add_error(refusal.field, str(refusal))
        else:
            messages.success(request, _("The shift is offered. It is yours until somebody has taken it."))
            return redirect("rota-swaps")
    return show_shift(request, row, None, offer=form, status=422)


@require_POST
def taking(request: HttpRequest, pk: int) -> HttpResponse:
    """Take what somebody offers."""
    with refusals_told(request):
        swap = take_shift(_visible(request, pk), by=member_of_staff(request))
        is_mine = swap.state == SwapRequest.State.CONFIRMED
        messages.success(request, _("The shift is yours.") if is_mine else _("A lead is asked to confirm it."))
    return redirect("rota-swaps")


@require_POST
def decision(request: HttpRequest, pk: int) -> HttpResponse:
    """POST confirms, POST with `decline` does not."""
    with refusals_told(request):
        decide_swap(_visible(request, pk), confirm="decline" not in request.POST, by=member_of_staff(request))
        messages.success(request, _("Saved."))
    return redirect("rota-swaps")


@require_POST
def withdrawal(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep the shift after all."""
    with refusals_told(request):
        withdraw_swap(_visible(request, pk), by=member_of_staff(request))
        messages.success(request, _("The shift stays yours."))
    return redirect("rota-swaps")


def _visible(request: HttpRequest, pk: int) -> SwapRequest:
    rows = SwapRequest.objects.visible_to(member_of_staff(request))
    return get_object_or_404(rows.select_related("shift__team", "shift__user"), pk=pk)
