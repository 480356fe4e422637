"""In which language somebody who has not signed in reads."""

from django.conf import settings
from django.http import HttpRequest
from django.utils import translation


def chosen_language(request: HttpRequest) -> str:
    """The one asked for by `language`, else that of the reader's settings or browser."""
    asked = request.GET.get("language") or request.POST.get("language") or ""
    return asked if asked in dict(settings.LANGUAGES) else translation.get_language() or settings.LANGUAGE_CODE
