"""How many mails a second go from SMTP into conversations, and whether all of them arrive where they belong.

    PYTHONPATH=src:. python -m benchmarks.mail [MAILS]

Starts the product's own database and mail process in a temporary directory, sends mails of seven kinds over eight
connections, a third of them answers to others, then some of them again; and counts until each one is decided. The
floor is a listener of the same library that keeps nothing, in a process of its own, in the same run.
"""

import asyncio
import contextlib
import os
import random
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from urllib.parse import quote

CONNECTIONS = 8
KINDS = ("plain", "html", "alternative", "attachment", "inline", "flowed", "latin")
WORDS = """order invoice parcel delivery refund account password broken screen monday please thanks help number address
pasūtījums rēķins piegāde lūdzu paldies palīdzība заказ счёт доставка пожалуйста спасибо თხოვნა შეკვეთა მადლობა
тапсырыс шот жеткізу рақмет өтінемін"""
ROUNDS = 3
FLOOR = """
import asyncio, sys
from aiosmtpd.smtp import SMTP
class Take:
    async def handle_DATA(self, server, session, envelope):
        return "250 OK"
async def main():
    server = await asyncio.get_running_loop().create_server(lambda: SMTP(Take()), "127.0.0.1", int(sys.argv[1]))
    await server.serve_forever()
asyncio.run(main())
"""


@dataclass(frozen=True)
class Mail:
    """A mail to send, and what must come of it."""

    raw: bytes
    identifier: str
    text: str
    person: int
    answers: str | None


def write_mails(count: int, seed: int) -> list[Mail]:
    """`count` mails of 4.3 KB on average, a third of them answers to an earlier one."""
    dice = random.Random(seed)
    mails: list[Mail] = []
    for number in range(count):
        earlier = mails[: -10 * CONNECTIONS]  # what is still on its way has not been answered yet
        answered = dice.choice(earlier) if earlier and dice.random() < 1 / 3 else None
        mails.append(_write(dice, f"{seed}.{number}@customer.example", answered))
    return mails


def _write(dice: random.Random, identifier: str, answered: Mail | None) -> Mail:
    words = WORDS.split()
    text = "\n".join(" ".join(dice.choices(words, k=12)) for _ in range(max(1, int(dice.lognormvariate(2.6, 0.8)))))
    kind = dice.choice(KINDS)
    person = answered.person if answered else dice.randrange(30_000)  # only its people write into a conversation
    mail = EmailMessage(policy=SMTP)
    mail["From"] = f"Customer {person} <customer{person}@customer.example>"
    mail["To"] = "Support <support@example.com>"
    mail["Subject"] = ("Re: " if answered else "") + " ".join(dice.choices(words, k=4))
    mail["Date"] = "Sat, 21 Nov 2026 10:00:00 +0200"
    mail["Message-ID"] = f"<{identifier}>"
    if answered:  # three ways in which programs say what they answer
        way = dice.randrange(3)
        if way != 1:
            mail["In-Reply-To"] = f"<{answered.identifier}>"
        if way != 0:
            mail["References"] = f"<gone@elsewhere.example> <{answered.identifier}>"
    if kind == "latin":
        text = text.encode("cp1257", "ignore").decode("cp1257")
        mail.set_content(text, charset="windows-1257")
    elif kind == "flowed":
        mail.set_content(text, params={"format": "flowed"})
    else:
        mail.set_content(text)
    if kind in ("html", "alternative", "inline"):
        mail.add_alternative("<html><body>" + text.replace("\n", "<br>") + "</body></html>", subtype="html")
    if kind == "attachment":
        mail.add_attachment(dice.randbytes(3000), maintype="application", subtype="pdf", filename="rēķins.pdf")
    if kind == "inline":
        mail.add_attachment(
            b"\x89PNG\r\n\x1a\n" + dice.randbytes(1500),
            maintype="image",
            subtype="png",
            cid="<logo@x>",
            filename="l.png",
        )
    return Mail(mail.as_bytes(), identifier, text, person, answered.identifier if answered else None)


async def send(mails: Sequence[Mail], port: int) -> None:
    """All of them, over CONNECTIONS connections at once, each mail when the one before it was taken."""
    waiting = list(reversed(mails))

    async def one_connection() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)

        async def expect(code: bytes) -> None:
            line = await reader.readline()
            while line[3:4] == b"-":
                line = await reader.readline()
            if not line.startswith(code):
                raise SystemExit(f"refused: {line!r}")

        await expect(b"220")
        writer.write(b"EHLO bench.example\r\n")
        await expect(b"250")
        while waiting:
            mail = waiting.pop()
            for line, code in (
                (b"MAIL FROM:<customer@customer.example>\r\n", b"250"),
                (b"RCPT TO:<support@example.com>\r\n", b"250"),
                (b"DATA\r\n", b"354"),
                (mail.raw.replace(b"\r\n.", b"\r\n..") + b"\r\n.\r\n", b"250"),
            ):
                writer.write(line)
                await expect(code)
        writer.write(b"QUIT\r\n")
        writer.close()

    await asyncio.gather(*(one_connection() for _ in range(CONNECTIONS)))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextlib.contextmanager
def process(*command: str, port: int, **environ: str) -> Iterator[None]:
    """A program of ours, until the end of the block; it is ready when its port answers."""
    started = subprocess.Popen([sys.executable, *command], env=os.environ | environ)
    try:
        for _ in range(600):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                break
            time.sleep(0.05)
        yield
    finally:
        started.terminate()
        started.wait(20)


def prepare() -> None:
    """A company with one inbox and the default policy."""
    from django.core.management import call_command

    call_command("migrate", interactive=False, verbosity=0)
    from answerable.desk.models import Inbox
    from answerable.people.models import Company, Team
    from answerable.policy.actions import load_default

    company = Company.objects.create(name="Example", country="LV", time_zone="Europe/Riga")
    team = Team.objects.create(name="Everyone", key="everyone", path="/everyone/")
    Inbox.objects.create(name="Support", address="support@example.com", team=team)
    load_default(company, by=None)


def check(mails: Sequence[Mail], again: int) -> dict[str, int]:
    """What went wrong, counted. All zero: a right answer."""
    from answerable.channels.email.models import Arrival
    from answerable.desk.models import Message

    place = dict(Message.objects.values_list("external_id", "conversation_id"))
    text = dict(Message.objects.values_list("external_id", "text"))
    return {
        "lost": sum(mail.identifier not in place for mail in mails),
        "not threaded": sum(place.get(mail.identifier) != place.get(mail.answers) for mail in mails if mail.answers),
        "doubled": Message.objects.count() - len(mails),
        "altered": sum(_plain(text.get(mail.identifier, "")) != _plain(mail.text) for mail in mails),
        "undecided": Arrival.objects.filter(outcome="").count(),
        "redeliveries not recognised": again - Arrival.objects.filter(outcome="duplicate").count(),
    }


def _plain(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.strip().splitlines())


def main(count: int) -> None:
    from answerable.site.postgres import DATABASE, PORT, ROLE, EmbeddedPostgres, socket_directory

    with tempfile.TemporaryDirectory(prefix="answerable-bench-") as home:
        os.chmod(home, 0o755)  # PostgreSQL steps down from root
        data = Path(home) / "data"
        host = quote(str(socket_directory(data)), safe="")
        os.environ |= {
            "ANSWERABLE_DATA": str(data),
            "DATABASE_URL": f"postgresql://{ROLE}@:{PORT}/{DATABASE}?host={host}",
            "DJANGO_SETTINGS_MODULE": "answerable.site.settings",
        }
        with EmbeddedPostgres(data):
            import django

            django.setup()
            prepare()
            smtp, floor = free_port(), free_port()
            ports = {"ANSWERABLE_SMTP_PORT": str(smtp), "ANSWERABLE_LMTP_PORT": str(free_port())}
            with (
                process("-c", FLOOR, str(floor), port=floor),
                process("-m", "answerable", "mail", port=smtp, **ports),
                process("-m", "answerable", "worker", port=smtp),
            ):
                measure(count, smtp, floor)


def measure(count: int, smtp: int, floor: int) -> None:
    """Rounds of floor and product in turn, each with mails of its own; the first round only warms up."""
    from answerable.channels.email.models import Arrival

    taken, decided, floors, all_mails, again = [], [], [], [], 0
    for seed in range(ROUNDS + 1):
        mails = write_mails(count if seed else 200, seed)
        repeated = mails[:: max(1, len(mails) // 20)][:20]
        began = time.perf_counter()
        asyncio.run(send(mails, floor))
        floors.append(len(mails) / (time.perf_counter() - began))
        began = time.perf_counter()
        asyncio.run(send([*mails, *repeated], smtp))
        taken.append((len(mails) + len(repeated)) / (time.perf_counter() - began))
        while Arrival.objects.filter(outcome="").exists():
            time.sleep(0.01)
        decided.append((len(mails) + len(repeated)) / (time.perf_counter() - began))
        all_mails += mails
        again += len(repeated)
        size = statistics.mean(len(mail.raw) for mail in mails) / 1000
        print(f"round {seed}: {decided[-1]:.0f} decided, {taken[-1]:.0f} taken, floor {floors[-1]:.0f}, {size:.1f} kB")
    print(f"decided {_spread(decided[1:])}, taken {_spread(taken[1:])}, floor {_spread(floors[1:])} mails/s")
    wrong = check(all_mails, again)
    print(", ".join(f"{name}: {number}" for name, number in wrong.items()))
    if any(wrong.values()):
        raise SystemExit("a wrong answer")


def _spread(figures: Sequence[float]) -> str:
    return f"{statistics.median(figures):.0f} ({min(figures):.0f}-{max(figures):.0f})"


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_500)
