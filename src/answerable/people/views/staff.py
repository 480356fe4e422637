"""Everybody who works here: invited, changed, shut out, let in again."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from answerable.people.actions.staff import (
    change_profile,
    deactivate,
    invite,
    invite_again,
    may_invite_again,
    reactivate,
)
from answerable.people.chart import abilities_of
from answerable.people.errors import Refused
from answerable.people.forms.profile import ProfileForm
from answerable.people.forms.staff import InvitationForm
from answerable.people.invitations import link_for
from answerable.people.models import User
from answerable.people.permissions import managed_by, may_lead
from answerable.people.structure import leading
from answerable.people.views.door import member_of_staff, posted, refusals_told, show


def visible_person(request: HttpRequest, pk: int) -> User:
    person: User = get_object_or_404(User.objects.visible_to(member_of_staff(request)), pk=pk)
    return person


@require_http_methods(["GET", "POST"])
def staff(request: HttpRequest) -> HttpResponse:
    """Everybody who works here; an invitation is posted here."""
    by = member_of_staff(request)
    teams = managed_by(by)
    initial = {"language": by.language, "team": request.GET.get("team")}
    form = InvitationForm(posted(request), teams=teams, by=by, initial=initial) if teams else None
    if request.method == "POST" and form is None:
        raise PermissionDenied
    if form is not None and form.is_valid():
        try:
            person = invite(**form.cleaned_data, time_zone=by.time_zone, by=by)
        except Refused as refusal:
            form.add_error("email", str(refusal))
        else:
            messages.success(request, _("Invited. The mail with the link is on its way."))
            return redirect("person", person.pk)
    people = User.objects.visible_to(by).prefetch_related("memberships__team").order_by("-is_active", "name", "email")
    return show(request, "people/staff.html", form, people=people)


@require_http_methods(["GET", "POST"])
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """One member of staff: what they are where; administrators change their profile here."""
    by, row = member_of_staff(request), visible_person(request, pk)
    form = ProfileForm.of(row, posted(request)) if by.is_administrator else None
    if request.method == "POST" and form is None:
        raise PermissionDenied
    if form is not None and form.is_valid():
        change_profile(row, by=by, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("person", pk)
    is_invited = row.is_active and not row.has_usable_password()
    may_invite = is_invited and may_invite_again(by, row)
    return show(
        request,
        "people/person.html",
        form,
        person=row,
        leading=leading(row),
        memberships=row.memberships.select_related("team").order_by("team__path"),
        is_invited=is_invited,
        link=link_for(row) if may_invite else "",
        abilities=abilities_of([row.pk]).get(row.pk, []),
        may_lead=row.is_active and may_lead(by, row),
        may_deactivate=by.is_administrator and by != row,
    )


@require_POST
def invitation(request: HttpRequest, pk: int) -> HttpResponse:
    """Send a fresh link."""
    with refusals_told(request):
        invite_again(visible_person(request, pk), by=member_of_staff(request))
        messages.success(request, _("Invited once more. The link sent before is void."))
    return redirect("person", pk)


@require_POST
def deactivation(request: HttpRequest, pk: int) -> HttpResponse:
    """Shut somebody out, or, with `undo`, let them in again."""
    action = reactivate if "undo" in request.POST else deactivate
    with refusals_told(request):
        action(visible_person(request, pk), by=member_of_staff(request))
        messages.success(request, _("Done."))
    return redirect("person", pk)
