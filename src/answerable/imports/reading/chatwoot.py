"""Chatwoot: answers of its API, saved as they come; its own downloads hold no messages.

Properties as documented at
  https://developers.chatwoot.com/api-reference/conversations/conversations-list
  https://developers.chatwoot.com/api-reference/messages/get-messages
  https://developers.chatwoot.com/api-reference/contacts/list-contacts
  https://developers.chatwoot.com/api-reference/agents/list-agents-in-account
Times are Unix seconds. Contacts and agents are numbered apart, so keys are `contact-1` and `user-1`.
"""

from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from answerable.imports.reading.json_reader import JsonReader
from answerable.imports.reading.reader import Shape
from answerable.imports.reading.values import addresses, filled, inside, key, moment, rows, text, words
from answerable.imports.records import Entry, File, Person, Ticket
from answerable.imports.stage import Stage

KINDS = {"incoming": 0, "outgoing": 1, "activity": 2, "template": 3}
INCOMING, OUTGOING, ACTIVITY, TEMPLATE = range(4)
CHANNELS = {"Channel::Email": "email", "Channel::WebWidget": "chat", "Channel::Api": "chat", "Channel::Voice": "phone"}


def conversation(row: dict[str, Any], stage: Stage, zone: ZoneInfo) -> None:
    number = key(row.get("id"))
    if not number:
        stage.remarks.add("conversation", "no_key")
        return
    sender, assignee = inside(row, "meta", "sender"), inside(row, "meta", "assignee")
    if isinstance(sender, dict):
        contact(sender, stage, zone)
    if isinstance(assignee, dict):
        agent(assignee, stage, zone)
    status = text(row.get("status"))
    asked = key(inside(sender, "id"))
    has = key(inside(assignee, "id"))
    stage.ticket(
        Ticket(
            key=number,
            number=number,
            subject=text(inside(row, "additional_attributes", "mail_subject"))[:500],
            status=status,
            priority=text(row.get("priority")),
            channel=CHANNELS.get(text(inside(row, "meta", "channel")), "chat"),
            group=text(inside(row, "meta", "team", "name")) or key(row.get("inbox_id")),
            requester=f"contact-{asked}" if asked else "",
            assignee=f"user-{has}" if has else "",
            created_at=moment(row.get("created_at"), zone),
            updated_at=moment(row.get("last_activity_at") or row.get("timestamp"), zone),
            tags=words(row.get("labels")),
        )
    )
    if names := filled(row.get("custom_attributes")):
        stage.remarks.add(f"conversation {number}", "fields", names=", ".join(names))
    for one in rows(row.get("messages")):
        message(one | {"conversation_id": number}, stage, zone)


def message(row: dict[str, Any], stage: Stage, zone: ZoneInfo) -> None:
    """What somebody wrote; activities, such as being assigned, are none."""
    owner, number = key(row.get("conversation_id")), key(row.get("id"))
    told = row.get("message_type")
    kind = KINDS.get(told, told) if isinstance(told, str) else told
    if not owner or not number:
        stage.remarks.add(f"message {number}", "no_key")
        return
    if kind == ACTIVITY:
        return
    sender = row["sender"] if isinstance(row.get("sender"), dict) else {}
    is_contact = kind == INCOMING
    who = key(sender.get("id")) or key(row.get("sender_id"))
    is_machine = text(sender.get("type") or row.get("sender_type")).lower() in ("agent_bot", "agentbot", "captain")
    if who and sender and not is_machine:
        (contact if is_contact else agent)(sender, stage, zone)
    mail = inside(row, "content_attributes", "email")
    stage.entry(
        Entry(
            key=number,
            ticket=owner,
            at=moment(row.get("created_at"), zone),
            author=f"{'contact' if is_contact else 'user'}-{who}" if who and not is_machine else "",
            author_name=text(sender.get("name"))[:150],
            is_public=row.get("private") is not True,
            inbound=is_contact,
            is_automatic=is_machine or kind == TEMPLATE,
            text=text(row.get("content") or inside(mail, "text_content", "full")),
            html=text(inside(mail, "html_content", "full")),
            message_id=text(inside(mail, "message_id")).strip("<> ")[:990],
            files=[_file(one) for one in rows(row.get("attachments"))],
        )
    )


def _file(row: dict[str, Any]) -> File:
    name = text(row.get("data_url")).partition("?")[0].rpartition("/")[2]
    return File((name or text(row.get("file_type")) or "file")[:255], text(row.get("content_type")))


def contact(row: dict[str, Any], stage: Stage, zone: ZoneInfo) -> None:
    number = key(row.get("id"))
    if number:
        phones = [text(row["phone_number"])[:60]] if row.get("phone_number") else []
        name, emails = text(row.get("name"))[:200], addresses(row.get("email"))
        stage.person(Person(f"contact-{number}", name, emails, phones))


def agent(row: dict[str, Any], stage: Stage, zone: ZoneInfo) -> None:
    number = key(row.get("id"))
    if number:
        name = text(row.get("name") or row.get("available_name"))[:200]
        stage.person(Person(f"user-{number}", name, addresses(row.get("email")), is_agent=True))


class Chatwoot(JsonReader):
    system = "Chatwoot"
    statuses: Mapping[str, str] = {"open": "open", "pending": "new", "snoozed": "on_hold", "resolved": "solved"}
    priorities: Mapping[str, str] = {"low": "low", "medium": "normal", "high": "high", "urgent": "urgent", "": "normal"}
    lists = {"conversations": conversation, "messages": message, "contacts": contact, "agents": agent}
    shapes = (
        Shape(message, frozenset({"id", "message_type", "content"})),
        Shape(conversation, frozenset({"id", "status", "inbox_id"}), frozenset({"message_type"})),
        Shape(agent, frozenset({"id", "email", "role"})),
        Shape(contact, frozenset({"id", "phone_number"})),
    )
