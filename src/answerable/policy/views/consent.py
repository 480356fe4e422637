"""The customer's page. Whoever holds the signed link may answer; nothing else is shown of the customer.

Opening the address changes nothing, for mail scanners open every address they see.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from answerable.people.errors import Refused
from answerable.people.models import Company
from answerable.policy.actions.pilot_customers import agree, decline, withdraw
from answerable.policy.letters import language_of
from answerable.policy.links import LinkUnknown, customer_of
from answerable.policy.models import PilotCustomer
from answerable.policy.tested import changes_of

ANSWERS: Mapping[str, Callable[[PilotCustomer], PilotCustomer]] = MappingProxyType(
    {"agree": agree, "decline": decline, "leave": lambda row: withdraw(row, by=None)}
)


@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def consent(request: HttpRequest, token: str) -> HttpResponse:
    """What is tested, in the customer's language, and their answer to it."""
    try:
        row = customer_of(token)
    except LinkUnknown:
        return render(request, "policy/consent_unknown.html", status=404)
    language = language_of(row)
    with translation.override(language):
        response = _answered(request, row, token) or _page(request, row, language)
    response.headers["Content-Language"] = language
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def _answered(request: HttpRequest, row: PilotCustomer, token: str) -> HttpResponse | None:
    """What a known answer does; none for a look, and for what came too late."""
    answer = ANSWERS.get(request.POST.get("answer", "")) if request.method == "POST" else None
    if answer is None:
        return None
    try:
        answer(row)
    except Refused:
        return None  # it is over meanwhile, or they are known by another name: the page says so
    return redirect("pilot_consent", token)


def _page(request: HttpRequest, row: PilotCustomer, language: str) -> HttpResponse:
    is_over = not row.pilot.is_open or row.contact.merged_into_id is not None
    context = {
        "customer": row,
        "pilot": row.pilot,
        "is_over": is_over,
        "changes": () if is_over else changes_of(row.pilot, language),
        "company": Company.objects.first(),
    }
    return render(request, "policy/consent.html", context, status=409 if is_over and request.method == "POST" else 200)
