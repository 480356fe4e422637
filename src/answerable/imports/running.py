"""An import from beginning to end: files into a stage, and from there into our tables, a portion at a time.

Whatever ends it, whole conversations stand here, each with its origin; whoever starts again goes on with the others.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from answerable.desk.models import Inbox
from answerable.imports.conversations import Taking
from answerable.imports.mapping import Mapping
from answerable.imports.models import Import, Remark
from answerable.imports.origins import Origins
from answerable.imports.people import take_contacts, take_organisations
from answerable.imports.reading.failures import Unknown, Unreadable
from answerable.imports.reading.files import Given, Source, sources
from answerable.imports.reading.reader import Reader, reader_of
from answerable.imports.renewing import renew
from answerable.imports.stage import Remarks, Stage, staging
from answerable.measure import scratch

PORTION = 200
SAID_EVERY_SECONDS = 0.5
READING_SHARE = 0.3
COUNTED = (
    "tickets", "known", "conversations_new", "conversations_renewed", "messages_new", "contacts", "contacts_new",
    "organisations", "organisations_new",
)  # fmt: skip
"""What a report counts, also where there is none of it."""
"""Of the whole, by how long it takes."""
READ = (".json", ".ndjson", ".jsonl", ".xml", ".sql", ".txt", ".gz")
"""Files inside an archive with other endings are attachments and the like."""
Say = Callable[[float], None]


class Stopped(Exception):
    """Somebody has cancelled it."""


def folder_of_files() -> Path:
    """Where an administrator of the server puts files that are too large to be uploaded."""
    return Path(settings.DATA_DIR) / "imports"


def run(pk: int) -> None:
    """Look through the files, or take them over, as the row says. What is wrong with files is kept in words."""
    row = Import.objects.select_related("inbox__team", "by").get(pk=pk)
    if not row.goes_on:
        return
    folder = scratch.make(prefix="answerable-import-")
    try:
        work_on(row, _given(row, folder), folder)
    finally:
        scratch.remove(folder)


def work_on(row: Import, files: Sequence[Given], folder: Path, say: Say = lambda _share: None) -> None:
    """The same for these files; `say` hears the share that is done."""
    told = _Telling(row, say)
    try:
        with staging(folder) as stage:
            reader = _read(row, files, stage, told)
            if row.state == Import.State.LOOKING:
                _propose(row, reader, stage)
            else:
                _take_over(row, reader, stage, told)
    except Stopped:
        return
    except Unreadable as error:
        _end(row, Import.State.FAILED, error=str(error))
        row.uploads.all().delete()


def _given(row: Import, folder: Path) -> list[Given]:
    """Uploads written into the folder, under names of our own, and files of the server."""
    found = []
    for upload in row.uploads.order_by("id").iterator(chunk_size=1):
        path = folder / f"upload-{upload.pk}"
        path.write_bytes(upload.content)
        found.append(Given(path, upload.name))
    there = [name.removeprefix("/") for name in row.files if name.startswith("/")]
    return found + [Given.at(folder_of_files() / name) for name in there]


def _read(row: Import, files: Sequence[Given], stage: Stage, told: _Telling) -> Reader:
    reader, zone = reader_of(row.system), ZoneInfo(row.zone)
    found = [one for one in sources(files) if not one.member or one.member.lower().endswith(READ)]
    unknown: list[Unknown] = []
    for place, source in enumerate(found):
        told.say(READING_SHARE * place / max(1, len(found)))
        try:
            _read_one(reader, source, stage, zone)
        except Unknown as error:
            unknown.append(error)
            stage.remarks.add(source.name, "skipped")
    reader.finish(stage)
    if not stage.count("tickets"):
        raise unknown[0] if unknown else Unreadable(_("There are no tickets in these files."))
    for ticket in stage.orphans():
        stage.remarks.add(f"ticket {ticket}", "orphan")
    return reader


def _read_one(reader: Reader, source: Source, stage: Stage, zone: ZoneInfo) -> None:
    try:
        reader.read(source, stage, zone)
    except RecursionError:
        raise Unreadable(_("%(file)s is nested too deeply to be an export.") % {"file": source.name}) from None


def _propose(row: Import, reader: Reader, stage: Stage) -> None:
    """What was found, and what it would mean here: for somebody to agree with."""
    found = {
        "tickets": stage.count("tickets"),
        "messages": stage.count("entries"),
        "people": stage.count("people"),
        "organisations": stage.count("organisations"),
        "statuses": stage.values("status"),
        "priorities": stage.values("priority"),
        "groups": stage.values("grp"),
        "agents": [[one.key, one.name, one.emails[:1]] for one in stage.agents()][:500],
    }
    mapping = Mapping.proposed(reader, found).written()
    _end(row, Import.State.READY, found=found, mapping=mapping)


def _take_over(row: Import, reader: Reader, stage: Stage, told: _Telling) -> None:
    """All of it, in portions that each hold as a whole."""
    origins = Origins(row.system, row.account, row.by)
    remarks = stage.remarks
    counts = Counter(dict.fromkeys(COUNTED, 0))
    inboxes = {inbox.pk: inbox for inbox in Inbox.objects.filter(retired_at=None).select_related("team")}
    mapping = _mapping(row, reader, stage)
    for organisations in stage.all_organisations(PORTION):
        with _portion(origins):
            counts["organisations"] += len(organisations)
            counts["organisations_new"] += take_organisations(organisations, origins)
    for people in stage.all_people(PORTION):
        customers = [one for one in people if not one.is_agent]
        with _portion(origins):
            counts["contacts"] += len(customers)
            counts["contacts_new"] += take_contacts(customers, origins, remarks)
        told.say(READING_SHARE)
    total = max(1, stage.count("tickets"))
    taking = Taking(stage, origins, mapping, inboxes, row.inbox, remarks)
    for tickets in stage.all_tickets(PORTION):
        with _portion(origins):
            known = origins.known_tickets(ticket.key for ticket, _entries in tickets)
            new, messages = taking.take([one for one in tickets if one[0].key not in known])
            renewed, more = renew(taking, [one for one in tickets if one[0].key in known], known)
        counts["tickets"] += len(tickets)
        counts["known"] += len(known)
        counts["conversations_new"] += new
        counts["conversations_renewed"] += renewed
        counts["messages_new"] += messages + more
        told.say(READING_SHARE + (1 - READING_SHARE) * counts["tickets"] / total)
    _report(row, counts, remarks)


def _mapping(row: Import, reader: Reader, stage: Stage) -> Mapping:
    """What was agreed with; for the words nobody looked at, what they usually mean."""
    agreed = Mapping.read(row.mapping)
    found = {"statuses": stage.values("status"), "priorities": stage.values("priority")}
    usual = Mapping.proposed(reader, found)
    known = {word for word in found["statuses"] if word.lower() in reader.statuses}
    named = {word for word in found["priorities"] if word.lower() in reader.priorities}
    return Mapping(
        {word: usual.statuses[word] for word in known} | dict(agreed.statuses),
        {word: usual.priorities[word] for word in named} | dict(agreed.priorities),
        agreed.inboxes,
        agreed.people,
    )


@contextmanager
def _portion(origins: Origins) -> Iterator[None]:
    """A transaction in which nobody else takes over from the same account."""
    with transaction.atomic():
        origins.hold()
        yield


def _report(row: Import, counts: Counter[str], remarks: Remarks) -> None:
    with transaction.atomic():
        Remark.objects.filter(run=row).delete()
        new = [Remark(run=row, about=about, reason=reason, words=words) for about, reason, words in remarks.listed]
        Remark.objects.bulk_create(new, ignore_conflicts=True, batch_size=2000)
        _end(row, Import.State.DONE, report={**counts, "remarks": dict(remarks.counts)}, progress=1.0)
        row.uploads.all().delete()


def _end(row: Import, state: str, **what: Any) -> None:
    """It is in another state now, unless somebody has cancelled it."""
    ended = {} if state == Import.State.READY else {"ended_at": timezone.now()}
    changed = {"state": state, **ended, **what}
    if Import.objects.filter(pk=row.pk, state=row.state).update(**changed):
        for name, value in changed.items():
            setattr(row, name, value)


class _Telling:
    """Keeps the progress in the row, now and then, and finds out whether to go on."""

    def __init__(self, row: Import, say: Say) -> None:
        self._rows = Import.objects.filter(pk=row.pk, state=row.state)
        self._say, self._said_at = say, 0.0

    def say(self, share: float) -> None:
        """Raises Stopped."""
        now = time.monotonic()
        if now < self._said_at + SAID_EVERY_SECONDS:
            return
        self._said_at = now
        self._say(share)
        if not self._rows.update(progress=share):
            raise Stopped
