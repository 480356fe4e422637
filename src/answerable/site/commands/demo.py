"""`answerable demo`"""

import os
from datetime import UTC, datetime

import click


@click.command("demo")
@click.option("--seed", default=7, show_default=True, help="Another seed makes another company's history.")
@click.option(
    "--conversations", default=1800, show_default=True, type=click.IntRange(20, 20000), help="About how many."
)
@click.option(
    "--at",
    "now",
    type=click.DateTime(["%Y-%m-%dT%H:%M"]),
    help="Where its history ends, in UTC. Default: now. The same seed and time make the same figures.",
)
def command(seed: int, conversations: int, now: datetime | None) -> None:
    """Load an invented bookshop into an empty database, to look around in.

    Ninety days of conversations in English, Latvian, Georgian and Kazakh. Every address in it ends in .example,
    and nothing is sent to anybody. Refused where a company has been set up.
    """
    from rich.console import Console
    from rich.progress import Progress as Bar

    from answerable.site import processes
    from answerable.site.database import available, data_directory

    with available(os.environ, data_directory(os.environ)):
        processes.prepare()
        from answerable.people.errors import Refused
        from answerable.site.demo.accounts import new_password
        from answerable.site.demo.loading import load
        from answerable.site.demo.numbers import figures
        from answerable.site.demo.progress import Progress
        from answerable.site.refusal import Refusal
        from answerable.site.schema import bring_up_to_date

        bring_up_to_date()
        until = now.replace(tzinfo=UTC) if now else None
        password, password_hash = new_password()
        with Bar(console=Console(stderr=True), transient=True) as bar:
            task = bar.add_task("", total=1.0)
            progress = Progress(lambda words, share: bar.update(task, description=words, completed=share))
            try:
                load(password_hash=password_hash, now=until, seed=seed, conversations=conversations, progress=progress)
            except Refused as refused:
                raise Refusal(str(refused)) from None
        _say(figures(), password)


def _say(found: dict[str, object], password: str) -> None:
    from django.conf import settings

    from answerable.site.demo.accounts import accounts
    from answerable.site.demo.company import NAME

    click.echo(
        f"{NAME} has {found['conversations']} conversations with {found['messages']} messages "
        f"by {found['contacts']} contacts; {found['unsolved']} are not solved."
    )
    click.echo(f"\nSign in at {settings.SITE_URL} with the password {password} as one of:\n")
    for account in accounts():
        click.echo(f"  {account.address:<26} {account.name:<20} {account.role}, {account.team}")
    click.echo("\n`answerable serve` shows it. The password is not kept anywhere else.")
