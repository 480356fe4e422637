"""Postfix and dovecot as a company has them, with a configuration, ports and directories of their own.

Both are Debian's packages (`make test` installs them) and want to be started by root.
"""

import contextlib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.channels.email.peers import wait_for
from tests.ports import free_port

PASSWORD = "open-sesame"
DOVECOT = """
base_dir = {home}/run
state_dir = {home}/state
log_path = {home}/dovecot.log
ssl = no
disable_plaintext_auth = no
auth_failure_delay = 0
protocols = imap
listen = 127.0.0.1
mail_location = maildir:{home}/mail/%u
mail_uid = nobody
mail_gid = nogroup
first_valid_uid = 1
first_valid_gid = 1
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid=nobody gid=nogroup home={home}/mail/%u
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
namespace inbox {{
  inbox = yes
}}
"""
MASTER = """
127.0.0.1:{port} inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 1 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
smtp unix - - n - - smtp
lmtp unix - - n - - lmtp
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
showq unix n - n - - showq
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
tlsmgr unix - - n 1000? 1 tlsmgr
postlog unix-dgram n - n - 1 postlogd
"""
MAIN = """
compatibility_level = 3.6
queue_directory = {home}/queue
data_directory = {home}/data
maillog_file = {home}/postfix.log
maillog_file_prefixes = {home}
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = mx.example.com
mydestination =
local_recipient_maps =
alias_maps =
alias_database =
recipient_delimiter = +
mynetworks = 127.0.0.0/8
transport_maps = inline:{{ {{ example.com = lmtp:inet:127.0.0.1:{lmtp} }} }}
virtual_mailbox_domains = example.com
virtual_transport = lmtp:inet:127.0.0.1:{lmtp}
relayhost = {relay}
smtpd_recipient_restrictions = permit_mynetworks, reject
minimal_backoff_time = 1s
maximal_backoff_time = 2s
queue_run_delay = 1s
transport_retry_time = 1s
smtp_host_lookup = native
lmtp_host_lookup = native
"""


@dataclass(frozen=True)
class Dovecot:
    """An IMAP server: any user signs in with PASSWORD. `mail` holds a Maildir for each."""

    port: int
    mail: Path

    def deliver(self, user: str, raw: bytes, number: int) -> None:
        """As a delivery agent does it: written aside, then moved into the Maildir."""
        box = self.mail / user
        for name in ("", "tmp", "new", "cur"):
            _own(box / name)
        draft = box / "tmp" / f"{number}.test"
        draft.write_bytes(raw)
        os.chown(draft, *_nobody())
        draft.rename(box / "new" / f"{1_700_000_000 + number}.{number}.test")


@dataclass(frozen=True)
class Postfix:
    """An SMTP server that hands example.com to us by LMTP, and all else to its relay."""

    port: int
    log: Path


@contextlib.contextmanager
def dovecot() -> Iterator[Dovecot]:
    """Running until the end of the block."""
    _need("dovecot")
    with _home() as home:
        port = free_port()
        for name in ("run", "state", "mail"):
            (home / name).mkdir()
        _own(home / "mail")
        settings = home / "dovecot.conf"
        settings.write_text(DOVECOT.format(home=home, port=port, password=PASSWORD))
        with _running(["/usr/sbin/dovecot", "-F", "-c", str(settings)], home / "dovecot.log", port):
            yield Dovecot(port, home / "mail")


@contextlib.contextmanager
def postfix(*, lmtp: int, relay: int) -> Iterator[Postfix]:
    """Running until the end of the block; `lmtp` is our door, `relay` a port where mail for others goes."""
    _need("postfix")
    with _home() as home:
        port = free_port()
        etc = home / "etc"
        for name in ("etc", "queue", "data"):
            (home / name).mkdir()
        person = pwd.getpwnam("postfix")
        os.chown(home / "data", person.pw_uid, person.pw_gid)
        (etc / "master.cf").write_text(MASTER.format(port=port))
        (etc / "main.cf").write_text(MAIN.format(home=home, lmtp=lmtp, relay=f"[127.0.0.1]:{relay}"))
        subprocess.run(["/usr/sbin/postfix", "-c", str(etc), "check"], check=True, capture_output=True)
        with _running(["/usr/sbin/postfix", "-c", str(etc), "start-fg"], home / "postfix.log", port):
            try:
                yield Postfix(port, home / "postfix.log")
            finally:  # by its own word: its master is the leader of a session of its own
                subprocess.run(["/usr/sbin/postfix", "-c", str(etc), "stop"], check=False, capture_output=True)


def _need(name: str) -> None:
    if shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin") is None:
        pytest.skip(f"{name} is not installed: apt-get install {name.replace('dovecot', 'dovecot-imapd')}")
    if os.geteuid() != 0:
        pytest.skip(f"{name} is started by root")


@contextlib.contextmanager
def _home() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="answerable-mail-", ignore_cleanup_errors=True) as home:
        os.chmod(home, 0o755)
        yield Path(home)


@contextlib.contextmanager
def _running(command: list[str], log: Path, port: int) -> Iterator[None]:
    started = subprocess.Popen(command, start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_for(lambda: _answers(port))
        yield
    except AssertionError as error:
        raise AssertionError(f"{error}\n{log.read_text() if log.exists() else ''}") from error
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(started.pid, signal.SIGTERM)
        started.wait(20)


def _answers(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
        return True
    return False


def _nobody() -> tuple[int, int]:
    person = pwd.getpwnam("nobody")
    return person.pw_uid, person.pw_gid


def _own(path: Path) -> None:
    path.mkdir(exist_ok=True, parents=True)
    os.chown(path, *_nobody())
