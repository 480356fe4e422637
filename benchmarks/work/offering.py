"""From the listener's yes to a mail until it is offered to somebody who is there, while the desk is in use."""

from __future__ import annotations

import json
import smtplib
import time
from collections.abc import Iterator, Sequence
from email.message import EmailMessage

from benchmarks.bench import Bench, check, until
from benchmarks.client import Load, hammer
from benchmarks.figures import Bar, Figure
from benchmarks.site import Site
from benchmarks.work.escalations import day

PEOPLE = 8
"""As many as mails in a turn: somebody is asked for one conversation at a time."""
SECONDS = 1.0
BEFORE_SECONDS, APART_SECONDS = 1.0, 0.5
OFFERED_WITHIN_SECONDS = 30
HERE = """
INSERT INTO people_attendance (user_id, state, cause, since, chosen, chosen_at, connected_at, active_at)
SELECT id, 'online', 'chosen', now(), 'online', now(), now(), now() FROM unnest(%s::bigint[]) AS id
ON CONFLICT (user_id) DO UPDATE SET state = 'online', cause = 'chosen', chosen = 'online', chosen_at = now(),
    connected_at = now(), active_at = now(), missed_at = NULL, asked_until = NULL
"""
OFFERED = """
SELECT arrival.external_id, extract(epoch FROM offer.offered_at - arrival.received_at)::float8
FROM email_arrival AS arrival
JOIN desk_message AS message ON message.id = arrival.message_id
JOIN desk_offer AS offer ON offer.conversation_id = message.conversation_id AND offer.ended_at IS NULL
WHERE arrival.id > %s
"""
TAKEN = """
WITH taken AS (UPDATE desk_offer SET outcome = 'taken', ended_at = now() WHERE ended_at IS NULL AND user_id = ANY(%s)
               RETURNING conversation_id, user_id)
UPDATE desk_conversation SET assignee_id = taken.user_id FROM taken WHERE desk_conversation.id = taken.conversation_id
"""


def measure(bench: Bench) -> Iterator[Figure]:
    for site in bench.sites:
        told = json.loads(site.told("benchmarks.company.reception", PEOPLE))
        remark = f"{PEOPLE} mails a turn"
        half = Figure("offered after arrival, desk in use, p50", "s", [], site.conversations, remark=remark)
        worst = Figure(
            "offered after arrival, desk in use, worst", "s", [], site.conversations, Bar(SECONDS), remark=remark
        )
        for turn in range(bench.turns):
            lasts = BEFORE_SECONDS + PEOPLE * APART_SECONDS
            use = bench.clients.start(hammer, site.port, bench.heads(site), day(site), lasts)
            late = _offered(site, told["address"], told["people"], turn)
            load: Load = use.result()
            check(load.rate > 0, "nobody used the desk")
            half.values.append(late[len(late) // 2])
            worst.values.append(late[-1])
        yield from (half, worst)


def _offered(site: Site, address: str, people: Sequence[int], turn: int) -> list[float]:
    """Mails come one after another; after how many seconds each was offered, ascending. Each is taken at the end."""
    with site.connect() as connection:
        connection.execute(HERE, [list(people)])
        row = connection.execute("SELECT coalesce(max(id), 0) FROM email_arrival").fetchone()
        last = row[0] if row else 0
        time.sleep(BEFORE_SECONDS)
        with smtplib.SMTP("127.0.0.1", site.smtp) as server:
            for number in range(len(people)):
                server.send_message(_mail(address, f"{turn}-{number}"))
                time.sleep(APART_SECONDS)
        late: dict[str, float] = {}

        def all_offered() -> bool:
            late.update(connection.execute(OFFERED, [last]).fetchall())
            return len(late) == len(people)

        until(all_offered, OFFERED_WITHIN_SECONDS, f"offers of {len(people)} mails", every=0.1)
        connection.execute(TAKEN, [list(people)])
    return sorted(late.values())


def _mail(address: str, name: str) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"] = f"Guest <guest-{name}@customers.example>", address
    message["Subject"], message["Message-ID"] = "Where is my parcel?", f"<reception-{name}@customers.example>"
    message.set_content("Good morning, I ordered a week ago and have heard nothing since. Where is my parcel now?")
    return message
