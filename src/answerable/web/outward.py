"""Requests to addresses that somebody typed or sent: never to what only we can reach.

Such an address may name a machine behind our own firewall, or ourselves (server-side request forgery, CWE-918). So
the name is resolved once, every answer must be public, and the connection goes to exactly what was looked at: a name
that points elsewhere a moment later (DNS rebinding) gains nothing. No redirect is followed, no proxy used.

What an administrator of the server names in ANSWERABLE_OUTWARD_HOSTS, as `host` or `host:port`, may be anywhere and
speak plain HTTP. Everything else is HTTPS, on port 443 or 8443.
"""

import socket
import ssl
import threading
import time
from collections.abc import Callable, Collection, Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from ipaddress import ip_address
from typing import Final
from urllib.parse import SplitResult, quote, urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from answerable.web.open_internet import is_public
from answerable.web.timed import Timed, left

PORTS: Final = frozenset({443, 8443})
DEFAULT_PORTS: Final = {"https": 443, "http": 80}
TIMEOUT_SECONDS: Final = 15.0
MOST_BYTES: Final = 1024 * 1024
Resolver = Callable[[str, int], Collection[str]]
LOOKUPS: Final = threading.BoundedSemaphore(32)
"""Names that are looked up at one time; one whose resolver is silent is among them until the system gives it up."""


class Forbidden(Exception):
    """We don't go there. The text says why; another attempt would end the same."""


class Unreachable(Exception):
    """Nothing came back: no such name, no connection, no answer in time, no proof of who it is. The text says which."""


@dataclass(frozen=True)
class Answer:
    """What came back. `is_cut`: the body went on. `address` is what we were connected to."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    is_cut: bool
    took_ms: int
    address: str


@dataclass(frozen=True)
class Target:
    """A URL that may be asked, taken apart."""

    scheme: str
    host: str
    port: int
    path: str
    is_named: bool

    @property
    def host_header(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == DEFAULT_PORTS[self.scheme] else f"{host}:{self.port}"


def target(url: str, *, named: Collection[str] | None = None) -> Target:
    """The URL taken apart. Raises Forbidden for what we never ask, whatever its name resolves to."""
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError:
        raise Forbidden(_("That is no web address.")) from None
    if parts.scheme not in DEFAULT_PORTS or not host or any(letter <= " " or letter == "\x7f" for letter in url):
        raise Forbidden(_("That is no web address."))
    if parts.username is not None or parts.password is not None:
        raise Forbidden(_("Leave name and password out of the address."))
    host = _ascii(host)
    port = port or DEFAULT_PORTS[parts.scheme]
    allowed = {one.lower() for one in (settings.OUTWARD_HOSTS if named is None else named)}
    is_named = f"{host}:{port}" in allowed or (host in allowed and port in DEFAULT_PORTS.values())
    if not is_named:
        _check_open(parts.scheme, port)
        if _is_address(host):
            _check_public(host, host)
    return Target(parts.scheme, host, port, _path(parts), is_named)


def request(
    method: str,
    url: str,
    *,
    body: bytes | None = None,
    headers: Mapping[str, str] | None = None,
    timeout: float = TIMEOUT_SECONDS,
    most_bytes: int = MOST_BYTES,
    named: Collection[str] | None = None,
    resolve: Resolver | None = None,
    tls: ssl.SSLContext | None = None,
) -> Answer:
    """Ask once, and read at most `most_bytes` of the answer within `timeout` seconds in all.

    Any status is an answer, redirects too. Raises Forbidden or Unreachable.
    """
    began = time.monotonic()
    until = began + timeout
    wanted = target(url, named=named)
    connection = HTTPConnection(wanted.host, wanted.port)
    connected: socket.socket | None = None
    try:
        address = _looked_at(wanted, resolve or _resolve, until)
        connected = _connected(wanted, address, until, tls)
        connection.sock = Timed(connected, until)
        sent = {"Host": wanted.host_header, "Connection": "close", "Accept-Encoding": "identity", **(headers or {})}
        connection.request(method, wanted.path, body, sent)
        with connection.getresponse() as response:
            found = response.read(most_bytes + 1)
            took = int((time.monotonic() - began) * 1000)
            told = {name.lower(): value for name, value in response.getheaders()}
            return Answer(response.status, told, found[:most_bytes], len(found) > most_bytes, took, address)
    except TimeoutError:
        raise Unreachable(_("%(host)s did not answer in time.") % {"host": wanted.host}) from None
    except (HTTPException, OSError) as error:
        raise Unreachable(_said(wanted, error)) from error
    finally:
        connection.close()
        if connected is not None:
            connected.close()


def _ascii(host: str) -> str:
    """As DNS knows it; an IPv6 address without its zone, which has a meaning on this machine only."""
    if "%" in host:
        raise Forbidden(_("That is no web address."))
    if host.isascii():
        return host.lower()
    try:
        return host.encode("idna").decode().lower()
    except UnicodeError:
        raise Forbidden(_("That is no web address.")) from None


def _check_open(scheme: str, port: int) -> None:
    if scheme != "https":
        raise Forbidden(_("Only addresses that begin with https:// are asked."))
    if port not in PORTS:
        raise Forbidden(
            _("Port %(port)s is not asked, only %(ports)s.")
            % {"port": port, "ports": ", ".join(map(str, sorted(PORTS)))}
        )


def _path(parts: SplitResult) -> str:
    """As HTTP takes it: in ASCII, whatever letters somebody typed (RFC 3987, 3.1)."""
    asked = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return "".join(letter if letter.isascii() else quote(letter, errors="replace") for letter in asked)


def _resolve(host: str, port: int) -> list[str]:
    """All addresses of a name, as this machine knows them."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(each[4][0]) for each in found))


def _in_time(resolve: Resolver, wanted: Target, until: float) -> list[str]:
    """What the resolver says. The system's own cannot be interrupted, so it is asked beside us: an answer that comes
    after `until` is heard by nobody, and TimeoutError raised."""
    told: Future[list[str]] = Future()

    def look() -> None:
        try:
            told.set_result(list(resolve(wanted.host, wanted.port)))
        except BaseException as error:  # whatever it is, it is raised where the answer is awaited
            told.set_exception(error)
        finally:
            LOOKUPS.release()

    if not LOOKUPS.acquire(timeout=left(until)):
        raise TimeoutError
    try:
        threading.Thread(target=look, name=f"lookup-{wanted.host}", daemon=True).start()
    except RuntimeError as error:  # the system gives no more threads
        LOOKUPS.release()
        raise OSError(str(error)) from error
    return told.result(timeout=left(until))


def _looked_at(wanted: Target, resolve: Resolver, until: float) -> str:
    """The address to connect to. One that is not public among several is reason enough not to go."""
    try:
        found = _in_time(resolve, wanted, until)
    except TimeoutError:
        raise
    except (OSError, UnicodeError):
        found = []
    if not found:
        raise Unreachable(_("There is no server called %(host)s.") % {"host": wanted.host})
    for address in found:
        if not wanted.is_named:
            _check_public(wanted.host, address)
    return found[0]


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _check_public(host: str, address: str) -> None:
    if not is_public(address.partition("%")[0]):
        raise Forbidden(
            _("%(host)s is at %(address)s, which is not on the open internet.") % {"host": host, "address": address}
        )


def _connected(wanted: Target, address: str, until: float, tls: ssl.SSLContext | None) -> socket.socket:
    """To that address and no other; by TLS, with the certificate of the name."""
    plain = socket.create_connection((address, wanted.port), timeout=left(until))
    if wanted.scheme == "http":
        return plain
    try:
        plain.settimeout(left(until))
        return (tls or ssl.create_default_context()).wrap_socket(plain, server_hostname=wanted.host)
    except BaseException:
        plain.close()
        raise


def _said(wanted: Target, error: Exception) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return _("%(host)s cannot prove who it is: %(reason)s") % {
            "host": wanted.host,
            "reason": error.verify_message,
        }
    told = error.strerror if isinstance(error, OSError) and error.strerror else str(error)  # without its number
    reason = " ".join(told.split())[:300] or type(error).__name__
    return _("%(host)s cannot be reached: %(reason)s") % {"host": wanted.host, "reason": reason}
