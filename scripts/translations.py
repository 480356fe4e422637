"""The catalogues of translations: `compile` them, `check` that they are complete, `update` them from the texts.

Compiling and checking need Babel only; updating, and checking that nothing is outdated, needs GNU gettext.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

PACKAGE = Path(__file__).resolve().parent.parent / "src" / "answerable"
LOCALE = PACKAGE / "locale"


def catalogues() -> Iterator[Path]:
    """Every catalogue, such as `locale/ka/LC_MESSAGES/django.po`."""
    yield from sorted(LOCALE.glob("*/LC_MESSAGES/*.po"))


def read(path: Path) -> Catalog:
    """A catalogue; an error in it stops us with its line."""
    with path.open("rb") as file:
        return read_po(file, abort_invalid=True)


def compile_all() -> int:
    """Write what Django loads (.mo) beside each catalogue."""
    for path in catalogues():
        with path.with_suffix(".mo").open("wb") as file:
            write_mo(file, read(path))
    return 0


def check() -> int:
    """Print each text that is not translated, marked fuzzy, broken or not in the catalogue yet."""
    faults = [f"{path}: {fault}" for path in catalogues() for fault in faults_of(read(path))]
    faults += outdated()
    print("\n".join(faults) or f"Translations are complete in {len(list(catalogues()))} catalogues.")
    return 1 if faults else 0


def faults_of(catalogue: Catalog) -> Iterator[str]:
    """What is wrong with a catalogue by itself, with the line of each text."""
    for message in catalogue:
        if not message.id:
            continue
        wanted = message.string if isinstance(message.string, tuple | list) else [message.string]
        if message.fuzzy:
            yield f"line {message.lineno}: fuzzy: {message.id!r}"
        elif not all(wanted):
            yield f"line {message.lineno}: not translated: {message.id!r}"
        else:
            yield from (f"line {message.lineno}: {error}: {message.id!r}" for error in message.check(catalogue))


def outdated() -> Iterator[str]:
    """Texts of the program that a catalogue does not know, by extracting them into a copy."""
    if not list(catalogues()):
        return
    if not shutil.which("xgettext"):
        print("(Not checked whether a text is missing from the catalogues: that needs GNU gettext.)")
        return
    with tempfile.TemporaryDirectory() as place:
        copy = Path(place) / "answerable"
        shutil.copytree(PACKAGE, copy, ignore=shutil.ignore_patterns("*.mo", "__pycache__"))
        extract(copy)
        for path in catalogues():
            known = {(message.context, message.id) for message in read(path)}
            for message in read(copy / path.relative_to(PACKAGE)):
                if (message.context, message.id) not in known:
                    yield f"{path}: not in the catalogue (make messages): {message.id!r}"


def extract(package: Path) -> None:
    """Bring the catalogues of a copy of the package up to date, by Django's makemessages."""
    command = [sys.executable, "-m", "django", "makemessages", "--all", "--no-obsolete", "--no-wrap", "--no-location"]
    subprocess.run(command, cwd=package, check=True, capture_output=True)


def main(arguments: list[str]) -> int:
    match arguments:
        case ["compile"]:
            return compile_all()
        case ["check"]:
            return check()
        case ["update"]:
            extract(PACKAGE)
            return compile_all()
    print(__doc__, file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
