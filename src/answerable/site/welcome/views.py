"""The first page, while no company is set up."""

from dataclasses import fields

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from answerable.people.errors import Refused
from answerable.people.models import Company
from answerable.people.views.door import posted
from answerable.site.welcome.forms import WelcomeForm
from answerable.site.welcome.gate import forget_token, may_set_up
from answerable.site.welcome.setup import Answers, MailIn, set_up

BACKEND = settings.AUTHENTICATION_BACKENDS[0]


@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def welcome(request: HttpRequest) -> HttpResponse:
    """Four questions, once. Strangers are told how to show that the server is theirs."""
    if Company.objects.exists():
        return redirect("account_login")
    if not may_set_up(request, settings.DATA_DIR):
        return render(request, "welcome/token.html", {"data_dir": settings.DATA_DIR}, status=403)
    form = WelcomeForm(
        posted(request), initial={"language": get_language() or "en", "token": request.GET.get("token", "")}
    )
    if not form.is_valid():
        return _page(request, form)
    try:
        founding = set_up(Answers(**{field.name: form.cleaned_data[field.name] for field in fields(Answers)}))
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("account_login")
    forget_token(settings.DATA_DIR)
    login(request, founding.administrator, backend=BACKEND)
    if form.cleaned_data["mail_in"] == MailIn.MAILBOX:
        return redirect("mailbox-new", founding.inbox.pk)  # they were told that its password is asked for next
    return redirect("/")


def _page(request: HttpRequest, form: WelcomeForm) -> HttpResponse:
    status = 422 if form.is_bound else 200
    return render(request, "welcome/welcome.html", {"form": form, "unsent": settings.UNSENT_DIR}, status=status)
