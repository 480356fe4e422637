"""`answerable mail`"""

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

import click

if TYPE_CHECKING:
    from answerable.channels.email.models import Arrival

TRY_AGAIN: Final = 75
"""EX_TEMPFAIL of sysexits.h: the mail server keeps the message and comes back."""
NO_USER: Final = 67
TOO_LARGE: Final = 65
OUTCOMES: Final = (
    "opened",
    "appended",
    "bounce",
    "auto-reply",
    "loop",
    "spam",
    "duplicate",
    "quarantined",
    "undecided",
)
json_option = click.option("--json", "as_json", is_flag=True, help="For a machine: one JSON object a line.")


@click.group("mail", invoke_without_command=True)
@click.pass_context
def command(context: click.Context) -> None:
    """Run only the ways mail comes in; or look at the mail."""
    if context.invoked_subcommand is None:
        context.invoke(serve)


@command.command("serve")
def serve() -> None:
    """Take mail in until stopped (what `answerable mail` alone does)."""
    from answerable.site import processes

    raise SystemExit(processes.alone_on_this_version(processes.mail))


@command.command("receive")
@click.option("--to", "recipients", multiple=True, metavar="ADDRESS", help="Whom it is for; may be given again.")
@click.option("--from", "sender", default="", metavar="ADDRESS", help="Who sent it, by the envelope.")
def receive(recipients: tuple[str, ...], sender: str) -> None:
    """Take one message from standard input: for a pipe in postfix, exim or .forward.

    Says yes (exit code 0) once the message is in the ledger. The other codes are those of sysexits.h: 75 try
    again later, 67 there is no such address here, 65 there is no message or it is too large.
    """
    raw = sys.stdin.buffer.read()
    with _database(receiving=True):
        from answerable.channels.email.listener import LARGEST_MESSAGE, is_ours, keep

        if not raw.strip() or len(raw) > LARGEST_MESSAGE:
            click.echo("there is no message" if not raw.strip() else "the message is too large", err=True)
            raise SystemExit(TOO_LARGE)
        for address in recipients:
            if not is_ours(address):
                click.echo(f"there is no inbox {address}", err=True)
                raise SystemExit(NO_USER)
        number = keep(raw, door="command", envelope_from=sender, envelope_to=recipients)
    click.echo(f"kept as {number}", err=True)


@command.command("ledger")
@click.option("--outcome", "outcomes", multiple=True, type=click.Choice(OUTCOMES), help="Only these.")
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1), help="The newest so many.")
@json_option
def ledger(outcomes: tuple[str, ...], limit: int, as_json: bool) -> None:
    """Every message ever seen, and what became of it; the newest first."""
    with _database():
        from answerable.channels.email.ledger import newest

        rows = list(newest("" if each == "undecided" else each for each in outcomes)[:limit])
        if as_json:
            for row in rows:
                click.echo(json.dumps(_row(row), ensure_ascii=False))
            return
        from rich.console import Console
        from rich.table import Table
        from rich.text import Text

        table = Table("number", "received", "door", "from", "subject", "outcome", "why", box=None, header_style="bold")
        for row in rows:
            received = row.received_at.strftime("%Y-%m-%d %H:%M")
            cells = (str(row.pk), received, row.door, row.sender, row.subject, row.outcome or "undecided", row.reason)
            table.add_row(*(Text(cell, overflow="ellipsis") for cell in cells))
        Console().print(table)


@command.command("retry")
@click.argument("number", type=int)
def retry(number: int) -> None:
    """Decide message NUMBER again, which was put aside or taken for spam."""
    with _database():
        from answerable.channels.email import ledger as actions
        from answerable.desk.errors import Refused

        try:
            actions.retry(_arrival(number), by=None)
        except Refused as refusal:
            raise click.ClickException(str(refusal)) from None
    click.echo(f"{number} will be decided again")


@command.command("raw")
@click.argument("number", type=int)
def raw(number: int) -> None:
    """Write message NUMBER to standard output, byte for byte as it came."""
    with _database():
        sys.stdout.buffer.write(bytes(_arrival(number).raw))


@contextmanager
def _database(*, receiving: bool = False) -> Iterator[None]:
    """The product's database, running. `receiving`: a mail server is told to come back when it is not."""
    from answerable.site import processes
    from answerable.site.database import available, data_directory
    from answerable.site.postgres import DatabaseError

    processes.prepare()
    from django.db import DatabaseError as Away
    from django.db import InterfaceError
    from psycopg import OperationalError

    try:
        with available(os.environ, data_directory(os.environ)):
            yield
    except (DatabaseError, Away, InterfaceError, OperationalError) as error:
        if not receiving:
            raise
        click.echo(f"the database does not answer: {str(error).strip()}", err=True)
        raise SystemExit(TRY_AGAIN) from None


def _arrival(number: int) -> "Arrival":
    from answerable.channels.email.models import Arrival

    row = Arrival.objects.filter(pk=number).first()
    if row is None:
        raise click.ClickException(f"there is no message {number} in the ledger")
    return row


def _row(row: "Arrival") -> dict[str, object]:
    return {
        "number": row.pk,
        "received_at": row.received_at.isoformat(),
        "door": row.door,
        "envelope_from": row.envelope_from,
        "envelope_to": row.envelope_to,
        "from": row.sender,
        "subject": row.subject,
        "message_id": row.external_id,
        "outcome": row.outcome or "undecided",
        "reason": row.reason,
        "conversation": row.message.conversation_id if row.message else None,
        "decided_at": row.decided_at.isoformat() if row.decided_at else None,
    }
