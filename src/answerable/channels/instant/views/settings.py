"""Settings: the messengers that are connected, each with its accounts, its health and what was put aside."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from answerable.channels.instant.forms import GatewayForm, LineForm
from answerable.channels.instant.messenger import Messenger, messengers
from answerable.channels.instant.models import Arrival, Gateway
from answerable.channels.instant.setup import add_line, check_now, retire_gateway, save_gateway, try_again
from answerable.channels.vault import Locked
from answerable.desk.errors import Refused
from answerable.events.jobs import Later
from answerable.people.models import User
from answerable.people.views.door import administrator, posted, refusals_told, show

ASIDE_SHOWN = 20


@require_safe
def gateways(request: HttpRequest) -> HttpResponse:
    """Those there are, with their health; and those that can be connected."""
    administrator(request)
    rows = Gateway.objects.current().prefetch_related("lines__inbox__team")
    found = [(row, _messenger(row.channel)) for row in rows]
    return show(request, "instant/gateways.html", gateways=found, messengers=messengers().values())


@require_http_methods(["GET", "POST"])
def new_gateway(request: HttpRequest, channel: str) -> HttpResponse:
    """Connect one."""
    person, messenger = administrator(request), _messenger(channel)
    row = Gateway(channel=channel)
    form = messenger.form(posted(request), gateway=row)
    if form.is_valid():
        _save(row, form, person)
        return redirect("messenger", row.pk)
    return show(request, "instant/new_gateway.html", form, messenger=messenger)


@require_http_methods(["GET", "POST"])
def gateway(request: HttpRequest, pk: int) -> HttpResponse:
    """One, to be looked at or changed."""
    person, row = administrator(request), _gateway(pk)
    form = _messenger(row.channel).form(posted(request), gateway=row)
    if form.is_valid():
        _save(row, form, person)
        messages.success(request, _("Saved."))
        return redirect("messenger", pk)
    return _show(request, row, form=form)


@require_POST
def lines(request: HttpRequest, pk: int) -> HttpResponse:
    """Another account of ours, and its inbox."""
    person, row = administrator(request), _gateway(pk)
    form = LineForm(request.POST, asks_account=_messenger(row.channel).asks_account(row))
    if form.is_valid():
        asked = {"wanted": "", **form.cleaned_data}
        try:
            line = add_line(row, **asked, by=person)
        except Refused as refusal:
            form.add_error("wanted" if "wanted" in form.fields else None, str(refusal))
        else:
            messages.success(request, _("%(account)s is an inbox now.") % {"account": line.account})
            return redirect("messenger", pk)
    return _show(request, row, line_form=form, status=422)


@require_POST
def check(request: HttpRequest, pk: int) -> HttpResponse:
    """Whether it works, both ways."""
    person, row = administrator(request), _gateway(pk)
    try:
        messages.success(request, check_now(row, by=person))
        if not row.lines.exists():
            messages.warning(request, _("Nothing that is written there comes in before you add an inbox."))
    except Later as reason:
        messages.error(request, str(reason))
    return redirect("messenger", pk)


@require_safe
def registration(request: HttpRequest, pk: int) -> HttpResponse:
    """What the messenger's own server is to be given; not each messenger has one."""
    administrator(request)
    row = _gateway(pk)
    found = _messenger(row.channel).registration(row)
    if found is None:
        raise Http404
    name, text = found
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return HttpResponse(text, content_type="application/yaml; charset=utf-8", headers=headers)


@require_POST
def retirement(request: HttpRequest, pk: int) -> HttpResponse:
    """Nothing comes or leaves by it any more."""
    retire_gateway(_gateway(pk), by=administrator(request))
    return redirect("settings-messengers")


@require_POST
def trial(request: HttpRequest, pk: int, arrival: int) -> HttpResponse:
    """Take in once more what was put aside."""
    person = administrator(request)
    row = get_object_or_404(Arrival, pk=arrival, gateway=pk)
    with refusals_told(request):
        try_again(row, by=person)
    return redirect("messenger", pk)


def _show(
    request: HttpRequest,
    row: Gateway,
    *,
    form: GatewayForm | None = None,
    line_form: LineForm | None = None,
    status: int = 200,
) -> HttpResponse:
    messenger = _messenger(row.channel)
    found = list(row.lines.select_related("inbox__team").order_by("pk"))
    asks_account = messenger.asks_account(row)
    if line_form is None and (asks_account or not found):
        likely = {} if found else {"wanted": messenger.first_account(row)}
        line_form = LineForm(asks_account=asks_account, initial=likely)
    response = show(
        request,
        "instant/gateway.html",
        form or messenger.form(None, gateway=row),
        gateway=row,
        messenger=messenger,
        lines=found,
        line_form=line_form,
        **_connecting(request, messenger, row),
        aside=row.arrivals.filter(outcome=Arrival.Outcome.QUARANTINED).order_by("-pk")[:ASIDE_SHOWN],
    )
    if status != 200:
        response.status_code = status
    return response


def _connecting(request: HttpRequest, messenger: Messenger, row: Gateway) -> dict[str, object]:
    """What is to be done at the messenger; where its secrets can't be read, why not."""
    try:
        return {"steps": messenger.steps(row), "has_registration": messenger.registration(row) is not None}
    except Locked as error:
        messages.error(request, str(error))
        return {"steps": [], "has_registration": False}


def _save(row: Gateway, form: GatewayForm, person: User) -> None:
    save_gateway(
        row,
        name=form.called,
        base_url=form.cleaned_data["base_url"],
        facts=form.facts,
        secrets=form.secrets,
        by=person,
    )


def _messenger(channel: str) -> Messenger:
    found = messengers().get(channel)
    if found is None:
        raise Http404
    return found


def _gateway(pk: int) -> Gateway:
    return get_object_or_404(Gateway.objects.current(), pk=pk)
