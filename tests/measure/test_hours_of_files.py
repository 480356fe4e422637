"""Business time that an export tells of what was answered, and not of who still waits: who waits is never left out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from answerable.core.policy import default_policy
from tests.measure.command import report

HEADER = (
    "Id,Created at,Updated at,Status,Satisfaction Score,First reply time in minutes,"
    "First reply time in minutes within business hours"
)
ANSWERED = "".join(f"\n{number},2026-03-02 09:00,2026-03-09 09:00,Open,Good,60,20" for number in range(3))
WAITING = "".join(f"\n{number},2026-03-02 09:00,2026-03-09 09:00,Open,Offered,," for number in range(3, 8))


def made(tmp_path: Path, text: str, *options: str) -> tuple[dict[str, Any], str]:
    """The report of a list of tickets, and what was said."""
    (tmp_path / "tickets.csv").write_text(HEADER + text + "\n")
    done = report("tickets.csv", "--out", "r.json", *options, within=tmp_path)
    assert done.code == 0, done.err
    return json.loads((tmp_path / "r.json").read_text("utf-8")), done.err


def test_who_waits_counts_where_the_export_knows_only_hours_of_answers(tmp_path: Path) -> None:
    told, said = made(tmp_path, ANSWERED + WAITING)
    total = told["report"]["indicators"]["first_response"]["total"]
    assert told["report"]["clock"] == "calendar"
    assert (total["estimate"]["n"], total["counts"]["waiting"], total["estimate"]["value"]) == (8, 5, None)
    assert "--hours" in said
    assert ["Business time, known of 3", "20\N{NO-BREAK SPACE}min"] in [
        [label, value.split(" (")[0]]
        for section in told["sections"]
        if section["key"] == "first_response"
        for label, value in section["blocks"][1]["items"]
    ]


@pytest.mark.parametrize(("hours", "n"), [(False, 3), (True, 8)])
def test_business_time_that_is_known_of_all(tmp_path: Path, hours: bool, n: int) -> None:
    (tmp_path / "policy.toml").write_text(default_policy(time_zone="UTC"), "utf-8")
    options = ("--hours", str(tmp_path / "policy.toml")) if hours else ()
    told, said = made(tmp_path, ANSWERED + WAITING if hours else ANSWERED, *options)
    assert told["report"]["clock"] == "business"
    assert told["report"]["indicators"]["first_response"]["total"]["estimate"]["n"] == n
    assert "--hours" not in said


def test_the_first_page_says_which_proxy(tmp_path: Path) -> None:
    told, _ = made(tmp_path, ANSWERED)
    texts = [block.get("text", "") for block in told["sections"][0]["blocks"]]
    assert any("good counts as 5" in text for text in texts)
    assert not any("event log" in text for text in texts)
