"""The address people reach this server by."""

from collections.abc import Mapping
from urllib.parse import urlsplit

from answerable.site.refusal import Refusal


def site_url(environ: Mapping[str, str]) -> str:
    """`ANSWERABLE_URL`: scheme and host, with a port if need be, and no slash at the end.

    :raises Refusal: it is something else. Links in mails, hosts, cookies and passkeys depend on it.
    """
    url = environ.get("ANSWERABLE_URL", "").strip().rstrip("/") or "http://localhost:8000"
    try:
        parts = urlsplit(url)
        right = parts.scheme in ("http", "https") and parts.hostname and url == f"{parts.scheme}://{parts.netloc}"
        right = right and parts.port != 0 and "@" not in parts.netloc
    except ValueError:
        right = False
    if not right:
        raise Refusal(
            f"ANSWERABLE_URL is {url}. It must be http:// or https:// and a host, such as https://support.example.com, "
            "with a port if need be. Answerable has a host to itself: nothing stands after it."
        )
    return url
