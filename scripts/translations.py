"""The catalogues of translations: `compile` them, `check` that they are complete, `update` them from the texts.

Compiling and checking need Babel only; updating, and checking that nothing is outdated, needs GNU gettext.
"""

from __future__ import annotations

import ast
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
PLURALS = {"lv": 3, "ka": 2, "kk": 2}  # languages besides English, and how many forms Django's own catalogues give them


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
    faults += [*wrong_languages(), *unheard(), *outdated()]
    print("\n".join(faults) or f"Translations are complete in {len(list(catalogues()))} catalogues.")
    return 1 if faults else 0


def wrong_languages() -> Iterator[str]:
    """Languages without a catalogue, and catalogues with another number of plural forms than they need."""
    found = {path.parent.parent.name: path for path in catalogues()}
    for language, forms in PLURALS.items():
        if language not in found:
            yield f"{LOCALE / language}: there is no catalogue"
        elif (given := read(found[language]).num_plurals) != forms:
            yield f"{found[language]}: {given} plural forms, and it needs {forms}"


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


def unheard() -> Iterator[str]:
    """Marks that the extraction does not see: under a name of our own, or within an f-string."""
    for path in sorted(PACKAGE.rglob("*.py")):
        nodes = list(ast.walk(ast.parse(path.read_bytes())))
        for one in (name for node in nodes if isinstance(node, ast.ImportFrom) for name in node.names):
            if "gettext" in one.name and one.asname not in (None, "_", one.name):
                yield f"{path}: line {one.lineno}: {one.name} is called {one.asname}"
        for inner in (inner for node in nodes if isinstance(node, ast.JoinedStr) for inner in ast.walk(node)):
            if isinstance(inner, ast.Call) and isinstance(inner.func, ast.Name) and is_mark(inner.func.id):
                yield f"{path}: line {inner.lineno}: a text is marked within an f-string"


def is_mark(name: str) -> bool:
    return name == "_" or "gettext" in name


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
            known = {(message.context, message.id) for message in read(path) if message.id}
            said = {(message.context, message.id) for message in read(copy / path.relative_to(PACKAGE)) if message.id}
            yield from (f"{path}: not in the catalogue (make messages): {text!r}" for _context, text in said - known)
            yield from (f"{path}: said nowhere any more (make messages): {text!r}" for _context, text in known - said)


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
