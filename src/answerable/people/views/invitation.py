"""The page that an invitation leads to."""

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from answerable.people.actions.staff import join
from answerable.people.errors import Refused
from answerable.people.forms.staff import JoinForm
from answerable.people.invitations import invited_by
from answerable.people.views.door import posted, show


@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """An invited person chooses their name and password, then signs in with it."""
    person = invited_by(token)
    if person is None:
        response = show(request, "people/invitation_void.html")
        response.status_code = 404
        return response
    with translation.override(person.language):
        form = JoinForm(posted(request), person=person)
        if not form.is_valid():
            return show(request, "people/invitation.html", form, person=person)
        try:
            join(person, name=form.cleaned_data["name"], password=form.cleaned_data["password"])
        except Refused as refusal:
            messages.error(request, str(refusal))
            return redirect("account_login")
        logout(request)
        messages.success(request, _("Welcome! Sign in with your new password."))
    return redirect("account_login")
