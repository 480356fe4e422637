"""Nothing lost, nothing twice: two thousand messages, while every process and the database are killed at random."""

import contextlib
import os
import random
import signal
import smtplib
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import psycopg
import pytest

from answerable.site.postgres import DATABASE, PORT, ROLE, socket_directory
from tests.channels.email.letters import letter
from tests.channels.email.peers import Sink, wait_for
from tests.channels.email.servers import PASSWORD, Dovecot, dovecot
from tests.ports import free_port
from tests.site.served import Served, below, environment

pytestmark = [pytest.mark.servers, pytest.mark.slow]
SEED = 20261121
MESSAGES = 2_000
BY_IMAP = 500
ANSWERS = 100
KILLS = 16
CONNECTIONS = 4
BEHIND = 12 * CONNECTIONS
"""That many messages lie between a question and its answer."""
PATIENCE_SECONDS = 240
KILLED = ("database", "worker", "mail", "web")
STAGE = """
import django; django.setup()
from datetime import UTC, datetime
from answerable.channels.email.models import Mailbox, Relay
from answerable.channels.vault import seal
from answerable.policy.actions import load_default
from tests.cast import play
cast = play()
load_default(cast.company, by=None)
Relay.objects.create(host="127.0.0.1", port={relay}, security="plain")
Mailbox.objects.create(inbox=cast.support_inbox, host="127.0.0.1", port={imap}, security="plain", username="support",
                       sealed_password=seal("{password}"), since=datetime(2000, 1, 1, tzinfo=UTC))
"""
AGENT = """
import time
import django; django.setup()
from django.db import DatabaseError, InterfaceError, connection
from answerable.desk.actions.messages import reply
from answerable.desk.models import Conversation, Delivery, Kind
from answerable.people.models import User
done = 0
while done < {answers}:
    try:
        bob = User.objects.get(email="bob@example.com")
        done = Delivery.objects.count()
        waiting = Conversation.objects.exclude(messages__kind=Kind.OUTBOUND).order_by("pk").first()
        if waiting is None or done == {answers}:
            time.sleep(0.2)
            continue
        reply(waiting, text="It is on its way.", by=bob, seen_event=None, anyway=True)
        Delivery.objects.filter(state="waiting", attempts=0).update(due_at=django.utils.timezone.now())
    except (DatabaseError, InterfaceError):
        connection.close()
        time.sleep(0.3)
"""


def write_messages() -> tuple[list[bytes], list[bytes]]:
    """By SMTP and by IMAP: half of them answers, some repeated, some broken. The same for the same seed."""
    dice = random.Random(SEED)
    sent = []
    for count, way in ((MESSAGES - BY_IMAP, "smtp"), (BY_IMAP, "imap")):
        mails: list[bytes] = []
        for number in range(count):
            earlier = range(number - BEHIND)
            kind = dice.random()
            if earlier and kind < 0.03:
                mails.append(mails[dice.choice(earlier)])
            elif kind < 0.05:
                mails.append(
                    dice.choice((b"\x00\xff\xfe", b"no header at all", b"Subject: nobody\r\n\r\nwho?")) + b"\r\n"
                )
            else:
                question = dice.choice(earlier) if earlier and kind < 0.55 else None
                mails.append(_write(way, number, question))
        sent.append(mails)
    return sent[0], sent[1]


def _write(way: str, number: int, question: int | None) -> bytes:
    # A conversation belongs to its people: everybody who answers writes as the one who asked.
    headers = {} if question is None else {"References": f"<{question}.{way}@customer.example>"}
    return letter(f"{way} {number}", message_id=f"{number}.{way}@customer.example", **headers)


def send(mails: Sequence[bytes], port: int, each_was_hit: threading.Event) -> None:
    """As a mail server does: each until it is taken, over a few connections; nobody answers what was not taken yet.
    The second half comes when everybody has been killed once, however quick they were with the first."""
    waiting = list(reversed(mails))
    lock = threading.Lock()
    until = time.monotonic() + PATIENCE_SECONDS
    is_taken = {_named(mail, b"Message-ID"): threading.Event() for mail in mails}
    is_taken[""].set()  # what answers nothing waits for nothing

    def one_connection() -> None:
        connection: smtplib.SMTP | None = None
        while True:
            with lock:
                if not waiting:
                    return
                mail, half = waiting.pop(), len(waiting) < len(mails) // 2
            if half:
                each_was_hit.wait(PATIENCE_SECONDS)
            if question := is_taken.get(_named(mail, b"References")):
                question.wait(PATIENCE_SECONDS)
            connection = _until_taken(connection, mail, port, until)
            is_taken[_named(mail, b"Message-ID")].set()

    threads = [threading.Thread(target=one_connection, daemon=True) for _ in range(CONNECTIONS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _until_taken(connection: smtplib.SMTP | None, mail: bytes, port: int, until: float) -> smtplib.SMTP | None:
    """The connection that it was taken by."""
    while time.monotonic() < until:
        try:
            connection = connection or smtplib.SMTP("127.0.0.1", port, timeout=30)
            connection.sendmail("dace@customer.example", "support@example.com", mail)
            break
        except (smtplib.SMTPException, OSError):
            if connection:
                connection.close()
            connection = None
            time.sleep(0.1)
    return connection


def kill_at_random(served: Served, each_was_hit: threading.Event, stop: threading.Event) -> Counter[str]:
    """SIGKILL to one process after another, KILLS times: a moment after each is back, the next one is hit."""
    dice, killed = random.Random(SEED), Counter[str]()
    victims = [*KILLED, *dice.choices(KILLED, k=KILLS - len(KILLED))]
    for name in victims:
        if stop.wait(dice.uniform(0.2, 2.0)):
            break
        before = len(served.pids(name))
        process = served.pids(name)[-1]
        # PostgreSQL with all its processes: it has to recover from a crash.
        for victim in [*below(process), process] if name == "database" else [process]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(victim, signal.SIGKILL)
        killed[name] += 1
        if set(killed) == set(KILLED):
            each_was_hit.set()
        with contextlib.suppress(AssertionError):
            wait_for(lambda name=name, before=before: len(served.pids(name)) > before, 15)
            wait_for(lambda: served.get("/readyz")[0] == 200, 15, 0.2)
    return killed


def script(text: str, data: Path) -> subprocess.Popen[bytes]:
    settings = {"DJANGO_SETTINGS_MODULE": "answerable.site.settings", "PYTHONPATH": os.pathsep.join(sys.path)}
    return subprocess.Popen([sys.executable, "-c", text], env=environment(data, **settings))


def asked(data: Path, sql: str) -> list[tuple[object, ...]]:
    """Rows of the product's database; none while it is away."""
    where = f"host='{socket_directory(data)}' port={PORT} user={ROLE} dbname={DATABASE}"
    try:
        with psycopg.connect(where, connect_timeout=5) as connection:
            return connection.execute(sql.encode()).fetchall()
    except psycopg.OperationalError:
        return []


def test_nothing_is_lost_and_nothing_comes_twice(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    data, smtp = tmp_path / "data", free_port()
    by_smtp, by_imap = write_messages()
    with dovecot() as imap, Sink().open() as sink, Served(data, ANSWERABLE_SMTP_PORT=str(smtp)) as served:
        served.until_ready()
        stage = STAGE.format(relay=sink.port, imap=imap.port, password=PASSWORD)
        assert script(stage, data).wait(120) == 0
        began = time.monotonic()
        try:
            killed = play(served, data, imap, by_smtp, by_imap, smtp)
        finally:
            print(served.log[-20_000:])
        played = time.monotonic()
        wait_for(
            lambda: asked(data, "SELECT count(*) FROM email_arrival WHERE outcome = ''") == [(0,)], PATIENCE_SECONDS
        )
        last = f"SELECT count(*) >= {BY_IMAP} FROM email_arrival WHERE door = 'imap'"
        wait_for(lambda: asked(data, last) == [(True,)], PATIENCE_SECONDS, 0.5)
        wait_for(
            lambda: asked(data, "SELECT count(*) FROM email_arrival WHERE outcome = ''") == [(0,)], PATIENCE_SECONDS
        )
        left = f"SELECT count(*) FROM desk_delivery WHERE state = 'sent' HAVING count(*) = {ANSWERS}"
        wait_for(lambda: asked(data, left) != [], PATIENCE_SECONDS, 0.5)
        print(f"played for {played - began:.0f} s, all done {time.monotonic() - played:.0f} s later")
        check_the_ledger(data, by_smtp, by_imap)
        check_the_conversations(data, by_smtp, by_imap)
        check_what_left(data, sink, killed)
    assert set(killed) == set(KILLED)


def play(
    served: Served, data: Path, imap: Dovecot, by_smtp: Sequence[bytes], by_imap: Sequence[bytes], smtp: int
) -> Counter[str]:
    """Everybody at once: who sends, who answers, who kills."""
    each_was_hit, stop, killed = threading.Event(), threading.Event(), Counter[str]()
    killer = threading.Thread(target=lambda: killed.update(kill_at_random(served, each_was_hit, stop)), daemon=True)
    agent = script(AGENT.format(answers=ANSWERS), data)
    killer.start()
    began = time.monotonic()
    try:
        sender = threading.Thread(target=send, args=(by_smtp, smtp, each_was_hit), daemon=True)
        sender.start()
        for number, mail in enumerate(by_imap):
            imap.deliver("support", mail, number)
        fetched = time.monotonic()
        sender.join()
        print(f"by IMAP until {fetched - began:.0f} s, by SMTP until {time.monotonic() - began:.0f} s")
        assert agent.wait(PATIENCE_SECONDS) == 0
    finally:
        stop.set()
        killer.join()
        agent.kill()
    return killed


def check_the_ledger(data: Path, by_smtp: Sequence[bytes], by_imap: Sequence[bytes]) -> None:
    """Each message has one outcome; each one sent is there, and taken in exactly once unless it is broken."""
    rows = asked(data, "SELECT raw, outcome FROM email_arrival")
    assert all(outcome for _raw, outcome in rows)
    outcomes: dict[bytes, Counter[str]] = {}
    for raw, outcome in rows:
        outcomes.setdefault(_text(bytes(raw)), Counter())[str(outcome)] += 1
    for mail in {*by_smtp, *by_imap}:
        found = outcomes[_text(mail)]
        if b"Message-ID" in mail:
            assert found["opened"] + found["appended"] == 1, (mail, found)
            assert set(found) <= {"opened", "appended", "duplicate"}
        else:
            assert set(found) == {"quarantined"}


def check_the_conversations(data: Path, by_smtp: Sequence[bytes], by_imap: Sequence[bytes]) -> None:
    """Each accepted message is there once, and each answer is where its question is."""
    rows = asked(data, "SELECT external_id, conversation_id, text FROM desk_message WHERE kind = 'inbound'")
    place = {str(identifier): conversation for identifier, conversation, _text in rows}
    whole = [mail for mail in {*by_smtp, *by_imap} if b"Message-ID" in mail]
    assert len(rows) == len(place) == len(whole)
    for mail in whole:
        identifier = _named(mail, b"Message-ID")
        question = _named(mail, b"References")
        assert identifier in place
        if question in place:
            assert place[identifier] == place[question], (identifier, question)


def check_what_left(data: Path, sink: Sink, killed: Counter[str]) -> None:
    """Each answer reached the peer, under its own Message-ID; twice only where a killed one lost the peer's yes."""
    names = {str(name) for (name,) in asked(data, "SELECT external_id FROM desk_message WHERE kind = 'outbound'")}
    reached = Counter(mail["Message-ID"].strip("<>") for mail in sink.mails)
    assert set(reached) == names
    assert len(names) == ANSWERS
    twice = [name for name, count in reached.items() if count > 1]
    assert len(twice) <= killed["worker"] + killed["database"], twice
    print(f"killed: {dict(killed)}; {len(twice)} of {ANSWERS} answers reached the peer twice")


def _text(raw: bytes) -> bytes:
    return raw.replace(b"\r\n", b"\n").rstrip()


def _named(mail: bytes, header: bytes) -> str:
    for line in mail.split(b"\r\n\r\n")[0].split(b"\r\n"):
        if line.startswith(header + b": "):
            return line.partition(b": ")[2].decode().strip("<> ")
    return ""
