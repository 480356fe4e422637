"""Settings: the tokens that programs use."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from answerable.api.actions.tokens import make_token, revoke_token
from answerable.api.forms import TokenForm
from answerable.api.models import Token
from answerable.people.errors import Refused
from answerable.people.views.door import member_of_staff, posted, show

MOST_REVOKED = 20


@never_cache
@require_http_methods(["GET", "POST"])
def tokens(request: HttpRequest) -> HttpResponse:
    """One's own, or all for administrators; and a new one, whose secret this answer alone shows."""
    person = member_of_staff(request)
    form, secret = TokenForm(posted(request)), ""
    if form.is_valid():
        try:
            _made, secret = make_token(**form.facts, by=person)
        except Refused as refusal:
            form.add_error(refusal.field, str(refusal))
        else:
            form = TokenForm()
    rows = Token.objects.visible_to(person).select_related("user", "revoked_by")
    return show(
        request,
        "api/tokens.html",
        form,
        tokens=rows.in_use(),
        revoked=rows.exclude(revoked_at=None).order_by("-revoked_at")[:MOST_REVOKED],
        secret=secret,
        shows_owners=person.is_administrator,
    )


@require_POST
def revocation(request: HttpRequest, pk: int) -> HttpResponse:
    """It opens nothing any more."""
    person = member_of_staff(request)
    token = get_object_or_404(Token.objects.visible_to(person), pk=pk)
    revoke_token(token, by=person)
    messages.success(request, _("“%(name)s” is revoked.") % {"name": token})
    return redirect("settings-api")
