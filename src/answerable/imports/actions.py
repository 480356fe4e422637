"""What administrators do with imports."""

from collections.abc import Sequence
from pathlib import Path

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from answerable.desk.errors import Refused
from answerable.desk.models import Inbox
from answerable.events.record import record
from answerable.imports.jobs import work
from answerable.imports.mapping import Mapping
from answerable.imports.models import Import, Upload
from answerable.people.models import User
from answerable.people.permissions import check_is_administrator

GOING_ON = (Import.State.LOOKING, Import.State.READY, Import.State.RUNNING)


def begin_import(
    *,
    system: str,
    account: str,
    inbox: Inbox,
    zone: str,
    uploads: Sequence[tuple[str, bytes]] = (),
    paths: Sequence[str] = (),
    by: User,
) -> Import:
    """The files are looked through in the background; nothing is taken over yet. `paths` are names of files in the
    server's folder of imports."""
    check_is_administrator(by)
    if not uploads and not paths:
        raise Refused(_("Give at least one file of the export."))
    with transaction.atomic():
        files = [name for name, _content in uploads] + [f"/{Path(name).name}" for name in paths]
        row = Import.objects.create(system=system, account=account, inbox=inbox, zone=zone, files=files, by=by)
        Upload.objects.bulk_create(Upload(run=row, name=name[:255], content=content) for name, content in uploads)
        record("import.begun", subject=row, by=by, system=system)
        work.later(pk=row.pk)
    return row


def begin_at_once(
    *, system: str, account: str, inbox: Inbox, zone: str, files: Sequence[str], mapping: Mapping, by: User | None
) -> Import:
    """One that is run by whoever calls. What went on for the same account, such as one that was killed, stops."""
    with transaction.atomic():
        earlier = Import.objects.filter(system=system, account=account, state=Import.State.RUNNING)
        earlier.update(state=Import.State.CANCELLED, ended_at=timezone.now())
        row = Import.objects.create(
            system=system,
            account=account,
            inbox=inbox,
            zone=zone,
            files=[Path(name).name for name in files],
            mapping=mapping.written(),
            state=Import.State.RUNNING,
            by=by,
        )
        record("import.begun", subject=row, by=by, system=system)
    return row


def agree(row: Import, mapping: Mapping, *, inbox: Inbox, by: User) -> None:
    """Take it over, by this mapping."""
    check_is_administrator(by)
    with transaction.atomic():
        waiting = Import.objects.filter(pk=row.pk, state=Import.State.READY)
        if not waiting.update(state=Import.State.RUNNING, mapping=mapping.written(), inbox=inbox, progress=0.0):
            raise Refused(_("It is not waiting for you any more."))
        record("import.agreed", subject=row, by=by)
        work.later(pk=row.pk)


def cancel(row: Import, *, by: User) -> None:
    """It stops after the portion it is at. What is here stays, whole; another run goes on from there."""
    check_is_administrator(by)
    with transaction.atomic():
        going_on = Import.objects.filter(pk=row.pk, state__in=GOING_ON)
        if going_on.update(state=Import.State.CANCELLED, ended_at=timezone.now()):
            row.uploads.all().delete()
            record("import.cancelled", subject=row, by=by)
