from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from answerable.channels.email.fetching import Unreachable
from answerable.channels.email.forms import MailboxForm, RelayForm
from answerable.channels.email.models import Mailbox, Relay
from answerable.channels.email.setup import (
    remove_relay,
    retire_mailbox,
    save_mailbox,
    save_relay,
    try_mailbox,
    try_relay,
)
from answerable.channels.vault import seal
from answerable.desk.models import Inbox
from answerable.events.jobs import Later
from answerable.people.views.door import administrator, posted, show


@require_http_methods(["GET", "POST"])
def mailbox(request: HttpRequest, inbox: int, pk: int | None = None) -> HttpResponse:
    """A mailbox of an inbox, new or there already. The button `try` only tries what was typed in."""
    person = administrator(request)
    place = get_object_or_404(Inbox, pk=inbox, channel="email")
    row = get_object_or_404(Mailbox, pk=pk, inbox=place, retired_at=None) if pk else Mailbox(inbox=place)
    form = MailboxForm(posted(request), instance=row)
    if form.is_valid():
        asked = form.configured()
        if "try" in request.POST:
            _try_mailbox(request, asked, form.cleaned_data["password"])
        else:
            save_mailbox(asked, password=form.cleaned_data["password"], by=person)
            messages.success(request, _("Saved. New mail is fetched from now on."))
            return redirect("inbox-settings", inbox)
    return show(request, "email/server.html", form, inbox=place, row=row, kind="mailbox")


@require_POST
def mailbox_retirement(request: HttpRequest, inbox: int, pk: int) -> HttpResponse:
    """Nothing is fetched from it any more."""
    person = administrator(request)
    retire_mailbox(get_object_or_404(Mailbox, pk=pk, inbox=inbox), by=person)
    return redirect("inbox-settings", inbox)


@require_http_methods(["GET", "POST"])
def relay(request: HttpRequest, inbox: int | None = None) -> HttpResponse:
    """The relay of an inbox, or the one for all. The button `try` only tries what was typed in."""
    person = administrator(request)
    place = get_object_or_404(Inbox, pk=inbox, channel="email") if inbox else None
    row = Relay.objects.filter(inbox=place).first() or Relay(inbox=place)
    form = RelayForm(posted(request), instance=row)
    if form.is_valid():
        asked = form.save(commit=False)
        if "try" in request.POST:
            _try_relay(request, asked, form.cleaned_data["password"])
        else:
            save_relay(asked, password=form.cleaned_data["password"], by=person)
            messages.success(request, _("Saved. Mail leaves by it from now on."))
            return redirect("inbox-settings", inbox) if inbox else redirect("settings-inboxes")
    return show(request, "email/server.html", form, inbox=place, row=row, kind="relay")


@require_POST
def relay_removal(request: HttpRequest, inbox: int | None = None) -> HttpResponse:
    """Without it."""
    person = administrator(request)
    remove_relay(get_object_or_404(Relay, inbox=inbox), by=person)
    return redirect("inbox-settings", inbox) if inbox else redirect("settings-inboxes")


def _try_mailbox(request: HttpRequest, row: Mailbox, password: str) -> None:
    row.sealed_password = seal(password) or row.sealed_password
    try:
        there = try_mailbox(row)
    except Unreachable as error:
        messages.error(request, str(error))
    else:
        words = ngettext(
            "It works: there is %(count)s message in the folder.",
            "It works: there are %(count)s messages in the folder.",
            there,
        )
        messages.success(request, words % {"count": there})


def _try_relay(request: HttpRequest, row: Relay, password: str) -> None:
    row.sealed_password = seal(password) or row.sealed_password
    try:
        try_relay(row)
    except Later as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("It works: the server lets us in."))
