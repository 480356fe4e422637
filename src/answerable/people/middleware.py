"""Pages in the reader's language and time."""

import zoneinfo
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation

from answerable.people.models import Company


class PersonalLocale:
    """A member of staff has chosen a language and a time zone; anybody else is met by what their browser asks for."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        if user.is_authenticated:
            language, zone = user.language, user.time_zone
        else:
            language, zone = translation.get_language_from_request(request), settings.TIME_ZONE
        with translation.override(language), timezone.override(_zone(zone)):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", language)
        return response


def _zone(name: str) -> zoneinfo.ZoneInfo:
    try:
        return zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError):
        return zoneinfo.ZoneInfo("UTC")


def company_zone() -> zoneinfo.ZoneInfo:
    """The company's time zone; UTC before it is set up."""
    company = Company.objects.first()
    return _zone(company.time_zone if company else "UTC")
