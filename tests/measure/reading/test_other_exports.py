"""Exports of systems without a table of their own: what columns, units and states mean is told by their values."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.measure.reading.test_tables_of_text import at, reading, rows

FACTS = ("conversation_id", "started_at", "first_responded_at", "solved_at")
ANSWERED, SOLVED = at("2026-03-02 09:30"), at("2026-03-13 10:00")
TOLD = (1, at("2026-03-02 09:00"), ANSWERED, SOLVED)

EXPLORE_HOURS = (
    "Ticket ID,Ticket created - Timestamp,Ticket solved - Timestamp,Ticket status,First reply time (hrs)\n"
    "1,2026-03-02T09:00:00,2026-03-13T10:00:00,Solved,0.5\n"
)
EXPLORE_MEDIANS = (
    "Ticket ID,Ticket created - Date,Ticket created - Timestamp,MED(First reply time (min)),"
    "MED(Full resolution time (hrs))\n"
    "1,2026-03-02,2026-03-02 09:00:00,30,265\n"
)
FRESHDESK_GERMAN = (
    "Ticket-ID,Status,Erstellungszeit,Zeit der Lösung,Erste Antwortzeit,Erste Reaktionszeit (in Std.)\n"
    "1,Closed,2026-03-02 09:00:00,2026-03-13 10:00:00,2026-03-02 09:30:00,00:30:00\n"
)
FRESHDESK_FRENCH = (
    "ID du ticket,Statut,Heure de création,Heure de résolution,Temps de première réponse (en heures)\n"
    "1,Résolu,2026-03-02 09:00:00,2026-03-13 10:00:00,00:30:00\n"
)
OTRS = (
    '"Ticketliste 2026-05-01 08:00:00 (Europe/Berlin)"\n'
    "Ticket#;Erstellt;Status;Geschlossen;Erste Reaktion\n"
    "1;02.03.2026 09:00:00;erfolgreich geschlossen;13.03.2026 10:00:00;02.03.2026 09:30:00\n"
)
GLPI = (
    "ID;Date d'ouverture;Statut;Statistiques - Délai de prise en compte;Date de résolution\n"
    "1;02-03-2026 09:00;Clos;0 jours 0 heures 30 minutes 0 secondes;13-03-2026 10:00\n"
)
GERMAN_WORDS = (
    "Ticketnummer;Erstellt am;Geschlossen am;Zeit bis zur ersten Antwort\n"
    "1;02.03.2026 09:00;13.03.2026 10:00;0 Tage 0 Stunden 30 Minuten\n"
)
CITY = (
    "case_enquiry_id,open_dt,closed_dt,case_status,Zip number,first_response_datetime\n"
    "1,2026-03-02 09:00:00,2026-03-13 10:00:00,Closed,1010,2026-03-02 09:30:00\n"
)
MILLISECONDS = (
    "Record ID,Ticket name,Ticket status,Create date,Close date,Time to close,Time to first agent email reply\n"
    "1,Invoice,Closed,2026-03-02 09:00,2026-03-13 10:00,954000000,1800000\n"
)
TOPDESK = (
    "Meldingnummer;Status;Behandelaar;Aanmaakdatum;Eerste reactie;Datum gereed\n"
    "1;Gesloten;Ann;02-03-2026 09:00;02-03-2026 09:30;13-03-2026 10:00\n"
)
DOTTED = (
    "Case ID,Opened,First Reply,Closed,State\n"
    '1,"02/03/2026, 09:00:00 a.m.","02/03/2026, 09:30:00 a.m.","13/03/2026, 10:00:00 a.m.",closed\n'
)
JAVASCRIPT = (
    "Case ID,Created,First Reply,Closed\n"
    "1,Mon Mar 02 2026 11:00:00 GMT+0200 (Eastern Time),Mon Mar 02 2026 11:30:00 GMT+0200 (Eastern Time),"
    "Fri Mar 13 2026 12:00:00 GMT+0200 (Eastern Time)\n"
)


@pytest.mark.parametrize(
    "text",
    [
        EXPLORE_HOURS, EXPLORE_MEDIANS, FRESHDESK_GERMAN, FRESHDESK_FRENCH, OTRS, GLPI, GERMAN_WORDS, CITY,
        MILLISECONDS, TOPDESK, DOTTED, JAVASCRIPT,
    ],
)  # fmt: skip
def test_conversations(tmp_path: Path, text: str) -> None:
    with reading(tmp_path, text, first="day") as found:
        assert rows(found, "conversations", *FACTS) == [TOLD]
        assert found.bad_count == 0


def test_request_tracker_writes_the_year_last_and_what_is_not_set(tmp_path: Path) -> None:
    text = (
        "id\tStatus\tCreated\tStarted\tResolved\n"
        "1\tresolved\tMon Mar 02 09:00:00 2026\tMon Mar 02 09:20:00 2026\tFri Mar 13 10:00:00 2026\n"
        "2\topen\tMon Mar  2 09:00:00 2026\tNot set\tNot set\n"
    )
    with reading(tmp_path, text, "tickets.tsv") as found:
        assert rows(found, "conversations", *FACTS) == [(1, TOLD[1], None, SOLVED), (2, TOLD[1], None, None)]
        assert found.bad_count == 0


def test_a_number_without_a_unit_is_said(tmp_path: Path) -> None:
    text = "Ticket ID,Created at,First reply time\n1,2026-03-02 09:00,1800\n"
    with reading(tmp_path, text) as found:
        assert rows(found, "conversations", *FACTS[:3]) == [TOLD[:3]]
        assert "First reply time names no unit; its numbers are taken for seconds" in found.files[0].doubts


def test_of_a_history_the_latest_state_counts(tmp_path: Path) -> None:
    """ServiceNow's log has a row per change, and a question mark where there is nothing."""
    text = (
        "number,incident_state,opened_at,sys_updated_at,resolved_at\n"
        "INC1,New,2026-03-02 09:00,2026-03-02 09:01,2026-03-13 10:00\nINC2,New,2026-03-02 09:00,2026-03-02 09:02,?\n"
        "INC1,Closed,2026-03-02 09:00,2026-03-14 10:00,2026-03-13 10:00\n"
    )
    with reading(tmp_path, text) as found:
        assert sorted(rows(found, "conversations", "conversation_id", "solved_at"), key=str) == [
            ("INC1", SOLVED), ("INC2", None),
        ]  # fmt: skip
        assert found.bad_count == 0
        assert any("earlier states" in doubt for doubt in found.files[0].doubts)


def test_statuses_that_nobody_knows_are_told_by_their_dates(tmp_path: Path) -> None:
    text = (
        "Ticket ID,Created at,Resolved at,Status\n1,2026-03-02 09:00,2026-03-13 10:00,Erledigt (Kunde)\n"
        "2,2026-03-02 09:00,2026-03-13 10:00,Lahendatud\n3,2026-03-02 09:00,2026-03-13 10:00,Reopened\n"
        "4,2026-03-02 09:00,,Ootel\n"
    )
    with reading(tmp_path, text) as found:
        assert rows(found, "conversations", "solved_at") == [(SOLVED,), (SOLVED,), (None,), (None,)]
        assert found.files[0].mapping.solved == ("Erledigt (Kunde)", "Lahendatud")
        assert any(doubt.endswith(": Lahendatud") for doubt in found.files[0].doubts)


def test_what_stands_below_a_report_is_no_row(tmp_path: Path) -> None:
    table = "Case Number,Date/Time Opened,Date/Time Closed\n1,3/2/2026 9:00 AM,3/13/2026 10:00 AM\n"
    below = '\n"Copyright (c) 2026 Example"\n"Generated By: Ann 5/1/2026 9:12 AM"\n'
    with reading(tmp_path, table + below) as found:
        assert rows(found, "conversations", "conversation_id", "solved_at") == [(1, SOLVED)]
        assert found.bad_count == 0
        assert found.files[0].doubts[0].endswith(": 2")
    with reading(tmp_path, table + "2,3/2/2026 9:00 AM\n" + below) as found:
        assert found.bad_count == 3


def test_messages_of_conversations_are_events(tmp_path: Path) -> None:
    text = (
        "Message ID,Conversation ID,Direction,Inbox,Message date (UTC)\n"
        "m1,c1,Inbound,Care,2026-03-02 09:00:00\nm2,c1,Outbound,Care,2026-03-02 09:30:00\n"
        "m3,c1,Inbound,Care,2026-03-02 09:40:00\nm4,c1,Outbound,Care,2026-03-02 09:50:00\n"
    )
    with reading(tmp_path, text) as found:
        assert found.files[0].mapping.kind == "events"
        assert rows(found, "conversations", *FACTS[:3]) == [("c1", TOLD[1], ANSWERED)]


@pytest.mark.parametrize("header", ["_CASE_KEY,ACTIVITY_EN,EVENTTIME", "Incident ID,IncidentActivity_Type,DateStamp"])
def test_event_logs(tmp_path: Path, header: str) -> None:
    with reading(tmp_path, f"{header}\nA1,Open,02-03-2026 09:00:00\nA1,Closed,13-03-2026 10:00:00\n") as found:
        assert rows(found, "conversations", "conversation_id", "started_at", "solved_at") == [("A1", TOLD[1], SOLVED)]


def test_lists_of_people_beside_tickets_are_no_conversations(tmp_path: Path) -> None:
    data = {
        "tickets": [{"id": 1, "created_at": "2026-03-02T09:00:00Z", "status": "open"}],
        "users": [{"id": 7, "name": "Ann", "created_at": "2020-01-01T00:00:00Z", "updated_at": "2026-03-01T00:00:00Z"}],
    }
    with reading(tmp_path, json.dumps(data), "t.json") as found:
        assert [file.mapping.kind for file in found.files] == ["conversations", "ignore"]


def test_who_opened_it_may_be_yes_or_no(tmp_path: Path) -> None:
    data = [
        {"id": number, "status": "closed", "from_agent": agent, "created_datetime": "2026-03-02T09:00:00+00:00"}
        for number, agent in ((1, True), (2, False))
    ]
    with reading(tmp_path, json.dumps(data), "t.json") as found:
        assert rows(found, "conversations", "opened_by", "started_at") == [("agent", TOLD[1]), ("customer", TOLD[1])]


def test_what_cannot_tell_conversations_apart_is_not_their_number(tmp_path: Path) -> None:
    """A column of the same zip code, a name, an order's number: each has a word for it and is none."""
    text = (
        "Unique Key,Ticket name,Incident Zip,Order_id,Created Date,Closed Date,Status\n"
        "1,Noise,11221,9,03/02/2026 09:00:00 AM,03/13/2026 10:00:00 AM,Closed\n"
        "2,Noise,11221,9,03/02/2026 09:00:00 AM,,Open\n"
    )
    with reading(tmp_path, text) as found:
        assert rows(found, "conversations", "conversation_id", "solved_at") == [(1, SOLVED), (2, None)]


def test_a_list_of_messages_is_not_called_a_log_of_work(tmp_path: Path) -> None:
    """What it says of itself is true: the times are of messages, and nothing tells when a conversation was solved."""
    text = "Conversation ID,Direction,Sent at\nc1,in,2026-03-02 09:00\nc1,out,2026-03-02 09:30\n"
    with reading(tmp_path, text) as found:
        assert rows(found, "conversations", *FACTS[:3]) == [("c1", TOLD[1], ANSWERED)]
        assert [proxy[:18] for proxy in found.files[0].mapping.proxies] == ["a list of messages"]
        assert {each.kpi: each.remedy for each in found.missing}["resolution"].startswith("give a file that has it")


VINST = (
    "SR Number;Change Date+Time;Status;Sub Status;Involved ST Function Div;Involved Org line 3;Involved ST;"
    "SR Latest Impact;Product;Country;Owner Country;Owner First Name\n"
)


def test_incidents_of_vinst(tmp_path: Path) -> None:
    """The history of BPI Challenge 2013: completed when it was resolved, and not when it closed itself a week later."""
    text = VINST + "".join(
        f"1-364;{when};{status};A2_4;Org line A2;{team};Medium;PROD1;fr;France;Eva\n"
        for when, status, team in (
            ("2026-03-02T10:00:00+01:00", "Accepted;In Progress", "V30"),
            ("2026-03-02T10:30:00+01:00", "Completed;In Call", "V30"),
            ("2026-03-03T10:30:00+01:00", "Queued;Awaiting Assignment", "V5 3rd"),
            ("2026-03-13T11:00:00+01:00", "Completed;Resolved", "V5 3rd"),
            ("2026-03-20T11:00:00+01:00", "Completed;Closed", "V5 3rd"),
        )
    )
    with reading(tmp_path, text) as found:
        assert found.files[0].mapping.system == "VINST"
        assert rows(found, "conversations", *FACTS, "team", "priority") == [
            ("1-364", TOLD[1], None, SOLVED, "V30", "Medium")
        ]


def test_conversations_of_kustomer(tmp_path: Path) -> None:
    """Milliseconds, an unrated 0, and the last time that it was done."""
    data = {"data": [
        {"type": "conversation", "id": "5f01", "attributes": {
            "satisfaction": score, "createdAt": "2026-03-02T09:00:00.000Z", "status": "done", "direction": "in",
            "firstResponse": {"createdAt": "2026-03-02T09:30:00.000Z", "responseTime": 1_800_000},
            "lastDone": {"createdAt": "2026-03-13T10:00:00.000Z", "time": 954_000_000},
        }} | {"id": f"5f0{score}"} for score in (0, 5)
    ]}  # fmt: skip
    with reading(tmp_path, json.dumps(data), "k.json") as found:
        assert rows(found, "conversations", *FACTS) == [(f"5f0{score}", *TOLD[1:]) for score in (0, 5)]
        assert rows(found, "ratings", "conversation_id", "score") == [("5f05", 5)]


def test_contacts_of_amazon_connect(tmp_path: Path) -> None:
    """The account's number is the same in each record; who hung up before an agent came was not answered."""
    lines = [
        {
            "AWSAccountId": "1", "ContactId": contact, "Channel": "VOICE", "InitiationMethod": method,
            "InitiationTimestamp": "2026-03-02T09:00:00Z", "Queue": {"ARN": "x", "Name": "Care"},
            "Agent": {"Username": "ann", "ConnectedToAgentTimestamp": "2026-03-02T09:30:00Z"} if agent else None,
        }
        for contact, method, agent in (("a", "INBOUND", True), ("b", "INBOUND", False), ("c", "OUTBOUND", True))
    ]  # fmt: skip
    with reading(tmp_path, "\n".join(map(json.dumps, lines)), "ctr.json") as found:
        assert rows(found, "conversations", "conversation_id", "opened_by", "first_responded_at", "team") == [
            ("a", "customer", ANSWERED, "Care"), ("b", "customer", None, "Care"), ("c", "agent", ANSWERED, "Care"),
        ]  # fmt: skip


def test_conversations_of_help_scout(tmp_path: Path) -> None:
    one = {
        "id": 1, "number": 101, "type": "email", "status": "closed", "mailboxId": 85,
        "createdAt": "2026-03-02T09:00:00Z",
        "assignee": {"id": 2, "first": "Ann", "last": "Bo", "email": "ann@example.org"}, "source": {"via": "customer"},
        "createdBy": {"id": 12, "type": "user"}, "closedAt": "2026-03-13T10:00:00Z",
        "primaryCustomer": {"type": "customer"},
    }  # fmt: skip
    with reading(tmp_path, json.dumps({"_embedded": {"conversations": [one]}}), "h.json") as found:
        assert rows(found, "conversations", "conversation_id", "opened_by", "solved_at", "channel", "segment") == [
            (101, "agent", SOLVED, "email", None)
        ]


def test_who_wrote_first_and_how_a_chat_was_rated(tmp_path: Path) -> None:
    text = (
        "Ticket id,Created by an agent,Creation date,Operator,rate\n1,True,2026-03-02 09:00,Ann,rated good\n"
        "2,False,2026-03-02 09:00,Ann,not rated\n3,False,2026-03-02 09:00,Ann,rated bad\n"
    )
    with reading(tmp_path, text) as found:
        assert rows(found, "conversations", "opened_by") == [("agent",), ("customer",), ("customer",)]
        assert rows(found, "ratings", "score", "agent") == [(5, "Ann"), (1, "Ann")]


def test_a_history_of_fields_is_no_list_of_conversations(tmp_path: Path) -> None:
    """Salesforce's CaseHistory: its rows have numbers and dates, and are changes."""
    text = (
        "Id,CaseId,CreatedDate,Field,OldValue,NewValue\n017A,5001,2026-03-02T09:00:00Z,created,,\n"
        "017B,5001,2026-03-02T09:30:00Z,Status,New,Working\n"
    )
    with reading(tmp_path, text) as found:
        assert found.files[0].mapping.kind == "ignore"


def test_milliseconds_beside_milliseconds(tmp_path: Path) -> None:
    text = "session_id,created_at,first_response_time\nsession_1,1772442000000,1800000\n"
    with reading(tmp_path, text) as found:
        assert rows(found, "conversations", *FACTS[1:3]) == [(TOLD[1], ANSWERED)]
        assert any("milliseconds, as its instants are" in doubt for doubt in found.files[0].doubts)
