"""Zammad: answers of its REST API, saved as they come; it has no export of its own besides a copy of its database.

Properties as documented at
  https://docs.zammad.org/en/latest/api/ticket/index.html
  https://docs.zammad.org/en/latest/api/ticket/articles.html
  https://docs.zammad.org/en/latest/api/user.html
  https://docs.zammad.org/en/latest/api/organization.html
  https://docs.zammad.org/en/latest/api/intro.html (expand=true)
"""

import base64
import binascii
from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from answerable.imports.reading.json_reader import JsonReader
from answerable.imports.reading.reader import Shape
from answerable.imports.reading.values import addresses, inside, key, moment, rows, text, words
from answerable.imports.records import Entry, File, Organisation, Person, Ticket
from answerable.imports.stage import Stage

NOBODY = "1"
"""The user that Zammad itself acts as, and the owner of what nobody owns."""
STATES = {"1": "new", "2": "open", "3": "pending reminder", "4": "closed", "5": "merged", "6": "removed",
          "7": "pending close"}  # fmt: skip
PRIORITIES = {"1": "1 low", "2": "2 normal", "3": "3 high"}
SENDERS = {"1": "Agent", "2": "Customer", "3": "System"}
TYPES = {"1": "email", "5": "phone", "10": "note", "11": "web"}
STAFF = frozenset({"1", "2", "agent", "admin"})
"""Numbers and names of the roles that answer customers."""


def ticket(row: dict[str, Any], stage: Stage, zone: ZoneInfo) -> None:
    number = key(row.get("id"))
    if not number:
        stage.remarks.add(text(row.get("title"))[:100] or "ticket", "no_key")
        return
    owner = key(row.get("owner_id"))
    state = text(row.get("state")) or STATES.get(key(row.get("state_id")), key(row.get("state_id")))
    kind = text(row.get("create_article_type")) or TYPES.get(key(row.get("create_article_type_id")), "")
    stage.ticket(
        Ticket(
            key=number,
            number=text(row.get("number")) or number,
            subject=text(row.get("title"))[:500],
            status=state.lower(),
            priority=text(row.get("priority")) or PRIORITIES.get(key(row.get("priority_id")), ""),
            channel=kind,
            group=text(row.get("group")) or key(row.get("group_id")),
            requester=key(row.get("customer_id")),
            assignee="" if owner == NOBODY else owner,
            created_at=moment(row.get("created_at"), zone),
            updated_at=moment(row.get("updated_at"), zone),
            solved_at=moment(row.get("last_close_at") or row.get("close_at"), zone),
            tags=words(row.get("tags")),
            is_deleted=state.lower() in ("merged", "removed"),
        )
    )
    for one in rows(row.get("articles")):
        article(one | {"ticket_id": number}, stage, zone)


def article(row: dict[str, Any], stage: Stage, zone: ZoneInfo) -> None:
    owner, number = key(row.get("ticket_id")), key(row.get("id"))
    if not owner or not number:
        stage.remarks.add(f"article {number}", "no_key")
        return
    sender = text(row.get("sender")) or SENDERS.get(key(row.get("sender_id")), "")
    author = key(row.get("origin_by_id")) or key(row.get("created_by_id"))
    is_html = "html" in text(row.get("content_type"))
    body = text(row.get("body"))
    stage.entry(
        Entry(
            key=number,
            ticket=owner,
            at=moment(row.get("created_at"), zone),
            author="" if author == NOBODY else author,
            author_name=text(row.get("from"))[:150],
            is_public=row.get("internal") is not True,
            inbound=sender == "Customer",
            is_automatic=sender == "System",
            text="" if is_html else body,
            html=body if is_html else "",
            message_id=text(row.get("message_id")).strip("<> ")[:990],
            files=[_file(one, number, place, stage) for place, one in enumerate(rows(row.get("attachments")))],
        )
    )


def _file(row: dict[str, Any], article_: str, place: int, stage: Stage) -> File:
    """With its bytes where whoever saved the answers put them beside, in base64, as `data`."""
    told = row.get("preferences") if isinstance(row.get("preferences"), dict) else {}
    kind = text(inside(told, "Content-Type") or inside(told, "Mime-Type"))
    at = ""
    if isinstance(row.get("data"), str):
        try:
            stage.blob(f"article-{article_}-{place}", base64.b64decode(row["data"], validate=True))
            at = f"article-{article_}-{place}"
        except (binascii.Error, ValueError):
            at = ""
    return File(text(row.get("filename"))[:255], kind, at)


def person(row: dict[str, Any], stage: Stage, zone: ZoneInfo) -> None:
    number = key(row.get("id"))
    if not number or number == NOBODY:
        return
    roles = {key(one).lower() for one in [*(row.get("role_ids") or []), *(row.get("roles") or [])]}
    stage.person(
        Person(
            key=number,
            name=" ".join(text(row.get(name)).strip() for name in ("firstname", "lastname")).strip()[:200],
            emails=addresses(row.get("email")),
            phones=[text(row[name])[:60] for name in ("phone", "mobile") if row.get(name)],
            organisation=key(row.get("organization_id")),
            language=text(inside(row, "preferences", "locale"))[:2].lower(),
            is_agent=bool(roles & STAFF),
        )
    )


def organisation(row: dict[str, Any], stage: Stage, zone: ZoneInfo) -> None:
    if key(row.get("id")) and text(row.get("name")).strip():
        domains = [text(row["domain"]).lower()[:253]] if row.get("domain") else []
        stage.organisation(Organisation(key(row["id"]), text(row["name"])[:200], domains, text(row.get("note"))[:5000]))


class Zammad(JsonReader):
    system = "Zammad"
    statuses: Mapping[str, str] = {
        "new": "new",
        "open": "open",
        "pending reminder": "pending",
        "pending close": "pending",
        "closed": "solved",
        "merged": "leave_out",
        "removed": "leave_out",
    }
    priorities: Mapping[str, str] = {"1 low": "low", "2 normal": "normal", "3 high": "high", "": "normal"}
    lists = {
        "tickets": ticket,
        "articles": article,
        "ticket_articles": article,
        "users": person,
        "organizations": organisation,
    }
    shapes = (
        Shape(article, frozenset({"ticket_id", "body", "internal"})),
        Shape(ticket, frozenset({"number", "title", "customer_id"})),
        Shape(person, frozenset({"login", "firstname"})),
        Shape(organisation, frozenset({"id", "name", "domain_assignment"})),
        Shape(organisation, frozenset({"id", "name", "member_ids"})),
    )
