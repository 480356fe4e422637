"""What a customer has said about us, beside them at the desk."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from answerable.desk.views.door import StaffRequest, staff
from answerable.feedback.models import Rating

SHOWN = 5


@require_safe
@staff
def ratings_of(request: StaffRequest, pk: int) -> HttpResponse:
    """A contact's last ratings of conversations the reader may see; nothing where there are none."""
    ratings = (
        Rating.objects.visible_to(request.user)
        .filter(invitation__contact=pk)
        .select_related("invitation__conversation")
        .order_by("-rated_at", "-id")[:SHOWN]
    )
    context = {"ratings": ratings, "opened": request.GET.get("open", ""), "is_card": "card" in request.GET}
    return render(request, "feedback/beside.html", context)
