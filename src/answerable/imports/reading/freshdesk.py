"""Freshdesk: the account's export (JSON or XML, packed or not), and pages of its API.

Properties as documented at
  https://developers.freshdesk.com/api/#tickets, #conversations, #contacts, #agents, #companies (API v2)
  https://developers.freshdesk.com/v1/docs/helpdesk-tickets/ (the names that the account's export still uses)
  https://support.freshdesk.com/support/solutions/articles/225480 (exporting)
"""

from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from answerable.imports.reading.files import Source
from answerable.imports.reading.json_reader import JsonReader
from answerable.imports.reading.reader import Shape
from answerable.imports.reading.values import addresses, filled, inside, key, moment, rows, text, words
from answerable.imports.reading.xml_objects import looks_like_xml, xml_objects
from answerable.imports.records import Entry, File, Organisation, Person, Ticket
from answerable.imports.stage import Stage

SOURCES = {"1": "email", "2": "portal", "3": "phone", "7": "chat", "9": "portal", "10": "email"}
OUTBOUND = "10"
"""An e-mail that an agent wrote first."""
AUTOMATIC = frozenset({"4", "13"})
"""Sources of notes that nobody wrote: meta, and automation rules."""


def ticket(row: dict[str, Any], stage: Stage, zone: ZoneInfo) -> None:
    """With its first message, which stands in the ticket itself, and those inside it."""
    number = key(row.get("display_id")) or key(row.get("id"))
    if not number:
        stage.remarks.add(text(row.get("subject"))[:100] or "ticket", "no_key")
        return
    own = key(row.get("id")) or number
    for name in ("requester", "responder"):
        if isinstance(row.get(name), dict) and key(row[name].get("id")):
            person(row[name] | ({"helpdesk_agent": True} if name == "responder" else {}), stage, zone)
    stage.ticket(_ticket(row, number, zone))
    if names := filled(row.get("custom_fields") or row.get("custom_field")):
        stage.remarks.add(f"ticket {number}", "fields", names=", ".join(names))
    stage.entry(_description(row, number, zone))
    stage.keep("number", own, number)
    for one in [*rows(row.get("conversations")), *rows(row.get("notes")), *rows(row.get("helpdesk_notes"))]:
        note(_bare(one) | {"ticket_id": own}, stage, zone)


def _ticket(row: dict[str, Any], number: str, zone: ZoneInfo) -> Ticket:
    states = row.get("stats") or row.get("ticket_states") or {}
    return Ticket(
        key=number,
        number=number,
        subject=text(row.get("subject"))[:500],
        status=key(row.get("status")) or text(row.get("status_name")),
        priority=key(row.get("priority")),
        channel=SOURCES.get(key(row.get("source")), ""),
        group=text(inside(row, "group", "name")) or text(row.get("group_name")) or key(row.get("group_id")),
        requester=key(row.get("requester_id")) or key(inside(row, "requester", "id")),
        assignee=key(row.get("responder_id")),
        created_at=moment(row.get("created_at"), zone),
        updated_at=moment(row.get("updated_at"), zone),
        solved_at=moment(inside(states, "resolved_at"), zone),
        closed_at=moment(inside(states, "closed_at"), zone),
        tags=words(row.get("tags")),
        copied=addresses(row.get("cc_emails") or inside(row, "cc_email", "cc_emails")),
        is_spam=row.get("spam") in (True, "true"),
        is_deleted=row.get("deleted") in (True, "true"),
    )


def _description(row: dict[str, Any], number: str, zone: ZoneInfo) -> Entry:
    """The first message. Without `description_text`, an older export's `description` is text and no HTML."""
    is_outbound = key(row.get("source")) == OUTBOUND
    html = text(row.get("description_html")) or (text(row.get("description")) if "description_text" in row else "")
    return Entry(
        key="description",
        ticket=number,
        at=moment(row.get("created_at"), zone),
        author=key(row.get("responder_id") if is_outbound else row.get("requester_id")),
        inbound=not is_outbound,
        text=text(row.get("description_text")) or ("" if html else text(row.get("description"))),
        html=html,
        files=_files(row),
    )


def note(row: dict[str, Any], stage: Stage, zone: ZoneInfo) -> None:
    """An answer, of either side, or a note."""
    owner = key(row.get("ticket_id")) or key(row.get("notable_id"))
    if not owner or not key(row.get("id")):
        stage.remarks.add(f"conversation {key(row.get('id'))}", "no_key")
        return
    html = text(row.get("body_html")) or (text(row.get("body")) if "body_text" in row else "")
    stage.entry(
        Entry(
            key=key(row["id"]),
            ticket=stage.kept("number", owner) or owner,
            at=moment(row.get("created_at"), zone),
            author=key(row.get("user_id")),
            is_public=row.get("private") not in (True, "true"),
            inbound=row.get("incoming") in (True, "true"),
            is_automatic=key(row.get("source")) in AUTOMATIC,
            text=text(row.get("body_text")) or ("" if html else text(row.get("body"))),
            html=html,
            files=_files(row),
        )
    )


def _files(row: dict[str, Any]) -> list[File]:
    return [
        File(
            text(one.get("name") or one.get("content_file_name"))[:255],
            text(one.get("content_type") or one.get("content_content_type")),
        )
        for one in map(_bare, rows(row.get("attachments")))
    ]


def _bare(row: dict[str, Any]) -> dict[str, Any]:
    """Without the name that an export may put around it."""
    [inner, *others] = row.values() or [None]
    return inner if not others and isinstance(inner, dict) else row


def person(row: dict[str, Any], stage: Stage, zone: ZoneInfo) -> None:
    """A contact or an agent, whose own data stand inside."""
    told = row | row["contact"] | {"id": row.get("id")} if isinstance(row.get("contact"), dict) else row
    number = key(told.get("id"))
    if not number:
        return
    stage.person(
        Person(
            key=number,
            name=text(told.get("name"))[:200],
            emails=addresses(told.get("email"), told.get("other_emails")),
            phones=[text(told[name])[:60] for name in ("phone", "mobile") if told.get(name)],
            organisation=key(told.get("company_id")) or key(told.get("customer_id")),
            language=text(told.get("language"))[:2].lower(),
            is_agent="ticket_scope" in row or told.get("helpdesk_agent") in (True, "true"),
        )
    )


def company(row: dict[str, Any], stage: Stage, zone: ZoneInfo) -> None:
    if key(row.get("id")) and text(row.get("name")).strip():
        domains = [one.lower()[:253] for one in words(row.get("domains"))]
        notes = text(row.get("description") or row.get("note"))[:5000]
        stage.organisation(Organisation(key(row["id"]), text(row["name"])[:200], domains, notes))


class Freshdesk(JsonReader):
    system = "Freshdesk"
    statuses: Mapping[str, str] = {
        "2": "open",
        "3": "pending",
        "4": "solved",
        "5": "closed",
        "6": "pending",
        "7": "on_hold",
    }
    priorities: Mapping[str, str] = {"1": "low", "2": "normal", "3": "high", "4": "urgent", "": "normal"}
    wrapped = frozenset({"helpdesk_ticket", "ticket", "user", "agent", "contact", "company", "customer", "note"})
    lists = {
        "tickets": ticket,
        "helpdesk_tickets": ticket,
        "conversations": note,
        "contacts": person,
        "users": person,
        "agents": person,
        "companies": company,
        "customers": company,
    }
    shapes = (
        Shape(note, frozenset({"id", "incoming", "private"})),
        Shape(ticket, frozenset({"subject", "requester_id", "status"})),
        Shape(person, frozenset({"id", "ticket_scope"})),
        Shape(company, frozenset({"id", "name", "domains"})),
        Shape(person, frozenset({"id", "name", "email"})),
        Shape(company, frozenset({"id", "name", "cust_identifier"})),
    )

    def read(self, source: Source, stage: Stage, zone: ZoneInfo) -> None:
        if not looks_like_xml(source):
            return super().read(source, stage, zone)
        known = 0
        for name, row in xml_objects(source, self.wrapped):
            take = {"helpdesk_ticket": ticket, "ticket": ticket, "note": note, "company": company, "customer": company}
            (take.get(name) or person)(row, stage, zone)
            known += 1
        self.check_known(known, source)
        return None

    def finish(self, stage: Stage) -> None:
        """Answers that came before their ticket bear its own key; they get its number."""
        stage.rename_tickets("number")
