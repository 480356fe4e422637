"""What a version would promise to an example conversation."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from answerable.core.policy import PolicyErrors
from answerable.policy.actions import mistakes_of
from answerable.policy.example import example_of
from answerable.policy.forms.example import ExampleForm
from answerable.policy.models import Version
from answerable.policy.names import Names
from answerable.policy.permissions import reader
from answerable.policy.running import policy_of


@login_required
@require_GET
def preview(request: HttpRequest, number: int) -> HttpResponse:
    """The facts are the address's parameters (channel, priority, segment, region, language, team, at)."""
    reader(request)
    version = get_object_or_404(Version, number=number)
    try:
        policy = policy_of(version)
    except PolicyErrors:
        return render(
            request, "policy/preview.html", {"version": version, "mistakes": mistakes_of(version.document)}, status=200
        )
    names = Names()
    form = ExampleForm(request.GET.dict(), policy=policy, names=names)
    example = example_of(policy, form.facts, form.arrives_at, names) if form.is_valid() else None
    return render(
        request,
        "policy/preview.html",
        {"version": version, "form": form, "example": example},
        status=200 if example else 422,
    )
