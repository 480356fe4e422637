"""One shift: entered, changed, taken out."""

from datetime import time, timedelta
from typing import Any, cast
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from answerable.people.actions.shifts import add_shift, cancel_shift, change_shift
from answerable.people.errors import Refused, Stale
from answerable.people.forms.absences import OfferForm
from answerable.people.forms.shifts import ShiftForm
from answerable.people.models import Shift, SwapRequest, User
from answerable.people.permissions import managed_by, may_manage
from answerable.people.shift_history import history_of
from answerable.people.views.door import member_of_staff, posted, show
from answerable.people.views.rota.asking import asked, back, workers, zones

USUAL = (time(9), time(18))
TO_CHOOSE_FROM = timedelta(weeks=2)
"""How long before and after a shift others may be asked for in return."""


@require_http_methods(["GET", "POST"])
def shifts(request: HttpRequest) -> HttpResponse:
    """Enter a shift. What is known of it comes with the address: team, user, on."""
    here = asked(request)
    teams = managed_by(here.reader)
    if not teams:
        raise PermissionDenied
    initial: dict[str, Any] = {"begins": USUAL[0], "ends": USUAL[1]}
    place = request.GET.get("place") or (here.team.pk if here.team else None)
    initial |= {"team": place, "on": request.GET.get("on") or here.monday}
    initial["user"] = request.GET.get("user")
    form = ShiftForm(
        posted(request),
        initial=initial,
        teams=teams,
        people=workers(here.reader),
        zones=zones(here.reader, here.zone.key, *_zone_of(request)),
    )
    if form.is_valid():
        try:
            add_shift(**_typed(form), by=here.reader)
        except Refused as refusal:
            form.add_error(refusal.field, str(refusal))
        else:
            messages.success(request, _("The shift is in the rota."))
            return back(request, week=form.cleaned_data["on"])
    return show(request, "people/rota/shift_new.html", form, asked=here)


@require_http_methods(["GET", "POST"])
def shift(request: HttpRequest, pk: int) -> HttpResponse:
    """A shift to be read by all who see the team, changed by those who lead it, offered by whose it is."""
    here = asked(request)
    row = visible_shift(request, pk)
    form = None
    if may_manage(here.reader, row.team) and row.cancelled_at is None:
        zone = ZoneInfo(row.user.time_zone)
        form = ShiftForm(
            posted(request),
            initial=ShiftForm.typed(row, zone),
            teams=managed_by(here.reader),
            people=workers(here.reader) | User.objects.filter(pk=row.user_id).distinct(),
            zones=zones(here.reader, zone.key),
        )
        if form.is_valid():
            revision = form.cleaned_data["revision"]
            try:
                change_shift(row, revision=-1 if revision is None else revision, **_typed(form), by=here.reader)
            except Stale as meanwhile:
                return _meanwhile(request, row, form, str(meanwhile))
            except Refused as refusal:
                form.add_error(refusal.field, str(refusal))
            else:
                messages.success(request, _("Saved."))
                return back(request, week=form.cleaned_data["on"])
    elif request.method == "POST":
        raise PermissionDenied
    return show_shift(request, row, form)


@require_POST
def cancellation(request: HttpRequest, pk: int) -> HttpResponse:
    """Take it out."""
    row = visible_shift(request, pk)
    cancel_shift(row, by=member_of_staff(request))
    messages.success(request, _("The shift is out of the rota."))
    return back(request, week=row.begins_at.date())


def visible_shift(request: HttpRequest, pk: int) -> Shift:
    rows = Shift.objects.visible_to(member_of_staff(request)).select_related("user", "team", "pattern")
    return get_object_or_404(rows, pk=pk)


def show_shift(
    request: HttpRequest,
    row: Shift,
    form: ShiftForm | None,
    *,
    offer: OfferForm | None = None,
    status: int | None = None,
) -> HttpResponse:
    here = asked(request)
    swaps = SwapRequest.objects.going_on().filter(shift=row)
    swap = swaps.select_related("offered_to", "taken_by", "in_return__user").first()
    is_own = row.user_id == here.reader.pk and row.cancelled_at is None and row.begins_at > timezone.now()
    if offer is None and is_own and swap is None:
        offer = offer_form(row)
    context = {"shift": row, "asked": here, "swap": swap, "offer": offer, "history": history_of(row)}
    response = show(request, "people/rota/shift.html", form, **context)
    if status:
        response.status_code = status
    return response


def offer_form(row: Shift, data: QueryDict | None = None) -> OfferForm:
    """To all who see the shift's team, for a shift of theirs in it."""
    first, last = max(timezone.now(), row.begins_at - TO_CHOOSE_FROM), row.begins_at + TO_CHOOSE_FROM
    theirs = Shift.objects.standing().filter(team=row.team, begins_at__gt=first, begins_at__lt=last)
    return OfferForm(
        data,
        colleagues=User.objects.seeing(row.team).exclude(pk=row.user_id),
        shifts=theirs.exclude(user=row.user).select_related("user").order_by("begins_at", "id"),
    )


def _meanwhile(request: HttpRequest, row: Shift, form: ShiftForm, words: str) -> HttpResponse:
    """What came in between is said; what was typed stays, to be saved over it or not."""
    now = Shift.objects.select_related("user", "team").get(pk=row.pk)
    data = cast(QueryDict, form.data).copy()
    data["revision"] = str(now.revision)
    form.data = data
    form.add_error(None, words)
    return show_shift(request, now, form, status=409)


def _typed(form: ShiftForm) -> dict[str, Any]:
    data = form.cleaned_data
    return {
        "user": data["user"],
        "team": data["team"],
        "span": form.span,
        "breaks": form.pauses,
        "note": data["note"],
    }


def _zone_of(request: HttpRequest) -> list[str]:
    """The zone of the person the address names."""
    number = request.GET.get("user") or ""
    if not number.isdecimal() or len(number) > 18:
        return []
    return list(User.objects.filter(pk=number).values_list("time_zone", flat=True))
