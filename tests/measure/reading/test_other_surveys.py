"""Surveys of other tools, as they write them, and what customers bought, as shops do."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from answerable.measure.reading import read
from tests.measure.reading.test_tables_of_text import at, reading, rows

RECOMMEND = "How likely is it that you would recommend us?"


def test_the_questions_say_more_than_the_name_of_the_file(tmp_path: Path) -> None:
    text = f"Respondent ID,{RECOMMEND},How satisfied are you?\n1,9,Satisfied\n2,3,Very dissatisfied\n"
    with reading(tmp_path, text, "nps survey.csv") as found:
        assert rows(found, "answers", "instrument", "value") == [("nps", 9), ("nps", 3), ("csat", 4), ("csat", 1)]
        assert found.bad_count == 0


def test_numbers_behind_their_words(tmp_path: Path) -> None:
    text = (
        f"Respondent ID,Start Date,End Date,{RECOMMEND}\n,,,Response\n1,03/02/2026,03/02/2026,Extremely likely - 10\n"
        "2,03/02/2026,03/02/2026,7\n3,03/13/2026,03/13/2026,Not at all likely - 0\n"
    )
    with reading(tmp_path, text) as found:
        assert rows(found, "answers", "instrument", "value") == [("nps", 10), ("nps", 7), ("nps", 0)]


@pytest.mark.parametrize(
    "text",
    [
        "Date,Score,Comment,Email\n2026-03-02,10,,a@example.org\n2026-03-02,0,,b@example.org\n",
        "Email,Score,Rating Category,Answered Date\na@e.org,10,Promoter,02 Mar 2026\nb@e.org,3,Detractor,02 Mar 2026\n",
        "ID,Survey Type,Score,Created At,Updated At\n1,nps,10,2026-03-02,2026-03-02\n2,nps,4,2026-03-02,2026-03-02\n",
    ],
)
def test_scores_from_0_to_10(tmp_path: Path, text: str) -> None:
    """Tools for NPS write a score and no question."""
    with reading(tmp_path, text) as found:
        assert rows(found, "answers", "instrument", "value")[0] == ("nps", 10)
        assert found.tables == ("answers",)


def test_ratings_of_the_interfaces(tmp_path: Path) -> None:
    rating = {"id": 5, "ticket_id": 7, "created_at": "2026-03-02T09:00:00Z", "updated_at": "2026-03-02T09:00:00Z"}
    zendesk = {
        "satisfaction_ratings": [{**rating, "score": "good", "requester_id": 1, "assignee_id": 2, "group_id": 3}]
    }
    freshdesk = [{**rating, "survey_id": 1, "agent_id": 2, "group_id": 3, "ratings": {"default_question": -103}}]
    for data, score in ((zendesk, 5), (freshdesk, 1)):
        with reading(tmp_path, json.dumps(data), "ratings.json") as found:
            assert rows(found, "ratings", "conversation_id", "score", "rated_at") == [
                (7, score, at("2026-03-02 09:00"))
            ]
            assert "conversations" not in found.tables


def test_an_amount_is_the_price_of_one_times_how_many(tmp_path: Path) -> None:
    text = (
        "Invoice,Description,Quantity,InvoiceDate,Price,Customer ID\n"
        "1,Lamp,3,02/03/2026 09:00,2.50,7\nC2,Lamp,-3,13/03/2026 09:00,2.50,7\n"
    )
    with reading(tmp_path, text) as found:
        assert rows(found, "activity", "customer", "amount") == [(7, 7.5), (7, -7.5)]
        found.write_map(tmp_path / "map.toml")
        with read([tmp_path / "tickets.csv"], tmp_path / "map.toml") as again:
            assert again.arrow("activity").equals(found.arrow("activity"))


def test_lines_of_an_order_have_its_date(tmp_path: Path) -> None:
    """A shop writes what was paid once for each order, and when it was made in each line."""
    text = (
        "Name,Email,Paid at,Total,Created at,Lineitem price\n#1,a@example.org,2026-03-02,12.5,2026-03-02,10\n"
        "#1,a@example.org,,,2026-03-02,2.5\n"
    )
    with reading(tmp_path, text) as found:
        assert rows(found, "activity", "amount") == [(12.5,), (None,)]
        assert found.bad_count == 0


def test_charges_are_purchases(tmp_path: Path) -> None:
    text = "id,Created date (UTC),Amount,Status,Customer ID\nch_1,2026-03-02 09:00,12.50,Paid,cus_1\n"
    with reading(tmp_path, text) as found:
        assert rows(found, "activity", "customer", "amount") == [("cus_1", 12.5)]


def test_purchases_that_came_to_nothing_do_not_count(tmp_path: Path) -> None:
    text = (
        "Order ID,Customer,Order date,Total,Order Status\n1,Ann,2026-03-02,10,Completed\n2,Ann,2026-03-03,10,Failed\n"
    )
    with reading(tmp_path, text) as found:
        assert rows(found, "activity", "customer", "amount") == [("Ann", 10)]
        assert found.bad_count == 0
        assert any(doubt.endswith("do not count: 1") for doubt in found.files[0].doubts)


@pytest.mark.parametrize(
    "text",
    [
        "Month,Tickets,CSAT\n2026-01,90,91%\n2026-02,80,93%\n",
        "Date,Tickets,CSAT\n2026-03-02,90,4.61\n2026-03-03,80,4.5\n",
        "EmployeeNumber,Department,JobSatisfaction\n1,Sales,4\n2,Sales,3\n",
        "ID,Name,Email,Created at\n1,Ann,a@example.org,2026-03-02\n2,Bo,b@example.org,2026-03-02\n",
    ],
)
def test_what_only_looks_like_answers_or_purchases(tmp_path: Path, text: str) -> None:
    """Shares and means of a month, what satisfies employees, when customers were entered: nothing is made of them."""
    with reading(tmp_path, text) as found:
        assert not found.tables


SHOP = "Name,Email,Financial Status,Total,Currency,Created at,Lineitem name,Cancelled at,Refunded Amount\n"


def test_a_cancelled_order_is_none_with_all_its_lines(tmp_path: Path) -> None:
    """Shopify says of an order's first line alone what was paid, and that it was cancelled."""
    text = (
        f"{SHOP}#1,a@e.org,paid,30,EUR,2026-01-02,Lamp,,5\n#1,a@e.org,,,,2026-01-02,Bulb,,\n"
        "#2,b@e.org,paid,20,EUR,2026-01-05,Cup,2026-01-06,20\n#2,b@e.org,,,,2026-01-05,Pot,,\n"
        "#3,b@e.org,voided,20,EUR,2026-02-05,Cup,,0\n#3,b@e.org,,,,2026-02-05,Pot,,\n"
    )
    with reading(tmp_path, text, "orders.csv") as found:
        assert found.files[0].mapping.system == "Shopify"
        assert rows(found, "activity", "customer", "amount") == [("a@e.org", 30), ("a@e.org", None)]
        assert rows(found, "returns", "refund") == [(5,)]
        assert any(doubt.endswith("do not count: 2") for doubt in found.files[0].doubts)


def test_a_line_of_an_order_may_be_cancelled_alone(tmp_path: Path) -> None:
    text = (
        "Order number,Customer,Order date,Amount,Order status\n"
        "7,Ann,2026-01-02,10,Shipped\n7,Ann,2026-01-02,5,Cancelled\n"
    )
    with reading(tmp_path, text, "orders.csv") as found:
        assert rows(found, "activity", "customer", "amount") == [("Ann", 10)]


def test_five_words_of_satisfaction_are_no_seven(tmp_path: Path) -> None:
    """SurveyMonkey's “somewhat satisfied” is of its scale of five."""
    text = (
        f"Respondent ID,End Date,{RECOMMEND},How satisfied are you?\n,,Response,Response\n"
        "1,03/02/2026,10,Very satisfied\n2,03/13/2026,7,Somewhat satisfied\n3,03/14/2026,0,Very dissatisfied\n"
    )
    with reading(tmp_path, text) as found:
        assert [value for (value,) in rows(found, "answers", "value")] == [10, 7, 0, 5, 4, 1]
        assert found.bad_count == 0


def test_what_employees_recommend_is_no_customers_answer(tmp_path: Path) -> None:
    text = (
        "Employee ID,Department,Survey Date,How likely would you recommend this company as a place to work?,"
        "I feel valued at work\n" + "".join(f"{n},Care,2026-03-02,{n},{n}\n" for n in range(3, 9))
    )
    with reading(tmp_path, text) as found:
        assert set(rows(found, "answers", "instrument", "item")) == {
            ("engagement", "eNPS: How likely would you recommend this company as a place to work?")
        }
        assert any(
            "I feel valued at work: answers up to 8 are not on the scale" in each for each in found.files[0].doubts
        )


@pytest.mark.parametrize(
    ("written", "hour"), [("9:00:00 AM GMT+2", 7), ("9:00:00 PM GMT-5", 26), ("9:00:00 AM GMT+10", -1)]
)
def test_when_a_form_of_google_was_answered(tmp_path: Path, written: str, hour: int) -> None:
    text = f"Timestamp,{RECOMMEND}\n2026/03/02 {written},9\n2026/03/02 {written},3\n"
    with reading(tmp_path, text) as found:
        assert rows(found, "answers", "at")[0] == (at("2026-03-02 00:00") + hour * 3600,)


def test_promoters_are_no_team_and_an_answer_counts_when_it_was_given(tmp_path: Path) -> None:
    """Delighted names the group of each score; AskNicely when it asked and when it was answered."""
    text = (
        "Response ID,Email,Date Sent,Date Responded,Score,NPS Group\n1,a@e.org,2026-03-01,2026-03-02,10,Promoter\n"
        "2,b@e.org,2026-03-01,2026-03-02,0,Detractor\n3,c@e.org,2026-03-01,,,\n"
    )
    with reading(tmp_path, text) as found:
        assert rows(found, "answers", "value", "at", "team") == [
            (10, at("2026-03-02 00:00"), None), (0, at("2026-03-02 00:00"), None),
        ]  # fmt: skip


def test_satisfaction_up_to_10_costs_no_other_answer(tmp_path: Path) -> None:
    both = f"Respondent ID,{RECOMMEND},How satisfied are you?\n1,10,9\n2,3,4\n"
    with reading(tmp_path, both) as found:
        assert rows(found, "answers", "instrument", "value") == [("nps", 10), ("nps", 3)]
        assert found.bad_count == 0
        assert any("How satisfied are you?: answers up to 9" in doubt for doubt in found.files[0].doubts)
    with reading(tmp_path, "Response ID,Date,How satisfied are you?\n1,2026-03-02,10\n2,2026-03-02,4\n") as found:
        assert not found.tables
        assert any("ratings up to 10" in doubt for doubt in found.files[0].doubts)


def test_lines_of_sales_are_purchases_and_no_answers(tmp_path: Path) -> None:
    """SAP: an item and a value, of a sold-to party."""
    text = (
        "Sales Document;Item;Sold-to party;Created on;Net Value;Document Currency\n"
        "100001;10;5001;02.01.2026;1.200,50;EUR\n100002;10;5002;15.02.2026;99,90;EUR\n"
    )
    with reading(tmp_path, text) as found:
        assert rows(found, "activity", "customer", "amount") == [(5001, 1200.5), (5002, 99.9)]
        assert found.bad_count == 0
