from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from answerable.channels.email.forms import LedgerForm
from answerable.channels.email.ledger import call_spam, newest, retry
from answerable.channels.email.models import Arrival
from answerable.desk.errors import Refused
from answerable.desk.sealed import sealed
from answerable.people.views.door import administrator, show
from answerable.web.pager import keyset

SHOWN = 100_000  # letters of a raw message on the page; the file has all


@require_GET
def ledger(request: HttpRequest) -> HttpResponse:
    """Every message ever seen, the newest first."""
    administrator(request)
    form = LedgerForm(request.GET)
    outcome = form.cleaned_data["outcome"] if form.is_valid() else ""
    rows = newest([{"undecided": ""}.get(outcome, outcome)] if outcome else ())
    page = keyset(rows, column="id", cursor=request.GET.get("cursor"))
    return show(request, "email/ledger.html", page=page, filter=form, outcome=outcome)


@require_GET
def arrival(request: HttpRequest, pk: int) -> HttpResponse:
    """One message, with what it is made of as plain text."""
    administrator(request)
    row = get_object_or_404(Arrival.objects.select_related("message", "inbox", "bounced__message"), pk=pk)
    raw = bytes(row.raw)
    text = sealed(raw[:SHOWN].decode("utf-8", "replace").replace("\x00", "\ufffd"))
    return show(request, "email/arrival.html", arrival=row, text=text, size=len(raw), cut=len(raw) > SHOWN)


@require_GET
def raw(request: HttpRequest, pk: int) -> HttpResponse:
    """The message as a file, byte for byte. No browser opens it as a page."""
    administrator(request)
    row = get_object_or_404(Arrival, pk=pk)
    return HttpResponse(
        bytes(row.raw),
        content_type="application/octet-stream",
        headers={
            "Content-Disposition": f'attachment; filename="message-{row.pk}.eml"',
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": "sandbox; default-src 'none'",
        },
    )


@require_POST
def trial(request: HttpRequest, pk: int) -> HttpResponse:
    """Decide it again."""
    person = administrator(request)
    try:
        retry(get_object_or_404(Arrival, pk=pk), by=person)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("It is being decided again."))
    return redirect("mail-arrival", pk)


@require_POST
def spam(request: HttpRequest, pk: int) -> HttpResponse:
    """Call it spam."""
    person = administrator(request)
    try:
        call_spam(get_object_or_404(Arrival, pk=pk), by=person)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Its conversation is closed, and counts nowhere."))
    return redirect("mail-arrival", pk)
