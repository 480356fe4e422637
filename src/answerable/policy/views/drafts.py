"""Versions before they are in force."""

from contextlib import suppress

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from answerable.core.policy import PolicyErrors, default_policy
from answerable.people.errors import Refused
from answerable.people.models import Company, User
from answerable.people.views.door import refusals_told
from answerable.policy.actions import (
    Stale,
    begin_draft,
    discard_draft,
    load_version,
    mistakes_of,
    put_in_force,
    save_draft,
)
from answerable.policy.cautions import cautions
from answerable.policy.chronicle import chronicle
from answerable.policy.comparing import document_changes, told
from answerable.policy.editing.contents import contents
from answerable.policy.editing.manuscript import Manuscript, Unreadable
from answerable.policy.editing.workshop import Workshop
from answerable.policy.forms.documents import NewDocumentForm, ReasonForm, RevisionForm
from answerable.policy.models import Version
from answerable.policy.permissions import author, may_change, reader
from answerable.policy.running import policy_of

NOTHING = "0"
"""The number of no version: what is asked for where there is none yet."""


@login_required
@require_http_methods(["GET", "POST"])
def drafts(request: HttpRequest) -> HttpResponse:
    """Begin a draft: from a version (`from`, its number) or from a document, which may come into force at once."""
    user = author(request)
    if request.method == "POST" and "from" in request.POST:
        return _draft_from(request, request.POST["from"], user)
    form = NewDocumentForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        document, reason = form.cleaned_data["document"], form.cleaned_data["reason"]
        if form.cleaned_data["at_once"]:
            load_version(document, by=user, reason=reason)
            return redirect("policy")
        current = Version.objects.filter(state=Version.State.IN_FORCE).first()
        draft = begin_draft(based_on=current, document=document, by=user, reason=reason)
        return redirect("policy_draft", draft.number)
    return render(request, "policy/new_document.html", {"form": form}, status=422 if form.errors else 200)


def _draft_from(request: HttpRequest, asked: str, by: User) -> HttpResponse:
    """From the version of a number; with none, from the policy every company starts with.

    A draft of it that nobody has changed is taken up again.
    """
    versions = Version.objects.filter(number=int(asked) if asked.isdecimal() and len(asked) < 9 else 0)
    based_on = versions.first()
    if based_on is None and asked != NOTHING:
        messages.error(request, _("There is no version %(number)s to begin from.") % {"number": asked[:20]})
        return redirect("policy_history")
    if based_on is None:
        company = Company.objects.first()
        document = default_policy(
            time_zone=company.time_zone if company else "UTC",
            holidays=(company.country if company else "") or [],
            language=company.language if company else "en",
        )
    else:
        document = based_on.document
    untouched = Version.objects.drafts().filter(based_on=based_on, document=document, revision=1).first()
    draft = untouched or begin_draft(based_on=based_on, document=document, by=by)
    return redirect("policy_draft", draft.number)


@login_required
@require_GET
def draft(request: HttpRequest, number: int) -> HttpResponse:
    """What a draft says and changes, what is wrong with it, and what can be done with it."""
    version = visible_draft(number)
    return show_draft(request, version, ReasonForm(initial={"reason": version.reason}))


def show_draft(request: HttpRequest, version: Version, form: ReasonForm) -> HttpResponse:
    against = _compared_with(version)
    mistakes = mistakes_of(version.document)
    workshop: Workshop | None = None
    with suppress(Unreadable):  # then it is mended as a document
        workshop = Workshop(Manuscript(version.document))
    return render(
        request,
        "policy/draft.html",
        {
            "draft": version,
            "against": against,
            "told": told(against, version) if against else None,
            "cautions": cautions(policy_of(against), policy_of(version)) if against and not mistakes else (),
            "mistakes": mistakes,
            "contents": contents(workshop, mistakes=mistakes) if workshop else (),
            "mission": [sentence for sentence, _same in workshop.mission] if workshop else (),
            "chronicle": chronicle(version),
            "may_change": may_change(reader(request)) and version.is_draft,
            "form": form,
        },
        status=422 if form.errors else 200,
    )


def _compared_with(version: Version) -> Version | None:
    """What is in force, while a version may still come after it; then what it was drafted from."""
    if version.state in (Version.State.DRAFT, Version.State.PILOT):
        return Version.objects.filter(state=Version.State.IN_FORCE).first()
    return version.based_on


def visible_draft(number: int) -> Version:
    """A version of this number, which may have been discarded or put in force since."""
    return get_object_or_404(Version.objects.select_related("by", "based_on"), number=number)


@login_required
@require_POST
def force(request: HttpRequest, number: int) -> HttpResponse:
    """The draft becomes the policy."""
    user = author(request)
    version = visible_draft(number)
    form = ReasonForm(request.POST)
    if form.is_valid():
        try:
            put_in_force(version, by=user, reason=form.cleaned_data["reason"])
        except Refused as refusal:
            form.add_error(None, str(refusal))
        except PolicyErrors:
            form.add_error(None, _("The draft can't be put in force yet: mend its mistakes first."))
        else:
            messages.success(request, _("Version %(number)s is in force.") % {"number": number})
            return redirect("policy")
    return show_draft(request, version, form)


@login_required
@require_POST
def disposal(request: HttpRequest, number: int) -> HttpResponse:
    """Put a draft away."""
    user = author(request)
    with refusals_told(request):
        discard_draft(visible_draft(number), by=user)
        messages.success(request, _("The draft is put away. It is kept under Versions."))
    return redirect("policy_history")


@login_required
@require_http_methods(["GET", "POST"])
def draft_document(request: HttpRequest, number: int) -> HttpResponse:
    """A draft as TOML: written here, or replaced by a file."""
    user = author(request)
    version = visible_draft(number)
    form = RevisionForm(
        request.POST or None,
        request.FILES or None,
        initial={"document": version.document, "revision": version.revision},
    )
    stale: Stale | None = None
    if form.is_valid():
        try:
            saved = save_draft(
                version, document=form.cleaned_data["document"], revision=form.cleaned_data["revision"], by=user
            )
        except Stale as error:
            stale = error
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            mistakes = mistakes_of(saved.document)
            if not mistakes:
                messages.success(request, _("Saved."))
                return redirect("policy_draft", number)
            messages.warning(request, _("Saved, with mistakes."))
            return redirect("policy_draft_document", number)
    return render(
        request,
        "policy/draft_document.html",
        {
            "draft": version,
            "form": form,
            "stale": stale,
            "since": document_changes(stale.since, stale.draft.document) if stale else (),
            "mistakes": () if form.is_bound else mistakes_of(version.document),
        },
        status=409 if stale else 422 if form.errors else 200,
    )
