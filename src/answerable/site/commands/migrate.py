"""`answerable migrate`"""

import os

import click


@click.command("migrate")
def command() -> None:
    """Bring the database to this version."""
    from answerable.site import processes
    from answerable.site.database import available, data_directory

    with available(os.environ, data_directory(os.environ)):
        code = processes.migrate(lambda: click.echo("The database is up to date."))
    raise SystemExit(code)
