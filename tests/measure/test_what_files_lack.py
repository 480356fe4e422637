"""Files that hold little, or nothing: a good report of what there is, or one clear sentence. Nothing is lost."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest

from answerable.core.policy import default_policy
from tests.measure.command import report

NPS = "Response ID,Date,How likely are you to recommend us?\n" + "".join(
    f"{number},2026-03-{1 + number % 28:02},{number * 7 % 11}\n" for number in range(60)
)
BOUGHT = "Customer ID,Order date,Amount\n" + "".join(
    f"{number % 20},2025-{1 + number % 12:02}-{1 + number % 28:02},{number}.5\n" for number in range(200)
)
STAFF = "Team,Engagement 1,Engagement 2,eNPS\n" + "".join(
    f"{'AB'[number % 2]},{1 + number % 5},{1 + number * 3 % 5},{number % 11}\n" for number in range(40)
)
LOG = "Case ID,Activity,Timestamp\n" + "".join(
    f"C{number},{activity},2026-03-{1 + number % 28:02} {hour:02}:00\n"
    for number in range(40)
    for activity, hour in (("Created", 7), ("Reply", 10), ("Closed", 15))
)
RATED = "Ticket ID,Ticket Channel,Customer Satisfaction Rating\n" + "".join(
    f"{number},{'EC'[number % 2]}mail,{1 + number % 5}.0\n" for number in range(50)
)
LONG = "Respondent,Instrument,Question,Answer,Date\n" + "".join(
    f"{number},csat,How was it?,{1 + number % 5},2026-03-{1 + number % 28:02}\n" for number in range(60)
)
ONE = "Ticket ID,Created at,First response at\n1,2026-03-02 09:00,2026-03-02 10:00\n"


def indicators(made: Path) -> dict[str, int]:
    """The sample of each indicator that has one."""
    found = json.loads(made.read_text("utf-8"))["report"]["indicators"]
    return {name: each["total"]["estimate"]["n"] for name, each in found.items() if each["total"]["estimate"]["n"]}


@pytest.mark.parametrize(
    ("text", "measured"),
    [
        (NPS, {"nps": 60}),
        (BOUGHT, {"retention"}),
        (STAFF, {"engagement": 40}),
        (LOG, {"first_response": 40, "resolution": 40}),
        (ONE, {"first_response": 1}),
        (RATED, {"csat": 50}),
        (LONG, {"csat": 60}),
    ],
)
def test_one_kind_of_file_alone(text: str, measured: dict[str, int] | set[str], tmp_path: Path) -> None:
    (tmp_path / "any.csv").write_text(text)
    done = report("any.csv", "--out", "r.json", within=tmp_path)
    assert done.code == 0, done.err
    found = indicators(tmp_path / "r.json")
    found.pop("reopened", None)
    assert found == measured or set(found) == measured
    made = json.loads((tmp_path / "r.json").read_text("utf-8"))
    cards = next(block["items"] for block in made["sections"][0]["blocks"] if "items" in block)
    lacking = [card["reason"] for card in cards if card["key"] not in found]
    assert len(lacking) == 6 - len({"csat", "nps", "retention", "engagement", "first_response"} & set(found))
    assert all(lacking)
    for section in made["sections"]:
        for block in section["blocks"]:
            assert "rows" not in block or block["rows"], section["key"]


def test_answers_without_a_date_are_of_no_day(tmp_path: Path) -> None:
    undated = "\n".join(f"{a},{c}" for a, _, c in (line.split(",") for line in NPS.splitlines()))
    (tmp_path / "any.csv").write_text(undated)
    said = report("any.csv", "--out", "r.json", within=tmp_path)
    assert said.code == 0, said.err
    made = json.loads((tmp_path / "r.json").read_text("utf-8"))
    assert made["subtitle"] == "no dates: the files do not say when · any.csv"
    assert made["dated"] is False
    assert indicators(tmp_path / "r.json") == {"nps": 60}


@pytest.mark.parametrize("asked", ["--since 2030-01-01", "--until 2020-01-01"])
def test_days_outside_the_files_are_answered_with_theirs(tmp_path: Path, asked: str) -> None:
    (tmp_path / "any.csv").write_text(NPS)
    done = report("any.csv", *asked.split(), within=tmp_path)
    assert done.code == 2
    assert done.err.startswith(f"Error: Nothing is left with {asked}: the files speak of 2026-03-01 to 2026-03-28.")


@pytest.mark.parametrize("told", [True, False])
def test_shares_of_next_to_nothing_are_not_drawn(tmp_path: Path, told: bool) -> None:
    """Scores that fall as answers come later, and scores that have nothing to do with it."""
    rows = ["Ticket ID,Created at,First response at,Solved at,CSAT score"]
    for number in range(240):
        wait, day = number % 5, 1 + number % 28
        score = 5 - wait if told else 1 + number // 5 % 5
        rows.append(
            f"{number},2026-03-{day:02} 08:00,2026-03-{day:02} 08:{10 * wait:02},2026-04-{day:02} 09:00,{score}"
        )
    (tmp_path / "any.csv").write_text("\n".join(rows))
    done = report("any.csv", "--out", "r.json", within=tmp_path)
    assert done.code == 0, done.err
    made = (tmp_path / "r.json").read_text("utf-8")
    assert ("csat-drivers" in made) is told
    assert ("Satisfaction goes with none of these: First response time" in made) is not told


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "It is empty"), ("\n\n\n", "It is empty"), (ONE.split("\n")[0] + "\n", "no row below"),
        ("a,b\nx,y\nz,w\n", "any.csv (a, b)"), ("Mood\nfine\nbad\n", "any.csv (Mood)"),
        ("hello\n", "nothing in these files"),
    ],
)  # fmt: skip
def test_a_file_with_nothing_to_measure(text: str, said: str, tmp_path: Path) -> None:
    (tmp_path / "any.csv").write_text(text)
    done = report("any.csv", within=tmp_path)
    assert done.code == 2
    assert said in done.err
    assert done.err.count("Error") == 1
    assert "Traceback" not in done.err
    assert ("map.toml" in done.err) == (tmp_path / "map.toml").exists()


def test_what_was_left_out_of_a_file_says_why_there_is_nothing(tmp_path: Path) -> None:
    (tmp_path / "any.csv").write_text("Call id,Call date,CSAT score\n1,2026-03-02,10\n2,2026-03-02,7\n3,2026-03-02,8\n")
    done = report("any.csv", within=tmp_path)
    assert done.code == 2
    assert "any.csv: CSAT score: ratings up to 10 are not on the scale" in " ".join(done.err.split())


def test_columns_that_nobody_knows_can_be_named(tmp_path: Path) -> None:
    (tmp_path / "any.csv").write_text(ONE.replace("Ticket ID", "Zz").replace("Created at", "Yy").replace("First", "Xx"))
    done = report("any.csv", within=tmp_path)
    assert (done.code, "map.toml" in done.err) == (2, True)
    written = (
        (tmp_path / "map.toml").read_text("utf-8").replace('"ignore"', '"conversations"').replace("# [file", "[file")
    )
    for key, column in (("conversation_id", "Zz"), ("started_at", "Yy"), ("first_responded_at", "Xx response at")):
        written = written.replace(f'# {key} = ""', f'{key} = "{column}"')
    (tmp_path / "map.toml").write_text(written, "utf-8")
    assert report("any.csv", "--map", "map.toml", "--out", "r.json", within=tmp_path).code == 0
    assert indicators(tmp_path / "r.json") == {"first_response": 1}


@pytest.mark.parametrize(("beside", "code"), [("users", 0), (None, 1)])
def test_a_part_that_means_nothing_is_no_fault_beside_one_that_does(
    tmp_path: Path, beside: str | None, code: int
) -> None:
    tickets = [
        {"ticket_id": n, "created_at": "2026-03-02T09:00:00Z", "first_reply_at": f"2026-03-0{n}"} for n in (3, 4)
    ]
    people = [{"name": "Ann", "mood": "fine"}, {"name": "Bo", "mood": "bad"}]
    (tmp_path / "a.json").write_text(json.dumps({"tickets": tickets, **({beside: people} if beside else {})}))
    (tmp_path / "b.json").write_text(json.dumps({"people": people}))
    files = ("a.json",) if beside else ("a.json", "b.json")
    assert report(*files, "--out", "r.json", within=tmp_path).code == code


def test_what_is_no_file(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "loop").symlink_to("loop")
    (tmp_path / "link.csv").symlink_to("one.csv")
    (tmp_path / "one.csv").write_text(ONE)
    for name, said in (("gone", "no such file"), ("folder", "a directory"), ("pipe", "ordinary"), ("loop", "")):
        done = report(name, within=tmp_path)
        assert (done.code, done.err.count(name)) == (2, 1), done.err
        assert said in done.err
    assert report(within=tmp_path).code == 2
    assert report("link.csv", within=tmp_path).code == 0


@pytest.mark.parametrize("out", ["tickets.xlsx", "link.xlsx", "exports.csv", "maps/../tickets.xlsx"])
def test_nothing_that_is_read_is_written_over(out: str, tmp_path: Path) -> None:
    (tmp_path / "exports.csv").mkdir()
    (tmp_path / "maps").mkdir()
    (tmp_path / "exports.csv" / "march.csv").write_text(ONE)
    (tmp_path / "tickets.xlsx").write_text(ONE)
    (tmp_path / "link.xlsx").symlink_to("tickets.xlsx")
    done = report("tickets.xlsx", "exports.csv/march.csv", "--out", out, within=tmp_path)
    assert done.code == 2
    assert "written over" in done.err
    assert (tmp_path / "tickets.xlsx").read_text() == ONE
    assert (tmp_path / "exports.csv" / "march.csv").exists()


def test_a_directory_of_ones_own_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.csv").mkdir()
    (tmp_path / "mine.csv" / "march.csv").write_text(ONE)
    shutil.copy(tmp_path / "mine.csv" / "march.csv", tmp_path / "one.csv")
    done = report("one.csv", "--out", "mine.csv", within=tmp_path)
    assert (done.code, "is not a report" in done.err) == (2, True)
    assert (tmp_path / "mine.csv" / "march.csv").read_text() == ONE


def test_business_hours_count_for_a_log_and_say_where_they_cannot(tmp_path: Path) -> None:
    (tmp_path / "policy.toml").write_text(default_policy(time_zone="Europe/Riga"), "utf-8")
    for name, text in (
        ("log", LOG),
        ("days", LOG.replace(" 07:00", "").replace(" 10:00", "").replace(" 15:00", "")),
        ("nps", NPS),
    ):
        (tmp_path / f"{name}.csv").write_text(text)
    hours = ("--hours", "policy.toml", "--zone", "Europe/Riga", "--out", "r.json")
    assert report("log.csv", *hours, within=tmp_path).err == "Written: r.json\n"
    first = json.loads((tmp_path / "r.json").read_text("utf-8"))["report"]
    assert first["clock"] == "business"
    assert first["indicators"]["first_response"]["total"]["estimate"]["value"] == 3600  # from nine, not from seven
    assert "days without an hour" in report("days.csv", *hours, within=tmp_path).err
    assert json.loads((tmp_path / "r.json").read_text("utf-8"))["report"]["clock"] == "calendar"
    assert "tell of no conversation" in report("nps.csv", *hours, within=tmp_path).err


@pytest.mark.parametrize("told", [True, False])
def test_how_many_came_back_where_the_file_tells(told: bool, tmp_path: Path) -> None:
    rows = "".join(f"{n},2026-03-02 09:00,2026-03-03 09:00,{int(n < 2)}\n" for n in range(10))
    header = "Ticket ID,Created at,Solved at," + ("Reopens\n" if told else "Colour\n")
    (tmp_path / "any.csv").write_text(header + rows)
    done = report("any.csv", within=tmp_path)
    assert done.code == 0, done.err
    assert ("came back: 20.0%" in done.out) is told
    assert ("came back" in done.out) is told
