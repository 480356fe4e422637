"""Questions are compiled once a shape, and each is answered by its own numbers."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import ibis
import pytest

from answerable.measure import compiled
from answerable.measure.report import build_report
from tests.measure.desks import conversation, facts


def test_the_same_question_of_another_week_is_not_compiled_again(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[Any] = []
    monkeypatch.setattr(compiled, "_kept", {})
    monkeypatch.setattr(compiled, "_sql", lambda engine, each: made.append(each) or engine.compile(each))
    days = [date(2026, 3, 2) + timedelta(days=number) for number in (0, 0, 1, 7, 7, 7)]
    weeks = {date(2026, 3, 2): (3, 0), date(2026, 3, 9): (3, 3), date(2026, 3, 16): (0, 3)}
    compiled_once = 0
    for _ in range(2):  # of other facts, too
        desk = facts([conversation(number, f"{each} 10:00", team_id=number) for number, each in enumerate(days)])
        for since, counted in weeks.items():
            until = since + timedelta(days=7)
            report = build_report(desk, since=since, until=until, group_by=("week", "team_id"), clock="calendar")
            first = report.indicators["first_response"]
            assert first.before is not None
            assert (first.total.estimate.n, first.before.estimate.n) == counted
            assert {group.key for group in first.groups["team_id"]} == {
                number for number, each in enumerate(days) if since <= each < until
            }
            compiled_once = compiled_once or len(made)
    assert len(made) == compiled_once


def test_a_word_that_looks_like_a_number_in_waiting_stays_a_word() -> None:
    engine = ibis.duckdb.connect()
    engine.con.execute("CREATE TABLE words AS SELECT '8765432109876540000' AS word, 7 AS number")
    rows = engine.table("words")

    def build(rows: Any, word: str, number: Any) -> Any:
        return rows.filter((rows.word == word) & (rows.number == number))

    for number, found in ((7, 1), (8, 0)):
        sql = compiled.compiled(engine, build, (rows,), ("8765432109876540000", number))
        assert engine.con.sql(sql).to_arrow_table().num_rows == found
