"""`answerable report`"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from functools import partial
from pathlib import Path
from tempfile import gettempdir
from typing import TYPE_CHECKING

import click

from answerable.core.said import Said, Wrong, gettext_noop, of_system, said
from answerable.measure.languages import LANGUAGES, words_of
from answerable.site.speaking import Option, Speaking, told

if TYPE_CHECKING:
    from answerable.measure.question import Question

STOPPED = 128 + signal.SIGINT
ROLES = ("asked", "answered", "solved", "reopened")


class Activities(click.ParamType[dict[str, tuple[str, ...]]]):
    """Which activities of an event log mean what: asked=Created,answered=Reply|Call."""

    name = "ROLE=ACTIVITY,..."

    def convert(
        self, value: object, param: click.Parameter | None, context: click.Context | None
    ) -> dict[str, tuple[str, ...]]:
        if isinstance(value, dict):
            return value
        found: dict[str, tuple[str, ...]] = {}
        role = ""
        for piece in str(value).split(","):
            name, is_role, activity = piece.partition("=")
            if is_role and name.strip() in ROLES:
                role = name.strip()
                found[role] = (*found.get(role, ()), activity.strip())
            elif role:
                found[role] = (*found[role][:-1], f"{found[role][-1]},{piece}")
            else:
                unlike = gettext_noop("“{text}” is not like answered=Reply; the roles are {roles}.")
                self.fail(told(Said(unlike, text=piece, roles=", ".join(ROLES)), context), param, context)
        return {
            role: tuple(each for name in names for each in name.split("|") if each) for role, names in found.items()
        }


class Out(click.ParamType[Path]):
    """Where the report goes; its ending says as what."""

    name = "FILE"
    endings = (".html", ".pdf", ".xlsx", ".json", ".csv")

    def convert(self, value: object, param: click.Parameter | None, context: click.Context | None) -> Path:
        path = Path(str(value))
        if path.suffix.lower() not in self.endings:
            unlike = gettext_noop("{path} must end in {endings}: that says what is written.")
            self.fail(told(Said(unlike, path=str(path), endings=", ".join(self.endings)), context), param, context)
        return path


class Engine(click.ParamType[str]):
    """Who counts: duckdb, here, or the master of a Spark cluster."""

    name = "ENGINE"

    def convert(self, value: object, param: click.Parameter | None, context: click.Context | None) -> str:
        from answerable.measure.cluster import ADDRESS
        from answerable.measure.question import DUCKDB

        if value != DUCKDB and not ADDRESS.fullmatch(str(value)):
            unlike = gettext_noop("{value} is neither duckdb nor the address of a master: spark://HOST:PORT.")
            self.fail(told(Said(unlike, value=str(value)), context), param, context)
        return str(value)


_FILE = click.Path(path_type=Path)
_option = partial(click.option, cls=Option)


HELP = (
    gettext_noop("Answer the six questions of customer service from FILEs of any help desk."),
    gettext_noop(
        "Reads CSV, JSON, Parquet, XLSX, HTML tables and XES: conversations, event logs, surveys, purchases. Needs no "
        "server and no database. What was guessed about the files is said; write it into a map.toml to change it."
    ),
    gettext_noop(
        "Exit code 0: the report is made of every row. 1: it is made, but rows were left out, or an indicator that the "
        "files speak of could not be measured. 2: it could not be made, and why is said."
    ),
)


@click.command("report", cls=Speaking, help="\n\n".join(HELP))
@click.argument("files", nargs=-1, required=True, type=_FILE, metavar="FILE...")
@_option(
    "--out",
    "outs",
    type=Out(),
    multiple=True,
    help=gettext_noop(
        "Write report.html, report.pdf, report.xlsx, report.json, or a directory report.csv; "
        "may be given several times."
    ),
)
@_option("--since", type=click.DateTime(["%Y-%m-%d"]), help=gettext_noop("The first day."))
@_option("--until", type=click.DateTime(["%Y-%m-%d"]), help=gettext_noop("The day after the last."))
@_option(
    "--by",
    metavar="team,channel,...",
    help=gettext_noop("Group by these: team, channel, segment, region, language."),
)
@_option("--hours", type=_FILE, help=gettext_noop("A policy document: count waiting times by its business hours."))
@_option("--targets", type=_FILE, help=gettext_noop("A policy document: hold the figures against its objectives."))
@_option("--benchmarks", type=_FILE, help=gettext_noop("A table of published figures, in place of ours."))
@_option("--costs", type=_FILE, help=gettext_noop("A file of what a contact, training or reviews cost (costs.toml)."))
@_option(
    "--scope",
    "scopes",
    multiple=True,
    metavar="SCOPE",
    help=gettext_noop("Whose published figures are like yours."),
)
@_option("--map", "mapping", type=_FILE, help=gettext_noop("A map.toml that says what the columns mean."))
@_option(
    "--language",
    type=click.Choice(LANGUAGES),
    help=gettext_noop("Of the report and of all that is said; else that of this machine."),
)
@_option(
    "--zone",
    metavar="Europe/Riga",
    help=gettext_noop("The time zone of days, and of times that name none."),
)
@_option(
    "--first",
    type=click.Choice(["day", "month"]),
    help=gettext_noop("What comes first in dates like 03/04/2026."),
)
@_option(
    "--engine",
    type=Engine(),
    default="duckdb",
    metavar="duckdb|spark://HOST:PORT",
    help=gettext_noop("What counts: here, or Spark."),
)
@_option(
    "--exchange",
    type=_FILE,
    help=gettext_noop("With Spark: a directory that this machine and its workers share."),
)
@_option(
    "--activity",
    type=Activities(),
    help=gettext_noop("What an event log's activities mean: answered=Reply|Call."),
)
def command(
    files: tuple[Path, ...],
    outs: tuple[Path, ...],
    since: datetime | None,
    until: datetime | None,
    by: str | None,
    hours: Path | None,
    targets: Path | None,
    benchmarks: Path | None,
    costs: Path | None,
    scopes: tuple[str, ...],
    mapping: Path | None,
    language: str,
    zone: str | None,
    first: str | None,
    engine: str,
    exchange: Path | None,
    activity: dict[str, tuple[str, ...]] | None,
) -> None:
    """The report; HELP says what it is."""
    from answerable.measure.question import Question

    _run(
        Question(
            files=files,
            since=_date(since),
            until=_date(until),
            by=tuple(each.strip() for each in by.split(",") if each.strip()) if by else None,
            hours=hours,
            targets=targets,
            benchmarks=benchmarks,
            costs=costs,
            scopes=scopes,
            map=mapping,
            zone=zone,
            first=first,  # type: ignore[arg-type]
            activities=activity or {},
            engine=engine,
            exchange=exchange,
        ),
        tuple(dict.fromkeys(outs)),
        language,
    )


def _date(at: datetime | None) -> date | None:
    return at.date() if at else None


def _run(question: Question, outs: tuple[Path, ...], language: str) -> None:
    """Make the report and end with its exit code."""
    from answerable.measure.document.making import make
    from answerable.site.refusal import Unmade

    words = words_of(language)
    try:
        with _stoppable(outs, words(_STOPPED)):
            code = make(question, outs, language)
    except Wrong as error:
        raise Unmade(error.said.by(words)) from None
    except OSError as error:
        why = Said("{place}: {why}.", place=str(error.filename or next(iter(outs), gettempdir())), why=of_system(error))
        raise Unmade(why.by(words)) from None
    except Exception as error:
        raise Unmade((said(_TOO_LARGE) if _is_too_large(error) else _our_fault(error)).by(words)) from None
    raise SystemExit(code)


_TOO_LARGE = gettext_noop("There is not enough memory or disk for these files. Free some, or give fewer at once.")
_STOPPED = gettext_noop("Stopped. No report was written.")


def _is_too_large(error: Exception) -> bool:
    """Whether memory or disk ran out: in Python, in DuckDB, or while a library was loaded."""
    kind = type(error).__name__
    unloaded = isinstance(error, ImportError) and "failed to map" in str(error)
    return unloaded or isinstance(error, MemoryError) or kind in ("OutOfMemoryException", "IOException")


@contextmanager
def _stoppable(outs: tuple[Path, ...], stopped: str) -> Iterator[None]:
    """Ctrl-C ends the process at once and leaves what was there before; where a report is in its place already, all are
    finished.

    An exception would not do: what is written in C takes it for a failure of its own, or loses it.
    """
    from answerable.measure import scratch

    def places() -> list[tuple[int, int] | None]:
        found = [out.stat() if out.exists() else None for out in outs]
        return [(each.st_dev, each.st_ino) if each else None for each in found]

    def stop(*_: object) -> None:
        if places() != before:
            return
        scratch.sweep()
        show_cursor = "\x1b[?25h" if sys.stderr.isatty() else ""  # the bar of progress hides it
        os.write(2, f"{show_cursor}{stopped}\n".encode())
        os._exit(STOPPED)

    before = places()
    usual = signal.signal(signal.SIGINT, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, usual)


def _our_fault(error: Exception) -> Said:
    """Keep what happened where it can be sent from, and say so: no traceback is for who asked."""
    import tempfile
    import traceback

    with tempfile.NamedTemporaryFile("w", prefix="answerable-", suffix=".txt", delete=False, encoding="utf-8") as file:
        file.write("".join(traceback.format_exception(error)))
    ours = gettext_noop("a mistake of Answerable, not of your files ({kind}). What happened is in {path}.")
    return Said(ours, kind=type(error).__name__, path=file.name)
