"""Which PostgreSQL: the one `DATABASE_URL` names, else the embedded one in the data directory."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qsl, unquote, urlsplit

from answerable.site.postgres import (
    DATABASE,
    PORT,
    ROLE,
    DatabaseError,
    DatabaseInUse,
    EmbeddedPostgres,
    holder_of,
    socket_directory,
)

__all__ = [
    "DatabaseError",
    "DatabaseInUse",
    "EmbeddedPostgres",
    "available",
    "data_directory",
    "database_settings",
    "is_ones_own",
    "place_of",
]

POOL: Final = {"min_size": 1, "max_size": 8, "timeout": 10, "max_idle": 120}
"""Connections kept by each process (psycopg_pool.ConnectionPool); waiting for one gives up after 10 s."""


def data_directory(environ: Mapping[str, str]) -> Path:
    """Where everything is kept: `ANSWERABLE_DATA`, else `.answerable` in the home directory."""
    return Path(environ.get("ANSWERABLE_DATA") or Path.home() / ".answerable").expanduser().resolve()


def database_settings(environ: Mapping[str, str], data_dir: Path) -> dict[str, Any]:
    """Django's `DATABASES["default"]`.

    :raises DatabaseError: `DATABASE_URL` is not a PostgreSQL address.
    """
    url = environ.get("DATABASE_URL", "").strip()
    place = _from_url(url) if url else _embedded(data_dir)
    options = place.pop("OPTIONS", {})
    return {
        "ENGINE": "answerable.site.pooled",
        **place,
        "OPTIONS": {"pool": dict(POOL), "connect_timeout": "10", **options},
    }


def is_ones_own(environ: Mapping[str, str]) -> bool:
    """Whether `DATABASE_URL` names a server, so that none is embedded."""
    return bool(environ.get("DATABASE_URL", "").strip())


@contextlib.contextmanager
def available(environ: Mapping[str, str], data_dir: Path) -> Iterator[None]:
    """The database answers while this lasts: an embedded one that nobody runs is started for the time.

    :raises DatabaseError: it could not be started.
    :raises psycopg.OperationalError: the one that `DATABASE_URL` names does not answer.
    """
    if is_ones_own(environ):
        import psycopg

        # Once, past the pool, which would go on trying for ten seconds and keep the server's words to the log.
        psycopg.connect(place_of(environ, data_dir)).close()
        yield
    elif holder_of(data_dir):
        yield
    else:
        with EmbeddedPostgres(data_dir):
            yield


def place_of(environ: Mapping[str, str], data_dir: Path) -> str:
    """The database as libpq's connection parameters, for who does without Django.

    :raises DatabaseError: `DATABASE_URL` is not a PostgreSQL address.
    """
    from psycopg.conninfo import make_conninfo

    place = database_settings(environ, data_dir)
    options = {name: value for name, value in place["OPTIONS"].items() if name != "pool"}
    where = {"dbname": place["NAME"], "user": place["USER"], "password": place.get("PASSWORD")}
    where |= {"host": place["HOST"], "port": place["PORT"], **options}
    return make_conninfo(**{name: value for name, value in where.items() if value})


def _embedded(data_dir: Path) -> dict[str, Any]:
    return {
        "NAME": DATABASE,
        "USER": ROLE,
        "HOST": str(socket_directory(data_dir)),
        "PORT": str(PORT),
    }


def _from_url(url: str) -> dict[str, Any]:
    """`postgresql://user:password@host:port/name?sslmode=require`, each part percent-encoded (RFC 3986).

    As in libpq, a host that is a directory names a unix socket, encoded (`%2Frun%2Fpostgresql`) or
    as the option `host`.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:  # whose words may hold a piece of the password
        raise DatabaseError(
            "DATABASE_URL cannot be read: percent-encode what is no letter or digit in the name and the password "
            "(/ is %2F), and give the port as a number."
        ) from None
    if parts.scheme not in ("postgresql", "postgres"):
        raise DatabaseError(
            f"DATABASE_URL must begin with postgresql://, not {parts.scheme or 'nothing'}://. "
            "Answerable needs PostgreSQL 15 or newer."
        )
    options = dict(parse_qsl(parts.query, keep_blank_values=True))
    name = unquote(parts.path.removeprefix("/")) or options.pop("dbname", "")
    if not name:
        raise DatabaseError("DATABASE_URL names no database: end it with /NAME.")
    return {
        "NAME": name,
        "USER": unquote(parts.username or "") or options.pop("user", ""),
        "PASSWORD": unquote(parts.password or "") or options.pop("password", ""),
        "HOST": unquote(_host(parts.netloc)) or options.pop("host", ""),
        "PORT": str(port or options.pop("port", "")),
        "OPTIONS": options,
    }


def _host(netloc: str) -> str:
    """The host as written: `urlsplit` lowers its case, which would break the path of a socket."""
    place = netloc.rpartition("@")[2]
    if place.startswith("["):
        return place[1:].partition("]")[0]
    return place.partition(":")[0]
