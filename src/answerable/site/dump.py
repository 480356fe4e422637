"""Whole databases: what is in one, and PostgreSQL's own programs to copy one out and in."""

from __future__ import annotations

import contextlib
import itertools
import os
import re
import subprocess
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import IO, Any, Final

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from answerable.site.programs import binary
from answerable.site.refusal import DatabaseError

CHUNK: Final = 2**20
TRANSACTION_TIMEOUT_SINCE: Final = 170000
"""pg_restore 17 and later set this parameter on whatever server they restore to."""

LIKE_EVERYWHERE: Final = (
    "SET datestyle = 'ISO'; SET intervalstyle = 'iso_8601'; SET timezone = 'UTC'; "
    "SET bytea_output = 'hex'; SET extra_float_digits = 1; SET search_path = pg_catalog"
)
"""So that a row reads the same on any server."""


@dataclass(frozen=True)
class Place:
    """A database: libpq's connection parameters."""

    conninfo: str

    @property
    def name(self) -> str:
        """The database's name."""
        return str(conninfo_to_dict(self.conninfo)["dbname"])

    def named(self, name: str) -> Place:
        """Another database of the same server."""
        return Place(make_conninfo(self.conninfo, dbname=name))

    @property
    def argument(self) -> list[str]:
        """For a program of PostgreSQL; without the password, which `ps` would show."""
        parameters = {name: str(value) for name, value in conninfo_to_dict(self.conninfo).items()}
        parameters.pop("password", None)
        return ["--dbname", make_conninfo(**parameters)]

    def connect(self, *, autocommit: bool = False) -> psycopg.Connection[Any]:
        """A connection of one's own. Names are texts on it even where the server's own encoding is SQL_ASCII."""
        return psycopg.connect(self.conninfo, autocommit=autocommit, client_encoding="utf8")

    def maintenance(self) -> psycopg.Connection[Any]:
        """A connection to a database of the same server that is never ours, to create and rename from."""
        try:
            return self.named("postgres").connect(autocommit=True)
        except psycopg.OperationalError:
            return self.named("template1").connect(autocommit=True)


@dataclass(frozen=True)
class Table:
    """What a table holds: its rows and a sum over their texts, whatever their order."""

    rows: int
    checksum: str


def tables_of(connection: psycopg.Connection[Any], told: Callable[[str], None] = lambda _: None) -> dict[str, Table]:
    """Every table outside PostgreSQL's own schemas, by its qualified name, as this transaction sees it."""
    connection.execute(LIKE_EVERYWHERE)
    names = connection.execute(
        "SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
        " WHERE c.relkind IN ('r', 'm') AND n.nspname NOT IN ('pg_catalog', 'information_schema')"
        " AND n.nspname NOT LIKE 'pg\\_%' ORDER BY 1, 2"
    ).fetchall()
    found = {}
    for schema, name in names:
        told(name)
        row = connection.execute(
            sql.SQL("SELECT count(*), coalesce(sum(hashtextextended(t::text, 0)::numeric), 0)::text FROM {} t").format(
                sql.Identifier(schema, name)
            )
        ).fetchone()
        assert row
        found[f"{schema}.{name}"] = Table(*row)
    return found


@contextlib.contextmanager
def dumped(place: Place, snapshot: str) -> Iterator[IO[bytes]]:
    """pg_dump's custom format, as a stream.

    :raises DatabaseError: pg_dump failed.
    """
    command = ["pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--snapshot={snapshot}"]
    with _running([*command, *place.argument], place, stdout=subprocess.PIPE) as process:
        assert process.stdout
        yield process.stdout


def load(place: Place, chunks: Iterable[bytes]) -> None:
    """Restore a dump into an empty database, whole or not at all.

    :raises DatabaseError: pg_restore failed.
    """
    command = ["pg_restore", "--no-owner", "--no-privileges", "--no-comments", "--exit-on-error"]
    with place.connect() as connection:
        version = connection.info.server_version
    if version < TRANSACTION_TIMEOUT_SINCE:
        return _load_older(place, command, chunks)
    with _running([*command, *place.argument], place, stdin=subprocess.PIPE) as process:
        _feed(process, chunks)
    return None


def _load_older(place: Place, command: list[str], chunks: Iterable[bytes]) -> None:
    """By way of a script: pg_restore itself would set a parameter that these servers do not know."""
    psql = ["psql", "--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1", *place.argument]
    with (
        _running([*command, "--file=-"], place, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as writer,
        _running(psql, place, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL) as reader,
    ):
        assert writer.stdout
        feeding = threading.Thread(target=_feed, args=(writer, chunks))
        feeding.start()
        header = iter(writer.stdout.readline, b"")
        before = itertools.takewhile(lambda line: not line.startswith(b"SET transaction_timeout"), header)
        _feed(reader, itertools.chain(before, iter(lambda: writer.stdout.read(CHUNK), b"")))  # type: ignore[union-attr]
        feeding.join()


def _feed(process: subprocess.Popen[bytes], chunks: Iterable[bytes]) -> None:
    assert process.stdin
    with contextlib.suppress(BrokenPipeError):  # its exit code and words tell more
        for chunk in chunks:
            process.stdin.write(chunk)
        process.stdin.close()


def beside(place: Place, purpose: str) -> Place:
    """Another database of ours, not there yet (its name has at most 63 bytes, as PostgreSQL's have)."""
    return place.named(f"{place.name[:40]}_{purpose}_{datetime.now(UTC):%H%M%S%f}")


@contextlib.contextmanager
def alone(place: Place) -> Iterator[None]:
    """Nobody else copies this database meanwhile; copies that somebody left who was killed are gone.

    :raises DatabaseError: somebody does.
    """
    ours = f"^{re.escape(place.name[:40])}_(check|new|old)_[0-9]{{12}}$"
    left = "SELECT datname FROM pg_database WHERE datname ~ %s AND pg_get_userbyid(datdba) = current_user"
    with place.maintenance() as holder, holder.transaction(), place.maintenance() as server:
        lock = "SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))"
        if holder.execute(lock, [f"copies of {place.name}"]).fetchone() != (True,):
            raise DatabaseError("Another backup or restore of this database is at work. Wait until it has ended.")
        for (name,) in server.execute(left, [ours]).fetchall():
            with contextlib.suppress(psycopg.errors.ObjectInUse):
                server.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name)))
        yield


@contextlib.contextmanager
def scratch(place: Place, purpose: str) -> Iterator[Place]:
    """An empty database beside `place` with its locale, dropped in the end unless it was renamed.

    :raises DatabaseError: our role may not create databases.
    """
    copy = beside(place, purpose)
    with place.maintenance() as server:
        try:
            server.execute(_create_like(server, place.name, copy.name))
        except psycopg.errors.InsufficientPrivilege:
            raise DatabaseError(
                "This database role may not create databases, which this needs: ALTER ROLE ... CREATEDB."
            ) from None
    try:
        yield copy
    finally:
        with place.maintenance() as server:
            server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(copy.name)))


def _create_like(server: psycopg.Connection[Any], model: str, name: str) -> sql.Composed:
    locale = "datlocale" if server.info.server_version >= 170000 else "daticulocale"
    row = server.execute(
        sql.SQL("SELECT datlocprovider, datcollate, datctype, {} FROM pg_database WHERE datname = %s").format(
            sql.Identifier(locale)
        ),
        [model],
    ).fetchone()
    assert row
    provider, collate, ctype, own = row
    kind = {"c": "libc", "i": "icu", "b": "builtin"}[provider if isinstance(provider, str) else provider.decode()]
    extra = sql.SQL("" if own is None else " ICU_LOCALE {}" if kind == "icu" else " BUILTIN_LOCALE {}")
    return sql.SQL(
        "CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE {} LC_CTYPE {} LOCALE_PROVIDER {}{}"
    ).format(sql.Identifier(name), sql.Literal(collate), sql.Literal(ctype), sql.SQL(kind), extra.format(own))


@contextlib.contextmanager
def _running(command: list[str], place: Place, **pipes: int) -> Iterator[subprocess.Popen[bytes]]:
    """A program of PostgreSQL that works on a database; its password goes by the environment."""
    password = conninfo_to_dict(place.conninfo).get("password")
    environment = {**os.environ, **({"PGPASSWORD": str(password)} if password else {})}
    full = [str(binary(command[0])), *command[1:]]
    with subprocess.Popen(full, env=environment, stderr=subprocess.PIPE, **pipes) as process:  # type: ignore[call-overload]
        try:
            yield process
        except BaseException:
            process.kill()
            raise
        assert process.stderr
        words = process.stderr.read().decode("utf-8", errors="replace").strip()
    if process.returncode:
        raise DatabaseError(f"{command[0]} failed: {words}")
