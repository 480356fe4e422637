"""What a message says in the reader's language, by a server that speaks LibreTranslate's protocol, if one is named.

`POST /translate` with `{"q", "source", "target", "format": "text", "api_key"}` answers `{"translatedText"}`. What is
said is kept for a week, so that a message leaves this house once a language; nothing leaves where nobody asks.
"""

import json
from hashlib import sha256
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

from django.conf import settings
from django.core.cache import cache
from django.utils.translation import gettext as _

from answerable.desk.errors import Refused

SECONDS = 10.0
KEPT_SECONDS = 7 * 24 * 3600
LONGEST = 5000
LARGEST_ANSWER = 1_000_000


def is_offered() -> bool:
    """Whether a server is named: see settings.TRANSLATION_URL."""
    return bool(settings.TRANSLATION_URL)


def translated(text: str, *, source: str, target: str) -> str:
    """Raises Refused with what went wrong. `source` may be empty: the server finds out."""
    if not is_offered():
        raise Refused(_("No translation service is set up."))
    asked = {"q": text[:LONGEST], "source": source or "auto", "target": target, "format": "text"}
    key = f"translation:{sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()}"
    kept: str | None = cache.get(key)
    if kept is None:
        kept = _ask(asked)
        cache.set(key, kept, KEPT_SECONDS)
    return kept


def _ask(asked: dict[str, str]) -> str:
    if settings.TRANSLATION_KEY:
        asked = asked | {"api_key": settings.TRANSLATION_KEY}
    address = f"{settings.TRANSLATION_URL.rstrip('/')}/translate"
    request = Request(address, json.dumps(asked).encode(), {"Content-Type": "application/json"})  # noqa: S310 (ours)
    try:
        with urlopen(request, timeout=SECONDS) as answer:  # noqa: S310 (an address of the administrator's)
            said = json.loads(answer.read(LARGEST_ANSWER))["translatedText"]
    except HTTPError as refusal:
        raise Refused(_("The translation service refused: %(reason)s") % {"reason": _reason(refusal)}) from refusal
    except (URLError, OSError, ValueError, KeyError, TypeError) as error:
        raise Refused(_("The translation service did not answer. Try again later.")) from error
    return str(said)


def _reason(refusal: HTTPError) -> str:
    """What the service says is wrong (`{"error": ...}`: a wrong key, too many questions, a language it has not), or
    at least the number of it."""
    try:
        said = json.loads(refusal.read(LONGEST))["error"]
    except (OSError, ValueError, KeyError, TypeError):
        said = ""
    return " ".join(str(said).split())[:200] or str(refusal.code)
