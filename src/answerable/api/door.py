"""The one way into the API: a request comes in, and leaves answered, be it by a problem.

It stands before sessions, cookies and forms, none of which it knows: only a token says who asks.
"""

import json
import logging
from collections.abc import Callable, Mapping
from typing import Any, Final

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import InterfaceError, OperationalError, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import translation
from django.utils.translation import gettext as _

from answerable.api import bodies, once
from answerable.api.bearer import counted, note_use, token_of
from answerable.api.etags import as_json, etag_of
from answerable.api.models import Token
from answerable.api.openapi import document
from answerable.api.operations import Answer, Call, Operation, find
from answerable.api.problems import Problem
from answerable.api.reading import Mistakes, from_text, read
from answerable.api.schema import Schema
from answerable.desk.errors import Stale
from answerable.people.errors import Refused

ROOT: Final = "/api/"
V1: Final = "/api/v1"
DOCUMENT: Final = "/openapi.json"
HARMLESS: Final = {
    "Cache-Control": "private, no-cache",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Vary": "Authorization, Accept-Language",
}
log = logging.getLogger(__name__)


class Door:
    """Middleware: what stands below /api/ is answered here, all else goes on. The page at /api/ is a page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path.startswith(ROOT) or request.path == ROOT:
            return self.get_response(request)
        language = translation.get_language_from_request(request)
        with translation.override(language):
            response = answered(request)
        response.headers["Content-Language"] = language
        for name, value in HARMLESS.items():
            response.headers.setdefault(name, value)
        return response


def answered(request: HttpRequest) -> HttpResponse:
    """Whatever happens, an answer."""
    allowance: dict[str, str] = {}
    try:
        response = _answered(request, allowance)
    except Problem as problem:
        response = problem.response()
    except PermissionDenied as refusal:
        detail = str(refusal) or _("The token's owner may not do this.")
        response = Problem("forbidden", detail).response()
    except Http404:
        response = Problem("not-found", _("There is no such thing, or it is not yours to see.")).response()
    except Stale as stale:
        events = [event.pk for event in stale.events]
        response = Problem("stale", str(stale), events=events).response()
    except Refused as refusal:
        places = [(refusal.field, str(refusal))] if refusal.field else []
        response = Problem("refused", str(refusal), errors=places).response()
    except (OperationalError, InterfaceError) as error:
        words = str(error).strip().partition("\n")[0]
        log.error("%s %s: the database does not answer (%s)", request.method, request.path, words)
        response = Problem("away", _("Try again in a moment."), headers={"Retry-After": "5"}).response()
    except Exception:  # whatever else goes wrong: a program gets a problem, never a page or a traceback
        log.exception("%s %s failed", request.method, request.path)
        response = Problem("failed", _("It is noted in the server's log. Nothing was changed.")).response()
    for name, value in allowance.items():
        response.headers.setdefault(name, value)
    return response


def _answered(request: HttpRequest, allowance: dict[str, str]) -> HttpResponse:
    path = request.path.removeprefix(V1)
    if path == request.path or not path.startswith("/"):
        raise Problem("not-found", _("The API stands below /api/v1."))
    method = request.method or ""
    if path == DOCUMENT and method in ("GET", "HEAD"):
        return HttpResponse(document(), content_type="application/json", headers={"Cache-Control": "max-age=300"})
    token = token_of(request.headers.get("Authorization", ""))
    allowance |= counted(token).headers
    found, numbers = find(method, path)
    if found.scope and found.scope not in token.scopes:
        raise _lacking(found.scope)
    note_use(token)
    call = _call(request, found, token, path, numbers)
    return _write(request, found, call) if found.writes else _fresh(request, found.do(call))


def _lacking(scope: str) -> Problem:
    challenge = f'Bearer realm="Answerable", error="insufficient_scope", scope="{scope}"'
    detail = _("This token lacks the scope %(scope)s.") % {"scope": scope}
    return Problem("forbidden", detail, headers={"WWW-Authenticate": challenge})


def _call(request: HttpRequest, found: Operation, token: Token, path: str, numbers: dict[str, int]) -> Call:
    """Everything read and held against what is documented."""
    mistakes: Mistakes = []
    query = _query(request, found.query, mistakes)
    given, files = bodies.body_of(request, takes_files=found.takes_files) if found.body else (None, ())
    body = read(found.body, given, mistakes) if found.body else {}
    if mistakes:
        detail = mistakes[0][1] if len(mistakes) == 1 else _("Several things are wrong: see `errors`.")
        raise Problem("invalid", detail, errors=mistakes)
    return Call(
        token,
        path,
        numbers,
        query,
        raw_query=[(name, value) for name in request.GET for value in request.GET.getlist(name)],
        body=body or {},
        files=files,
        if_match=request.headers.get("If-Match", ""),
    )


def _query(request: HttpRequest, schemas: Mapping[str, Schema], mistakes: Mistakes) -> dict[str, Any]:
    found = {}
    for name in request.GET:
        values = request.GET.getlist(name)
        if name not in schemas:
            mistakes.append((name, _("“%(name)s” is not known here.") % {"name": name}))
        elif schemas[name]["type"] == "array":
            within = schemas[name]["items"]
            found[name] = read(schemas[name], [from_text(within, value) for value in values], mistakes, name)
        elif len(values) > 1:
            mistakes.append((name, _("This is given more than once.")))
        else:
            found[name] = read(schemas[name], from_text(schemas[name], values[0]), mistakes, name)
    return found


def _write(request: HttpRequest, found: Operation, call: Call) -> HttpResponse:
    """In one transaction, together with what is noted under the idempotency key."""
    key = request.headers.get("Idempotency-Key", "") if found.method == "POST" else ""
    with transaction.atomic():
        if key:
            body = json.dumps(call.body, sort_keys=True, default=str)
            digest = once.digest_of(found.method, call.path, call.raw_query, body, bodies.digests_of(call.files))
            if (earlier := once.claim(call.token, key, digest)) is not None:
                headers = earlier.headers | {"Idempotency-Replayed": "true"}
                return HttpResponse(earlier.body, "application/json", earlier.status, headers=headers)
        response = _said(found.do(call))
        if key:
            kept = {name: response.headers[name] for name in ("ETag", "Location") if name in response.headers}
            once.keep(call.token, key, status=response.status_code, headers=kept, body=response.content.decode())
        return response


def _said(answer: Answer | HttpResponse) -> HttpResponse:
    if isinstance(answer, HttpResponse):
        return answer
    response = HttpResponse(b"" if answer.body is None else as_json(answer.body), status=answer.status)
    if answer.body is None:
        del response.headers["Content-Type"]
    else:
        response.headers["Content-Type"] = "application/json"
        response.headers["ETag"] = etag_of(answer.body)
    if answer.location:
        response.headers["Location"] = f"{settings.SITE_URL}{V1}{answer.location}"
    for name, value in answer.headers.items():
        response.headers[name] = value
    return response


def _fresh(request: HttpRequest, answer: Answer | HttpResponse) -> HttpResponse:
    """304 for who has it as it is."""
    response = _said(answer)
    known = request.headers.get("If-None-Match", "")
    etag = response.headers.get("ETag")
    if etag and known and (known.strip() == "*" or etag in [each.strip() for each in known.split(",")]):
        kept = {name: response.headers[name] for name in ("ETag", "Link") if name in response.headers}
        return HttpResponse(status=304, headers=kept)
    return response
