"""How pages of other sites come in: from an origin that may, with a visitor's secret, and in their language."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import BadRequest, RequestDataTooBig, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.multipartparser import MultiPartParserError
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from answerable.channels.chat.budget import TooMuch
from answerable.channels.chat.forms import too_long
from answerable.channels.chat.identity import bearer
from answerable.channels.chat.models import Widget
from answerable.channels.chat.origins import is_allowed, origin_of
from answerable.channels.chat.visits import Known, known_by
from answerable.desk.errors import Refused
from answerable.desk.views.door import first_error

PREFLIGHT_SECONDS = 7200
FORMS = ("multipart/form-data", "application/x-www-form-urlencoded")


@dataclass(frozen=True)
class Caller:
    """A page of somebody's, of which chat it is, and (where their secret is known) whose browser shows it."""

    widget: Widget
    language: str
    secret: str | None
    known: Known | None


View = Callable[..., HttpResponse]


def for_pages(*methods: str) -> Callable[[View], Callable[..., HttpResponse]]:
    """Hand the view who calls. What is refused is told in JSON: `{"error": words}`.

    There is no cookie, so nothing to forge a request with: who may read is said by the secret in the Authorization
    header, which no page can send from an origin that is not in the chat's list.
    """

    def guarded(view: View) -> Callable[..., HttpResponse]:
        @wraps(view)
        def door(request: HttpRequest, key: str, **kwargs: Any) -> HttpResponse:
            language = _language(request)
            caller = _caller(request, key, language)
            if caller is None:
                closed = _answer(lambda: refused(_("This chat is closed."), 404), language)
                return _readable(closed, request, methods)
            origin = origin_of(request)
            if origin is None or not is_allowed(caller.widget, origin):
                return _answer(lambda: refused(_("Pages of this site may not show this chat."), 403), language)
            if request.method == "OPTIONS":
                response = HttpResponse(status=204)
            else:
                response = _answer(lambda: _amiss(request, methods) or view(request, caller, **kwargs), language)
            return _readable(response, request, methods)

        return csrf_exempt(login_not_required(never_cache(door)))

    return guarded


def for_visitors(view: View) -> View:
    """Likewise, for those alone whose secret we know."""

    @wraps(view)
    def known(request: HttpRequest, caller: Caller, **kwargs: Any) -> HttpResponse:
        if caller.known is None:
            return refused(_("We don't know this browser. Begin a conversation first."), 401)
        return view(request, caller, caller.known, **kwargs)

    return known


class Unfit(Refused):
    """One field of a form does not hold what it should."""

    def __init__(self, words: str, field: str) -> None:
        super().__init__(words)
        self.field = field


def refused(words: str, status: int = 422, **more: Any) -> JsonResponse:
    return JsonResponse({"error": words, **more}, status=status)


def checked(form: forms.Form) -> dict[str, Any]:
    """What it holds, or Unfit with its first error."""
    if form.is_valid():
        return form.cleaned_data
    raise Unfit(first_error(form), next(iter(form.errors), ""))


def _caller(request: HttpRequest, key: str, language: str) -> Caller | None:
    secret = bearer(request.headers.get("Authorization", ""))
    known = known_by(key, secret) if secret else None
    if known is not None:
        return Caller(known.visitor.widget, language, secret, known)
    widget = Widget.objects.open().select_related("inbox__team").filter(key=key).first()
    return Caller(widget, language, secret, None) if widget else None


def _language(request: HttpRequest) -> str:
    """The page's, else the browser's; English where it is none of ours."""
    asked = (request.GET.get("language") or "").lower().partition("-")[0]
    return asked if asked in dict(settings.LANGUAGES) else translation.get_language_from_request(request)


def _amiss(request: HttpRequest, methods: tuple[str, ...]) -> HttpResponse | None:
    """What is to be said of how it was asked, where that is not as it should be."""
    if request.method not in methods:
        return refused(_("This can't be asked like that."), 405)
    if request.method == "POST" and request.content_type not in FORMS:
        return refused(_("This can't be asked like that."), 415)
    return None


def _answer(view: Callable[[], HttpResponse], language: str) -> HttpResponse:
    with translation.override(language):
        try:
            response = view()
        except TooMuch as much:
            response = refused(str(much), 429)
            response.headers["Retry-After"] = str(much.retry_after)
        except Unfit as unfit:
            response = refused(str(unfit), field=unfit.field)
        except Refused as refusal:
            response = refused(str(refusal))
        except Http404:
            response = refused(_("This conversation is no longer here. Begin another one."), 404)
        except RequestDataTooBig:
            response = refused(too_long(), 413)
        except (BadRequest, MultiPartParserError, SuspiciousOperation):  # a form that can't be read
            response = refused(_("This can't be asked like that."), 400)
    response.headers["Content-Language"] = language
    return response


def _readable(response: HttpResponse, request: HttpRequest, methods: tuple[str, ...]) -> HttpResponse:
    """By pages of this origin (Fetch standard, 3.2)."""
    if origin := request.headers.get("Origin"):
        response.headers["Access-Control-Allow-Origin"] = origin
        response.headers["Access-Control-Expose-Headers"] = "Retry-After, Content-Disposition"
    if request.method == "OPTIONS":
        response.headers["Access-Control-Allow-Methods"] = ", ".join(methods)
        response.headers["Access-Control-Allow-Headers"] = "Authorization, Content-Type, Last-Event-ID"
        response.headers["Access-Control-Max-Age"] = str(PREFLIGHT_SECONDS)
    patch_vary_headers(response, ["Origin"])
    return response
