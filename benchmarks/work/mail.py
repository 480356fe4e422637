"""Inbound mail, from the first byte to the last conversation: all threaded, none doubled, no word altered."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import psycopg

from benchmarks.bench import EIGHT, Bench, check, until
from benchmarks.client import Wrong
from benchmarks.delivering import deliver
from benchmarks.figures import Bar, Figure
from benchmarks.mails import Mail, mix
from benchmarks.site import ROOT, free_port

DECIDED_WITHIN_SECONDS = 600
ARRIVED = """
SELECT arrival.external_id, arrival.outcome, message.conversation_id, message.text,
       array(SELECT file.sha256 FROM desk_attachment AS attachment JOIN desk_file AS file ON file.id = file_id
             WHERE attachment.message_id = message.id)
FROM email_arrival AS arrival LEFT JOIN desk_message AS message ON message.id = arrival.message_id
WHERE arrival.id > %s ORDER BY arrival.id
"""


def measure(bench: Bench) -> Iterator[Figure]:
    taken, accepted = [], []
    for site in bench.sites:
        remark = f"{bench.mails:,} mails a turn"
        floor_is = "aiosmtpd that keeps nothing"
        done = Figure("mail taken in", "/s", [], site.conversations, Bar(300, True), [], floor_is, remark)
        kept = Figure("mail accepted", "/s", [], site.conversations, None, [], floor_is, remark)
        taken.append(done)
        accepted.append(kept)
        for turn in range(bench.turns):
            mails = mix(bench.mails, site.company.addresses, int(time.time() * 1000) + turn)
            with sink() as port:
                floor = len(mails) / bench.clients.run(deliver, port, _handed(mails), EIGHT)[1]
            for figure in (done, kept):
                figure.floor.append(floor)
            bench.settle()
            with site.connect() as connection:
                before = _last(connection)
                began, seconds = bench.clients.run(deliver, site.smtp, _handed(mails), EIGHT)
                kept.values.append(len(mails) / seconds)
                until(lambda: not _undecided(connection), DECIDED_WITHIN_SECONDS, "deciding", every=0.1)
                done.values.append(len(mails) / (time.perf_counter() - began))
                _check(connection, before, mails)
    yield from (*taken, *accepted)


def _handed(mails: Sequence[Mail]) -> list[tuple[str, str, bytes]]:
    return [(mail.sender, mail.recipient, mail.raw) for mail in mails]


def _last(connection: psycopg.Connection) -> int:
    row = connection.execute("SELECT coalesce(max(id), 0) FROM email_arrival").fetchone()
    return row[0] if row else 0


def _undecided(connection: psycopg.Connection) -> bool:
    return connection.execute("SELECT EXISTS (SELECT FROM email_arrival WHERE outcome = '')").fetchone() == (True,)


def _check(connection: psycopg.Connection, before: int, mails: Sequence[Mail]) -> None:
    """Each mail's outcome, conversation, words and files."""
    wanted = {mail.message_id: mail for mail in mails}
    rows = connection.execute(ARRIVED, [before]).fetchall()
    check(len(rows) == len(mails), f"{len(mails)} mails were handed over, {len(rows)} are in the ledger")
    places = {name: place for name, outcome, place, _text, _files in rows if outcome in ("opened", "appended")}
    new = {place for name, place in places.items() if not wanted[name].answers}
    check(len(new) == sum(not m.answers and not m.is_redelivery for m in mails), "mails share a conversation")
    doubled = sum(outcome == "duplicate" for _name, outcome, *_rest in rows)
    check(doubled == sum(m.is_redelivery for m in mails), f"{doubled} of the redeliveries were recognised")
    for name, outcome, place, text, files in rows:
        mail = wanted[name]
        if outcome == "duplicate":
            continue
        check(outcome == ("appended" if mail.answers else "opened"), f"{name} was {outcome or 'not decided'}")
        check(not mail.answers or place == places[mail.answers], f"{name} is not in the conversation it answers")
        check(mail.words in " ".join(text.split()), f"the words of {name} are altered: {text[:200]!r}")
        check(mail.files == set(files), f"{name} has other files than were sent")


@contextmanager
def sink() -> Iterator[int]:
    """The port of a server that takes mail and forgets it."""
    port = free_port()
    process = subprocess.Popen([sys.executable, "-m", "benchmarks.delivering", str(port)], cwd=ROOT)
    try:
        for _ in range(200):
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            except OSError:
                time.sleep(0.05)
        else:
            raise Wrong("the sink does not listen")
        yield port
    finally:
        process.terminate()
        process.wait(10)
