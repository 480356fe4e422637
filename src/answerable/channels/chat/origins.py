"""Pages of which sites may have a chat."""

from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest

from answerable.channels.chat.models import Widget


def normal_origin(text: str) -> str | None:
    """An origin as browsers write it (RFC 6454, 6.2): `https://shop.example`. None where the text is none."""
    try:
        parts = urlsplit(text.strip())
        host, port = (parts.hostname or "").encode("idna").decode(), parts.port
    except ValueError:  # a UnicodeError is one
        return None
    if parts.scheme not in ("http", "https") or not host or parts.username or parts.path.strip("/") or parts.query:
        return None
    usual = {"http": 80, "https": 443}[parts.scheme]
    named = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{named}" + (f":{port}" if port and port != usual else "")


def is_allowed(widget: Widget, origin: str) -> bool:
    """Whether a page of this origin may speak for its visitors: one of the list, or a page of ours."""
    return origin in widget.origins or origin == normal_origin(settings.SITE_URL)


def origin_of(request: HttpRequest) -> str | None:
    """Where the request was made from. A page of our own sends none when it only reads, and says so otherwise."""
    origin = request.headers.get("Origin")
    if origin is None and request.headers.get("Sec-Fetch-Site") == "same-origin":
        return normal_origin(settings.SITE_URL)
    if origin is not None and origin == f"{request.scheme}://{request.get_host()}":
        return normal_origin(settings.SITE_URL)
    return origin
