"""Columns that look like a measure and are none: figures that nobody may be given in silence."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from answerable.measure.report import build_report
from tests.measure.reading.test_scales import rated
from tests.measure.reading.test_tables_of_text import at, reading, rows


@pytest.mark.parametrize(
    "header",
    ["YearsSinceLastPromotion,TrainingTimesLastYear", "satisfied,onsite"],
)
def test_what_a_program_calls_its_columns_is_no_question_to_staff(tmp_path: Path, header: str) -> None:
    text = f"employee id,{header}\n" + "".join(f"{number},{number % 2},{number % 2}\n" for number in range(9))
    with reading(tmp_path, text, "employee list.csv") as found:
        assert found.files[0].mapping.kind == "ignore"


def test_numbers_before_words_are_a_scale_of_their_own(tmp_path: Path) -> None:
    """Where 3 is the best, 3 is no 3 of 5."""
    words = ("0 - Unknown", "1 - Unsatisfied", "2 - Satisfied", "3 - Highly satisfied")
    with reading(tmp_path, rated(*words)) as found:
        assert rows(found, "ratings", "score") == [(2,), (4,), (5,)]
    with reading(tmp_path, rated("1 - Bad", "4 - Good", "5 - Great")) as found:
        assert rows(found, "ratings", "score") == [(1,), (4,), (5,)]


def test_a_scale_without_its_best_is_said(tmp_path: Path) -> None:
    with reading(tmp_path, rated(*"1234" * 13)) as found:
        assert any("no rating is above 4" in doubt for doubt in found.files[0].doubts)
    with reading(tmp_path, rated(*"12345" * 13)) as found:
        assert not any("no rating is above" in doubt for doubt in found.files[0].doubts)


def test_votes_are_no_ratings(tmp_path: Path) -> None:
    """Mistakes are few and alike; counts go on and on."""
    with reading(tmp_path, rated(*"012345" * 20, *map(str, range(6, 16)))) as found:
        assert not found.counts["ratings"]
        assert any("are not on the scale" in doubt for doubt in found.files[0].doubts)
    with reading(tmp_path, rated(*map(str, range(300)))) as found:
        assert "ratings" not in found.tables
        assert any("so many different numbers" in doubt for doubt in found.files[0].doubts)


def test_the_state_of_a_country_is_no_status(tmp_path: Path) -> None:
    """None of its conversations would be solved; New York only sounds new."""
    states = ("New York", "Ohio", "Utah", "Texas", "Iowa")
    text = "Case ID,Created,Closed,State\n" + "".join(
        f"{number},2026-03-02 09:00,2026-03-13 10:00,{state}\n" for number, state in enumerate(states)
    )
    with reading(tmp_path, text) as found:
        assert rows(found, "conversations", "solved_at", "region") == [(at("2026-03-13 10:00"), s) for s in states]


def test_the_direction_of_a_street_is_none_of_a_call(tmp_path: Path) -> None:
    text = "Case ID,Created,Street direction,Location\n1,2026-03-02 09:00,W,POINT (-87.6 41.8)\n"
    with reading(tmp_path, text) as found:
        assert set(found.files[0].mapping.columns) == {"conversation_id", "started_at"}


def purchases(*lines: str) -> str:
    return "Invoice,Customer ID,Invoice date,Quantity,Price\n" + "".join(f"{line}\n" for line in lines)


def test_numbers_of_orders_do_not_tell_who_came_back(tmp_path: Path) -> None:
    once = [f"{number},c{number},2026-{1 + number % 4:02}-02,1,9.5" for number in range(60)]
    with reading(tmp_path, purchases(*once)) as found:
        assert not found.tables
        assert any("nobody stands twice in Customer ID" in doubt for doubt in found.files[0].doubts)
        assert "retention" in {each.kpi for each in found.missing}
    with reading(tmp_path, purchases(*once, "60,c1,2026-05-02,1,9.5")) as found:
        assert found.counts == {"activity": 61}


def test_who_gives_something_back_is_no_customer_on_that_day(tmp_path: Path) -> None:
    """A credit note in the next month is not a purchase in it."""
    february = {"since": date(2026, 2, 1), "until": date(2026, 3, 1), "compare_to": None}
    lines = ("1,a,2026-01-02,1,9.5", "2,b,2026-01-02,1,9.5", "C3,a,2026-02-02,-1,9.5", "4,b,2026-02-27,1,9.5")
    with reading(tmp_path, purchases(*lines, "5,b,2026-03-27,1,9.5")) as found:
        assert any(doubt.endswith("make nobody a customer: 1") for doubt in found.files[0].doubts)
        report = build_report(found.facts(), **february, measures=("retention",))
    assert report.indicators["retention"].total.counts == {"start": 2, "end": 1, "new": 0}


@pytest.mark.parametrize(
    "text",
    [
        "review_id,order_id,review_score,review_creation_date\nr1,o1,5,2026-03-02\nr2,o2,1,2026-03-02\n",
        "review_id,user_id,stars,date\nr1,u1,5.0,2026-03-02 09:00:00\nr2,u1,1.0,2026-03-02 09:00:00\n",
        "Name,Date,Rating\nAnn,2026-03-02,Rated 5 out of 5 stars\nBo,2026-03-02,Rated 1 out of 5 stars\n",
        "reviewId,content,score,at\nr1,good,5,2026-03-02 09:00:00\nr2,bad,1,2026-03-02 09:00:00\n",
    ],
)
def test_reviews_are_ratings_and_neither_conversations_nor_purchases(tmp_path: Path, text: str) -> None:
    with reading(tmp_path, text) as found:
        assert found.tables == ("ratings",)
        assert rows(found, "ratings", "score") == [(5,), (1,)]


def test_how_soon_a_call_was_answered(tmp_path: Path) -> None:
    text = (
        "Call Id,Date,Time,Answered (Y/N),Speed of answer in seconds,Satisfaction rating\n"
        "ID1,2026-03-02,09:00:00,Y,60,4\nID2,2026-03-02,09:00:00,N,,\n"
    )
    with reading(tmp_path, text) as found:
        began = at("2026-03-02 09:00")
        assert rows(found, "conversations", "started_at", "first_responded_at") == [(began, began + 60), (began, None)]
        assert any("wait in a queue" in proxy for proxy in found.files[0].mapping.proxies)


def test_a_log_of_numbered_activities(tmp_path: Path) -> None:
    text = "CaseID,ActivityID,CompleteTimestamp\n2,1,2026-03-02 09:00:00\n2,8,2026-03-02 09:30:00\n"
    with reading(tmp_path, text) as found:
        assert found.counts == {"events": 2, "conversations": 1}
        assert found.bad_count == 0


def test_messages_with_a_status_are_messages(tmp_path: Path) -> None:
    text = (
        "Conversation ID,Message ID,Direction,Status,Message date,First response time\n"
        "c1,m1,Inbound,Archived,2026-03-02 09:00:00,\nc1,m2,Outbound,Archived,2026-03-02 09:30:00,1800\n"
        "c1,m3,Inbound,Archived,2026-03-02 10:00:00,\n"
    )
    with reading(tmp_path, text) as found:
        assert rows(found, "conversations", "first_responded_at") == [(at("2026-03-02 09:30"),)]


def test_satisfied_or_not(tmp_path: Path) -> None:
    text = "id,Age,satisfaction\n" + "1,30,satisfied\n2,31,neutral or dissatisfied\n3,32,satisfied\n"
    with reading(tmp_path, text) as found:
        assert rows(found, "answers", "instrument", "value") == [("csat", 5), ("csat", 1), ("csat", 5)]


def test_what_databases_write_where_there_is_nothing(tmp_path: Path) -> None:
    nothing = "".join(f"{number},2026-03-02 09:00,{each}\n" for number, each in enumerate(("\\N", "(null)", "[NULL]")))
    text = "ticket_id,created_at,resolved_at\n" + nothing + "9,2026-03-02 09:00,2026-03-13 10:00\n"
    with reading(tmp_path, text) as found:
        assert [each for (each,) in rows(found, "conversations", "solved_at")] == [None] * 3 + [at("2026-03-13 10:00")]
        assert found.bad_count == 0


@pytest.mark.parametrize(
    "header",
    ["Case Reference,Date Received,Date Responded,Date Closed", "SRNumber,CreatedDate,FirstResponseDate,ClosedDate"],
)
def test_lists_of_complaints_and_requests(tmp_path: Path, header: str) -> None:
    with reading(tmp_path, f"{header}\nC/1,02/03/2026,05/03/2026,13/03/2026\nC/2,02/03/2026,,\n") as found:
        told = rows(found, "conversations", "conversation_id", "first_responded_at", "solved_at")
        assert told == [("C/1", at("2026-03-05 00:00"), at("2026-03-13 00:00")), ("C/2", None, None)]
