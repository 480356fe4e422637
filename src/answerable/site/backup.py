"""`answerable backup` and `answerable restore`.

Files and attachments are rows, so the database is everything but the server's keys; the backup holds both.
It is dumped from one snapshot and then really restored into a scratch database, and each table compared by
number of rows and content. A restore happens beside the old database and takes its place in the end, by a
change of names, with which the keys change, too (keys.py); until then nothing old is touched.
"""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import psycopg
from psycopg import sql

from answerable import __version__
from answerable.site import archive as archives
from answerable.site.archive import BackupError, Manifest
from answerable.site.dump import Place, Table, alone, beside, dumped, load, scratch, tables_of
from answerable.site.keys import keys_follow

Told = Callable[[str], None]

REPEATABLE: Final = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"


def back_up(place: Place, keys: Path, file: Path, told: Told) -> Manifest:
    """Write a backup, and prove it by restoring it; only then it has the name of `file`.

    :raises BackupError: it could not be written, or what was restored differs.
    :raises DatabaseError: another backup or restore is at work.
    """
    if not keys.exists():
        raise BackupError(f"There is nothing to back up: no keys in {keys.parent}.")
    with archives.drafted(file) as draft, alone(place):
        with zipfile.ZipFile(draft, "w", zipfile.ZIP_STORED) as archive, place.connect(autocommit=True) as connection:
            connection.execute(REPEATABLE)
            migrations = _applied(connection)
            snapshot = connection.execute("SELECT pg_export_snapshot()").fetchone()
            assert snapshot
            tables = tables_of(connection, lambda name: told(f"Looking at {name}"))
            told("Writing the database")
            with dumped(place, snapshot[0]) as source:
                sha256, size = archives.add(archive, source)
            manifest = Manifest(
                format=archives.FORMAT,
                version=__version__,
                made_at=datetime.now(UTC).isoformat(timespec="seconds"),
                postgresql=connection.info.server_version,
                migrations=migrations,
                tables=tables,
                sha256=sha256,
                size=size,
            )
            connection.execute("COMMIT")
            archives.close(archive, manifest, keys.read_bytes())
        told("Checking what was written")
        with archives.opened(draft) as (archive, manifest), scratch(place, "check") as copy:
            _load_and_compare(copy, archive, manifest, told)
    return manifest


def restore(place: Place, keys: Path, file: Path, told: Told, *, replace: bool, known: set[str]) -> Manifest:
    """Put a backup in the database's place. `known` are this version's migrations, `app.name`.

    :raises BackupError: the backup is damaged or of a later version, the database is not empty and not to be
        replaced, or somebody is connected to it. The old data are as they were then.
    :raises DatabaseError: another backup or restore is at work.
    """
    told("Checking the backup")
    with archives.opened(file) as (archive, manifest):
        if unknown := [name for name in manifest.migrations if name not in known]:
            raise BackupError(f"The backup is of a later version, {manifest.version}: it knows {unknown[0]}.")
        if not replace and (rows := _rows(place)):
            raise BackupError(f"The database has {rows} rows already. --replace puts the backup in their place.")
        with alone(place), scratch(place, "new") as copy:
            _load_and_compare(copy, archive, manifest, told)
            with keys_follow(place, copy, keys, archive.read(archives.KEYS)):
                told("Putting it in place")
                _swap(place, copy, told)
    return manifest


def _load_and_compare(copy: Place, archive: Any, manifest: Manifest, told: Told) -> None:
    told("Restoring")
    load(copy, archives.chunks(archive))
    with copy.connect() as connection:
        found = tables_of(connection, lambda name: told(f"Comparing {name}"))
    if differing := _differing(manifest.tables, found):
        raise BackupError(f"What was restored differs from what was backed up: {', '.join(differing)}.")


def _differing(wanted: dict[str, Table], found: dict[str, Table]) -> list[str]:
    return sorted(name for name in wanted.keys() | found.keys() if wanted.get(name) != found.get(name))


def _rows(place: Place) -> int:
    """Rows that a person or their customers made: what a fresh installation writes itself is left out."""
    own = ("django_migrations", "django_content_type", "auth_permission", "procrastinate_version")
    with place.connect() as connection:
        tables = tables_of(connection)
    return sum(table.rows for name, table in tables.items() if name.rpartition(".")[2] not in own)


def _swap(place: Place, copy: Place, told: Told) -> None:
    """Give the copy the name. In one transaction, so that there is a database of that name at any time."""
    old = beside(place, "old").name
    with place.maintenance() as server:
        others = server.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = %s AND backend_type = 'client backend'", [place.name]
        ).fetchone()
        if others and others[0]:
            raise BackupError(f"{others[0]} connections to the database are open. Stop every Answerable process first.")
        try:
            with server.transaction():
                for before, after in ((place.name, old), (copy.name, place.name)):
                    server.execute(
                        sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(before), sql.Identifier(after))
                    )
        except psycopg.errors.ObjectInUse:
            raise BackupError("Somebody connected just now. Stop every Answerable process first.") from None
        told("Clearing away what was there")
        server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(old)))


def _applied(connection: psycopg.Connection[Any]) -> list[str]:
    try:
        rows = connection.execute("SELECT app, name FROM django_migrations ORDER BY id").fetchall()
    except psycopg.errors.UndefinedTable:
        raise BackupError("There is nothing to back up: the database is empty.") from None
    return [f"{app}.{name}" for app, name in rows]
