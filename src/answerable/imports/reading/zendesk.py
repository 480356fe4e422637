"""Zendesk Support: the account's JSON export (an object a line), and pages of its API.

Properties as documented at
  https://developer.zendesk.com/api-reference/ticketing/tickets/tickets/ (JSON format)
  https://developer.zendesk.com/api-reference/ticketing/tickets/ticket_comments/
  https://developer.zendesk.com/api-reference/ticketing/tickets/ticket_audits/
  https://developer.zendesk.com/api-reference/ticketing/tickets/ticket_metrics/
  https://developer.zendesk.com/api-reference/ticketing/users/users/
  https://developer.zendesk.com/api-reference/ticketing/organizations/organizations/
  https://support.zendesk.com/hc/en-us/articles/4408886165402 (exporting as JSON)
"""

from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from answerable.imports.reading.json_reader import JsonReader
from answerable.imports.reading.reader import Shape
from answerable.imports.reading.values import addresses, filled, inside, key, moment, number, rows, text, words
from answerable.imports.records import Entry, File, Organisation, Person, Ticket
from answerable.imports.stage import Stage

AUTOMATIC = frozenset({"rule", "system", "trigger", "automation"})
STAFF = frozenset({"agent", "admin"})


def ticket(row: dict[str, Any], stage: Stage, zone: ZoneInfo) -> None:
    """With the people, comments, audits and metrics that stand inside it."""
    number_ = key(row.get("id"))
    if not number_:
        stage.remarks.add(text(row.get("subject"))[:100] or "ticket", "no_key")
        return
    _people(row, stage, zone)
    stage.ticket(_ticket(row, number_, zone))
    if names := filled(row.get("custom_fields") or row.get("fields")):
        stage.remarks.add(f"ticket {number_}", "fields", names=", ".join(names))
    rating = text(inside(row, "satisfaction_rating", "score"))
    if rating in ("good", "bad"):
        stage.remarks.add(f"ticket {number_}", "rating", value=rating)
    for one in rows(row.get("comments")):
        comment(one | {"ticket_id": number_}, stage, zone)
    for one in rows(row.get("audits")):
        audit(one | {"ticket_id": number_}, stage, zone)
    if not row.get("comments") and text(row.get("description")).strip():
        stage.keep("description", number_, _opening(row))


def _people(row: dict[str, Any], stage: Stage, zone: ZoneInfo) -> None:
    """Who stands inside the ticket, and their organisation."""
    for name, is_agent in (("requester", False), ("submitter", False), ("assignee", True)):
        if isinstance(row.get(name), dict):
            person(row[name] | ({"role": "agent"} if is_agent else {}), stage, zone)
    if isinstance(row.get("organization"), dict):
        organisation(row["organization"], stage, zone)


def _ticket(row: dict[str, Any], number_: str, zone: ZoneInfo) -> Ticket:
    metrics = row.get("metric_set") if isinstance(row.get("metric_set"), dict) else {}
    status = text(row.get("status")).lower()
    return Ticket(
        key=number_,
        number=number_,
        subject=text(row.get("raw_subject") or row.get("subject"))[:500],
        status=status,
        priority=text(row.get("priority")).lower(),
        channel=text(inside(row, "via", "channel")),
        group=text(inside(row, "group", "name")) or key(row.get("group_id")),
        requester=key(row.get("requester_id") or inside(row, "requester", "id")),
        assignee=key(row.get("assignee_id") or inside(row, "assignee", "id")),
        created_at=moment(row.get("created_at"), zone),
        updated_at=moment(row.get("updated_at"), zone),
        solved_at=moment(inside(metrics, "solved_at"), zone),
        reopened=number(inside(metrics, "reopens")),
        tags=words(row.get("tags")),
        copied=addresses(*[one.get("email") for one in rows(row.get("collaborator") or row.get("email_ccs"))]),
        is_spam="suspended" in status,
        is_deleted=status == "deleted",
    )


def _opening(row: dict[str, Any]) -> dict[str, Any]:
    """The first comment, for an export that has no others."""
    author = key(row.get("submitter_id")) or key(row.get("requester_id"))
    return {"text": text(row["description"]), "author": author, "at": row.get("created_at")}


def comment(row: dict[str, Any], stage: Stage, zone: ZoneInfo) -> None:
    """Of a ticket whose number stands in it; in pages of the API of one ticket it has none, and is left out."""
    ticket_ = key(row.get("ticket_id"))
    if not ticket_ or not key(row.get("id")):
        stage.remarks.add(f"comment {key(row.get('id'))}", "no_key")
        return
    if isinstance(row.get("author"), dict):
        person(row["author"], stage, zone)
    files = [
        File(text(one.get("file_name"))[:255], text(one.get("content_type")), is_inline=bool(one.get("inline")))
        for one in rows(row.get("attachments"))
    ]
    stage.entry(
        Entry(
            key=key(row["id"]),
            ticket=ticket_,
            at=moment(row.get("created_at"), zone),
            author=key(row.get("author_id") or inside(row, "author", "id")),
            is_public=row.get("public") is not False,
            is_automatic=text(inside(row, "via", "channel")) in AUTOMATIC,
            text=text(row.get("plain_body") or row.get("body")),
            html=text(row.get("html_body")),
            message_id=text(inside(row, "metadata", "system", "message_id")).strip("<> ")[:990],
            files=files,
        )
    )


def audit(row: dict[str, Any], stage: Stage, zone: ZoneInfo) -> None:
    """The comments among its events, and when the ticket was last solved and closed."""
    ticket_, at = key(row.get("ticket_id")), row.get("created_at")
    for one in rows(row.get("events")):
        kind = one.get("type")
        if kind == "Comment":
            told = {name: row.get(name) for name in ("created_at", "via", "metadata", "author_id")}
            comment({**{k: v for k, v in told.items() if v is not None}, **one, "ticket_id": ticket_}, stage, zone)
        elif kind in ("Change", "Create") and one.get("field_name") == "status":
            stage.keep(text(one.get("value")), ticket_, moment(at, zone))


def metrics(row: dict[str, Any], stage: Stage, zone: ZoneInfo) -> None:
    """Ticket metrics beside the tickets."""
    told = [moment(row.get("solved_at"), zone), number(row.get("reopens"))]
    stage.keep("metrics", key(row.get("ticket_id")), told)


def person(row: dict[str, Any], stage: Stage, zone: ZoneInfo) -> None:
    number_ = key(row.get("id"))
    if not number_:
        return
    identities = [one.get("value") for one in rows(row.get("identities")) if one.get("type") == "email"]
    stage.person(
        Person(
            key=number_,
            name=text(row.get("name"))[:200],
            emails=addresses(row.get("email"), *identities),
            phones=[text(row["phone"])[:60]] if row.get("phone") else [],
            organisation=key(row.get("organization_id")),
            language=text(row.get("locale"))[:2].lower(),
            is_agent=text(row.get("role")) in STAFF,
        )
    )


def organisation(row: dict[str, Any], stage: Stage, zone: ZoneInfo) -> None:
    if key(row.get("id")) and text(row.get("name")).strip():
        domains = [one.lower()[:253] for one in words(row.get("domain_names"))]
        stage.organisation(
            Organisation(key(row["id"]), text(row["name"])[:200], domains, text(row.get("notes"))[:5000])
        )


class Zendesk(JsonReader):
    system = "Zendesk"
    statuses: Mapping[str, str] = {
        "new": "new",
        "open": "open",
        "pending": "pending",
        "hold": "on_hold",
        "solved": "solved",
        "closed": "closed",
        "deleted": "leave_out",
    }
    priorities: Mapping[str, str] = {"low": "low", "normal": "normal", "high": "high", "urgent": "urgent", "": "normal"}
    wrapped = frozenset({"ticket", "user", "organization", "comment", "audit"})
    lists = {
        "tickets": ticket,
        "results": ticket,
        "comments": comment,
        "audits": audit,
        "ticket_metrics": metrics,
        "metric_sets": metrics,
        "users": person,
        "organizations": organisation,
    }
    shapes = (
        Shape(audit, frozenset({"ticket_id", "events"})),
        Shape(comment, frozenset({"ticket_id", "author_id"}), frozenset({"events"})),
        Shape(metrics, frozenset({"ticket_id", "reopens"})),
        Shape(ticket, frozenset({"id", "status", "created_at"}), frozenset({"role"})),
        Shape(person, frozenset({"id", "role"})),
        Shape(organisation, frozenset({"id", "domain_names"})),
    )

    def finish(self, stage: Stage) -> None:
        """Times of solution out of metrics and audits, and descriptions of tickets without comments."""
        if not stage.count("loose"):
            return
        zone = ZoneInfo("UTC")
        for portion in stage.all_tickets(500):
            for row, entries in portion:
                solved, reopened = stage.kept("metrics", row.key) or (None, row.reopened)
                row.solved_at = row.solved_at or solved or stage.kept("solved", row.key)
                row.closed_at = row.closed_at or stage.kept("closed", row.key)
                row.reopened = max(row.reopened, reopened)
                stage.ticket(row)
                opening = stage.kept("description", row.key)
                if opening and not entries:
                    at = moment(opening["at"], zone)
                    stage.entry(Entry("description", row.key, at, opening["author"], text=opening["text"]))
