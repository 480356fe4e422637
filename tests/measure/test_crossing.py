"""Two dimensions at once: cells like groups, judged with them; of staff all cells or none. And who was lost."""

from __future__ import annotations

from datetime import date
from typing import Any

from answerable.measure.behind import conversations
from answerable.measure.crossing import APART, cross, pairs, shown
from answerable.measure.kpi import retention
from answerable.measure.kpi.retention import RetentionDetail
from answerable.measure.report import build_report
from tests.measure.desks import at, facts
from tests.measure.surveys import active, answer, surveyed

MARCH: dict[str, Any] = {"since": date(2026, 3, 1), "until": date(2026, 4, 1)}


def rating(number: int, team: str, channel: str, score: int) -> dict[str, Any]:
    """A rating of March."""
    when = at("2026-03-10 12:00")
    return {
        "conversation_id": number, "invited_at": when, "rated_at": when, "score": score, "team": team,
        "channel": channel,
    }  # fmt: skip


def test_all_pairs_of_what_was_asked_for_once() -> None:
    assert pairs(("team", "channel", "team", "segment")) == ("team_by_channel", "team_by_segment", "channel_by_segment")
    assert shown(f"Care{APART}email") == "Care · email"


def test_a_cell_is_a_group_with_its_conversations_behind_it() -> None:
    cells = (("Care", "email", 5), ("Care", "chat", 1), ("Sales", "email", 5))
    rows = [rating(10 * place + n, *each) for place, each in enumerate(cells) for n in range(10)]
    known = cross(facts([], ratings=rows), ("team_by_channel",))
    report = build_report(known, **MARCH, group_by=("team", "team_by_channel"), measures=("csat",), judged=True)
    groups = {group.label: group for group in report.indicators["csat"].groups["team_by_channel"]}
    assert {label: group.figure.estimate.value for label, group in groups.items()} == {
        "Care · chat": 0, "Care · email": 1, "Sales · email": 1,
    }  # fmt: skip
    poor = groups["Care · chat"]
    assert poor.verdict is not None
    assert poor.verdict.word == "distinguishable"
    assert conversations(known, poor.figure.selection).column("conversation_id").to_pylist() == list(range(10, 20))


def staff(people: dict[tuple[str, str], int]) -> Any:
    """Answers of staff by team and region, judged by both and by the two together."""
    rows: list[dict[str, Any]] = []
    for (team, region), size in people.items():
        rows += [
            answer("engagement", 4, respondent=len(rows) + n, item="Proud", team=team, region=region)
            for n in range(size)
        ]
    known = cross(surveyed(rows), ("team_by_region",))
    report = build_report(known, **MARCH, group_by=("team", "team_by_region"), measures=("engagement",), judged=True)
    return report.indicators["engagement"].groups


def test_of_staff_a_table_with_a_small_cell_is_not_shown_at_all() -> None:
    """Ten people are the floor for cross-cuts: a cell of nine would be what is left of its row."""
    groups = staff({("A", "x"): 12, ("A", "y"): 9, ("B", "x"): 15, ("B", "y"): 14})
    assert not any(group.hidden for group in groups["team"])
    assert all(group.hidden and not group.figure.estimate.n for group in groups["team_by_region"])
    shown_all = staff({("A", "x"): 12, ("A", "y"): 10, ("B", "x"): 15, ("B", "y"): 14})
    assert [group.figure.estimate.n for group in shown_all["team_by_region"]] == [12, 10, 15, 14]


def test_who_was_lost_stands_behind_retention() -> None:
    """Days since 1970: February is 20,485 to 20,512, then March. 2 came twice and stayed away, 3 once; 1 came back."""
    rows: list[tuple[int | str, int, float | None]] = [
        (1, 20_490, 5.0), (1, 20_520, 5.0), (2, 20_490, 5.0), (2, 20_495, 5.0), (2, 20_495, -5.0), (3, 20_500, 5.0),
        (4, 20_530, 5.0), (5, 20_000, 5.0),
    ]  # fmt: skip
    known = active(rows)
    detail = build_report(known, **MARCH, measures=("retention",)).details["retention"]
    assert isinstance(detail, RetentionDetail)
    found = retention.lost(known, detail, 10).to_pylist()
    assert [(row["customer"], row["last"], row["times"]) for row in found] == [(2, 20_495, 2), (3, 20_500, 1)]
