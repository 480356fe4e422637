"""osTicket: a dump of its MySQL database, as `mysqldump` writes it; its CSV export of tickets holds no messages.

Tables as its installer makes them:
  https://github.com/osTicket/osTicket/blob/develop/setup/inc/streams/core/install-mysql.sql
Times are those of its database's zone, which the dump does not name. Customers and staff are numbered apart, so keys
are `user-1` and `staff-1`.
"""

from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from answerable.imports.reading.failures import Unknown
from answerable.imports.reading.files import Source
from answerable.imports.reading.sql_dump import rows_of
from answerable.imports.reading.values import addresses, key, moment, number, text
from answerable.imports.records import Entry, File, Organisation, Person, Ticket
from answerable.imports.stage import Stage

TABLES = frozenset({
    "ticket", "ticket__cdata", "ticket_status", "ticket_priority", "department", "thread", "thread_entry",
    "thread_entry_email", "user", "user_email", "staff", "organization", "attachment", "file", "file_chunk",
})  # fmt: skip
KEYS = {"ticket": "ticket_id", "ticket__cdata": "ticket_id", "ticket_priority": "priority_id", "staff": "staff_id",
        "thread_entry_email": "thread_entry_id"}  # fmt: skip
TICKET, OF_ENTRY = "T", "H"
MESSAGE, ANSWER, NOTE = "M", "R", "N"
Row = dict[str, Any]


class OsTicket:
    """Keeps the rows of each table, and puts them together when all are read."""

    statuses: Mapping[str, str] = {
        "open": "open",
        "resolved": "solved",
        "closed": "closed",
        "archived": "closed",
        "deleted": "leave_out",
    }
    priorities: Mapping[str, str] = {
        "low": "low",
        "normal": "normal",
        "high": "high",
        "emergency": "urgent",
        "": "normal",
    }

    def __init__(self) -> None:
        self._zone = ZoneInfo("UTC")

    def read(self, source: Source, stage: Stage, zone: ZoneInfo) -> None:
        self._zone, known = zone, 0
        for table, row in rows_of(source, TABLES):
            known += 1
            if table == "file_chunk":
                content = row.get("filedata")
                if isinstance(content, bytes):
                    stage.blob(f"file-{key(row.get('file_id'))}", content, number(row.get("chunk_id")))
                continue
            told = {name: _words(value) for name, value in row.items()}
            stage.keep(table, key(told.get(KEYS.get(table, "id"))), told)
        if not known:
            raise Unknown(
                _("%(file)s holds no tables of osTicket. Dump its database with mysqldump.") % {"file": source.name}
            )

    def finish(self, stage: Stage) -> None:
        self._people(stage)
        for number_, row in stage.all_kept("ticket"):
            self._ticket(number_, row, stage)
        files: dict[str, list[File]] = {}
        for _number, row in stage.all_kept("attachment"):
            if row.get("type") == OF_ENTRY:
                files.setdefault(key(row.get("object_id")), []).append(_file(row, stage))
        for number_, row in stage.all_kept("thread_entry"):
            self._entry(number_, row, files.get(number_, []), stage)

    def _people(self, stage: Stage) -> None:
        addresses_of: dict[str, list[str]] = {}
        for _number, row in stage.all_kept("user_email"):
            addresses_of.setdefault(key(row.get("user_id")), []).extend(addresses(row.get("address")))
        for number_, row in stage.all_kept("user"):
            stage.person(
                Person(
                    key=f"user-{number_}",
                    name=text(row.get("name"))[:200],
                    emails=addresses_of.get(number_, []),
                    organisation=key(row.get("org_id")),
                )
            )
        for number_, row in stage.all_kept("staff"):
            name = " ".join(text(row.get(part)) for part in ("firstname", "lastname")).strip()
            stage.person(
                Person(f"staff-{number_}", name[:200], addresses(row.get("email")), is_agent=True),
            )
        for number_, row in stage.all_kept("organization"):
            if text(row.get("name")).strip():
                domains = [one for one in text(row.get("domain")).lower().replace(",", " ").split() if one][:50]
                stage.organisation(Organisation(number_, text(row["name"])[:200], domains))

    def _ticket(self, number_: str, row: Row, stage: Stage) -> None:
        more = stage.kept("ticket__cdata", number_) or {}
        state = stage.kept("ticket_status", key(row.get("status_id"))) or {}
        urgency = stage.kept("ticket_priority", key(more.get("priority"))) or {}
        place = stage.kept("department", key(row.get("dept_id"))) or {}
        staff = key(row.get("staff_id"))
        user = key(row.get("user_id"))
        named = text(state.get("state")) or text(state.get("name"))
        stage.ticket(
            Ticket(
                key=number_,
                number=text(row.get("number")) or number_,
                subject=text(more.get("subject"))[:500],
                status=named.lower() if named.lower() == "deleted" else text(state.get("name") or "open").lower(),
                priority=text(urgency.get("priority")).lower(),
                channel=text(row.get("source")).lower(),
                group=text(place.get("name")),
                requester=f"user-{user}" if user else "",
                assignee=f"staff-{staff}" if staff else "",
                created_at=self._at(row.get("created")),
                updated_at=self._at(row.get("lastupdate") or row.get("updated")),
                solved_at=self._at(row.get("closed")),
                closed_at=self._at(row.get("closed")),
                is_deleted=named.lower() == "deleted",
            )
        )

    def _entry(self, number_: str, row: Row, files: list[File], stage: Stage) -> None:
        thread = stage.kept("thread", key(row.get("thread_id"))) or {}
        if thread.get("object_type") != TICKET:
            return  # of a task
        kind, body = text(row.get("type")), text(row.get("body"))
        staff, user = key(row.get("staff_id")), key(row.get("user_id"))
        is_html = text(row.get("format")) == "html"
        mail = stage.kept("thread_entry_email", number_) or {}
        stage.entry(
            Entry(
                key=number_,
                ticket=key(thread.get("object_id")),
                at=self._at(row.get("created")),
                author=f"staff-{staff}" if staff else f"user-{user}" if user else "",
                author_name=text(row.get("poster"))[:150],
                is_public=kind in (MESSAGE, ANSWER),
                inbound=kind == MESSAGE,
                is_automatic=kind != MESSAGE and not staff,
                text="" if is_html else body,
                html=body if is_html else "",
                message_id=text(mail.get("mid")).strip("<> ")[:990],
                files=files,
            )
        )

    def _at(self, value: object) -> float | None:
        return moment(value, self._zone)


def _file(row: Row, stage: Stage) -> File:
    number_ = key(row.get("file_id"))
    file = stage.kept("file", number_) or {}
    name = text(row.get("name")) or text(file.get("name"))
    is_inline = key(row.get("inline")) == "1"
    return File(name[:255], text(file.get("type")), f"file-{number_}", is_inline, text(file.get("key"))[:255])


def _words(value: object) -> object:
    """Of the database's bytes: texts are UTF-8."""
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else value
