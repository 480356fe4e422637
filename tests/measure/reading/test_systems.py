"""Exports of known systems, as their documentation describes them, with content of our own."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from answerable.measure.reading import Reading
from answerable.measure.reading.mapping import KINDS
from answerable.measure.reading.recognition import tables
from tests.measure.reading.test_tables_of_text import at, reading, rows

FACTS = ("conversation_id", "opened_by", "started_at", "first_responded_at", "solved_at")


def facts(found: Reading) -> list[tuple[Any, ...]]:
    """Conversations by what every system has."""
    return rows(found, "conversations", *FACTS)


def test_tables_name_only_what_a_file_may_have() -> None:
    assert {table.system for table in tables()} == {
        "Zendesk", "Freshdesk", "Intercom", "Chatwoot", "Zammad", "osTicket", "Jira Service Management", "Shopify",
        "VINST", "Amazon Connect", "Help Scout",
    }  # fmt: skip
    for table in tables():
        assert set(table.columns) <= set(KINDS[table.kind])


ZENDESK_HEADER = (
    "Summation column,Id,Requester,Requester id,Submitter,Assignee,Group,Subject,Status,Priority,Via,Ticket type,"
    "Created at,Updated at,Assigned at,Organization,Solved at,Resolution time,Satisfaction Score,Reopens,Replies,"
    "First reply time in minutes,First reply time in minutes within business hours,"
    "Full resolution time in minutes,Full resolution time in minutes within business hours"
)


def test_zendesk_csv(tmp_path: Path) -> None:
    text = "\n".join([
        ZENDESK_HEADER,
        ("1,501,Rita,9,Rita,Ann,Billing,Invoice,Solved,High,Mail,Incident,2026-03-02 09:00,2026-03-04 09:00,,,"
         "2026-03-03 09:00,24,Good,1,2,30,30,1440,540"),
        ("1,502,Paul,8,Paul,Ann,Billing,Refund,Open,Low,Web form,Question,2026-03-02 10:00,2026-03-02 12:00,,,,,"
         "Offered,0,1,90,60,,"),
        "1,503,Olga,7,Ann,Ann,Sales,Call,Open,-,Phone,,2026-03-02 11:00,2026-03-02 11:00,,,,,Not Offered,0,0,,,,",
    ])  # fmt: skip
    with reading(tmp_path, text + "\n") as found:
        assert found.files[0].mapping.system == "Zendesk"
        assert facts(found) == [
            (501, "customer", at("2026-03-02 09:00"), at("2026-03-02 09:30"), at("2026-03-03 09:00")),
            (502, "customer", at("2026-03-02 10:00"), at("2026-03-02 11:30"), None),
            (503, "agent", at("2026-03-02 11:00"), None, None),
        ]
        others = ("first_response_business_seconds", "team", "channel", "reopened_count")
        assert rows(found, "conversations", *others)[:2] == [
            (1800, "Billing", "Mail", 1), (3600, "Billing", "Web form", 0),
        ]  # fmt: skip
        assert rows(found, "ratings", "conversation_id", "score", "rated_at") == [
            (501, 5, at("2026-03-03 09:00")), (502, None, None),
        ]  # fmt: skip
        assert any("good counts as 5" in proxy for proxy in found.files[0].mapping.proxies)
        assert found.bad_count == 0


def zendesk_ticket(number: int, status: str, **others: Any) -> dict[str, Any]:
    """A ticket of the API."""
    return {
        "id": number, "url": f"https://desk.example/{number}", "created_at": "2026-03-02T09:00:00Z",
        "updated_at": "2026-03-04T09:00:00Z", "status": status, "priority": "normal", "requester_id": 9,
        "submitter_id": 9,
        "assignee_id": 77, "group_id": 5, "organization_id": None, "via": {"channel": "email", "source": {"rel": None}},
        "satisfaction_rating": {"score": "good", "comment": "Thanks"}, "tags": ["a"], **others,
    }  # fmt: skip


def metrics(number: int) -> dict[str, Any]:
    """A ticket's metrics."""
    return {
        "id": 1000 + number, "ticket_id": number, "created_at": "2026-03-02T09:00:01Z", "reopens": 2,
        "solved_at": "2026-03-03T09:00:00Z", "reply_time_in_minutes": {"calendar": 45, "business": 15},
        "full_resolution_time_in_minutes": {"calendar": 1440, "business": 540},
    }  # fmt: skip


@pytest.mark.parametrize("shape", ["inside", "beside", "lines"])
def test_zendesk_json_with_metric_sets(tmp_path: Path, shape: str) -> None:
    tickets = [zendesk_ticket(1, "closed"), zendesk_ticket(2, "open", submitter_id=77)]
    sets = {1: metrics(1), 2: metrics(2)}
    if shape == "beside":
        text = json.dumps({"tickets": tickets, "metric_sets": list(sets.values()), "count": 2})
    else:
        inside = [{**ticket, "metric_set": sets[ticket["id"]]} for ticket in tickets]
        text = json.dumps({"tickets": inside}) if shape == "inside" else "\n".join(map(json.dumps, inside))
    with reading(tmp_path, text, "tickets.json") as found:
        assert found.files[0].mapping.system == "Zendesk"
        assert facts(found) == [
            (1, "customer", at("2026-03-02 09:00"), at("2026-03-02 09:45"), at("2026-03-03 09:00")),
            (2, "agent", at("2026-03-02 09:00"), at("2026-03-02 09:45"), None),
        ]
        assert rows(found, "conversations", "first_response_business_seconds", "reopened_count")[0] == (900, 2)


def test_zendesk_metrics_alone(tmp_path: Path) -> None:
    text = json.dumps({"ticket_metrics": [metrics(1)], "next_page": None})
    with reading(tmp_path, text, "ticket_metrics.json") as found:
        assert found.files[0].mapping.system == "Zendesk"
        assert found.files[0].mapping.proxies
        assert rows(found, "conversations", "conversation_id", "solved_at") == [(1, at("2026-03-03 09:00"))]


def test_freshdesk_csv(tmp_path: Path) -> None:
    header = (
        "Ticket ID,Subject,Status,Priority,Source,Type,Agent,Group,Created time,Due by Time,Resolved time,Closed time,"
        "Last update time,Initial response time,Time tracked,First response time (in hrs),Resolution time (in hrs),"
        "Agent interactions,Customer interactions,Resolution status,First response status,Tags,Survey results"
    )
    lines = [
        (
            "11,A,Closed,Medium,Email,Question,Ann,Care,2026-03-02 09:00:00,,2026-03-03 09:00:00,2026-03-05 09:00:00,"
            "2026-03-05 09:00:00,2026-03-02 09:20:00,00:00,00:20:00,09:00:00,1,1,Within SLA,Within SLA,,Extremely Happy"
        ),
        "12,B,Open,Low,Outbound Email,,Ann,Care,2026-03-02 10:00:00,,,,2026-03-02 10:00:00,,,,,0,0,,,,No Response",
    ]
    with reading(tmp_path, "\n".join([header, *lines]) + "\n") as found:
        assert found.files[0].mapping.system == "Freshdesk"
        assert facts(found) == [
            (11, "customer", at("2026-03-02 09:00"), at("2026-03-02 09:20"), at("2026-03-03 09:00")),
            (12, "agent", at("2026-03-02 10:00"), None, None),
        ]
        assert rows(found, "conversations", "first_response_business_seconds", "resolution_business_seconds")[0] == (
            1200, 32400,
        )  # fmt: skip
        assert rows(found, "ratings", "conversation_id", "score") == [(11, 5)]
        assert found.bad_count == 0


def test_freshdesk_json(tmp_path: Path) -> None:
    ticket = {
        "id": 11, "status": 5, "priority": 3, "source": 1, "spam": False, "created_at": "2026-03-02T09:00:00Z",
        "updated_at": "2026-03-05T09:00:00Z", "responder_id": 4, "requester_id": 6, "group_id": 8, "company_id": None,
        "stats": {"first_responded_at": "2026-03-02T09:20:00Z", "resolved_at": "2026-03-03T09:00:00Z"},
    }  # fmt: skip
    with reading(tmp_path, json.dumps([ticket, {**ticket, "id": 12, "source": 10, "status": 2}]), "t.json") as found:
        assert facts(found) == [
            (11, "customer", at("2026-03-02 09:00"), at("2026-03-02 09:20"), at("2026-03-03 09:00")),
            (12, "agent", at("2026-03-02 09:00"), at("2026-03-02 09:20"), None),
        ]
        assert rows(found, "conversations", "channel", "priority", "team_id")[0] == ("email", "high", 8)


def test_intercom_json(tmp_path: Path) -> None:
    start = at("2026-03-02 09:00")
    conversation = {
        "type": "conversation", "id": "215470", "created_at": start, "updated_at": start + 90_000, "state": "closed",
        "priority": "not_priority", "admin_assignee_id": 4, "team_assignee_id": None,
        "source": {"type": "conversation", "delivered_as": "customer_initiated", "author": {"type": "lead"}},
        "statistics": {
            "first_contact_reply_at": start, "first_admin_reply_at": start + 600, "time_to_admin_reply": 480,
            "last_close_at": start + 7200, "time_to_last_close": 3600, "count_reopens": 1,
        },
        "conversation_rating": {"rating": 4, "created_at": start + 7300, "remark": "ok"},
    }  # fmt: skip
    other = {**conversation, "id": "215471", "state": "open", "source": {"delivered_as": "admin_initiated"}}
    with reading(tmp_path, json.dumps({"conversations": [conversation, other], "pages": {}}), "c.json") as found:
        assert found.files[0].mapping.system == "Intercom"
        assert facts(found) == [
            (215470, "customer", start, start + 600, start + 7200), (215471, "agent", start, start + 600, None),
        ]  # fmt: skip
        assert rows(found, "ratings", "score", "invited_at")[0] == (4, start + 7300)


def test_chatwoot_conversations_and_ratings(tmp_path: Path) -> None:
    start = at("2026-03-02 09:00")
    conversation = {
        "id": 31, "inbox_id": 2, "status": "resolved", "created_at": start, "last_activity_at": start + 4000,
        "first_reply_created_at": start + 300, "waiting_since": 0, "agent_last_seen_at": start, "priority": None,
        "meta": {"channel": "Channel::Email", "assignee": {"id": 1, "name": "Ann"}, "team": {"id": 3, "name": "Care"}},
        "labels": [], "messages": [{"id": 5}],
    }  # fmt: skip
    waiting = {**conversation, "id": 32, "status": "open", "first_reply_created_at": 0}
    data = {"data": {"meta": {"mine_count": 2}, "payload": [conversation, waiting]}}
    with reading(tmp_path, json.dumps(data), "c.json") as found:
        assert found.files[0].mapping.system == "Chatwoot"
        assert facts(found) == [
            (31, "customer", start, start + 300, start + 4000), (32, "customer", start, None, None),
        ]  # fmt: skip
        assert rows(found, "conversations", "team", "channel")[0] == ("Care", "Channel::Email")
    text = (
        "Agent Name,Rating,Feedback Comment,Contact Name,Contact Email Address,Contact Phone Number,"
        "Link to the conversation,Recorded date\n"
        "Ann,5,Great,Rita,rita@example.org,,https://chat.example/app/accounts/1/conversations/31,2026-03-02 10:30:00\n"
    )
    with reading(tmp_path, text, "csat.csv") as found:
        assert rows(found, "ratings", "score", "agent", "rated_at") == [(5, "Ann", at("2026-03-02 10:30"))]


def test_zammad_json(tmp_path: Path) -> None:
    ticket = {
        "id": 1, "number": "22001", "group_id": 1, "group": "Users", "priority_id": 2, "priority": "2 normal",
        "state_id": 4, "state": "closed", "owner_id": 3, "owner": "ann@example.org", "title": "Hello",
        "created_at": "2026-03-02T09:00:00.759Z", "updated_at": "2026-03-05T09:00:00.809Z", "close_in_min": 120,
        "first_response_at": "2026-03-02T09:40:00.000Z", "first_response_in_min": 40,
        "close_at": "2026-03-03T09:00:00.000Z", "create_article_sender_id": 2, "create_article_sender": "Customer",
        "create_article_type_id": 1, "create_article_type": "email", "preferences": {}, "note": None,
    }  # fmt: skip
    outbound = {
        **ticket,
        "number": "22002",
        "create_article_sender": "Agent",
        "state": "open",
        "first_response_at": None,
    }
    with reading(tmp_path, json.dumps([ticket, outbound]), "z.json") as found:
        assert found.files[0].mapping.system == "Zammad"
        assert facts(found) == [
            (22001, "customer", at("2026-03-02 09:00"), at("2026-03-02 09:40"), at("2026-03-03 09:00")),
            (22002, "agent", at("2026-03-02 09:00"), None, None),
        ]
        assert rows(found, "conversations", "priority", "team", "channel")[0] == ("normal", "Users", "email")
    plain = {
        key: value
        for key, value in ticket.items()
        if not isinstance(value, str) or key[-3:] == "_at" or key == "number"
    }
    with reading(tmp_path, json.dumps([plain]), "z.json") as found:
        assert rows(found, "conversations", "opened_by", "priority", "team_id") == [("customer", "normal", 1)]


def test_osticket_csv(tmp_path: Path) -> None:
    text = (
        '"Ticket Number","Date Created","Subject","From","From Email","Priority","Department","Help Topic","Source",'
        '"Current Status","Last Updated","Due Date","Closed Date","Overdue","Answered","Agent Assigned"\n'
        '"348271","3/2/26 9:00 AM","A","Rita","rita@example.org","Normal","Support","General","Email","Closed",'
        '"3/15/26 9:00 AM","","3/15/26 9:00 AM","0","1","Ann"\n'
    )
    with reading(tmp_path, text) as found:
        assert found.files[0].mapping.system == "osTicket"
        assert facts(found) == [(348271, "customer", at("2026-03-02 09:00"), None, at("2026-03-15 09:00"))]
        assert "first_response" in {each.kpi for each in found.missing}


def test_jira_csv(tmp_path: Path) -> None:
    text = (
        "Summary,Issue key,Issue id,Issue Type,Status,Project name,Priority,Assignee,Reporter,Created,Updated,Resolved,"
        "Comment,Comment,Satisfaction rating,Custom field (Time to first response),"
        "Custom field ([CHART] Date of First Response)\n"
        "A,DESK-1,10001,Service Request,Done,Service desk,Medium,Ann,Rita,02/Mar/26 9:00 AM,05/Mar/26 9:00 AM,"
        "03/Mar/26 9:00 AM,x,y,4,3:20,02/Mar/26 9:15 AM\n"
        "B,DESK-2,10002,Incident,Waiting,Service desk,High,,Paul,02/Mar/26 1:00 PM,02/Mar/26 1:00 PM,,,,,-1:10,\n"
    )
    with reading(tmp_path, text) as found:
        assert found.files[0].mapping.system == "Jira Service Management"
        assert facts(found) == [
            ("DESK-1", "customer", at("2026-03-02 09:00"), at("2026-03-02 09:15"), at("2026-03-03 09:00")),
            ("DESK-2", "customer", at("2026-03-02 13:00"), None, None),
        ]
        assert rows(found, "ratings", "score") == [(4,)]


def test_jira_json(tmp_path: Path) -> None:
    issue = {"key": "DESK-1", "fields": {
        "created": "2026-03-02T09:00:00.000+0200", "resolutiondate": None, "updated": "2026-03-02T10:00:00.000+0200",
        "status": {"name": "Open"}, "priority": {"name": "High"}, "assignee": None, "project": {"name": "Service desk"},
    }}  # fmt: skip
    with reading(tmp_path, json.dumps({"startAt": 0, "total": 1, "issues": [issue]}), "j.json") as found:
        assert found.files[0].mapping.system == "Jira Service Management"
        assert rows(found, "conversations", "started_at", "priority") == [(at("2026-03-02 07:00"), "High")]
