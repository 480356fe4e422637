"""What we ask of the Bot API."""

from datetime import timedelta
from typing import Any

from django.utils.translation import gettext as _

from answerable.channels.instant.models import Gateway
from answerable.channels.instant.wire import Answer, ask, secrets_of
from answerable.desk.models import Attachment
from answerable.events.jobs import Later, Never


class Client:
    """A bot. Each call raises Later where Telegram can't be reached or wants to be left alone, else Never."""

    def __init__(self, gateway: Gateway) -> None:
        self.gateway = gateway
        self.token = secrets_of(gateway)["token"]

    def call(self, method: str, **said: Any) -> Any:
        """The `result` of a method."""
        return self._result(ask(self.gateway, "POST", self._url(method), said=said))

    def upload(self, method: str, field: str, file: Attachment, **said: str) -> Any:
        """A method with a file, as a form of several parts (RFC 7578)."""
        boundary = f"answerable-{file.file.sha256}"
        parts = [
            f'--{boundary}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'
            for key, value in said.items()
        ]
        name = "".join(letter for letter in file.name if letter.isprintable() and letter not in '"\\')
        parts.append(
            f'--{boundary}\r\nContent-Disposition: form-data; name="{field}"; filename="{name}"\r\n'
            f"Content-Type: {file.content_type}\r\n\r\n"
        )
        body = "".join(parts).encode() + bytes(file.file.content) + f"\r\n--{boundary}--\r\n".encode()
        headers = {"Content-Type": f"multipart/form-data; boundary={boundary}"}
        return self._result(ask(self.gateway, "POST", self._url(method), body=body, headers=headers))

    def download(self, file_id: str, most: int) -> bytes:
        """A file by its name: where it is has to be asked first, and is said for an hour."""
        found = self.call("getFile", file_id=file_id)
        path = str(found.get("file_path", ""))
        if not path or path.startswith("/") or ".." in path.split("/"):
            raise Never(_("Telegram does not say where the file is."))
        answer = ask(self.gateway, "GET", f"{self.gateway.base_url}/file/bot{self.token}/{path}", most=most)
        if answer.status != 200:
            raise self._trouble(answer)
        return answer.body

    def _url(self, method: str) -> str:
        return f"{self.gateway.base_url}/bot{self.token}/{method}"

    def _result(self, answer: Answer) -> Any:
        if answer.status == 200 and answer.json.get("ok") is True:
            return answer.json.get("result")
        raise self._trouble(answer)

    def _trouble(self, answer: Answer) -> Exception:
        """With the bot's token left out, should an answer repeat it."""
        said = str(answer.json.get("description", f"HTTP {answer.status}"))[:300].replace(self.token, "…")
        words = _("Telegram answers: %(reason)s") % {"reason": said}
        if answer.status == 429:
            told = answer.json.get("parameters")
            seconds = told.get("retry_after") if isinstance(told, dict) else None
            return Later(words, timedelta(seconds=min(seconds, 3600) if isinstance(seconds, int) else 5))
        if answer.status >= 500 or answer.status in (401, 404) or "ok" not in answer.json:
            return Later(words)  # it is down, or the token is wrong: an administrator can mend that
        return Never(words)
