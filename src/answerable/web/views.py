"""The style guide: every component in one place, for those who build pages and those who judge them."""

from datetime import timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from answerable.web.forms import Renderer
from answerable.web.icons import icons

NAMES = ("Alice Ozola", "ნინო ბერიძე", "Айгүл Сейітқызы", "Jānis Bērziņš", "Bob", "Charlie Stone")


class Specimen(forms.Form):
    """A form with a field of each kind, one of them refused."""

    default_renderer = Renderer

    name = forms.CharField(label="Name", help_text="As colleagues and customers see it.")
    email = forms.EmailField(label="E-mail address")
    language = forms.ChoiceField(label="Language", choices=settings.LANGUAGES, required=False)
    reply = forms.CharField(label="Reply", widget=forms.Textarea, required=False)
    channel = forms.ChoiceField(
        label="Channel",
        widget=forms.RadioSelect,
        choices=[("mail", "E-mail"), ("form", "Web form")],
        initial="mail",
    )
    is_internal = forms.BooleanField(label="Only for colleagues", help_text="Customers never see it.")


def specimens(request: HttpRequest) -> dict[str, Any]:
    """What the style guide shows: times around now, names in three scripts, a refused form."""
    now = timezone.now()
    return {
        "form": Specimen({"name": "Nino", "email": "nino@", "channel": "mail"}),
        "icons": sorted(icons()),
        "names": NAMES,
        "tones": ("", "info", "good", "warn", "bad", "note", "outline"),
        "statuses": ("new", "open", "pending", "on_hold", "solved", "closed"),
        "modes": ("light", "dark"),
        "just_now": now,
        "minutes_ago": now - timedelta(minutes=5),
        "days_ago": now - timedelta(days=3),
        "due_calm": now + timedelta(hours=3, minutes=20, seconds=30),
        "due_soon": now + timedelta(minutes=38, seconds=30),
        "due_late": now - timedelta(minutes=12),
        "chart_columns": ("Hour", "Conversations", "Answered in time"),
        "chart_rows": (
            ("08–10", 42, "98 %"),
            ("10–12", 118, "91 %"),
            ("12–14", 96, "88 %"),
            ("14–16", 74, "95 %"),
        ),
    }


@login_not_required
def styleguide(request: HttpRequest) -> HttpResponse:
    """Every component, light beside dark. For administrators, and for everybody while debugging."""
    _allow(request)
    if "messages" in request.GET:
        messages.success(request, "Saved.")
        messages.error(request, "The mailbox refused the password.")
    return render(request, "web/styleguide.html", specimens(request))


@login_not_required
def styleguide_desk(request: HttpRequest) -> HttpResponse:
    """The panes that conversations are worked in."""
    _allow(request)
    return render(request, "web/styleguide_desk.html", specimens(request))


def _allow(request: HttpRequest) -> None:
    if not (settings.DEBUG or getattr(request.user, "is_administrator", False)):
        raise Http404
