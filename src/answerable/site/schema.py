"""The finished schema, written down when Answerable is installed, so that a first start is quick.

Running every migration one after the other takes seconds, nearly all of it Django rebuilding its models. A new,
empty database gets the result instead: what `pg_dump` wrote after running them on the very same files. Any
other database, and a result that no longer fits the files, goes through the migrations.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from answerable import __version__
from answerable.site.log import say
from answerable.site.postgres import EmbeddedPostgres
from answerable.site.programs import binary
from answerable.site.refusal import Refusal

PREPARED: Final = Path(__file__).parent / "prepared" / "schema.sql"
OLDEST: Final = 150000
"""The server version from which on the file can be loaded."""
LEFT_OUT: Final = ("\\", "--", "SET transaction_timeout")
"""Commands to psql, remarks, and what servers before 17 do not know: it only says that nothing is changed."""

MAKE_IT_SO: Final = (
    "Make it with CREATE DATABASE answerable OWNER answerable TEMPLATE template0 ENCODING 'UTF8' "
    "LC_COLLATE 'C.UTF-8' LC_CTYPE 'C.UTF-8'."
)

ALONE: Final = "SELECT pg_advisory_xact_lock(hashtext('answerable_schema'))"


def fingerprint() -> str:
    """Of every migration's source, ours and the libraries'."""
    from django.apps import apps

    digest = hashlib.sha256()
    for app in sorted(apps.get_app_configs(), key=lambda app: app.label):
        for path in sorted(Path(app.path, "migrations").glob("*.py")):
            digest.update(f"{app.label}/{path.name}\n".encode() + path.read_bytes())
    return digest.hexdigest()


def migrations() -> set[tuple[str, str]]:
    """App and name of every migration of this version. By their files: imported, they would stay in memory (5 MB)."""
    from django.apps import apps

    return {
        (app.label, path.stem)
        for app in apps.get_app_configs()
        for path in Path(app.path, "migrations").glob("[!_~]*.py")
    }


class LaterVersion(Refusal):
    """The database has been brought to a version that came after this one."""


def refuse_a_later_one() -> None:
    """An older version would write rows that the later one cannot read, and fail on pages it no longer understands.

    :raises LaterVersion: migrations have been applied that this version does not have.
    """
    import psycopg

    from answerable.events.wire import conninfo

    with psycopg.connect(conninfo()) as connection:  # not of the pool, which children forked later would share
        if connection.execute("SELECT to_regclass('django_migrations')").fetchone() == (None,):
            return
        applied = set(connection.execute("SELECT app, name FROM django_migrations").fetchall())
    if unknown := sorted(applied - migrations()):
        raise LaterVersion(
            f"The database is of a later version of Answerable than this one ({__version__}): it has been brought to "
            f"{'.'.join(unknown[-1])}, which is not known here. Nothing was changed. Start the later version again, or "
            "restore a backup that was made before the update: docs/howto/operate.md."
        )


class UnfitDatabase(Refusal):
    """Not all words can be kept in the database, or found again."""


def why_unfit() -> str | None:
    """What is wrong with how the database keeps letters, if anything is: a database of one's own may be made anyhow."""
    import psycopg

    from answerable.events.wire import conninfo

    with psycopg.connect(conninfo(), client_encoding="utf8") as connection:
        (encoding,) = connection.execute("SHOW server_encoding").fetchone() or ("",)
        if encoding != "UTF8":
            return f"The database keeps letters as {encoding}, which has not those of every language. {MAKE_IT_SO}"
        if connection.execute("SELECT lower('ĀҚ') = 'āқ'").fetchone() != (True,):
            return f"The database knows only English letters: capitals of others are not found as small. {MAKE_IT_SO}"
    return None


def write_down() -> None:
    """Run every migration on a database made for it, and keep the outcome. Django must not be ready yet."""
    from answerable.site import processes

    with tempfile.TemporaryDirectory(prefix="answerable-schema-") as place:
        os.environ.pop("DATABASE_URL", None)
        os.environ["ANSWERABLE_DATA"] = place
        with EmbeddedPostgres(Path(place), durable=False) as server:
            processes.prepare()
            from django.core.management import call_command
            from django.db import connection

            call_command("migrate", interactive=False, verbosity=0)
            made = connection.get_connection_params()
            connection.close()
            command = [
                str(binary("pg_dump")),
                "--no-owner",
                "--no-privileges",
                "--no-comments",
                "--rows-per-insert=100",
            ]
            command += [f"--host={server.socket_directory}", f"--username={made['user']}", made["dbname"]]
            dump = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    lines = [line for line in dump.splitlines() if not line.startswith(LEFT_OUT)]
    PREPARED.parent.mkdir(exist_ok=True)
    PREPARED.write_text("\n".join([f"-- {fingerprint()}", *filter(None, lines), ""]), encoding="utf-8")


def bring_up_to_date() -> None:
    """Give an empty database the finished schema; run what is missing on any other. Who comes second waits for the
    first: `serve` may just be starting when somebody loads the demo company, or another machine.

    :raises LaterVersion: the database is ahead of this version.
    :raises UnfitDatabase: it is new, and not all words could be kept in it. An old one goes on, and says so.
    """
    from django.core.management import call_command

    with one_at_a_time():
        if words := why_unfit():
            if is_empty():
                raise UnfitDatabase(words)
            say(words)
        if not load_if_empty():
            refuse_a_later_one()
            call_command("migrate", interactive=False, verbosity=0)


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Nobody else brings this database to a version meanwhile. By a transaction, which a pooler leaves whole."""
    import psycopg

    from answerable.events.wire import conninfo

    with psycopg.connect(conninfo()) as connection:
        connection.execute(ALONE)
        yield


def is_empty() -> bool:
    """Whether nobody has ever made a table in it."""
    import psycopg

    from answerable.events.wire import conninfo

    with psycopg.connect(conninfo()) as connection:
        empty = "SELECT count(*) = 0 FROM pg_class WHERE relnamespace = 'public'::regnamespace"
        return connection.execute(empty).fetchone() == (True,)


def load_if_empty() -> bool:
    """Give an empty database the finished schema; whether it was so and the file fits."""
    import psycopg

    from answerable.events.wire import conninfo

    if not PREPARED.exists():
        return False
    text = PREPARED.read_text("utf-8")
    if not text.startswith(f"-- {fingerprint()}\n"):
        return False
    with psycopg.connect(conninfo()) as connection:
        if connection.info.server_version < OLDEST or not is_empty():
            return False
        connection.execute(text.encode())
    return True
