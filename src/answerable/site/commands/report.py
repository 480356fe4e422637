"""`answerable report`"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from tempfile import gettempdir
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from answerable.measure.study import Question

LANGUAGES = ("en", "lv", "ka", "kk")
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
                self.fail(f"{piece!r} is not like answered=Reply; the roles are {', '.join(ROLES)}.", param, context)
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
            self.fail(f"{path} must end in {', '.join(self.endings)}: that says what is written.", param, context)
        return path


class Engine(click.ParamType[str]):
    """Who counts: duckdb, here, or the master of a Spark cluster."""

    name = "ENGINE"

    def convert(self, value: object, param: click.Parameter | None, context: click.Context | None) -> str:
        from answerable.measure.cluster import ADDRESS
        from answerable.measure.study import DUCKDB

        if value != DUCKDB and not ADDRESS.fullmatch(str(value)):
            self.fail(f"{value} is neither duckdb nor the address of a master: spark://HOST:PORT.", param, context)
        return str(value)


_FILE = click.Path(path_type=Path)


@click.command("report")
@click.argument("files", nargs=-1, required=True, type=_FILE, metavar="FILE...")
@click.option(
    "--out", type=Out(), help="Write report.html, report.pdf, report.xlsx, report.json, or a directory report.csv."
)
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), help="The first day.")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="The day after the last.")
@click.option("--by", metavar="team,channel,...", help="Group by these: team, channel, segment, region, language.")
@click.option("--hours", type=_FILE, help="A policy document: count waiting times by its business hours.")
@click.option("--targets", type=_FILE, help="A policy document: hold the figures against its objectives.")
@click.option("--benchmarks", type=_FILE, help="A table of published figures, in place of ours.")
@click.option("--costs", type=_FILE, help="A file of what a contact, training or reviews cost (costs.toml).")
@click.option("--scope", "scopes", multiple=True, metavar="SCOPE", help="Whose published figures are like yours.")
@click.option("--map", "mapping", type=_FILE, help="A map.toml that says what the columns mean.")
@click.option("--language", type=click.Choice(LANGUAGES), default="en", show_default=True, help="Of the report.")
@click.option("--zone", metavar="Europe/Riga", help="The time zone of days, and of times that name none.")
@click.option("--first", type=click.Choice(["day", "month"]), help="What comes first in dates like 03/04/2026.")
@click.option(
    "--engine", type=Engine(), default="duckdb", metavar="duckdb|spark://HOST:PORT", help="What counts: here, or Spark."
)
@click.option("--exchange", type=_FILE, help="With Spark: a directory that this machine and its workers share.")
@click.option("--activity", type=Activities(), help="What an event log's activities mean: answered=Reply|Call.")
def command(
    files: tuple[Path, ...],
    out: Path | None,
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
    """Answer the six questions of customer service from FILEs of any help desk.

    Reads CSV, JSON, Parquet, XLSX and XES: conversations, event logs, surveys, purchases. Needs no server and no
    database. What was guessed about the files is said; write it into a map.toml to change it.

    Exit code 0: the report is made of every row. 1: it is made, but rows were left out, or an indicator that the
    files speak of could not be measured. 2: it could not be made, and why is said.
    """
    from answerable.measure.study import Question

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
        out,
        language,
    )


def _date(at: datetime | None) -> date | None:
    return at.date() if at else None


def _run(question: Question, out: Path | None, language: str) -> None:
    """Make the report and end with its exit code."""
    from answerable.measure.cluster import NoCluster
    from answerable.measure.costs import WrongCosts
    from answerable.measure.document.making import make
    from answerable.measure.promises import NoPolicy
    from answerable.measure.reading import MappingError, Unreadable
    from answerable.measure.study import Refused
    from answerable.site.refusal import Unmade

    try:
        with _stoppable(out):
            code = make(question, out, language)
    except (Unreadable, MappingError, Refused, NoPolicy, WrongCosts, NoCluster) as error:
        raise Unmade(str(error)) from None
    except OSError as error:
        raise Unmade(f"{error.filename or out or gettempdir()}: {error.strerror or error}.") from None
    except Exception as error:
        raise Unmade(_TOO_LARGE if _is_too_large(error) else _our_fault(error)) from None
    raise SystemExit(code)


_TOO_LARGE = "There is not enough memory or disk for these files. Free some, or give fewer at once."


def _is_too_large(error: Exception) -> bool:
    """Whether memory or disk ran out: in Python, in DuckDB, or while a library was loaded."""
    kind = type(error).__name__
    unloaded = isinstance(error, ImportError) and "failed to map" in str(error)
    return unloaded or isinstance(error, MemoryError) or kind in ("OutOfMemoryException", "IOException")


@contextmanager
def _stoppable(out: Path | None) -> Iterator[None]:
    """Ctrl-C ends the process at once and leaves what was there before; a report in its place already is finished.

    An exception would not do: what is written in C takes it for a failure of its own, or loses it.
    """
    from answerable.measure import scratch

    def place() -> tuple[int, int] | None:
        found = out.stat() if out is not None and out.exists() else None
        return (found.st_dev, found.st_ino) if found else None

    def stop(*_: object) -> None:
        if place() != before:
            return
        scratch.sweep()
        show_cursor = "\x1b[?25h" if sys.stderr.isatty() else ""  # the bar of progress hides it
        os.write(2, f"{show_cursor}Stopped. No report was written.\n".encode())
        os._exit(STOPPED)

    before = place()
    usual = signal.signal(signal.SIGINT, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, usual)


def _our_fault(error: Exception) -> str:
    """Keep what happened where it can be sent from, and say so: no traceback is for who asked."""
    import tempfile
    import traceback

    with tempfile.NamedTemporaryFile("w", prefix="answerable-", suffix=".txt", delete=False, encoding="utf-8") as file:
        file.write("".join(traceback.format_exception(error)))
    return f"a mistake of Answerable, not of your files ({type(error).__name__}). What happened is in {file.name}."
