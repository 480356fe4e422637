"""From a question to a report where it was asked for, with progress, and the exit code it ends with."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Timer
from typing import TYPE_CHECKING

from answerable.measure.document import Pen, document, pen_of
from answerable.measure.languages import words_of
from answerable.measure.question import Nothing, Question, Refused
from answerable.measure.study import Progress, Study, study
from answerable.measure.words import Said, gettext_noop

if TYPE_CHECKING:
    from rich.console import Console

    from answerable.measure.document.model import Document

FINE, WITH_FAULTS = 0, 1
SOON_SECONDS = 1.0


def make(question: Question, outs: Sequence[Path], language: str) -> int:
    """Read and measure; write it to each place, or show it where there is none.

    Answers 0, or 1 where rows were left out or nothing could be made of a file.
    """
    from rich.console import Console

    for out in outs:
        if not (folder := out.absolute().parent).is_dir():
            raise Refused(Said(gettext_noop("{path}: there is no such directory."), path=str(folder)))
        _spare(out, question)
    errors = Console(stderr=True, highlight=False, soft_wrap=True)
    try:
        return _make(question, outs, language, errors)
    except Nothing as refusal:
        raise Refused(_mapped(refusal, question)) from refusal


def _mapped(refusal: Nothing, question: Question) -> Said:
    """Why nothing could be made, and the map.toml in which the columns can be named."""
    path = Path("map.toml")
    if not refusal.map:
        return refusal.said
    if question.map is not None:
        return _and(refusal, Said(gettext_noop("Name the columns in {path}."), path=str(question.map)))
    if not path.exists():
        path.write_text(refusal.map, "utf-8")
        written = gettext_noop("Their columns are written to {path}: name them there and give it back with --map.")
        return _and(refusal, Said(written, path=str(path)))
    there = gettext_noop("Name the columns with --map; {path} is there already and was not touched.")
    return _and(refusal, Said(there, path=str(path)))


def _and(refusal: Nothing, more: Said) -> Said:
    return Said("{problem} {remedy}", problem=refusal.said, remedy=more)


def _make(question: Question, outs: Sequence[Path], language: str, errors: Console) -> int:
    from rich.console import Console

    with progress(errors, Pen(words_of(language), language, "UTC")) as say, study(question, say) as found:
        pen = pen_of(found, language)
        if not outs:
            from answerable.measure.document.terminal import show

            say("", 1.0)
            show(found, pen, Console(highlight=False))
        else:
            say(gettext_noop("writing"), 0.0)
            write(found, outs, language)
            say("", 1.0)
            _say_where(errors, pen, found, outs)
            for remark in found.remarks:
                errors.print(pen(remark), markup=False)
        _propose(errors, pen, question, found)
        return WITH_FAULTS if faulty(found) else FINE


def _spare(out: Path, question: Question) -> None:
    """Nothing that is read is written over. Raises Refused."""
    given = (*question.files, question.map, question.hours, question.targets, question.benchmarks, question.costs)
    for each in given:
        if each is None or not each.exists() or not out.exists():
            continue
        if out.samefile(each) or (out.is_dir() and out.resolve() in each.resolve().parents):
            over = gettext_noop(
                "{out}: The report would be written over {path}, which it is made of. Name another file."
            )
            raise Refused(Said(over, out=str(out), path=str(each)))


def faulty(found: Study) -> bool:
    """Whether rows were left out, data errors found, or a file meant nothing."""
    return bool(found.reading.bad_count or found.report.errors or _unused(found))


def _unused(found: Study) -> list[str]:
    """The parts that meant nothing of files of which no other part did. A sheet of notes beside the tickets is none."""
    used = {file.name.split("#")[0] for file in found.reading.files if file.mapping.kind != "ignore"}
    return [file.name for file in found.reading.files if file.name.split("#")[0] not in used]


def write(found: Study, outs: Sequence[Path], language: str) -> None:
    """The report at each place, in the form its ending names. Raises OSError."""
    made = document(found, language)
    for out in outs:
        _write(made, found, out)


def _write(made: Document, found: Study, out: Path) -> None:
    from answerable.measure.document.keeping import keep, keep_directory

    match out.suffix.lower():
        case ".json":
            from answerable.measure.document.data import as_json

            keep(out, as_json(made, found))
        case ".html":
            from answerable.measure.document.page import as_html

            keep(out, as_html(made))
        case ".pdf":
            from answerable.measure.document.paper import as_pdf

            keep(out, as_pdf(made))
        case ".xlsx":
            from answerable.measure.document.keeping import keep_file
            from answerable.measure.document.workbook import as_workbook

            keep_file(out, lambda path: as_workbook(made, found, path))
        case _:
            from answerable.measure.document.sheets import fill

            keep_directory(out, lambda folder: fill(made, found, folder), "figures.csv")


def _say_where(console: Console, pen: Pen, found: Study, outs: Sequence[Path]) -> None:
    from rich.text import Text

    from answerable.measure.document.method import unusable

    said = pen(gettext_noop("Written: {path}"), path=", ".join(map(str, outs)))
    if bad := found.reading.bad_count:
        said += " · " + unusable(bad, pen)
    console.print(Text(said))


def _propose(console: Console, pen: Pen, question: Question, found: Study) -> None:
    """Where columns were guessed by their headers alone, write the guess as map.toml and say so."""
    from rich.text import Text

    unused = _unused(found)
    guessed = [file.name for file in found.reading.files if file.name in unused or _guessed(file.mapping)]
    if question.map is not None or not guessed:
        return
    path = Path("map.toml")
    said = gettext_noop("{files}: what the columns mean was guessed. {path} is there already and was not touched.")
    if not path.exists():
        found.reading.write_map(path)
        said = gettext_noop(
            "{files}: what the columns mean was guessed and written to {path}; correct it and give it back with --map."
        )
    console.print(Text(pen(said, files=", ".join(guessed), path=str(path))))


def _guessed(mapping: object) -> bool:
    from answerable.measure.reading.mapping import FileMap

    if not isinstance(mapping, FileMap) or mapping.system is not None or mapping.kind == "ignore":
        return False
    return mapping.kind != "events" or "answered" not in mapping.activities


@contextmanager
def progress(console: Console, pen: Pen) -> Iterator[Progress]:
    """A bar on a terminal for what takes longer than a second; nothing elsewhere."""
    from rich.progress import BarColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bar

    bar = Bar(
        TextColumn("{task.description}", markup=False), BarColumn(), TimeElapsedColumn(),
        console=console, transient=True, disable=not console.is_terminal,
    )  # fmt: skip
    task = bar.add_task("", total=1.0)
    soon = Timer(SOON_SECONDS, bar.start)
    soon.daemon = True
    soon.start()

    def end() -> None:
        soon.cancel()
        soon.join()
        bar.stop()

    def say(what: str, share: float) -> None:
        if what:
            bar.update(task, description=pen(what), completed=share)
        else:
            end()

    try:
        yield say
    finally:
        end()
