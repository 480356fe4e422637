"""An example conversation: which promises, due when, who is told, what agents do."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from answerable.core.policy import default_policy
from answerable.policy.actions import begin_draft, load_version
from answerable.policy.models import Version
from tests.cast import Cast

PROCEDURE = """
[[procedure]]
key = "gold"
objective = "solve"
title = "Gold customers"
when = { segment = ["gold"] }
steps = ["Ring them up.", "Write down what was said."]
"""
ADDRESS = "/policy/versions/1/preview/"
MONDAY = {"at": "2026-05-18T11:00", "channel": "email"}  # the cast's company is in Riga, its readers in UTC


@pytest.fixture
def version(cast: Cast) -> Version:
    return load_version(default_policy() + PROCEDURE, by=cast.ada)


def signed_in(user: object) -> Client:
    client = Client()
    client.force_login(user)  # type: ignore[arg-type]
    return client


def test_it_says_what_is_due_when_and_why(cast: Cast, version: Version) -> None:
    page = signed_in(cast.bob).get(ADDRESS, MONDAY)
    first, following, solution = page.context["example"].dues
    assert first.sentence == "We answer every e-mail within 4 working hours."
    assert first.due_at.isoformat() == "2026-05-18T15:00:00+00:00"
    assert first.reason == "It applies because the channel is e-mail."
    assert [(stretch.words, stretch.counts) for stretch in first.stretches] == [("counted", True)]
    assert following.due_at.isoformat() == "2026-05-19T10:00:00+00:00"
    assert [stretch.counts for stretch in following.stretches] == [True, False, True]
    assert solution.due_at.isoformat() == "2026-05-21T11:00:00+00:00"
    assert first.others == (("We answer urgent e-mails within 1 working hour.", "it is for another priority"),)
    assert "Ring them up." not in page.text


def test_an_urgent_one_of_a_gold_customer(cast: Cast, version: Version) -> None:
    page = signed_in(cast.bob).get(ADDRESS, MONDAY | {"priority": "urgent", "segment": "gold"})
    first = page.context["example"].dues[0]
    assert first.key == "urgent-first-response"
    assert first.due_at.isoformat() == "2026-05-18T12:00:00+00:00"
    assert [(mark.number, mark.steps) for mark in first.line.marks] == [
        (1, ("tell the assignee",)),
        (2, ("tell the team lead",)),
        (3, ("raise the priority", "tell the team lead")),
    ]
    assert "11:30" in first.line.marks[0].when
    assert "Ring them up." in page.text


def test_where_nothing_is_promised_that_is_said(cast: Cast, version: Version) -> None:
    page = signed_in(cast.bob).get(ADDRESS, {"channel": "phone"})
    assert page.text.count("Nothing is promised") == 3
    assert "it is for another channel" in page.text


def test_a_draft_is_tried_before_anybody_is_promised_anything(cast: Cast, version: Version) -> None:
    begin_draft(based_on=version, document=version.document.replace("4 working hours", "2 working hours"), by=cast.ada)
    page = signed_in(cast.bob).get("/policy/versions/2/preview/", MONDAY)
    assert page.context["example"].dues[0].due_at.isoformat() == "2026-05-18T13:00:00+00:00"
    begin_draft(based_on=version, document="title = 3", by=cast.ada)
    assert "Must be text" in signed_in(cast.bob).get("/policy/versions/3/preview/").text
    assert signed_in(cast.bob).get("/policy/versions/9/preview/").status_code == 404
    for at in ("soon", "0001-01-01T00:00", "9999-12-31T23:59"):
        page = signed_in(cast.bob).get(ADDRESS, {"at": at})
        assert page.status_code == 422
        assert "Enter a valid date/time." in page.text
    assert Client().get(ADDRESS).status_code == 302


def test_it_asks_a_fixed_number_of_questions(cast: Cast, version: Version) -> None:
    bob = signed_in(cast.bob)
    bob.get(ADDRESS, MONDAY)

    def queries(**facts: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            bob.get(ADDRESS, MONDAY | facts)
        return len(captured)

    assert queries() == queries(segment="gold", priority="urgent", team="support", region="GE") == 6
