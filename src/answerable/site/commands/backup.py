"""`answerable backup`"""

import os
from pathlib import Path

import click


@click.command("backup")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def command(file: Path) -> None:
    """Write everything to FILE, and check it by restoring it.

    FILE holds the database with all mail and attachments, and the server's keys, which decrypt mailbox
    passwords and sign links: keep it as you would keep a password. It may be written while Answerable runs.
    """
    from rich.console import Console

    from answerable.site import processes
    from answerable.site.backup import back_up
    from answerable.site.database import available, data_directory
    from answerable.site.dump import Place

    data_dir = data_directory(os.environ)
    processes.prepare()
    from answerable.events.wire import conninfo

    with available(os.environ, data_dir), Console(stderr=True).status("Beginning") as status:
        manifest = back_up(Place(conninfo()), data_dir / "secrets.json", file, status.update)
    click.echo(
        f"{file}: {manifest.size / 2**20:.1f} MB, {manifest.rows} rows in {len(manifest.tables)} tables, "
        "restored once to check. It contains the server's keys."
    )
