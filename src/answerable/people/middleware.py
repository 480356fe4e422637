"""Pages in the reader's language and time."""

import zoneinfo
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware, get_user
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import resolve_url
from django.utils import timezone, translation
from django_htmx.http import HttpResponseClientRedirect
from django_htmx.middleware import HtmxDetails

from answerable.people.models import Company


class PersonalLocale:
    """A member of staff has chosen a language and a time zone; anybody else is met by what their browser asks for."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # From here on it is nobody who has yet to be looked up: each look at such a one takes a call or two more.
        user = request.user = get_user(request)
        if user.is_authenticated:
            language, zone = user.language, user.time_zone
        else:
            language, zone = translation.get_language_from_request(request), settings.TIME_ZONE
        with translation.override(language), timezone.override(_zone(zone)):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", language)
        return response


class SignedIn(LoginRequiredMiddleware):
    """Django's, for pages made of parts: where a part was asked for, the whole page goes to sign in, and comes back."""

    def process_view(
        self,
        request: HttpRequest,
        view_func: Callable[..., Any],
        view_args: tuple[Any, ...],
        view_kwargs: dict[str, Any],
    ) -> HttpResponseBase | None:
        refusal = super().process_view(request, view_func, view_args, view_kwargs)
        htmx = HtmxDetails(request)
        if refusal is None or not htmx:
            return refusal
        sign_in = redirect_to_login(htmx.current_url_abs_path or "/", resolve_url(settings.LOGIN_URL))
        return HttpResponseClientRedirect(sign_in.url)


def _zone(name: str) -> zoneinfo.ZoneInfo:
    try:
        return zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError):
        return zoneinfo.ZoneInfo("UTC")


def company_zone() -> zoneinfo.ZoneInfo:
    """The company's time zone; UTC before it is set up."""
    company = Company.objects.first()
    return _zone(company.time_zone if company else "UTC")
