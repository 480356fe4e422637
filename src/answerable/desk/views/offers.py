"""What is offered to oneself: looked at, taken, let go."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from answerable.desk.actions.offers import pass_on, take
from answerable.desk.models import Offer
from answerable.desk.views.door import StaffRequest, staff


@require_safe
@staff
def offers(request: StaffRequest) -> HttpResponse:
    """The one that waits for one's word, if any: a part of every page."""
    mine = Offer.objects.visible_to(request.user).standing().filter(user=request.user)
    offer = mine.select_related("conversation__contact", "team").first()
    seconds = max(0, round((offer.lapses_at - timezone.now()).total_seconds())) if offer else 0
    return render(request, "desk/offer.html", {"offer": offer if seconds else None, "seconds": seconds})


@require_POST
@staff
def taking(request: StaffRequest, pk: int) -> HttpResponse:
    """It is theirs, and they see it."""
    taken = take(_own(request, pk), by=request.user)
    return redirect("conversation", taken.pk)


@require_POST
@staff
def passing(request: StaffRequest, pk: int) -> HttpResponse:
    """It goes to the next."""
    pass_on(_own(request, pk), by=request.user)
    return offers_again(request)


def offers_again(request: StaffRequest) -> HttpResponse:
    """Nothing is offered any more; what comes next comes by itself."""
    return render(request, "desk/offer.html", {"offer": None}) if request.htmx else redirect("inbox")


def _own(request: StaffRequest, pk: int) -> Offer:
    return get_object_or_404(Offer.objects.visible_to(request.user), pk=pk, user=request.user)
