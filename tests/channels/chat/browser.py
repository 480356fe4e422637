"""A browser on a page of the shop, as its requests look."""

import secrets
from typing import Any

from django.test import Client

from answerable.channels.chat.actions.widgets import write_widget
from answerable.channels.chat.models import Widget
from answerable.desk.models import Inbox

SHOP = "https://shop.example"


def open_chat(inbox: Inbox, **more: Any) -> Widget:
    facts: dict[str, Any] = {"name": "Example", "greeting": "", "greetings": {}, "colour": "#1d4f91"}
    facts |= {"origins": [SHOP], "takes_files": True}
    return write_widget(inbox, **(facts | more), by=None)


class Browser:
    """It keeps a secret, and calls its messages by names of its own."""

    def __init__(self, widget: Widget, *, origin: str = SHOP, language: str = "en", secret: str = "") -> None:
        self.client, self.key, self.origin, self.language = Client(), widget.key, origin, language
        self.secret = secret or secrets.token_urlsafe(32)
        self.conversation: int | None = None

    def headers(self, *, known: bool = True) -> dict[str, str]:
        secret = {"Authorization": f"Bearer {self.secret}"} if known else {}
        return {"Origin": self.origin, **secret}

    def ask(self, path: str = "", *, known: bool = True, **query: Any) -> Any:
        address = f"/chat/{self.key}/{path}?language={self.language}"
        return self.client.get(address, query_params=None, data=query, headers=self.headers(known=known))

    def post(self, path: str, *, known: bool = True, **fields: Any) -> Any:
        address = f"/chat/{self.key}/{path}?language={self.language}"
        return self.client.post(address, fields, headers=self.headers(known=known))

    def write(self, text: str, *, once: str = "", **more: Any) -> Any:
        """Into the conversation it is in, else a new one."""
        fields = {"once": once or secrets.token_urlsafe(9), "text": text, **more}
        if self.conversation and "conversation" not in more:
            fields["conversation"] = self.conversation
        answer = self.post("messages/", **fields)
        if answer.status_code == 201:
            self.conversation = answer.json()["conversation"]
        return answer

    def read(self, after: int = 0) -> Any:
        return self.ask(f"conversations/{self.conversation}/", after=after)

    def texts(self) -> list[str]:
        return [message["text"] for message in self.read().json()["messages"]]
