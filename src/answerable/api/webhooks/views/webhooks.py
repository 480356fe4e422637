"""Settings: who is told what."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from answerable.api.webhooks import actions
from answerable.api.webhooks.catalogue import BY_KEY
from answerable.api.webhooks.forms import LogForm, ReplayForm, WebhookForm
from answerable.api.webhooks.models import Delivery, Webhook
from answerable.channels import vault
from answerable.desk.errors import Refused
from answerable.people.views.door import administrator, posted, refusals_told, show
from answerable.web.pager import keyset

SHOWN_ONCE = "webhook_secret_%s"
"""Where a session keeps a new secret, sealed, until its page has been seen."""


@require_safe
def webhooks(request: HttpRequest) -> HttpResponse:
    """All there are, and how they do."""
    administrator(request)
    rows = list(Webhook.objects.current().prefetch_related("teams"))
    listed = [(row, [BY_KEY[key].label for key in row.groups if key in BY_KEY]) for row in rows]
    return show(request, "webhooks/webhooks.html", webhooks=listed)


@require_http_methods(["GET", "POST"])
def new_webhook(request: HttpRequest) -> HttpResponse:
    """Another one."""
    person = administrator(request)
    form = WebhookForm(posted(request), webhook=None)
    if form.is_valid():
        row, secret = actions.add_webhook(**form.facts, by=person)
        request.session[SHOWN_ONCE % row.pk] = vault.seal(secret)
        return redirect("settings-webhook", row.pk)
    return show(request, "webhooks/new_webhook.html", form)


@never_cache
@require_http_methods(["GET", "POST"])
def webhook(request: HttpRequest, pk: int) -> HttpResponse:
    """One, with its log; a new secret is shown with it once."""
    person = administrator(request)
    row = _webhook(pk)
    form = WebhookForm(posted(request), webhook=row)
    if form.is_valid():
        actions.change_webhook(row, **form.facts, by=person)
        messages.success(request, _("Saved."))
        return redirect("settings-webhook", pk)
    chosen = LogForm(request.GET)
    state = chosen.cleaned_data["state"] if chosen.is_valid() else ""
    rows = Delivery.objects.filter(webhook=row, **({"state": state} if state else {})).defer("body")
    return show(
        request,
        "webhooks/webhook.html",
        form,
        webhook=row,
        secret=vault.unseal(request.session.pop(SHOWN_ONCE % pk, "")),
        both_valid=bool(row.sealed_previous),
        page=keyset(rows, column="id", cursor=request.GET.get("cursor")),
        filter=chosen,
        replay=ReplayForm(),
    )


@require_POST
def secret(request: HttpRequest, pk: int) -> HttpResponse:
    """Another secret; or (`forget`) the one before it signs no longer."""
    person, row = administrator(request), _webhook(pk)
    if "forget" in request.POST:
        actions.forget_previous(row, by=person)
        messages.success(request, _("Only the present secret signs now."))
    else:
        request.session[SHOWN_ONCE % pk] = vault.seal(actions.change_secret(row, by=person))
    return redirect("settings-webhook", pk)


@require_POST
def switch(request: HttpRequest, pk: int) -> HttpResponse:
    """On (`on`), or off."""
    person, row = administrator(request), _webhook(pk)
    if "on" in request.POST:
        actions.switch_on(row, by=person)
    else:
        actions.switch_off(row, by=person)
    return redirect("settings-webhook", pk)


@require_POST
def removal(request: HttpRequest, pk: int) -> HttpResponse:
    actions.remove_webhook(_webhook(pk), by=administrator(request))
    messages.success(request, _("Removed: nothing is sent there any more."))
    return redirect("settings-webhooks")


@require_POST
def trial(request: HttpRequest, pk: int) -> HttpResponse:
    """Send a delivery that says nothing, and look what comes back."""
    person, row = administrator(request), _webhook(pk)
    try:
        delivery = actions.try_out(row, by=person)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("settings-webhook", pk)
    return redirect("webhook-delivery", delivery.pk)


@require_POST
def replays(request: HttpRequest, pk: int) -> HttpResponse:
    """Send again what happened within a time."""
    person, row = administrator(request), _webhook(pk)
    form = ReplayForm(request.POST)
    if not form.is_valid():
        for errors in form.errors.values():
            messages.error(request, " ".join(map(str, errors)))
        return redirect("settings-webhook", pk)
    with refusals_told(request):
        count = actions.replay_between(row, **form.cleaned_data, by=person)
        messages.success(request, _("Deliveries that are sent again: %(count)s.") % {"count": count})
    return redirect("settings-webhook", pk)


def _webhook(pk: int) -> Webhook:
    return get_object_or_404(Webhook.objects.current(), pk=pk)
