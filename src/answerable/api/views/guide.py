"""The API's own page for people."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from answerable.api.guide import guide as whole


@login_not_required
@require_safe
def guide(request: HttpRequest) -> HttpResponse:
    """How to begin, every operation with an example, every problem, every event. Open to everybody."""
    return render(request, "api/guide.html", whole())
