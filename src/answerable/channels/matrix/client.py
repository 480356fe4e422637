"""What we ask of a homeserver: the Client-Server API, as one of our users."""

from datetime import timedelta
from typing import Any
from urllib.parse import quote

from django.utils.translation import gettext as _

from answerable.channels.instant.models import Gateway
from answerable.channels.instant.wire import LARGEST_ANSWER, Answer, ask, secrets_of, wait_asked
from answerable.events.jobs import Later, Never

LONGEST_WAIT = timedelta(hours=1)
MENDABLE = ("M_UNKNOWN_TOKEN", "M_MISSING_TOKEN", "M_EXCLUSIVE", "M_UNRECOGNIZED", "M_CONNECTION_FAILED")
"""What says that the server does not know us (yet), rather than that it refuses this one thing."""


class Refusal(Never):
    """The homeserver says no. `errcode` as in the specification, such as M_FORBIDDEN."""

    def __init__(self, errcode: str, words: str) -> None:
        super().__init__(_("The Matrix server refuses: %(reason)s") % {"reason": f"{words} ({errcode})"})
        self.errcode = errcode


class Client:
    """A homeserver. Each call raises Later where it can't be reached or wants to be left alone, else Never."""

    def __init__(self, gateway: Gateway) -> None:
        self.gateway = gateway
        self.token = secrets_of(gateway)["as_token"]

    def call(
        self, method: str, path: str, *, user: str = "", said: object = None, query: dict[str, str] | None = None
    ) -> dict[str, Any]:
        """One in JSON, as this user of ours (empty: as the service itself)."""
        said = {} if said is None and method != "GET" else said
        return self._ask(method, path, user=user, said=said, query=query).json

    def upload(self, content: bytes, *, name: str, content_type: str, user: str) -> str:
        """The `mxc://` address of what was uploaded."""
        answer = self._ask(
            "POST",
            "/_matrix/media/v3/upload",
            user=user,
            query={"filename": name},
            body=content,
            headers={"Content-Type": content_type},
        )
        return str(answer.json.get("content_uri", ""))

    def download(self, address: str, most: int) -> bytes:
        """A file by its `mxc://` address, with our token (authenticated media, v1.11)."""
        server, _slash, media = address.removeprefix("mxc://").partition("/")
        if not address.startswith("mxc://") or not server or not media:
            raise Never(_("It has no address that a Matrix server knows."))
        path = f"/_matrix/client/v1/media/download/{segment(server)}/{segment(media)}"
        return self._ask("GET", path, most=most).body

    def _ask(
        self,
        method: str,
        path: str,
        *,
        user: str = "",
        query: dict[str, str] | None = None,
        headers: dict[str, str] | None = None,
        most: int = LARGEST_ANSWER,
        **sent: Any,
    ) -> Answer:
        answer = ask(
            self.gateway,
            method,
            self.gateway.base_url + path,
            query={**(query or {}), **({"user_id": user} if user else {})},
            headers={"Authorization": f"Bearer {self.token}", **(headers or {})},
            most=most,
            **sent,
        )
        if answer.status < 300:
            return answer
        raise _trouble(answer)


def segment(text: str) -> str:
    """A part of an address."""
    return quote(text, safe="")


def _trouble(answer: Answer) -> Later | Refusal:
    errcode, words = str(answer.json.get("errcode", "")), str(answer.json.get("error", ""))[:300]
    if answer.status == 429 or errcode == "M_LIMIT_EXCEEDED":
        return Later(_("The Matrix server limits how fast we may write."), _wait(answer))
    if answer.status >= 500 or errcode in MENDABLE or not errcode:
        said = f"{words or answer.status} ({errcode})" if errcode else f"HTTP {answer.status}"
        return Later(_("The Matrix server answers: %(reason)s") % {"reason": said})
    return Refusal(errcode, words)


def _wait(answer: Answer) -> timedelta:
    told = answer.json.get("retry_after_ms")  # until v1.9; since then Retry-After
    asked = timedelta(milliseconds=told) if isinstance(told, int) and 0 <= told < 2**40 else wait_asked(answer)
    return min(asked or timedelta(seconds=5), LONGEST_WAIT)
