"""A clock explained."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from answerable.desk.explanation import account_of
from answerable.desk.models import Clock, Conversation
from answerable.people.models import User


@login_required
@require_GET
def clock(request: HttpRequest, pk: int) -> HttpResponse:
    """Each interval counted, each pause, which standard of which version, and why."""
    assert isinstance(request.user, User)
    visible = Conversation.objects.visible_to(request.user)
    found = get_object_or_404(
        Clock.objects.select_related("version", "conversation", "agent").filter(conversation__in=visible), pk=pk
    )
    return render(request, "desk/clock.html", {"clock": found, "account": account_of(found, at=timezone.now())})
