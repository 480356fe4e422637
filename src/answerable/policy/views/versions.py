"""The policy, to be read by everybody who works under it, and changed by leads and administrators."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from answerable.people.models import Role, User
from answerable.policy.actions import load_version
from answerable.policy.forms import VersionForm
from answerable.policy.models import Version
from answerable.policy.outline import outline_of


def may_change(user: User) -> bool:
    """The promise is the company's: who answers for all of it may change it."""
    return user.holds(Role.ADMINISTRATOR)


@login_required
@require_GET
def policy(request: HttpRequest, number: int | None = None) -> HttpResponse:
    """What is promised, in words: the version in force, or the one asked for."""
    assert isinstance(request.user, User)
    versions = Version.objects.select_related("by")
    if number is None:
        version = versions.filter(state=Version.State.IN_FORCE).first()
    else:
        version = get_object_or_404(versions, number=number)
    return render(
        request,
        "policy/policy.html",
        {
            "version": version,
            "outline": outline_of(version) if version else None,
            "versions": Version.objects.select_related("by").defer("document"),
            "may_change": may_change(request.user),
        },
    )


@login_required
@require_http_methods(["GET", "POST"])
def versions(request: HttpRequest) -> HttpResponse:
    """Write the next version; it is in force from the moment it is saved."""
    assert isinstance(request.user, User)
    if not may_change(request.user):
        raise PermissionDenied(_("Only administrators change the policy."))
    current = Version.objects.filter(state=Version.State.IN_FORCE).first()
    if request.method == "POST":
        form = VersionForm(request.POST, request.FILES)
        if form.is_valid():
            load_version(form.cleaned_data["document"], by=request.user, reason=form.cleaned_data["reason"])
            return redirect("policy")
    else:
        form = VersionForm(initial={"document": current.document if current else ""})
    return render(
        request, "policy/new_version.html", {"form": form, "current": current}, status=422 if form.errors else 200
    )


@login_required
@require_GET
def document(request: HttpRequest, number: int) -> HttpResponse:
    """The document as it was loaded, to keep or to change elsewhere."""
    version = get_object_or_404(Version, number=number)
    response = HttpResponse(version.document, content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="policy-v{version.number}.toml"'
    return response
