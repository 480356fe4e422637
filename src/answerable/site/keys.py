"""A restore changes the database and the keys that belong to it: both or neither, whoever is killed meanwhile.

The database changes by names, the keys by a file, and nothing does both at once. So the new keys are put down first,
with the number by which PostgreSQL knows the database they belong to, whatever its name. Whoever starts next and finds
them there sees by the number of the database in place which keys are right.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path

from answerable.site.archive import put
from answerable.site.database import available, data_directory, place_of
from answerable.site.dump import Place
from answerable.site.secrets import KEYS, WAITING


@contextlib.contextmanager
def keys_follow(place: Place, copy: Place, keys: Path, content: bytes) -> Iterator[None]:
    """If `copy` has taken the name of `place` when this ends, or whenever somebody starts next, these are the keys."""
    _write(_waiting(keys), json.dumps({"database": _number(copy), "keys": content.decode()}).encode())
    try:
        yield
    finally:
        _settle(place, keys)


def settle_keys(environ: Mapping[str, str]) -> None:
    """Finish what a restore that was killed has left of the keys.

    :raises DatabaseError: the embedded database could not be started.
    :raises psycopg.OperationalError: the database does not answer.
    """
    data_dir = data_directory(environ)
    with available(environ, data_dir):
        _settle(Place(place_of(environ, data_dir)), data_dir / KEYS)


def _settle(place: Place, keys: Path) -> None:
    told = json.loads(_waiting(keys).read_bytes())
    if told["database"] == _number(place):
        content = told["keys"].encode()
        if keys.exists() and keys.read_bytes() != content:
            keys.replace(keys.with_suffix(".before-restore.json"))
        _write(keys, content)
    _waiting(keys).unlink()


def _waiting(keys: Path) -> Path:
    return keys.with_name(WAITING)


def _number(place: Place) -> int:
    with place.connect() as connection:
        row = connection.execute("SELECT oid::bigint FROM pg_database WHERE datname = current_database()").fetchone()
    assert row
    return int(row[0])


def _write(file: Path, content: bytes) -> None:
    draft = file.with_suffix(".new")
    draft.unlink(missing_ok=True)
    draft.touch(mode=0o600)
    draft.write_bytes(content)
    put(draft, file)
