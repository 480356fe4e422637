"""`answerable database`"""

import click


@click.command("database")
def command() -> None:
    """Run only the embedded PostgreSQL."""
    from answerable.site import processes

    raise SystemExit(processes.alone(processes.database))
