"""The log of one delivery."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from answerable.api.webhooks import actions
from answerable.api.webhooks.models import Delivery
from answerable.people.views.door import administrator, refusals_told, show


@require_safe
def delivery(request: HttpRequest, pk: int) -> HttpResponse:
    """What was sent, and what came back each time. The page looks again by itself until it has arrived."""
    administrator(request)
    row = get_object_or_404(Delivery.objects.select_related("webhook"), pk=pk)
    tries = list(row.tries.order_by("-id")[:50])
    goes_on = row.state == Delivery.State.WAITING and row.webhook.stopped_at is None
    return show(request, "webhooks/delivery.html", delivery=row, tries=tries, goes_on=goes_on)


@require_POST
def replay(request: HttpRequest, pk: int) -> HttpResponse:
    """Send it again."""
    person = administrator(request)
    row = get_object_or_404(Delivery, pk=pk)
    with refusals_told(request):
        actions.replay(row, by=person)
        messages.success(request, _("It is being sent again."))
    return redirect("webhook-delivery", pk)
