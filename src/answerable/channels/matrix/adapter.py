"""The channel as the rest of the product sees it."""

import json
import secrets
from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from answerable.channels.instant.happened import Happening, Remote
from answerable.channels.instant.messenger import Messenger, Piece
from answerable.channels.instant.models import Arrival, Chat, Gateway
from answerable.channels.matrix.client import Client, Refusal, segment
from answerable.channels.matrix.door import door
from answerable.channels.matrix.forms import MatrixForm
from answerable.channels.matrix.hearing import KEY, Ear
from answerable.channels.matrix.introducing import introduce
from answerable.channels.matrix.names import LOCALPART, is_ours
from answerable.channels.matrix.reading import HTML
from answerable.channels.matrix.registration import registration, service_id
from answerable.desk.errors import Refused
from answerable.events.jobs import Later

TYPING_MILLISECONDS = 20_000
KINDS = {"image": "m.image", "audio": "m.audio", "video": "m.video"}


class MatrixMessenger(Messenger):
    """An `answerable.channels.instant.messenger.Messenger`."""

    name = "matrix"
    title = "Matrix"
    longest_text = 60_000  # bytes; an event has at most 65,536, with all that stands around the words
    takes_html = True
    form = MatrixForm

    def length(self, text: str) -> int:
        """Bytes of the JSON string (spec.matrix.org, Client-Server API, Size limits)."""
        return len(json.dumps(text, ensure_ascii=False).encode()) - 2 if text else 0

    def door(self, request: HttpRequest, gateway: Gateway, path: str) -> HttpResponse:
        return door(request, gateway, path)

    def heard(self, gateway: Gateway, arrival: Arrival) -> Sequence[Happening]:
        return Ear(gateway, arrival).hear()

    def fetch(self, gateway: Gateway, file: Remote) -> bytes:
        return Client(gateway).download(str(file.where["mxc"]), self.largest_file)

    def send(self, chat: Chat, piece: Piece) -> str:
        """Under a transaction's name that is the same however often it is tried."""
        client, user = Client(chat.gateway), chat.line.account
        content = {**_content(client, user, piece), KEY: piece.key}
        path = f"/_matrix/client/v3/rooms/{segment(chat.external_id)}/send/m.room.message/{segment(piece.key)}"
        return str(client.call("PUT", path, user=user, said=content)["event_id"])

    def check(self, gateway: Gateway) -> str:
        """It knows our token, has our users, and reaches us: it is asked to ping."""
        client = Client(gateway)
        try:
            client.call("GET", "/_matrix/client/v3/account/whoami")
            for line in gateway.lines.select_related("inbox"):
                introduce(client, line.account, line.inbox.name)
            path = f"/_matrix/client/v1/appservice/{segment(service_id(gateway))}/ping"
            took = client.call("POST", path, said={"transaction_id": secrets.token_hex(8)}).get("duration_ms")
        except Refusal as refusal:
            raise Later(str(refusal)) from refusal
        return _("It works both ways: the server reached us in %(milliseconds)s ms.") % {"milliseconds": took}

    def steps(self, gateway: Gateway) -> Sequence[tuple[str, str]]:
        file = registration_name(gateway)
        return [
            (_("Download the registration below, and put it where your Matrix server can read it."), ""),
            (
                _("Name it in the server's configuration (homeserver.yaml of Synapse), and restart the server."),
                f"app_service_config_files:\n  - /etc/matrix-synapse/{file}",
            ),
            (_("Come back and check the connection."), ""),
        ]

    def account_of(self, gateway: Gateway, wanted: str) -> str:
        local = wanted.strip().lower().removeprefix("@").partition(":")[0]
        account = f"@{local}:{gateway.facts['domain']}"
        if not LOCALPART.fullmatch(local) or not is_ours(gateway, account):
            raise Refused(
                _("Our users there are called %(name)s, or %(name)s-something.") % {"name": gateway.facts["localpart"]}
            )
        return account

    def address_of(self, gateway: Gateway, account: str) -> str:
        return account

    def asks_account(self, gateway: Gateway) -> str:
        name = gateway.facts["localpart"]
        return _("%(name)s, or %(name)s-something for one more inbox.") % {"name": name}

    def first_account(self, gateway: Gateway) -> str:
        return str(gateway.facts["localpart"])

    def registration(self, gateway: Gateway) -> tuple[str, str] | None:
        return registration_name(gateway), registration(gateway)

    def note_read(self, chat: Chat, external_id: str) -> None:
        room, event = segment(chat.external_id), segment(external_id)
        Client(chat.gateway).call(
            "POST", f"/_matrix/client/v3/rooms/{room}/receipt/m.read/{event}", user=chat.line.account
        )

    def note_typing(self, chat: Chat) -> None:
        room, user = segment(chat.external_id), chat.line.account
        path = f"/_matrix/client/v3/rooms/{room}/typing/{segment(user)}"
        Client(chat.gateway).call("PUT", path, user=user, said={"typing": True, "timeout": TYPING_MILLISECONDS})


def registration_name(gateway: Gateway) -> str:
    return f"{service_id(gateway)}.yaml"


def _content(client: Client, user: str, piece: Piece) -> dict[str, object]:
    """As an `m.room.message` event says it. What no person wrote is a notice, which no program answers."""
    if piece.file is not None:
        file = piece.file
        address = client.upload(bytes(file.file.content), name=file.name, content_type=file.content_type, user=user)
        kind = KINDS.get(file.content_type.partition("/")[0], "m.file")
        info = {"mimetype": file.content_type, "size": file.size}
        return {"msgtype": kind, "body": file.name, "filename": file.name, "url": address, "info": info}
    said: dict[str, object] = {"msgtype": "m.notice" if piece.is_automatic else "m.text", "body": piece.text}
    return {**said, "format": HTML, "formatted_body": piece.html} if piece.html else said
