"""`answerable import`"""

import json
import os
import time
from collections.abc import Mapping as Words
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

if TYPE_CHECKING:
    from answerable.desk.models import Inbox
    from answerable.imports.models import Import

SYSTEMS: Final = ("zendesk", "freshdesk", "zammad", "osticket", "chatwoot")
SHOWN: Final = 3
"""Remarks of each reason."""


@click.command("import")
@click.argument("system", type=click.Choice(SYSTEMS))
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--inbox", "inbox", required=True, metavar="ADDRESS", help="The inbox conversations go to.")
@click.option("--group", "groups", multiple=True, metavar="GROUP=ADDRESS", help="Those of a group go to this inbox.")
@click.option(
    "--status", "statuses", multiple=True, metavar="THEIRS=OURS", help="Such as hold=on_hold or spam=leave_out."
)
@click.option("--priority", "priorities", multiple=True, metavar="THEIRS=OURS", help="Such as P1=urgent.")
@click.option("--person", "people", multiple=True, metavar="THEIRS=OURS", help="Addresses of one member of staff.")
@click.option("--zone", default="UTC", show_default=True, help="Of times that do not say theirs.")
@click.option("--account", default="", help="A name of yours, when you take over several desks of one system.")
@click.option("--look", is_flag=True, help="Only say what the files hold and what it would mean here.")
@click.option("--json", "as_json", is_flag=True, help="For a machine: one JSON object.")
def command(system: str, files: tuple[Path, ...], inbox: str, look: bool, as_json: bool, **chosen: Any) -> None:
    """Take over what another help desk knew, from its export.

    Conversations come over whole and once: started again, after whatever happened, it goes on with what is not here
    yet. Nobody is written to, and no promise begins. docs/howto/import.md says which files each system gives.
    """
    from answerable.site import processes
    from answerable.site.database import available, data_directory

    with available(os.environ, data_directory(os.environ)):
        processes.prepare()
        from answerable.imports.models import Import
        from answerable.imports.reading.files import Given
        from answerable.imports.running import work_on
        from answerable.measure import scratch
        from answerable.site.schema import bring_up_to_date

        bring_up_to_date()
        row = _begun(system, files, inbox, look, chosen)
        folder, began = scratch.make(prefix="answerable-import-"), time.monotonic()
        try:
            _with_progress(lambda say: work_on(row, [Given.at(path) for path in files], folder, say), quiet=as_json)
        finally:
            scratch.remove(folder)
        row.refresh_from_db()
        if look and row.state == Import.State.READY:
            Import.objects.filter(pk=row.pk).delete()
        say(row, time.monotonic() - began, as_json)


def _begun(system: str, files: tuple[Path, ...], inbox: str, look: bool, chosen: Words[str, Any]) -> "Import":
    from answerable.desk.models import Priority, Status
    from answerable.imports.actions import begin_at_once
    from answerable.imports.mapping import LEAVE_OUT, Mapping
    from answerable.imports.models import Import

    mapping = Mapping(
        _pairs("--status", chosen["statuses"], {*Status.values, LEAVE_OUT}),
        _pairs("--priority", chosen["priorities"], {one.name.lower() for one in Priority}),
        {group: _inbox(address).pk for group, address in _pairs("--group", chosen["groups"]).items()},
        _pairs("--person", chosen["people"]),
    )
    given = {"system": system, "account": chosen["account"], "inbox": _inbox(inbox), "zone": _zone(chosen["zone"])}
    if look:
        return Import.objects.create(**given, files=[path.name for path in files])
    return begin_at_once(**given, files=[str(path) for path in files], mapping=mapping, by=None)


def _pairs(option: str, given: tuple[str, ...], allowed: set[str] | None = None) -> dict[str, str]:
    found = {}
    for one in given:
        theirs, equals, ours = one.rpartition("=")
        if not equals or not ours or (allowed is not None and ours not in allowed):
            expected = f"THEIRS and one of {', '.join(sorted(allowed))}" if allowed else "THEIRS=OURS"
            raise click.BadParameter(f"“{one}” should be {expected}", param_hint=option)
        found[theirs] = ours
    return found


def _inbox(address: str) -> "Inbox":
    from answerable.desk.models import Inbox

    row = Inbox.objects.filter(retired_at=None, address=address.lower()).select_related("team").first()
    if row is None:
        raise click.BadParameter(f"there is no inbox {address}", param_hint="--inbox")
    return row


def _zone(name: str) -> str:
    from zoneinfo import ZoneInfo

    try:
        return ZoneInfo(name).key
    except (LookupError, ValueError, OSError):
        raise click.BadParameter(f"there is no time zone {name}; such as Europe/Riga", param_hint="--zone") from None


def _with_progress(work: Any, *, quiet: bool) -> None:
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True, quiet=quiet), transient=True) as bar:
        task = bar.add_task("Reading and taking over", total=1.0)
        work(lambda share: bar.update(task, completed=share))


def say(row: "Import", seconds: float, as_json: bool) -> None:
    """What a run that took so many seconds came to. Raises Refusal where it failed."""
    from answerable.imports.models import Import
    from answerable.imports.reasons import sentence
    from answerable.site.refusal import Refusal

    if row.state == Import.State.FAILED:
        raise Refusal(row.error)
    told = row.found | {"mapping": row.mapping} if row.state == Import.State.READY else row.report
    if as_json:
        listed = [
            {"about": one.about, "reason": one.reason, "words": sentence(one.reason, one.words)}
            for one in row.remarks.all()
        ]
        click.echo(json.dumps({"state": row.state, **told, "listed": listed}, ensure_ascii=False))
        return None
    if row.state == Import.State.READY:
        return _say_found(told)
    rate = told["tickets"] / max(seconds, 0.001)
    click.echo(
        f"{_many(told['tickets'], 'ticket')} read. New here: {_many(told['conversations_new'], 'conversation')}, "
        f"{_many(told['messages_new'], 'message')}, {_many(told['contacts_new'], 'contact')}, "
        f"{_many(told['organisations_new'], 'organisation')}. Here already: {_many(told['known'], 'conversation')}, "
        f"{told['conversations_renewed']} of them changed. {seconds:.1f} s, {_many(round(rate), 'ticket')} a second."
    )
    _say_remarks(row)
    return None


def _say_remarks(row: "Import") -> None:
    """Some of each reason: a hundred of one kind must not hide the one of another."""
    from answerable.imports.reasons import by_reason, sentence

    for first, alike in by_reason(row):
        for one in row.remarks.filter(reason=first.reason)[:SHOWN]:
            click.echo(f"  {one.about}: {sentence(one.reason, one.words)}")
        if alike > SHOWN:
            click.echo(f"    And {alike - SHOWN} more like it, under Settings, Import.")


def _many(number: int, one: str, several: str = "") -> str:
    """A number with what it counts: 1 ticket, 2 tickets."""
    return f"{number} {one if number == 1 else several or one + 's'}"


def _say_found(told: Words[str, Any]) -> None:
    click.echo(
        f"{_many(told['tickets'], 'ticket')} with {_many(told['messages'], 'message')}, "
        f"{_many(told['people'], 'person', 'people')}, {_many(told['organisations'], 'organisation')}."
    )
    for kind, words in (("statuses", "Status"), ("priorities", "Priority")):
        for word, count in told[kind].items():
            click.echo(f"  {words} {word or '(none)'} ({count}) -> {told['mapping'][kind][word]}")
    for word, count in told["groups"].items():
        click.echo(f"  Group {word or '(none)'} ({count})")
