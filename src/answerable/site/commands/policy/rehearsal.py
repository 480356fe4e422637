"""`answerable policy rehearse`"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import IO, TYPE_CHECKING
from zoneinfo import ZoneInfo

import click

from answerable.site.commands.policy.documents import database, refuse, text_of
from answerable.site.commands.report import Activities
from answerable.site.refusal import Refusal, Unmade

if TYPE_CHECKING:
    from answerable.core.policy import Policy
    from answerable.core.rehearsal import Comparison
    from answerable.measure.rehearsing import Imported
    from answerable.measure.words import Said

STOPPED = 128 + signal.SIGINT
FIELDS = ("channel", "priority", "segment", "region", "language", "team")
Say = Callable[[str, float], None]
_FILE = click.Path(path_type=Path)


class Assumed(click.ParamType[tuple[str, str]]):
    """A fact of every conversation that the files do not tell: channel=email."""

    name = "FIELD=VALUE"

    def convert(self, value: object, param: click.Parameter | None, context: click.Context | None) -> tuple[str, str]:
        field, equals, fact = str(value).partition("=")
        if not equals or field not in FIELDS or not fact.strip():
            self.fail(f"{value!r} is not like channel=email; the fields are {', '.join(FIELDS)}.", param, context)
        return field, fact.strip()


class Out(click.ParamType[Path]):
    """Where the comparison goes; its ending says as what."""

    name = "FILE"
    endings = (".json", ".csv")

    def convert(self, value: object, param: click.Parameter | None, context: click.Context | None) -> Path:
        path = Path(str(value))
        if path.suffix.lower() not in self.endings:
            self.fail(f"{path} must end in {' or '.join(self.endings)}: that says what is written.", param, context)
        return path


@click.command("rehearse")
@click.argument("draft", type=click.File("rb"), metavar="DRAFT")
@click.option("--on", "files", multiple=True, type=_FILE, metavar="FILE", help="Replay an export or an event log.")
@click.option(
    "--since",
    type=click.DateTime(["%Y-%m-%d"]),
    help="Conversations begun since this day; the desk's own without --on.",
)
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="Conversations begun before this day.")
@click.option("--against", type=click.File("rb"), metavar="FILE", help="Another policy than the one in force.")
@click.option("--out", type=Out(), help="Write rehearsal.json or rehearsal.csv as well.")
@click.option("--json", "as_json", is_flag=True, help="Write the comparison as JSON.")
@click.option("--assume", "assumed", multiple=True, type=Assumed(), help="What the files do not say: channel=email.")
@click.option("--map", "mapping", type=_FILE, help="A map.toml that says what the columns mean.")
@click.option("--activity", type=Activities(), help="What an event log's activities mean: answered=Reply|Call.")
@click.option("--zone", metavar="Europe/Riga", help="The time zone of days and nights, and of times that name none.")
@click.option("--first", type=click.Choice(["day", "month"]), help="What comes first in dates like 03/04/2026.")
def rehearse(
    draft: IO[bytes], files: tuple[Path, ...], since: datetime | None, until: datetime | None,
    against: IO[bytes] | None, out: Path | None, as_json: bool, assumed: tuple[tuple[str, str], ...],
    mapping: Path | None, activity: dict[str, tuple[str, ...]] | None, zone: str | None, first: str | None,
) -> None:  # fmt: skip
    """Replay what happened under DRAFT and under the policy in force, and say what would have been different.

    What happened is the desk's own history since a day, or files of any help desk (--on): exports of conversations
    and event logs, as `answerable report` reads them. With --on and --against it needs no database.

    For each promise: how many would have been kept, with the interval. How many escalations a day, whom they would
    have told, and whom they would have woken: told between 22:00 and 07:00 of their own time zone.

    Exit code 0: rehearsed. 1: a policy has mistakes, or nothing could be rehearsed. 2: wrong usage.
    """
    if not files and since is None:
        raise click.UsageError("Say what to rehearse on: --on FILE, or --since DATE for the desk's own history.")
    if not files and (assumed or mapping or activity or first or zone):
        raise click.UsageError("--assume, --map, --activity, --zone and --first are about files: name them with --on.")
    if since and until and until <= since:
        raise click.UsageError("--until is not after --since.")
    asked = _Asked(draft, against, files, _day(since), _day(until), dict(assumed), mapping, activity or {}, zone, first)
    try:
        found, notes = asked.on_files() if files else asked.on_desk()
    except KeyboardInterrupt:
        click.echo("Stopped. Nothing was written.", err=True)
        sys.exit(STOPPED)
    _write(asked, found, notes, out, as_json)


def _day(at: datetime | None) -> date | None:
    return at.date() if at else None


class _Asked:
    def __init__(
        self, draft: IO[bytes], against: IO[bytes] | None, files: tuple[Path, ...], since: date | None,
        until: date | None, assumed: Mapping[str, str], mapping: Path | None,
        activities: Mapping[str, tuple[str, ...]], zone: str | None, first: str | None,
    ) -> None:  # fmt: skip
        self.draft_file, self.against_file, self.files = draft, against, files
        self.since, self.until, self.assumed, self.mapping = since, until, assumed, mapping
        self.activities, self.zone, self.first = activities, zone, first
        self.named = "the policy in force"
        self.now: Policy
        self.draft: Policy

    def on_files(self) -> tuple[Comparison, tuple[Said, ...]]:
        """Needs a database only for the policy in force."""
        from answerable.measure.reading import MappingError, Unreadable
        from answerable.measure.rehearsing import NothingToRehearse

        if self.against_file is None:
            with database():
                self._compile(in_force=True)
        else:
            self._compile(in_force=False)
        try:
            with _stoppable(), _progress() as say:
                return self._replay_files(say)
        except (Unreadable, MappingError) as error:
            raise Unmade(str(error)) from None
        except NothingToRehearse as error:
            raise Refusal(str(error)) from None

    def _replay_files(self, say: Say) -> tuple[Comparison, tuple[Said, ...]]:
        from answerable.core.rehearsal import rehearse as replay
        from answerable.measure.reading import read
        from answerable.measure.rehearsing import People, imported

        zone = self.zone or _zone(self.draft)
        with read(
            self.files, self.mapping, say, zone=zone, first=self.first,  # type: ignore[arg-type]
            activities=self.activities or None,
        ) as reading:  # fmt: skip
            say("arranging", 0.0)
            bounds = {"since": _instant(self.since, zone), "until": _instant(self.until, zone)}
            found: Imported = imported(reading, (self.now, self.draft), zone=zone, assumed=self.assumed, **bounds)
        who = People(found, zone).told
        compared = replay(
            found.history, self.now, self.draft, who, time_zone=zone,
            progress=lambda share: say("replaying under both policies", share),
        )  # fmt: skip
        return compared, found.notes

    def on_desk(self) -> tuple[Comparison, tuple[Said, ...]]:
        """Everything of every team."""
        with database(), _progress() as say:
            from django.utils import timezone

            from answerable.core.rehearsal import micros
            from answerable.core.rehearsal import rehearse as replay
            from answerable.events.wire import conninfo
            from answerable.insight.rehearsing.desk import Period, read_desk
            from answerable.insight.rehearsing.people import People
            from answerable.people.middleware import company_zone
            from answerable.people.models import Team

            self._compile(in_force=self.against_file is None)
            zone = str(company_zone())
            assert self.since is not None
            since = _instant(self.since, zone) or 0
            until = _instant(self.until, zone) or _instant(date.today() + timedelta(days=2), zone) or 0  # noqa: DTZ011
            teams = tuple(Team.objects.values_list("pk", flat=True))
            period = Period(since, until, teams, micros(timezone.now()))
            desk = read_desk(conninfo(), period, say)
            if not len(desk.history.ids):
                raise Refusal(f"No conversation has begun since {self.since}.")
            people = People(desk.teams, desk.assignees)
            found = replay(
                desk.history,
                self.now,
                self.draft,
                people.told,
                time_zone=zone,
                others_from=people.others_from,
                progress=lambda share: say("replaying under both policies", share),
            )
            return found, ()

    def _compile(self, *, in_force: bool) -> None:
        from answerable.measure.public_holidays import holidays_of

        known = None
        document, name = None, ""
        if in_force or not self.files:
            from answerable.policy.actions import known_names
            from answerable.policy.models import Version

            known = known_names() if not self.files else None
            version = Version.objects.filter(state=Version.State.IN_FORCE).first()
            if self.against_file is None:
                if version is None:
                    raise Refusal("No policy is in force to compare with. Name one with --against.")
                document, name = version.document, f"version {version.number}"
                self.named = f"“{version.title}”, in force as version {version.number}"
        if self.against_file is not None:
            document, name = text_of(self.against_file), self.against_file.name
        assert document is not None
        self.now = _compiled(document, name, None, holidays_of)
        if self.against_file is not None:
            self.named = f"“{self.now.title}” ({name})"
        self.draft = _compiled(text_of(self.draft_file), self.draft_file.name, known, holidays_of)


def _compiled(document: str, name: str, known: object, holidays: object) -> Policy:
    from answerable.core.policy import PolicyErrors, compile_policy

    try:
        return compile_policy(document, holidays=holidays, known=known)  # type: ignore[arg-type]
    except PolicyErrors as errors:
        refuse(name, errors, as_json=False)


def _zone(policy: Policy) -> str:
    """That of the first hours of a policy."""
    from answerable.core.policy import ALWAYS

    return next((calendar.time_zone for name, calendar in policy.hours.items() if name != ALWAYS), "UTC")


def _instant(day: date | None, zone: str) -> int | None:
    return int(datetime.combine(day, time(), ZoneInfo(zone)).timestamp()) if day else None


@contextmanager
def _progress() -> Iterator[Say]:
    from rich.console import Console

    from answerable.measure.document.making import progress
    from answerable.measure.document.pen import Pen
    from answerable.measure.languages import words_of

    with progress(Console(stderr=True, highlight=False), Pen(words_of("en"), "en", "UTC")) as say:
        yield say


@contextmanager
def _stoppable() -> Iterator[None]:
    """Ctrl-C ends the process at once: what is written in C would take an exception for a failure of its own."""
    from answerable.measure import scratch

    def stop(*_: object) -> None:
        scratch.sweep()
        show_cursor = "\x1b[?25h" if sys.stderr.isatty() else ""  # the bar of progress hides it
        os.write(2, f"{show_cursor}Stopped. Nothing was written.\n".encode())
        os._exit(STOPPED)

    usual = signal.signal(signal.SIGINT, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, usual)


def _write(asked: _Asked, found: Comparison, notes: tuple[Said, ...], out: Path | None, as_json: bool) -> None:
    from answerable.site.commands.policy import comparison

    names = comparison.Names(asked.now, asked.draft, asked.named)
    if out is not None:
        comparison.save(out, found, names, notes)
        click.echo(f"Written: {out}", err=True)
    if as_json:
        click.echo(comparison.as_json(found, names, notes))
    else:
        comparison.show(found, names, notes)
