"""One's own profile and sessions."""

from allauth.usersessions.forms import ManageUserSessionsForm
from allauth.usersessions.models import UserSession
from allauth.usersessions.views import ListUserSessionsView
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from answerable.people.actions.staff import change_profile, end_session
from answerable.people.forms.profile import ProfileForm
from answerable.people.models import Theme
from answerable.people.views.door import member_of_staff, posted, show


@require_http_methods(["GET", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    """One's own name, language, time zone and appearance."""
    person = member_of_staff(request)
    form = ProfileForm.of(person, posted(request))
    if not form.is_valid():
        return show(request, "people/profile.html", form)
    change_profile(person, by=person, **form.cleaned_data)
    with translation.override(form.cleaned_data["language"]):
        messages.success(request, _("Saved."))
    response = redirect("settings-profile")
    _remember_theme(response, form.cleaned_data["theme"])
    return response


def _remember_theme(response: HttpResponse, theme: str) -> None:
    """This device forgets what it chose for itself."""
    if theme == Theme.AUTO:
        response.delete_cookie("theme")
    else:
        response.set_cookie("theme", theme, max_age=365 * 24 * 3600, samesite="Lax")


@require_POST
def session(request: HttpRequest, pk: int) -> HttpResponse:
    """End one of one's own sessions."""
    person = member_of_staff(request)
    end_session(get_object_or_404(UserSession, pk=pk, user=person), by=person)
    messages.success(request, _("Signed out there."))
    return redirect("usersessions_list")


class Sessions(ListUserSessionsView):  # type: ignore[misc]  # allauth has no types
    """Where one is signed in. A POST ends it everywhere else, each with its event, so that open pages hear of it."""

    def form_valid(self, form: ManageUserSessionsForm) -> HttpResponse:
        person = member_of_staff(self.request)
        for other in UserSession.objects.filter(user=person).exclude(session_key=self.request.session.session_key):
            end_session(other, by=person)
        answer: HttpResponse = super().form_valid(form)
        return answer
