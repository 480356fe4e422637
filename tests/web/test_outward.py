"""Requests to addresses that somebody typed: a real server, and a resolver that says what an attacker's would."""

import socket
import ssl
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from answerable.web.open_internet import is_public
from answerable.web.outward import Answer, Forbidden, Unreachable, request, target
from tests.receiver import Receiver, Reply, receiving

INSIDE = [
    "127.0.0.1",
    "127.255.255.254",
    "0.0.0.0",
    "10.0.0.1",
    "172.16.0.1",
    "192.168.1.1",
    "100.64.0.1",
    "169.254.169.254",  # metadata of most clouds
    "192.0.0.192",  # and of another
    "198.18.0.1",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::7f00:1",  # IPv4-compatible
    "::ffff:127.0.0.1",
    "::ffff:169.254.169.254",
    "64:ff9b::7f00:1",  # through a translator
    "2002:7f00:1::",  # 6to4
    "2001:0:7f00:1::",  # Teredo
    "2001:db8::1",
    "fe80::1",
    "fec0::1",
    "fc00::1",
    "fd00:ec2::254",  # metadata by IPv6
    "ff02::1",
]


@pytest.mark.parametrize("address", INSIDE)
def test_no_address_of_the_inside_is_public(address: str) -> None:
    assert not is_public(address)
    with pytest.raises(Forbidden, match="not on the open internet"):
        request("GET", "https://hooks.example/", resolve=lambda _host, _port: [address])


@pytest.mark.parametrize("address", ["93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c", "64:ff9b::5db8:d70e"])
def test_addresses_of_the_internet_are(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("http://hooks.example/", "https://"),
        ("ftp://hooks.example/", "no web address"),
        ("https:///path", "no web address"),
        ("https://hooks.example:22/", "Port 22"),
        ("https://hooks.example:99999/", "no web address"),
        ("https://ann:word@hooks.example/", "name and password"),
        ("https://hooks.example/a\r\nX-Evil: 1", "no web address"),
        ("https://[fe80::1%25eth0]/", "no web address"),
        ("https://[::1/", "no web address"),
        ("file:///etc/passwd", "no web address"),
        ("", "no web address"),
        ("https://10.0.0.7/", "not on the open internet"),
        ("https://[::ffff:127.0.0.1]/", "not on the open internet"),
        ("https://169.254.169.254/latest", "not on the open internet"),
    ],
)
def test_what_is_never_asked(url: str, why: str) -> None:
    with pytest.raises(Forbidden, match=why):
        target(url)


def test_one_inner_address_among_outer_ones_is_reason_enough() -> None:
    with pytest.raises(Forbidden, match=r"10\.0\.0\.1"):
        request("GET", "https://hooks.example/", resolve=lambda _host, _port: ["93.184.215.14", "10.0.0.1"])


@pytest.mark.parametrize("host", ["127.0.0.1", "2130706433", "0x7f000001", "127.1", "localhost", "[::1]"])
def test_however_this_machine_is_written_nobody_comes(host: str) -> None:
    with receiving() as receiver:
        with pytest.raises(Forbidden):
            request("GET", f"https://{host}:8443/")
        with pytest.raises(Forbidden):
            request("GET", f"http://{host}:{receiver.port}/")
        assert receiver.taken == []


def test_a_host_that_is_named_is_asked_at_that_port_only() -> None:
    with receiving() as receiver:
        named = {f"127.0.0.1:{receiver.port}"}
        answer = request("POST", receiver.url, body=b"{}", headers={"X-A": "b"}, named=named)
        assert (answer.status, answer.body, answer.is_cut, answer.address) == (200, b"thank you", False, "127.0.0.1")
        [taken] = receiver.taken
        assert (taken.method, taken.path, taken.body, taken.headers["x-a"]) == ("POST", "/hook", b"{}", "b")
        assert taken.headers["host"] == f"127.0.0.1:{receiver.port}"
        with pytest.raises(Forbidden):
            request("GET", f"http://127.0.0.1:{receiver.port + 1}/", named=named)


def test_a_name_is_resolved_once_and_that_address_is_asked() -> None:
    asked: list[str] = []

    def rebinding(host: str, _port: int) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"] if len(asked) == 1 else ["127.0.0.99"]

    with receiving() as receiver:
        url = f"http://hooks.example:{receiver.port}/a?b=c"
        answer = request("GET", url, named={f"hooks.example:{receiver.port}"}, resolve=rebinding)
        assert (answer.status, answer.address, asked) == (200, "127.0.0.1", ["hooks.example"])
        assert receiver.taken[0].headers["host"] == f"hooks.example:{receiver.port}"
        assert receiver.taken[0].path == "/a?b=c"


def test_letters_of_any_script_are_asked_in_ascii() -> None:
    with receiving() as receiver:
        url = f"http://127.0.0.1:{receiver.port}/pasūtījumi/a%20b?c=ж"
        assert request("GET", url, named={f"127.0.0.1:{receiver.port}"}).status == 200
        assert receiver.taken[0].path == "/pas%C5%ABt%C4%ABjumi/a%20b?c=%D0%B6"


def test_a_redirect_is_an_answer_and_not_a_way() -> None:
    with receiving(lambda _taken: Reply(302, headers={"Location": "/inside"})) as receiver:
        answer = asked(receiver)
        assert (answer.status, answer.headers["location"]) == (302, "/inside")
        assert len(receiver.taken) == 1


def test_a_long_answer_is_cut() -> None:
    with receiving(lambda _taken: Reply(body=b"x" * 5000)) as receiver:
        answer = request("GET", receiver.url, most_bytes=4096, named={f"127.0.0.1:{receiver.port}"})
        assert (len(answer.body), answer.is_cut) == (4096, True)


def test_a_resolver_that_says_nothing_holds_nobody() -> None:
    over = threading.Event()

    def silent(_host: str, _port: int) -> list[str]:
        over.wait()
        return ["93.184.215.14"]

    try:
        with pytest.raises(Unreachable, match="did not answer in time"):
            request("GET", "https://hooks.example/", resolve=silent, timeout=0.01)
    finally:
        over.set()


def test_a_name_that_nobody_knows_is_said() -> None:
    def unknown(_host: str, _port: int) -> list[str]:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    with pytest.raises(Unreachable, match="no server called"):
        request("GET", "https://hooks.example/", resolve=unknown)


def test_who_drips_is_given_up_in_time() -> None:
    over = threading.Event()

    def drip(write: Callable[[bytes], object]) -> None:
        write(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
        while not over.wait(0.02):
            write(b"x")

    with receiving(lambda _taken: Reply(raw=drip)) as receiver:
        with pytest.raises(Unreachable, match="in time"):
            request("GET", receiver.url, timeout=0.5, named={f"127.0.0.1:{receiver.port}"})
        over.set()


@pytest.mark.parametrize(
    "said", [b"", b"220 mail.example ESMTP\r\n", b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 200 + b"\r\n"]
)
def test_what_is_no_http_is_no_answer(said: bytes) -> None:
    with receiving(lambda _taken: Reply(raw=lambda write: write(said))) as receiver, pytest.raises(Unreachable):
        asked(receiver)


def test_where_nobody_listens_and_what_has_no_name() -> None:
    with receiving() as receiver:
        url, named = receiver.url, {f"127.0.0.1:{receiver.port}"}
    with pytest.raises(Unreachable, match="cannot be reached"):
        request("GET", url, named=named)
    with pytest.raises(Unreachable, match=r"no server called nowhere\.example"):
        request("GET", "https://nowhere.example/", resolve=lambda _host, _port: [])


def test_tls_proves_the_name_and_not_the_address(certified: tuple[ssl.SSLContext, ssl.SSLContext]) -> None:
    server, client = certified

    def here(_host: str, _port: int) -> list[str]:
        return ["127.0.0.1"]

    with receiving(tls=server) as receiver:
        right, wrong = f"hooks.example:{receiver.port}", f"other.example:{receiver.port}"
        answer = request("GET", f"https://{right}/", named={right}, resolve=here, tls=client)
        assert answer.status == 200
        with pytest.raises(Unreachable, match="cannot prove who it is"):
            request("GET", f"https://{wrong}/", named={wrong}, resolve=here, tls=client)
        with pytest.raises(Unreachable, match="cannot prove who it is"):
            request("GET", f"https://{right}/", named={right}, resolve=here)
        assert len(receiver.taken) == 1


@pytest.fixture
def certified(tmp_path: Path) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """A server's context with a certificate of hooks.example, and a client's that trusts it and no other."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "hooks.example")])
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    made = made.serial_number(1).not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
    made = made.add_extension(x509.SubjectAlternativeName([x509.DNSName("hooks.example")]), critical=False)
    made = made.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    certificate = made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path = tmp_path / "both.pem"
    path.write_bytes(private + certificate)
    server, client = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), ssl.create_default_context(cafile=str(path))
    server.load_cert_chain(path)
    return server, client


def asked(receiver: Receiver) -> Answer:
    return request("GET", receiver.url, named={f"127.0.0.1:{receiver.port}"})
