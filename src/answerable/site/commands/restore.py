"""`answerable restore`"""

import os
from pathlib import Path

import click


@click.command("restore")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--replace", is_flag=True, help="Put the backup in the place of the data that are there.")
def command(file: Path, replace: bool) -> None:
    """Restore the backup FILE: the database and the server's keys.

    Stop Answerable first. If anything fails, what was there before is still there.
    """
    from rich.console import Console

    from answerable.site import processes
    from answerable.site.backup import restore
    from answerable.site.database import available, data_directory
    from answerable.site.dump import Place
    from answerable.site.postgres import DatabaseInUse, holder_of

    data_dir = data_directory(os.environ)
    if process := holder_of(data_dir):
        raise DatabaseInUse.by(process, data_dir)
    processes.prepare()
    from django.db.migrations.loader import MigrationLoader

    from answerable.events.wire import conninfo

    known = {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations}
    with available(os.environ, data_dir), Console(stderr=True).status("Beginning") as status:
        manifest = restore(
            Place(conninfo()), data_dir / "secrets.json", file, status.update, replace=replace, known=known
        )
        status.update("Bringing it to this version")
        processes.migrate(lambda: None)
    click.echo(f"Restored {manifest.rows} rows in {len(manifest.tables)} tables, as they were on {manifest.made_at}.")
