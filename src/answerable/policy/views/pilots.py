"""Pilots: tests of a version, read by everybody who works here, run by administrators.

Whoever tends to customers may write down that one of them agreed, or wants to leave.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from answerable.customers.permissions import may_tend
from answerable.people.errors import Refused
from answerable.people.models import User
from answerable.policy.actions.pilot_customers import invite, note_consent, withdraw
from answerable.policy.actions.pilots import begin_pilot, cancel_pilot, change_staff, prepare_pilot, promote, roll_back
from answerable.policy.findings import verdict_words
from answerable.policy.forms.pilots import ConsentForm, EndingForm, InvitationForm, PilotForm, StaffForm
from answerable.policy.models import Arm, Pilot, PilotCustomer, Version
from answerable.policy.tested import changes_of
from answerable.web.pager import keyset

ENDINGS: Mapping[str, Callable[..., Pilot]] = MappingProxyType(
    {"promotion": promote, "return": roll_back, "cancellation": cancel_pilot}
)


@login_required
@require_GET
def pilots(request: HttpRequest) -> HttpResponse:
    """All there have been, the newest first."""
    user = _reader(request)
    rows = Pilot.objects.visible_to(user).select_related("version", "by").defer("version__document")
    context = {
        "pilots": rows,
        "is_open": any(row.is_open for row in rows),
        "drafts": Version.objects.filter(state=Version.State.DRAFT).exists(),
        "may_run": user.is_administrator,
    }
    return render(request, "policy/pilots.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def new_pilot(request: HttpRequest) -> HttpResponse:
    """Choose what is tried, on whom, and what it is judged by."""
    user = _administrator(request)
    chosen = Version.objects.filter(state=Version.State.DRAFT, number=_number(request.GET.get("draft", ""))).first()
    form = PilotForm(request.POST if request.method == "POST" else None, initial={"version": chosen})
    if form.is_valid():
        given = form.cleaned_data
        try:
            return redirect("policy_pilot", prepare_pilot(given.pop("version"), by=user, **given).pk)
        except Refused as refusal:
            form.add_error(None, str(refusal))
    return render(request, "policy/new_pilot.html", {"form": form}, status=422 if form.errors else 200)


@login_required
@require_GET
def pilot(request: HttpRequest, pk: int) -> HttpResponse:
    """What is tested on whom, how it stands, and what can be done about it."""
    return _page(request, _found(request, pk))


@login_required
@require_POST
def beginning(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin it."""
    user, found = _administrator(request), _found(request, pk)
    try:
        begin_pilot(found, by=user)
    except Refused as refusal:
        return _page(request, found, refusal=str(refusal))
    return redirect("policy_pilot", pk)


@login_required
@require_POST
def ending(request: HttpRequest, pk: int) -> HttpResponse:
    """Promote it, roll it back, or give it up."""
    user, found = _administrator(request), _found(request, pk)
    form = EndingForm(request.POST, is_running=found.is_running)
    if form.is_valid():
        try:
            ENDINGS[form.cleaned_data["ending"]](found, reason=form.cleaned_data["reason"], by=user)
            return redirect("policy_pilot", pk)
        except Refused as refusal:
            form.add_error(None, str(refusal))
    return _page(request, found, ending=form)


@login_required
@require_POST
def staff(request: HttpRequest, pk: int) -> HttpResponse:
    """Name anew who answers."""
    user, found = _administrator(request), _found(request, pk)
    form = StaffForm(request.POST)
    if form.is_valid():
        try:
            change_staff(found, people=form.cleaned_data["people"], by=user)
            return redirect("policy_pilot", pk)
        except Refused as refusal:
            form.add_error("people", str(refusal))
    return _page(request, found, naming=form)


@login_required
@require_POST
def invitations(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask customers by mail."""
    user, found = _administrator(request), _found(request, pk)
    form = InvitationForm(request.POST)
    if form.is_valid():
        try:
            asked = invite(found, contacts=form.cleaned_data["contacts"], by=user)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            said = [ngettext("%(n)d customer is asked by mail.", "%(n)d customers are asked by mail.", asked.now)]
            if asked.before:
                said.append(ngettext("%(before)d was known before.", "%(before)d were known before.", asked.before))
            if asked.unreachable:
                said.append(ngettext("%(gone)d has no address.", "%(gone)d have no address.", asked.unreachable))
            facts = {"n": asked.now, "before": asked.before, "gone": asked.unreachable}
            messages.success(request, " ".join(said) % facts)
            return redirect("policy_pilot", pk)
    return _page(request, found, invitation=form)


@login_required
@require_POST
def consents(request: HttpRequest, pk: int) -> HttpResponse:
    """Write down that a customer said yes."""
    user, found = _reader(request), _found(request, pk)
    if not may_tend(user):
        raise PermissionDenied
    form = ConsentForm(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        try:
            note_consent(found, contact=form.contact, how=given["how"], words=given["words"], by=user)
            return redirect("policy_pilot", pk)
        except Refused as refusal:
            form.add_error("address", str(refusal))
    return _page(request, found, consent=form)


@login_required
@require_POST
def withdrawal(request: HttpRequest, pk: int, customer: int) -> HttpResponse:
    """Write down that a customer wants to leave; at once."""
    user, found = _reader(request), _found(request, pk)
    row = get_object_or_404(PilotCustomer.objects.select_related("pilot"), pilot=found, pk=customer)
    try:
        withdraw(row, by=user)
    except Refused as refusal:
        return _page(request, found, refusal=str(refusal))
    return redirect("policy_pilot", pk)


def _page(request: HttpRequest, found: Pilot, *, refusal: str = "", **forms: BaseForm) -> HttpResponse:
    user = _reader(request)
    customers = found.customers.select_related("contact")
    named = list(found.staff.select_related("user"))
    context: dict[str, Any] = {
        "pilot": found,
        "staff": named,
        "naming": forms.get("naming") or StaffForm(initial={"people": [row.user_id for row in named]}),
        "changes": changes_of(found, get_language() or "en"),
        "standing": _standing(found),
        "page": keyset(customers, column="id", cursor=request.GET.get("cursor")),
        "arm_control": Arm.CONTROL,
        "verdict": verdict_words(found.verdict) if found.verdict else None,
        "refusal": refusal,
        "may_run": user.is_administrator,
        "may_tend": may_tend(user),
        "ending": forms.get("ending") or EndingForm(is_running=found.is_running),
        "invitation": forms.get("invitation") or InvitationForm(),
        "consent": forms.get("consent") or ConsentForm(),
    }
    return render(request, "policy/pilot.html", context, status=422 if refusal or forms else 200)


def _standing(found: Pilot) -> list[tuple[str, int]]:
    """How many customers stand how, in the order in which they get there."""
    said = Counter(
        "left" if gone else (arm or "agreed") if agreed else "declined" if declined else "asked"
        for gone, arm, agreed, declined in found.customers.values_list(
            "withdrawn_at", "arm", "agreed_at", "declined_at"
        )
    )
    words = {
        "asked": _("Asked, no answer yet"),
        "declined": _("Said no"),
        "agreed": _("Agreed, lot not drawn yet"),
        Arm.PILOT.value: _("Have the new promise"),
        Arm.CONTROL.value: _("Control: have today's"),
        "left": _("Have left"),
    }
    return [(label, said[key]) for key, label in words.items() if said[key]]


def _found(request: HttpRequest, pk: int) -> Pilot:
    rows = Pilot.objects.visible_to(_reader(request)).select_related("version", "control", "by", "ended_by")
    return get_object_or_404(rows.defer("version__document", "control__document"), pk=pk)


def _number(text: str) -> int:
    """What an address asks for; 0, which nothing has, where that is no number."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 9 else 0


def _reader(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user


def _administrator(request: HttpRequest) -> User:
    user = _reader(request)
    if not user.is_administrator:
        raise PermissionDenied(_("Only administrators run pilots."))
    return user
