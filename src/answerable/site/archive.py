"""The file of a backup: a ZIP with the database's dump, the keys, and a manifest that says what must be inside."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import zipfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Final

from answerable.site.dump import CHUNK, Table
from answerable.site.refusal import Refusal

FORMAT: Final = 1
DUMP: Final = "database.dump"
KEYS: Final = "secrets.json"
MANIFEST: Final = "manifest.json"


class BackupError(Refusal):
    """A backup cannot be written, or is not what it should be; the text is for a person."""


@dataclass(frozen=True)
class Manifest:
    """What a backup holds. `migrations` are `app.name`, `sha256` is the dump's, sizes are in bytes."""

    format: int
    version: str
    made_at: str
    postgresql: int
    migrations: list[str]
    tables: dict[str, Table]
    sha256: str
    size: int

    @property
    def rows(self) -> int:
        """Rows in all tables."""
        return sum(table.rows for table in self.tables.values())


@contextlib.contextmanager
def drafted(file: Path) -> Iterator[Path]:
    """A draft that only its owner may read. It gets the file's name, and is on disk, if all that is done with it here
    goes well; until then what had that name before is there.

    :raises BackupError: the directory is not there, or may not be written, or the name is no file's.
    """
    if file.exists() and not file.is_file():
        raise BackupError(f"{file} is no file. A backup is read again to check it, so it needs a place on a disk.")
    file = file.resolve()
    draft = file.with_name(f".{file.name}.part")
    try:
        draft.unlink(missing_ok=True)  # of one that was killed
        os.close(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    except OSError as error:
        raise BackupError(f"{file} cannot be written: {error.strerror}.") from None
    try:
        yield draft
        put(draft, file)
    finally:
        draft.unlink(missing_ok=True)


def put(draft: Path, file: Path) -> None:
    """Give a finished draft its name, such that a power cut leaves the old file or the new one."""
    with draft.open("rb") as content:
        os.fsync(content.fileno())
    draft.replace(file)
    directory = os.open(file.parent, os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)


def add(archive: zipfile.ZipFile, source: IO[bytes]) -> tuple[str, int]:
    """Put the dump in; its SHA-256 and size."""
    digest, size = hashlib.sha256(), 0
    with archive.open(DUMP, "w", force_zip64=True) as target:
        while chunk := source.read(CHUNK):
            digest.update(chunk)
            size += len(chunk)
            target.write(chunk)
    return digest.hexdigest(), size


def close(archive: zipfile.ZipFile, manifest: Manifest, keys: bytes) -> None:
    """Put the keys and the manifest in."""
    archive.writestr(KEYS, keys)
    archive.writestr(MANIFEST, json.dumps(asdict(manifest), indent=1))


@contextlib.contextmanager
def opened(file: Path) -> Iterator[tuple[zipfile.ZipFile, Manifest]]:
    """A backup, every byte of which has been checked.

    :raises BackupError: it is none, it is damaged, or it is of a format of the future.
    """
    try:
        archive = zipfile.ZipFile(file)
    except FileNotFoundError:
        raise BackupError(f"There is no file {file}.") from None
    except (OSError, zipfile.BadZipFile):
        raise BackupError(f"{file} is not a backup of Answerable, or its end is missing.") from None
    with archive:
        try:
            told = json.loads(archive.read(MANIFEST))
            archive.read(KEYS)
            if told["format"] != FORMAT:
                raise BackupError(f"{file} was written by a later version of Answerable ({told['version']}).")
            told["tables"] = {name: Table(**table) for name, table in told["tables"].items()}
            manifest = Manifest(**told)
            digest = hashlib.sha256()
            for chunk in chunks(archive):
                digest.update(chunk)
        except (KeyError, TypeError, ValueError, zipfile.BadZipFile) as error:
            raise BackupError(f"{file} is damaged or not a backup of Answerable ({error}).") from None
        if digest.hexdigest() != manifest.sha256:
            raise BackupError(f"{file} is damaged: the database in it is not the one that was written.")
        yield archive, manifest


def chunks(archive: zipfile.ZipFile) -> Iterator[bytes]:
    """The dump, piece by piece."""
    with archive.open(DUMP) as source:
        while chunk := source.read(CHUNK):
            yield chunk
