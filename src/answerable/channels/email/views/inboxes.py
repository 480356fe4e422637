from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from answerable.channels.email.acknowledgement import manners_of
from answerable.channels.email.forms import InboxForm
from answerable.channels.email.health import failing
from answerable.channels.email.models import Arrival, Relay
from answerable.channels.email.setup import set_manners
from answerable.desk.actions.inboxes import add_inbox, change_inbox, retire_inbox
from answerable.desk.errors import Refused
from answerable.desk.models import Inbox
from answerable.people.models import User
from answerable.people.views.door import administrator, posted, show

MANNERS = ("plus_addresses", "acknowledges", "copies_count", "takes_forwards")


@require_http_methods(["GET", "POST"])
def inboxes(request: HttpRequest) -> HttpResponse:
    """All inboxes with their health; a new one is posted here."""
    person = administrator(request)
    form = InboxForm(posted(request))
    if form.is_valid():
        asked = form.cleaned_data
        try:
            row = add_inbox(
                name=asked["name"],
                address=asked["address"],
                team=asked["team"],
                language=asked["language"],
                region=asked["region"],
                by=person,
            )
        except Refused as refusal:
            form.add_error("address", str(refusal))
        else:
            _set_manners(row, form, person)
            return redirect("inbox-settings", row.pk)
    rows = Inbox.objects.filter(channel="email").select_related("team", "relay").prefetch_related("mailboxes")
    return show(
        request,
        "email/inboxes.html",
        form,
        inboxes=rows,
        relay=Relay.objects.filter(inbox=None).first(),
        failing=failing(),
        quarantined=Arrival.objects.filter(outcome=Arrival.Outcome.QUARANTINED)[:100].count(),
        directory=settings.UNSENT_DIR,
        smtp=f"{settings.MAIL_HOST}:{settings.SMTP_PORT}",
        lmtp=f"{settings.MAIL_HOST}:{settings.LMTP_PORT}",
    )


@require_http_methods(["GET", "POST"])
def inbox(request: HttpRequest, pk: int) -> HttpResponse:
    """One inbox; what is changed is posted here."""
    person = administrator(request)
    row = get_object_or_404(Inbox.objects.select_related("relay"), pk=pk, channel="email")
    manners = manners_of(row)
    known = {name: getattr(row, name) for name in ("name", "address", "team", "language", "region")}
    known |= {name: getattr(manners, name) for name in MANNERS}
    form = InboxForm(posted(request), initial=known)
    if form.is_valid():
        asked = {name: form.cleaned_data[name] for name in ("name", "address", "team", "language", "region")}
        try:
            change_inbox(row, **asked, by=person)
        except Refused as refusal:
            form.add_error("address", str(refusal))
        else:
            _set_manners(row, form, person)
            messages.success(request, _("Saved."))
            return redirect("inbox-settings", pk)
    return show(
        request,
        "email/inbox.html",
        form,
        inbox=row,
        mailboxes=row.mailboxes.filter(retired_at=None).order_by("pk"),
        relay=getattr(row, "relay", None),
        general=Relay.objects.filter(inbox=None).first(),
    )


@require_POST
def retirement(request: HttpRequest, pk: int) -> HttpResponse:
    """Nothing comes in by it any more."""
    person = administrator(request)
    retire_inbox(get_object_or_404(Inbox, pk=pk, channel="email"), by=person)
    return redirect("settings-inboxes")


def _set_manners(row: Inbox, form: InboxForm, person: User) -> None:
    set_manners(row, **{name: form.cleaned_data[name] for name in MANNERS}, by=person)
