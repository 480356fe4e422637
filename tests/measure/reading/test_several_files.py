"""What stands in several files counts once, and is said; the latest knowledge counts."""

from __future__ import annotations

from pathlib import Path

import pytest

from answerable.measure.reading import Reading, read
from tests.measure.reading.test_tables_of_text import at, rows

LOG = [
    ("A", "Created", "2026-03-02 09:00", "Ann"), ("A", "Reply", "2026-03-02 10:00", "Ann"),
    ("A", "Reply", "2026-03-02 10:00", "Ann"), ("B", "Created", "2026-03-31 09:00", "Bob"),
    ("B", "Reply", "2026-04-01 09:30", "Bob"), ("B", "Closed", "2026-04-02 09:00", "Bob"),
]  # fmt: skip
TOLD = [
    ("A", at("2026-03-02 09:00"), at("2026-03-02 10:00"), None),
    ("B", at("2026-03-31 09:00"), at("2026-04-01 09:30"), at("2026-04-02 09:00")),
]
FACTS = ("conversation_id", "started_at", "first_responded_at", "solved_at")


def files(folder: Path, **texts: str) -> Reading:
    """Read files of these names and texts."""
    paths = []
    for name, text in texts.items():
        paths.append(folder / f"{name}.csv")
        paths[-1].write_text(text)
    return read(paths)


def doubts(found: Reading) -> str:
    return " ".join(str(each) for file in found.files for each in file.doubts)


def log(events: list[tuple[str, ...]], order: tuple[int, ...] = (0, 1, 2, 3)) -> str:
    header = ("Case ID", "Activity", "Timestamp", "Resource")
    return "\n".join(",".join(row[place] for place in order) for row in (header, *events)) + "\n"


def test_a_log_in_two_files_tells_each_conversation_once(tmp_path: Path) -> None:
    """Cut in the middle of a case, with an overlap, the columns in another order."""
    with files(tmp_path, march=log(LOG[:5]), april=log(LOG[3:], (2, 0, 3, 1))) as found:
        assert rows(found, "conversations", *FACTS) == TOLD
        assert found.counts["events"] == 6
        assert found.bad_count == 0
        assert "once: 2" in doubts(found)
        assert found.variants() == 2


def test_a_later_log_may_hold_only_what_came_later(tmp_path: Path) -> None:
    with files(tmp_path, march=log(LOG[:4]), april=log(LOG[4:])) as found:
        assert rows(found, "conversations", *FACTS) == TOLD


HEADER = "Ticket ID,Created at,First response at,Resolved at,Status,Updated at,Team,CSAT\n"
OPEN = "7,2026-03-30 09:00,2026-03-30 10:00,,open,2026-03-31 00:00,Care,\n"
SOLVED = "7,2026-03-30 09:00,2026-03-30 10:00,2026-04-02 09:00,closed,2026-04-02 09:00,Sales,5\n"


@pytest.mark.parametrize("turned", [False, True])
def test_of_a_ticket_in_two_months_the_later_row_counts(tmp_path: Path, turned: bool) -> None:
    months = {"march": HEADER + OPEN, "april": HEADER + SOLVED}
    if turned:
        months = dict(reversed(months.items()))
    with files(tmp_path, **months) as found:
        assert rows(found, "conversations", *FACTS, "team") == [
            (7, at("2026-03-30 09:00"), at("2026-03-30 10:00"), at("2026-04-02 09:00"), "Sales")
        ]
        assert rows(found, "ratings", "conversation_id", "score") == [(7, 5)]
        assert found.bad_count == 0
        assert "count once" in doubts(found)


def test_a_ticket_opened_again_is_open(tmp_path: Path) -> None:
    again = SOLVED.replace("2026-04-02 09:00,closed,2026-04-02 09:00", ",open,2026-04-03 09:00")
    with files(tmp_path, march=HEADER + SOLVED, april=HEADER + again) as found:
        assert rows(found, "conversations", "conversation_id", "solved_at") == [(7, None)]
        assert rows(found, "ratings", "conversation_id", "score") == [(7, 5)]


def test_a_file_beside_fills_in_what_the_other_has_no_column_for(tmp_path: Path) -> None:
    times = "Ticket ID,Created at,First response at\n7,2026-03-30 09:00,2026-03-30 10:00\n"
    others = "Ticket ID,Created at,Resolved at,Channel\n7,2026-03-30 09:00,2026-03-31 09:00,chat\n"
    with files(tmp_path, times=times, others=others) as found:
        assert rows(found, "conversations", *FACTS, "channel") == [
            (7, at("2026-03-30 09:00"), at("2026-03-30 10:00"), at("2026-03-31 09:00"), "chat")
        ]


def test_a_log_fills_in_when_a_ticket_was_answered(tmp_path: Path) -> None:
    tickets = "Ticket ID,Created at,Resolved at,Channel\nA,2026-03-02 08:59,,mail\nC,2026-03-02 08:59,,mail\n"
    with files(tmp_path, log=log(LOG), tickets=tickets) as found:
        assert sorted(rows(found, "conversations", *FACTS, "channel")) == [
            ("A", at("2026-03-02 08:59"), at("2026-03-02 10:00"), None, "mail"), (*TOLD[1], None),
            ("C", at("2026-03-02 08:59"), None, None, "mail"),
        ]  # fmt: skip


def test_another_conversation_of_the_same_number_is_a_bad_row(tmp_path: Path) -> None:
    other = "7,2025-01-30 09:00,,,open,2025-01-31 00:00,Care,\n"
    with files(tmp_path, march=HEADER + OPEN, other=HEADER + other) as found:
        assert rows(found, "conversations", "conversation_id", "started_at") == [(7, at("2026-03-30 09:00"))]
        assert [(each.file, each.line, each.value) for each in found.bad] == [("other.csv", 2, "7")]


def test_surveys_ratings_and_purchases_that_overlap(tmp_path: Path) -> None:
    nps = "Response ID,Date,How likely are you to recommend us?\n1,2026-03-02,9\n2,2026-03-03,3\n"
    with files(tmp_path, one=nps, two=nps.replace("1,2026-03-02,9\n", "") + "1,2026-04-02,9\n") as found:
        assert sorted(rows(found, "answers", "respondent", "value")) == [("1", 9.0), ("1", 9.0), ("2", 3.0)]
        assert "count once" in doubts(found)
    bought = "Customer ID,Order date,Amount\n1,2026-03-02,9\n1,2026-03-02,9\n2,2026-03-03,3\n"
    with files(tmp_path, one=bought, two=bought + "3,2026-04-01,5\n") as found:
        assert found.counts["activity"] == 4
    rated = "Conversation ID,Rating,Rated at\n1,5,2026-03-02\n,4,2026-03-02\n"
    with files(tmp_path, one=rated, two=rated + "2,3,2026-03-02\n") as found:
        assert sorted(score for (score,) in rows(found, "ratings", "score")) == [3, 4, 4, 5]


def test_the_same_file_again_counts_once(tmp_path: Path) -> None:
    staff = "Engagement 1,Engagement 2\n5,4\n5,4\n3,3\n"
    with files(tmp_path, engagement=staff, again=staff) as found:
        assert found.counts["answers"] == 6
        assert "again.csv" in doubts(found)
        assert [file.name for file in found.files] == ["engagement.csv"]


def test_files_of_the_same_name_are_told_apart(tmp_path: Path) -> None:
    paths = []
    for month, line in (("march", OPEN), ("april", OPEN.replace("7,", "8,") * 3 + "9,soon,,,,,,\n")):
        (tmp_path / month).mkdir()
        paths.append(tmp_path / month / "tickets.csv")
        paths[-1].write_text(HEADER + line)
    with read(paths) as found:
        assert [file.name for file in found.files] == ["march/tickets.csv", "april/tickets.csv"]
        assert [each.file for each in found.bad] == ["april/tickets.csv"] * 3
        found.write_map(tmp_path / "map.toml")
    with read(paths, tmp_path / "map.toml") as found:
        assert found.counts["conversations"] == 2
