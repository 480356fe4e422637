"""Settings: the chat of each inbox."""

from django.conf import settings as site
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from answerable.channels.chat.actions.widgets import close_widget, reopen_widget, rotate_secret, write_widget
from answerable.channels.chat.forms import WidgetForm
from answerable.channels.chat.identity import identity_secret
from answerable.channels.chat.models import Widget
from answerable.desk.models import Inbox
from answerable.people.models import Company
from answerable.people.views.door import administrator, posted, show


@require_safe
def widgets(request: HttpRequest) -> HttpResponse:
    """Each inbox with its chat."""
    administrator(request)
    inboxes = Inbox.objects.filter(retired_at=None, channel="email").select_related("team", "widget")
    return show(request, "chat/widgets.html", inboxes=inboxes.order_by("name", "id"))


@require_http_methods(["GET", "POST"])
def widget(request: HttpRequest, inbox: int) -> HttpResponse:
    """One inbox's, to be set up or changed."""
    person = administrator(request)
    place = get_object_or_404(Inbox.objects.filter(retired_at=None, channel="email"), pk=inbox)
    row = Widget.objects.filter(inbox=place).first()
    company = Company.objects.first()
    language = company.language if company else person.language
    asked = WidgetForm(posted(request), widget=row, name=company.name if company else place.name, language=language)
    if asked.is_valid():
        write_widget(place, **asked.facts, by=person)
        messages.success(request, _("Saved."))
        return redirect("settings-chat", inbox)
    shown = identity_secret(row) if row and "secret" in request.GET else ""
    return show(
        request, "chat/widget_settings.html", asked, inbox=place, row=row, secret=shown, site_origin=site.SITE_URL
    )


@require_POST
def closing(request: HttpRequest, inbox: int) -> HttpResponse:
    """Close it, or (`reopen`) open it again."""
    person = administrator(request)
    row = get_object_or_404(Widget.objects.select_related("inbox"), inbox=inbox)
    if "reopen" in request.POST:
        reopen_widget(row, by=person)
    else:
        close_widget(row, by=person)
    return redirect("settings-chat", inbox)


@require_POST
def secret(request: HttpRequest, inbox: int) -> HttpResponse:
    """Another secret to sign identities with."""
    person = administrator(request)
    rotate_secret(get_object_or_404(Widget.objects.select_related("inbox"), inbox=inbox), by=person)
    messages.success(request, _("There is a new secret. The one before is good for another day."))
    return redirect(f"{request.path.removesuffix('secret/')}?secret")


@require_safe
def preview(request: HttpRequest, inbox: int) -> HttpResponse:
    """A page with nothing on it but the chat as visitors see it."""
    administrator(request)
    row = get_object_or_404(Widget.objects.open().select_related("inbox"), inbox=inbox)
    language = request.GET.get("language", "")
    context = {"row": row, "chosen": language if language in dict(site.LANGUAGES) else ""}
    return render(request, "chat/preview.html", context)
