"""Who may set this server up, and where everybody else is sent."""

import hmac
import ipaddress
import os
import secrets
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from answerable.people.models import Company

WELCOME = "/welcome/"
OPEN_BEFORE = (WELCOME, "/healthz", "/readyz", "/static/", "/styleguide/", "/live/")
FORWARDED = ("HTTP_X_FORWARDED_FOR", "HTTP_X_REAL_IP", "HTTP_FORWARDED", "HTTP_VIA")


class UntilSetUp:
    """Sends every request to the welcome page while there is no company. Once there is one, asks no more."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.is_set_up = False

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if self.is_set_up or request.path.startswith(OPEN_BEFORE):
            return self.get_response(request)
        self.is_set_up = Company.objects.exists()
        return self.get_response(request) if self.is_set_up else redirect(WELCOME)


def may_set_up(request: HttpRequest, data_dir: Path) -> bool:
    """From this machine itself, or with the token that `answerable serve` prints.

    A proxy on this machine also comes from loopback, and not each one says so: whatever was forwarded needs the
    token, and so does everything where people reach us by a name (ANSWERABLE_URL).
    """
    return (_is_local(settings.SITE_URL) and _is_from_here(request)) or _has_token(request, data_dir)


def _is_local(site_url: str) -> bool:
    host = urlsplit(site_url).hostname or "localhost"
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _is_from_here(request: HttpRequest) -> bool:
    try:
        is_loopback = ipaddress.ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False
    return is_loopback and not any(header in request.META for header in FORWARDED)


def _has_token(request: HttpRequest, data_dir: Path) -> bool:
    given = request.POST.get("token") or request.GET.get("token") or ""
    return hmac.compare_digest(given.encode(), setup_token(data_dir).encode())


def setup_token(data_dir: Path) -> str:
    """The one-time token, made when first asked for and readable by this user only. `forget_token` ends it."""
    path = _token_file(data_dir)
    try:
        return path.read_text("ascii").strip()
    except FileNotFoundError:
        draft = path.with_name(f".{path.name}-{os.getpid()}-{secrets.token_hex(4)}")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(24))
        try:
            os.link(draft, path)
        except FileExistsError:
            pass  # another process was first; its token is the token
        finally:
            draft.unlink()
        return path.read_text("ascii").strip()


def forget_token(data_dir: Path) -> None:
    _token_file(data_dir).unlink(missing_ok=True)


def setup_address(site_url: str, data_dir: Path) -> str:
    """What `answerable serve` prints while there is no company: the way in from other machines."""
    return f"{site_url}{WELCOME}?token={setup_token(data_dir)}"


def _token_file(data_dir: Path) -> Path:
    return data_dir / "setup-token"
