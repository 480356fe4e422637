"""`answerable migrate`"""

import os
from contextlib import nullcontext

import click


@click.command("migrate")
def command() -> None:
    """Bring the database to this version."""
    from answerable.site import processes
    from answerable.site.database import available, data_directory, is_ones_own

    # A server of one's own may start after us, and is waited for.
    with nullcontext() if is_ones_own(os.environ) else available(os.environ, data_directory(os.environ)):
        code = processes.migrate(lambda: click.echo("The database is up to date."))
    raise SystemExit(code)
