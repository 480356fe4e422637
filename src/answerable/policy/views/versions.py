"""The policy and its versions, to be read by everybody who works under it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from answerable.core.policy import PolicyErrors
from answerable.people.errors import Refused
from answerable.policy.actions import return_to
from answerable.policy.forms.documents import ReasonForm
from answerable.policy.mistakes import mistake_words
from answerable.policy.models import Version
from answerable.policy.outline import outline_of
from answerable.policy.permissions import author, may_change, reader


@login_required
@require_GET
def policy(request: HttpRequest, number: int | None = None) -> HttpResponse:
    """What is promised, in words: the version in force, or the one asked for. A draft has a page of its own."""
    versions = Version.objects.select_related("by")
    if number is None:
        version = versions.filter(state=Version.State.IN_FORCE).first()
    else:
        version = get_object_or_404(versions, number=number)
        if version.state in (Version.State.DRAFT, Version.State.DISCARDED):
            return redirect("policy_draft", number)
    return render(
        request,
        "policy/policy.html",
        {
            "version": version,
            "outline": outline_of(version) if version else None,
            "may_change": may_change(reader(request)),
        },
    )


@login_required
@require_GET
def history(request: HttpRequest) -> HttpResponse:
    """Every version there has been or may be: its state, since when, by whom and why."""
    versions = list(Version.objects.select_related("by", "based_on").defer("document", "based_on__document"))
    settled = [version for version in versions if version.state != Version.State.DISCARDED]
    return render(
        request,
        "policy/history.html",
        {
            "versions": settled,
            "discarded": [version for version in versions if version.state == Version.State.DISCARDED],
            "in_force": next((version for version in versions if version.state == Version.State.IN_FORCE), None),
            "may_change": may_change(reader(request)),
        },
    )


@login_required
@require_http_methods(["GET", "POST"])
def restoration(request: HttpRequest, number: int) -> HttpResponse:
    """Return to an old version: what it said comes into force again, as a new one."""
    user = author(request)
    version = get_object_or_404(Version, number=number)
    form = ReasonForm(request.POST or None)
    if form.is_valid():
        try:
            again = return_to(version, by=user, reason=form.cleaned_data["reason"])
        except Refused as refusal:
            form.add_error(None, str(refusal))
        except PolicyErrors as errors:
            form.add_error(None, _("What it refers to has changed since: draft a new version from it instead."))
            for error in errors.errors:
                form.add_error(None, f"{error.field}: {mistake_words(error)}")
        else:
            messages.success(request, _("Version %(number)s is in force.") % {"number": again.number})
            return redirect("policy")
    return render(
        request,
        "policy/restoration.html",
        {"form": form, "version": version},
        status=422 if form.errors else 200,
    )


@login_required
@require_GET
def document(request: HttpRequest, number: int) -> HttpResponse:
    """The document exactly as it is kept, to keep or to change elsewhere."""
    version = get_object_or_404(Version, number=number)
    response = HttpResponse(version.document, content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="policy-v{version.number}.toml"'
    return response
