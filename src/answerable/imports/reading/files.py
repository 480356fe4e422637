"""What was given, opened: files, and the files inside ZIP and gzip archives, within limits."""

import gzip
import io
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from django.utils.translation import gettext as _

from answerable.imports.reading.failures import Unreadable

MOST_UNPACKED = 50 << 30
"""Bytes of all files inside an archive."""
WORST_RATIO = 200
"""What unpacks to more than so many times its size, past a megabyte, is no export."""
MOST_MEMBERS = 100_000


@dataclass(frozen=True)
class Given:
    """A file as it was given: where it lies, and what whoever gave it calls it."""

    path: Path
    name: str

    @classmethod
    def at(cls, path: Path) -> "Given":
        """One that lies under its own name."""
        return cls(path, path.name)


class Source:
    """A file to be read: its name, and how to open it."""

    def __init__(self, name: str, path: Path, member: str = "") -> None:
        self.name, self.path, self.member = name, path, member

    @contextmanager
    def opened(self) -> Iterator[IO[bytes]]:
        """Its bytes. Raises Unreadable for what is packed too well."""
        with ExitStack() as stack:
            if self.member:
                archive = stack.enter_context(zipfile.ZipFile(self.path))
                yield io.BufferedReader(_Bounded(stack.enter_context(archive.open(self.member)), self.name))
                return
            stream = stack.enter_context(self.path.open("rb"))
            if _head(self.path).startswith(b"\x1f\x8b"):
                packed = self.path.stat().st_size
                most = max(1 << 20, packed * WORST_RATIO)
                unpacked = stack.enter_context(gzip.GzipFile(fileobj=stream))
                yield io.BufferedReader(_Bounded(unpacked, self.name, most))
            else:
                yield stream

    @contextmanager
    def text(self) -> Iterator[IO[str]]:
        """Its characters: UTF-8, with or without a mark; what is damaged is replaced."""
        with self.opened() as stream, io.TextIOWrapper(stream, "utf-8-sig", errors="replace") as text:
            yield text

    def head(self) -> str:
        """How it begins."""
        with self.opened() as stream:
            return stream.read(4096).decode("utf-8-sig", "replace")


def sources(files: Sequence[Given]) -> list[Source]:
    """All there is to read, in the order of the names. Raises Unreadable for what cannot be opened."""
    found: list[Source] = []
    for given in files:
        if not given.path.is_file():
            raise Unreadable(_("There is no file %(file)s.") % {"file": given.name})
        if _head(given.path).startswith(b"PK\x03\x04"):
            found += _members(given)
        else:
            found.append(Source(given.name, given.path))
    if not found:
        raise Unreadable(_("Give at least one file of the export."))
    return found


def _members(given: Given) -> list[Source]:
    path = given.path
    try:
        with zipfile.ZipFile(path) as archive:
            members = [info for info in archive.infolist() if not info.is_dir()]
    except (zipfile.BadZipFile, OSError) as error:
        words = _("%(file)s is a broken archive: %(why)s. Download it again.")
        raise Unreadable(words % {"file": given.name, "why": error}) from None
    if any(info.flag_bits & 1 for info in members):
        raise Unreadable(_("%(file)s asks for a password. Unpack it first.") % {"file": given.name})
    packed = sum(info.compress_size for info in members)
    unpacked = sum(info.file_size for info in members)
    if len(members) > MOST_MEMBERS or unpacked > min(MOST_UNPACKED, max(1 << 20, packed * WORST_RATIO)):
        raise Unreadable(
            _("%(file)s holds far more than its size says. Unpack it, and give the files inside.")
            % {"file": given.name}
        )
    shown = [info for info in members if not Path(info.filename).name.startswith(".")]
    return [Source(f"{given.name}/{info.filename}", path, info.filename) for info in shown]


def _head(path: Path) -> bytes:
    with path.open("rb") as stream:
        return stream.read(4)


class _Bounded(io.RawIOBase):
    """An unpacked stream that is read so far and no further."""

    def __init__(self, inner: IO[bytes] | gzip.GzipFile, name: str, most: int = MOST_UNPACKED) -> None:
        self._inner, self._name, self._left = inner, name, most

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        view = memoryview(buffer)
        try:
            found = self._inner.read(len(view))
        except (OSError, EOFError, zipfile.BadZipFile, zlib.error) as error:
            words = _("%(file)s is a broken archive: %(why)s. Download it again.")
            raise Unreadable(words % {"file": self._name, "why": error}) from None
        self._left -= len(found)
        if self._left < 0:
            raise Unreadable(_("%(file)s holds far more than its size says. Unpack it first.") % {"file": self._name})
        view[: len(found)] = found
        return len(found)
