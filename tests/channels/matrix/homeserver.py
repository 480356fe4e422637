"""A real homeserver (Synapse) on loopback, without federation, and people who write by it with the Client-Server API.

It is a program of its own, in an environment of its own: `make .venv-synapse/ready`.
"""

import base64
import contextlib
import hashlib
import hmac
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import quote, urlencode
from urllib.request import Request, urlopen

import pytest

from tests.ports import free_port
from tests.site.waiting import until

DOMAIN = "their.server"
SHARED_SECRET = "only known here"
PLACE = Path(__file__).parents[3] / ".venv-synapse"
PYTHON = PLACE / "bin" / "python"
TABLES = PLACE / "tables.db"
"""A homeserver's database before anybody has written, made by the first that ever started: its own tables, and no
more. It is as old as the environment, so it fits."""
CONFIGURATION: dict[str, Any] = {
    "server_name": DOMAIN,
    "registration_shared_secret": SHARED_SECRET,
    "macaroon_secret_key": "a macaroon",
    "form_secret": "a form",
    "report_stats": False,
    "trusted_key_servers": [],
    "federation_domain_whitelist": [],
    "suppress_key_server_warning": True,
    "presence": {"enabled": False},
    "enable_media_repo": True,
    "max_upload_size": "30M",
    "rc_message": {"per_second": 1000, "burst_count": 1000},
    "rc_registration": {"per_second": 1000, "burst_count": 1000},
    "rc_login": {"address": {"per_second": 1000, "burst_count": 1000}},
    "rc_joins": {"local": {"per_second": 1000, "burst_count": 1000}},
    "rc_invites": {
        "per_room": {"per_second": 1000, "burst_count": 1000},
        "per_user": {"per_second": 1000, "burst_count": 1000},
    },
}
LOG = """
version: 1
formatters: {line: {format: "%%(asctime)s %%(name)s %%(levelname)s %%(message)s"}}
handlers: {file: {class: logging.FileHandler, formatter: line, filename: "%(log)s"}}
root: {level: INFO, handlers: [file]}
disable_existing_loggers: false
"""


class Refused(Exception):
    """The homeserver says no."""


@dataclass(frozen=True)
class Homeserver:
    """Where it answers."""

    url: str
    log: Path

    def person(self, name: str) -> "Person":
        """Somebody new, signed in."""
        path = "/_synapse/admin/v1/register"
        nonce = call("GET", self.url + path)["nonce"]
        told = "\0".join([nonce, name, "password", "notadmin"]).encode()
        mac = hmac.new(SHARED_SECRET.encode(), told, hashlib.sha1).hexdigest()
        said = {"nonce": nonce, "username": name, "displayname": name.capitalize(), "password": "password", "mac": mac}
        made = call("POST", self.url + path, said)
        return Person(self, made["user_id"], made["access_token"])


@dataclass
class Person:
    """A client: somebody with a program for Matrix."""

    server: Homeserver
    user: str
    token: str
    _since: str = ""
    _count: int = 0
    _seen: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """As they call themselves at first."""
        return self.user[1:].partition(":")[0].capitalize()

    def call(self, method: str, path: str, said: object = None, **query: str) -> dict[str, Any]:
        asked = f"?{urlencode(query)}" if query else ""
        return call(method, f"{self.server.url}/_matrix/client/v3{path}{asked}", said, self.token)

    def room_with(self, *users: str, encrypted: bool = False, **more: Any) -> str:
        """A private room they are invited to."""
        state = [{"type": "m.room.encryption", "content": {"algorithm": "m.megolm.v1.aes-sha2"}}] if encrypted else []
        said = {"preset": "private_chat", "invite": users, "is_direct": True, "initial_state": state, **more}
        return str(self.call("POST", "/createRoom", said)["room_id"])

    def send(self, room: str, content: dict[str, Any] | str, kind: str = "m.room.message") -> str:
        """The event's name."""
        self._count += 1
        said = {"msgtype": "m.text", "body": content} if isinstance(content, str) else content
        return str(self.call("PUT", f"/rooms/{quote(room)}/send/{kind}/{self._count}", said)["event_id"])

    def edit(self, room: str, event: str, text: str) -> str:
        new = {"msgtype": "m.text", "body": text}
        relation = {"rel_type": "m.replace", "event_id": event}
        return self.send(
            room, {"msgtype": "m.text", "body": f"* {text}", "m.new_content": new, "m.relates_to": relation}
        )

    def redact(self, room: str, event: str) -> None:
        self._count += 1
        self.call("PUT", f"/rooms/{quote(room)}/redact/{quote(event)}/{self._count}", {})

    def upload(self, content: bytes, name: str, content_type: str) -> str:
        """Its `mxc://` address."""
        request = Request(
            f"{self.server.url}/_matrix/media/v3/upload?{urlencode({'filename': name})}",
            content,
            {"Authorization": f"Bearer {self.token}", "Content-Type": content_type},
        )
        with urlopen(request, timeout=20) as answer:
            return str(json.load(answer)["content_uri"])

    def download(self, address: str) -> bytes:
        path = f"{self.server.url}/_matrix/client/v1/media/download/{address.removeprefix('mxc://')}"
        with urlopen(Request(path, headers={"Authorization": f"Bearer {self.token}"}), timeout=20) as answer:
            return bytes(answer.read())

    def read(self, room: str, event: str) -> None:
        self.call("POST", f"/rooms/{quote(room)}/receipt/m.read/{quote(event)}", {})

    def messages(self, room: str) -> list[dict[str, Any]]:
        """Everything that was said in the room, by a sync that goes on from the last one."""
        self._sync()
        return [event for event in self._seen.get(room, []) if event["type"] == "m.room.message" and event["content"]]

    def bodies(self, room: str) -> list[str]:
        return [event["content"]["body"] for event in self.messages(room)]

    def ephemeral(self, room: str, kind: str) -> list[dict[str, Any]]:
        self._sync()
        return [event for event in self._seen.get(room, []) if event["type"] == kind]

    def join(self, room: str) -> None:
        self.call("POST", f"/rooms/{quote(room)}/join", {})

    def state(self, room: str, kind: str, content: dict[str, Any]) -> None:
        """Change a state of the room that has no key."""
        self.call("PUT", f"/rooms/{quote(room)}/state/{kind}/", content)

    def types(self, room: str, typing: bool) -> None:
        more = {"timeout": 30_000} if typing else {}
        self.call("PUT", f"/rooms/{quote(room)}/typing/{quote(self.user)}", {"typing": typing, **more})

    def members(self, room: str) -> set[str]:
        return set(self.call("GET", f"/rooms/{quote(room)}/joined_members")["joined"])

    def _sync(self) -> None:
        known = {"since": self._since} if self._since else {}
        limits = json.dumps({"room": {"timeline": {"limit": 1000}}})
        told = self.call("GET", "/sync", filter=limits, timeout="0", **known)
        self._since = told["next_batch"]
        for room, news in told.get("rooms", {}).get("join", {}).items():
            seen = self._seen.setdefault(room, [])
            seen += news["timeline"]["events"] + news["ephemeral"]["events"]


def call(method: str, url: str, said: object = None, token: str = "") -> dict[str, Any]:
    """JSON both ways. Raises Refused with what was said."""
    body = None if said is None else json.dumps(said).encode()
    headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})
    try:
        with urlopen(Request(url, body, headers, method=method), timeout=30) as answer:
            return dict(json.load(answer))
    except HTTPError as error:
        raise Refused(f"{method} {url}: {error.code} {error.read()!r}") from error


@contextlib.contextmanager
def homeserver(registrations: Sequence[str]) -> Iterator[Homeserver]:
    """Running until the end of the block, with these application services."""
    if not PYTHON.exists():
        pytest.skip("The homeserver is not installed: make .venv-synapse/ready")
    with tempfile.TemporaryDirectory(prefix="answerable-matrix-", ignore_cleanup_errors=True) as place:
        home, port = Path(place), free_port()
        is_known = TABLES.exists()
        if is_known:
            shutil.copy(TABLES, home / "homeserver.db")
        started = subprocess.Popen(
            [str(PYTHON), "-m", "synapse.app.homeserver", "-c", str(_configured(home, port, registrations))],
            cwd=home,
            stdout=(home / "out").open("wb"),
            stderr=subprocess.STDOUT,
            env={"PATH": os.environ.get("PATH", ""), "PYTHONDONTWRITEBYTECODE": ""},
        )
        found = Homeserver(f"http://127.0.0.1:{port}", home / "log")
        try:
            until(lambda: started.poll() is not None or _answers(found), 60, "the homeserver")
            assert started.poll() is None, (home / "out").read_text()
            if not is_known:
                _remember(home)
            yield found
        finally:
            started.send_signal(signal.SIGKILL)
            started.wait(20)


def _configured(home: Path, port: int, registrations: Sequence[str]) -> Path:
    """JSON, which is YAML as well."""
    files = []
    for number, text in enumerate(registrations):
        files.append(home / f"service-{number}.yaml")
        files[-1].write_text(text)
    seed = base64.b64encode(hashlib.sha256(b"of the tests").digest()).decode().rstrip("=")
    (home / "signing.key").write_text(f"ed25519 a_tests {seed}\n")
    (home / "log.yaml").write_text(LOG % {"log": home / "log"})
    resources = [{"names": ["client"], "compress": False}]
    listener = {"port": port, "type": "http", "tls": False, "bind_addresses": ["127.0.0.1"], "resources": resources}
    settings = {
        **CONFIGURATION,
        "public_baseurl": f"http://127.0.0.1:{port}/",
        "listeners": [listener],
        "pid_file": str(home / "pid"),
        "log_config": str(home / "log.yaml"),
        "media_store_path": str(home / "media"),
        "signing_key_path": str(home / "signing.key"),
        "database": {"name": "sqlite3", "args": {"database": str(home / "homeserver.db")}},
        "app_service_config_files": [str(file) for file in files],
    }
    (home / "homeserver.yaml").write_text(json.dumps(settings))
    return home / "homeserver.yaml"


def _answers(server: Homeserver) -> bool:
    """Once it says that it listens, so that nobody knocks while it loads."""
    if not server.log.exists() or "now listening" not in server.log.read_text():
        return False
    return bool(call("GET", f"{server.url}/_matrix/client/versions"))


def _remember(home: Path) -> None:
    """Its database as it is when nobody has written yet: who starts next need not make its tables."""
    draft = home / "tables.db"
    with closing(sqlite3.connect(home / "homeserver.db")) as made, closing(sqlite3.connect(draft)) as kept:
        made.backup(kept)
    with contextlib.suppress(OSError):  # an environment that is only to be read
        shutil.move(draft, TABLES.with_suffix(f".{os.getpid()}"))
        TABLES.with_suffix(f".{os.getpid()}").replace(TABLES)
