"""What we ask of the Graph API."""

from datetime import timedelta
from typing import Any
from urllib.parse import quote

from django.utils.translation import gettext as _

from answerable.channels.instant.models import Gateway
from answerable.channels.instant.wire import Answer, ask, secrets_of, wait_asked
from answerable.desk.models import Attachment
from answerable.events.jobs import Later, Never

BUSY = (4, 80007, 130429, 131048, 131056)
"""Codes of limits: of calls, of messages a second, of messages to one person."""
MENDABLE = (0, 3, 10, 190, 200, 131005, 131042)
"""Of tokens that have run out, of rights and payments that are missing: an administrator can mend that."""
PASSING = (1, 2, 131000, 131016, 133004)
"""Of something that is down for now."""
WINDOW_SHUT = 131047
USUAL_WAIT = timedelta(seconds=10)


class Client:
    """A number. Each call raises Later where the service can't be reached or wants to be left alone, else Never."""

    def __init__(self, gateway: Gateway) -> None:
        self.gateway = gateway
        self.token = secrets_of(gateway)["token"]
        self.number = str(gateway.facts["number_id"])

    def call(self, method: str, path: str, **said: Any) -> dict[str, Any]:
        """One in JSON, of something below the API's address."""
        url, headers = f"{self.gateway.base_url}/{path}", self._headers
        return self._told(ask(self.gateway, method, url, headers=headers, said=said or None)).json

    def send(self, **said: Any) -> str:
        """A message's name."""
        told = self.call("POST", f"{quote(self.number, safe='')}/messages", messaging_product="whatsapp", **said)
        sent = told.get("messages")
        return str(sent[0]["id"]) if isinstance(sent, list) and sent else ""

    def upload(self, file: Attachment) -> str:
        """The name of an uploaded file."""
        boundary = f"answerable-{file.file.sha256}"
        name = "".join(letter for letter in file.name if letter.isprintable() and letter not in '"\\')
        head = (
            f'--{boundary}\r\nContent-Disposition: form-data; name="messaging_product"\r\n\r\nwhatsapp\r\n'
            f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
            f"Content-Type: {file.content_type}\r\n\r\n"
        )
        body = head.encode() + bytes(file.file.content) + f"\r\n--{boundary}--\r\n".encode()
        headers = {**self._headers, "Content-Type": f"multipart/form-data; boundary={boundary}"}
        url = f"{self.gateway.base_url}/{quote(self.number, safe='')}/media"
        return str(self._told(ask(self.gateway, "POST", url, headers=headers, body=body)).json["id"])

    def download(self, media: str, most: int) -> bytes:
        """A file by its name: where it is has to be asked first, and is said for five minutes.

        That address is elsewhere, so only a public one is asked (see wire).
        """
        url = str(self.call("GET", quote(media, safe="")).get("url", ""))
        return self._told(ask(self.gateway, "GET", url, headers=self._headers, most=most)).body

    @property
    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    def _told(self, answer: Answer) -> Answer:
        if answer.status < 300:
            return answer
        error = answer.json.get("error")
        found = error if isinstance(error, dict) else {}
        raise trouble(found.get("code"), str(found.get("message", f"HTTP {answer.status}")), answer)


def trouble(code: object, said: str, answer: Answer | None = None) -> Later | Never:
    """What an error means for us, by its code (Cloud API, Error Codes)."""
    if code == WINDOW_SHUT:
        return Never(shut())
    is_named = not code or str(code) in said  # as in "(#131026) Message undeliverable"
    words = _("WhatsApp answers: %(reason)s") % {"reason": said[:300] if is_named else f"{said[:300]} ({code})"}
    if code in BUSY or (answer and answer.status == 429):
        return Later(words, (wait_asked(answer) if answer else None) or USUAL_WAIT)
    if code is None or code in (*MENDABLE, *PASSING) or (answer and answer.status >= 500):
        return Later(words)
    return Never(words)


def shut() -> str:
    return _(
        "WhatsApp takes free words only within 24 hours after the customer last wrote. "
        "Send the approved template instead: it asks them to write again."
    )
