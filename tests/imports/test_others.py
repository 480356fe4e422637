"""Exports of the other systems, each made here after its documentation and not a real one."""

from __future__ import annotations

import base64
import json
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from answerable.desk.models import Attachment, Conversation
from answerable.imports.models import Import
from answerable.site.commands.import_ import say
from tests.cast import Cast

if TYPE_CHECKING:
    from tests.imports.conftest import TakenOver


def kept(path: Path, value: Any) -> Path:
    path.write_text(json.dumps(value), encoding="utf-8")
    return path


def story(conversation: Conversation) -> list[tuple[str, str, str]]:
    """Who said what: kind, whose, and how it begins."""
    rows = conversation.messages.select_related("user", "contact").order_by("id")
    return [(row.kind, str(row.user or row.contact or ""), row.text.strip()[:20]) for row in rows]


FRESHDESK_XML = """<?xml version="1.0" encoding="UTF-8"?>
<helpdesk-tickets type="array"><helpdesk-ticket>
  <id type="integer">5000</id><display-id type="integer">12</display-id><subject>Broken cup</subject>
  <description>It came broken.</description><description-html>&lt;p&gt;It came broken.&lt;/p&gt;</description-html>
  <status type="integer">4</status><priority type="integer">4</priority><source type="integer">1</source>
  <requester-id type="integer">31</requester-id><responder-id type="integer">21</responder-id>
  <spam type="boolean">false</spam><deleted type="boolean">false</deleted>
  <created-at type="datetime">2024-03-01T10:00:00+02:00</created-at>
  <updated-at type="datetime">2024-03-02T10:00:00+02:00</updated-at>
  <requester><id type="integer">31</id><name>Dace</name><email>dace@customer.example</email></requester>
  <responder><id type="integer">21</id><name>Bob</name><email>bob@example.com</email></responder>
  <ticket-states><resolved-at type="datetime">2024-03-02T09:00:00+02:00</resolved-at></ticket-states>
  <helpdesk-notes type="array"><helpdesk-note>
    <id type="integer">77</id><body>We send another.</body><incoming type="boolean">false</incoming>
    <private type="boolean">false</private><user-id type="integer">21</user-id>
    <created-at type="datetime">2024-03-01T11:00:00+02:00</created-at><attachments type="array"/>
  </helpdesk-note><helpdesk-note>
    <id type="integer">78</id><body>ask the potter</body><incoming type="boolean">false</incoming>
    <private type="boolean">true</private><user-id type="integer">21</user-id><notable-id nil="true"/>
    <created-at type="datetime">2024-03-01T11:05:00+02:00</created-at>
  </helpdesk-note></helpdesk-notes>
</helpdesk-ticket></helpdesk-tickets>
"""
TOLD = [
    ("inbound", "Dace Ozola", "It came broken."),
    ("outbound", "Bob", "We send another."),
    ("note", "Bob", "ask the potter"),
]


def test_freshdesk_by_xml_in_an_archive(cast: Cast, taken_over: TakenOver, tmp_path: Path) -> None:
    path = tmp_path / "export.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("Tickets0.xml", FRESHDESK_XML)
        archive.writestr("Forums.xml", "<forums/>")
        archive.writestr("logo.png", b"png")
    row = taken_over(cast, path, system="freshdesk")
    cup = Conversation.objects.get()
    assert (row.state, cup.status, cup.priority_key) == ("done", "solved", "urgent")
    assert story(cup) == TOLD
    assert cup.created_at.isoformat() == "2024-03-01T08:00:00+00:00"
    assert cup.solved_at is not None
    assert cup.solved_at.isoformat() == "2024-03-02T07:00:00+00:00"
    assert row.remarks.get().reason == "skipped"


def test_freshdesk_by_pages_of_its_api(
    cast: Cast, taken_over: TakenOver, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ticket = {
        "id": 12, "subject": "Broken cup", "description": "<p>It came broken.</p>",
        "description_text": "It came broken.", "status": 4, "priority": 4, "source": 1, "requester_id": 31,
        "responder_id": 21, "created_at": "2024-03-01T08:00:00Z", "updated_at": "2024-03-02T08:00:00Z",
        "stats": {"resolved_at": "2024-03-02T07:00:00Z"}, "tags": [],
    }  # fmt: skip
    note = {"ticket_id": 12, "user_id": 21, "private": False, "incoming": False, "body": "<p>We send another.</p>"}
    notes = [
        note | {"id": 77, "created_at": "2024-03-01T09:00:00Z", "body_text": "We send another."},
        note | {"id": 78, "created_at": "2024-03-01T09:05:00Z", "private": True, "body_text": "ask the potter"},
    ]
    contacts = [{"id": 31, "name": "Dace", "email": "dace@customer.example", "company_id": None}]
    agents = [{"id": 21, "ticket_scope": 1, "contact": {"name": "Bob", "email": "bob@example.com"}}]
    files = [
        kept(tmp_path / f"{place}.json", one)
        for place, one in enumerate(([notes[0]], [ticket], notes, contacts, agents))
    ]
    row = taken_over(cast, *files, system="freshdesk")
    cup = Conversation.objects.get()
    assert (row.report["conversations_new"], cup.priority_key) == (1, "urgent")
    assert story(cup) == TOLD
    say(row, 1.0, as_json=False)
    assert "1 ticket read. New here: 1 conversation, 3 messages, " in capsys.readouterr().out


def test_zammad_with_a_file(cast: Cast, taken_over: TakenOver, tmp_path: Path) -> None:
    ticket = {
        "id": 8, "number": "67008", "title": "Broken cup", "group": "Shop", "state": "closed", "priority": "3 high",
        "customer_id": 31, "owner_id": 21, "created_at": "2024-03-01T08:00:00.000Z", "close_at": None,
        "updated_at": "2024-03-02T08:00:00.000Z", "create_article_type": "email",
    }  # fmt: skip
    article = {"ticket_id": 8, "internal": False, "content_type": "text/plain", "created_by_id": 21, "sender": "Agent"}
    picture = {"filename": "cup.png", "preferences": {"Content-Type": "image/png"},
               "data": base64.b64encode(b"a picture").decode()}  # fmt: skip
    articles = [
        article | {"id": 1, "created_at": "2024-03-01T08:00:00.000Z", "body": "<p>It came broken.</p>",
                   "content_type": "text/html", "sender": "Customer", "created_by_id": 31, "attachments": [picture],
                   "message_id": "<cup@customer.example>"},
        article | {"id": 2, "created_at": "2024-03-01T09:00:00.000Z", "body": "We send another."},
        article | {"id": 3, "created_at": "2024-03-01T09:01:00.000Z", "body": "Thank you for writing",
                   "sender": "System", "created_by_id": 1},
        article | {"id": 4, "created_at": "2024-03-01T09:05:00.000Z", "body": "ask the potter", "internal": True},
        article | {"id": 5, "created_at": "2024-03-01T09:06:00.000Z", "body": "", "sender": "Customer",
                   "created_by_id": 31, "attachments": [picture]},
    ]  # fmt: skip
    users = [
        {"id": 31, "login": "d", "firstname": "Dace", "lastname": "Ozola", "email": "dace@customer.example",
         "role_ids": [3]},
        {"id": 21, "login": "b", "firstname": "Bob", "lastname": "", "email": "bob@example.com", "role_ids": [2]},
    ]  # fmt: skip
    files = [kept(tmp_path / "t.json", [ticket]), kept(tmp_path / "a.json", articles), kept(tmp_path / "u.json", users)]
    row = taken_over(cast, *files, system="zammad")
    cup = Conversation.objects.get()
    assert (cup.status, cup.priority_key) == ("solved", "high")
    assert story(cup) == [
        *TOLD[:2], ("outbound", "", "Thank you for writin"), TOLD[2], ("inbound", "Dace Ozola", "")
    ]  # fmt: skip
    assert cup.preview == "cup.png"
    assert cup.messages.get(automatic=True).text == "Thank you for writing"
    assert cup.first_answered_at is not None
    for file in Attachment.objects.filter(message__conversation=cup):
        assert (file.name, file.content_type, bytes(file.file.content)) == ("cup.png", "image/png", b"a picture")
    assert Attachment.objects.count() == 2
    assert {one.reason for one in row.remarks.all()} == {"solved_when"}


OSTICKET = (Path(__file__).parent / "osticket.sql").read_text(encoding="utf-8")


def test_osticket_by_a_dump_of_its_database(cast: Cast, taken_over: TakenOver, tmp_path: Path) -> None:
    path = tmp_path / "dump.sql"
    path.write_text(OSTICKET, encoding="utf-8")
    row = taken_over(cast, path, system="osticket", zone="Europe/Riga")
    assert row.state == Import.State.DONE, row.error
    cup = Conversation.objects.get()
    assert (cup.subject, cup.status, cup.priority_key, cup.channel) == ("Broken cup", "closed", "urgent", "email")
    assert cup.created_at.isoformat() == "2024-03-01T08:00:00+00:00"
    assert [kind for kind, _who, _text in story(cup)] == ["inbound", "outbound", "note"]
    assert cup.messages.earliest("id").text == "It came broken.\nIt's a 'cup' (blue); x"
    assert bytes(Attachment.objects.get().file.content) == b"a\0picture"
    assert row.report["remarks"] == {}


def test_a_dump_that_was_cut_off_is_refused(cast: Cast, taken_over: TakenOver, tmp_path: Path) -> None:
    path = tmp_path / "dump.sql"
    path.write_text(OSTICKET[: OSTICKET.index("We send")], encoding="utf-8")
    row = taken_over(cast, path, system="osticket")
    assert (row.state, Conversation.objects.count()) == ("failed", 0)
    assert "line 18" in row.error


def test_chatwoot_by_pages_of_its_api(cast: Cast, taken_over: TakenOver, tmp_path: Path) -> None:
    sender = {"id": 31, "name": "Dace", "email": "dace@customer.example", "phone_number": None, "type": "contact"}
    bob = {"id": 31, "name": "Bob", "email": "bob@example.com", "type": "user"}
    conversation = {
        "id": 8, "inbox_id": 2, "status": "resolved", "priority": "urgent", "labels": ["cup"],
        "created_at": 1709280000, "last_activity_at": 1709283900,
        "additional_attributes": {"mail_subject": "Broken cup"},
        "meta": {"sender": sender, "assignee": bob, "channel": "Channel::Email"},
    }  # fmt: skip
    message = {"conversation_id": 8, "private": False, "content_type": "text"}
    messages = [
        message | {"id": 1, "message_type": 0, "created_at": 1709280000, "content": "It came broken.",
                   "sender": sender},
        message | {"id": 2, "message_type": 1, "created_at": 1709283600, "content": "We send another.", "sender": bob},
        message | {"id": 3, "message_type": 2, "created_at": 1709283700, "content": "Bob resolved it"},
        message | {"id": 4, "message_type": 1, "created_at": 1709283900, "content": "ask the potter", "private": True,
                   "sender": bob},
    ]  # fmt: skip
    pages = kept(tmp_path / "c.json", {"data": {"meta": {"all_count": 1}, "payload": [conversation]}})
    thread = kept(tmp_path / "m.json", {"meta": {"labels": []}, "payload": messages})
    row = taken_over(cast, pages, thread, system="chatwoot")
    cup = Conversation.objects.get()
    assert (cup.subject, cup.status, cup.tags, row.report["messages_new"]) == ("Broken cup", "solved", ["cup"], 3)
    assert story(cup) == TOLD


def test_a_dump_that_ends_between_two_tables_is_refused(cast: Cast, taken_over: TakenOver, tmp_path: Path) -> None:
    path = tmp_path / "dump.sql"
    path.write_text(OSTICKET[: OSTICKET.index("INSERT INTO `ost_user`")], encoding="utf-8")
    assert "ends too early" in taken_over(cast, path, system="osticket").error


def bomb(path: Path) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("tickets.json", b"[" + b" " * (64 << 20) + b"]")
    return path


@pytest.mark.parametrize(
    ("system", "make", "why"),
    [
        ("zendesk", bomb, "far more than its size"),
        ("freshdesk", lambda path: _text(path, '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'), "document type"),
        ("freshdesk", lambda path: _text(path, FRESHDESK_XML[:900]), "is not XML at line"),
        ("osticket", lambda path: _text(path, "SELECT 1;"), "no tables of osTicket"),
        ("zammad", lambda path: _text(path, "PK\x03\x04 and nothing"), "broken archive"),
        ("chatwoot", lambda path: _text(path, '{"payload": []}'), "nothing of Chatwoot"),
    ],
)
def test_what_would_do_harm_or_is_something_else(
    cast: Cast, taken_over: TakenOver, tmp_path: Path, system: str, make: Any, why: str
) -> None:
    row = taken_over(cast, make(tmp_path / "file.json"), system=system)
    assert row.state == Import.State.FAILED
    assert why in row.error


def _text(path: Path, said: str) -> Path:
    path.write_text(said, encoding="utf-8")
    return path
