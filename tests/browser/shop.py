"""A page of another site with a chat: `python -m tests.browser.shop ORIGIN [NAME COLOUR]` opens it."""

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import django

PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Shoes</title></head><body><main><h1>Shoes</h1></main><script src="{desk}/chat/{key}/widget.js" async></script>
</body></html>"""
POLICY = "default-src 'none'; script-src {desk}; connect-src {desk}; require-trusted-types-for 'script'"


class Shop(ThreadingHTTPServer):
    """It shows its one page under the strictest policy a page can have, or `page` under none."""

    desk = key = page = ""

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class Shelf(BaseHTTPRequestHandler):
    server: Shop

    def do_GET(self) -> None:
        is_page = self.path == "/"
        page = self.server.page or PAGE.format(desk=self.server.desk, key=self.server.key)
        body = page.encode() if is_page else b""
        self.send_response(200 if is_page else 204)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        if not self.server.page:
            self.send_header("Content-Security-Policy", POLICY.format(desk=self.server.desk))
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """It says nothing."""


@contextmanager
def opened() -> Iterator[Shop]:
    """On a free port, until the block ends."""
    with Shop(("127.0.0.1", 0), Shelf) as shop:
        thread = threading.Thread(target=shop.serve_forever, daemon=True)
        thread.start()
        try:
            yield shop
        finally:
            shop.shutdown()
            thread.join()


def open_chat_for(origin: str, name: str = "Example Ltd", colour: str = "#1d4f91") -> str:
    from answerable.channels.chat.actions.widgets import write_widget
    from answerable.desk.models import Inbox
    from answerable.people.actions.attendance import choose_state
    from answerable.people.models import User

    choose_state(to="online", by=User.objects.get(email="bob@example.com"))
    facts = {"name": name, "greeting": "", "greetings": {}, "colour": colour, "takes_files": True}
    inbox = Inbox.objects.get(address="support@example.com")
    return write_widget(inbox, **facts, origins=[origin], by=None).key  # type: ignore[arg-type]


if __name__ == "__main__":
    django.setup()
    print(open_chat_for(*sys.argv[1:]))
