"""`answerable report`: from files to a summary, a page and data, without a server; and what it does when it cannot."""

import csv
import io
import json
import os
import re
import shutil
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path

import pytest

from answerable.measure.document.keeping import keep_directory
from answerable.measure.instruments import as_csv
from tests.measure.command import report

ROOT = Path(__file__).resolve().parents[2]
ITALIAN = ROOT.parent / "shared" / "data" / "helpdesk_italian" / "finale.csv"
BEGUN = datetime(2026, 3, 2, 9, tzinfo=UTC)


def run(*arguments: object, cwd: Path) -> subprocess.CompletedProcess[str]:
    """The command as a process of its own, with no settings and no database to reach."""
    kept = ("PATH", "LANG", "TZ")
    environment = {name: os.environ[name] for name in kept if name in os.environ}
    paths = os.pathsep.join([str(ROOT / "src"), *(each for each in sys.path if "site-packages" in each)])
    return subprocess.run(
        [sys.executable, "-m", "answerable", "report", *map(str, arguments)],
        cwd=cwd, env={**environment, "PYTHONPATH": paths, "HOME": str(cwd), "COLUMNS": "120"},
        capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip


@pytest.fixture
def tickets(tmp_path: Path) -> Path:
    """120 conversations over four weeks; a team would be markup and a formula if it were let; one row is wrong."""
    path = tmp_path / "tickets.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(["Ticket ID", "Created at", "First responded at", "Solved at", "Team", "Channel", "CSAT"])
        for number in range(120):
            at = BEGUN + timedelta(hours=5 * number)
            answered = "" if number % 10 == 9 else at + timedelta(minutes=30 + number)
            solved = "" if number % 5 == 4 else at + timedelta(hours=30)
            team = '<b>"A"&amp;</b>' if number % 2 else "=cmd|' /C calc'!A0"
            rows.writerow([number, at, answered, solved, team, ["email", "chat"][number % 2], 1 + number % 5])
        rows.writerow([999, "yesterday, or so", "", "", "x", "email", 3])
    return path


class Page(HTMLParser):
    """What a page holds: tags by how often, addresses it would fetch, all attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: dict[str, int] = {}
        self.addresses: list[str] = []
        self.attributes: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[tag] = self.tags.get(tag, 0) + 1
        self.attributes |= {name for name, _ in attrs}
        self.addresses += [value or "" for name, value in attrs if name in ("src", "href", "action", "srcset")]


def test_without_a_place_it_is_a_summary_with_six_cards(tickets: Path, tmp_path: Path) -> None:
    done = run(tickets, cwd=tmp_path)
    assert done.returncode == 1, done.stderr  # a row was left out
    for name in ("CSAT", "NPS", "First response time", "retention", "SERVQUAL", "engagement"):
        assert name in done.stdout
    assert "Sample: 120" in done.stdout
    assert "1 row could not be used" in done.stdout
    assert "yesterday, or so" in done.stdout
    assert "map.toml" in done.stderr
    assert (tmp_path / "map.toml").is_file()
    assert report(tickets, "--map", "map.toml", within=tmp_path).code == 1


def test_the_page_needs_nothing_else_and_escapes_what_files_say(tickets: Path, tmp_path: Path) -> None:
    done = report(tickets, "--out", "report.html", within=tmp_path)
    assert done.code == 1, done.err
    text = (tmp_path / "report.html").read_text("utf-8")
    page = Page(text)
    assert "script" not in page.tags
    assert page.tags["svg"] >= 6
    assert all(address.startswith("#") for address in page.addresses)
    assert "b" not in page.tags
    assert "&lt;b&gt;" in text
    assert not [name for name in page.attributes if name.startswith("on")]
    assert not re.search(r"url\((?!#)|@import|https?://(?!www\.w3\.org)", text)
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


@pytest.mark.parametrize("language", ["lv", "ka", "kk"])
def test_the_report_speaks_four_languages(language: str, tickets: Path, tmp_path: Path) -> None:
    assert report(tickets, "--language", language, "--out", "r.json", within=tmp_path).code == 1
    made = json.loads((tmp_path / "r.json").read_text("utf-8"))
    assert made["language"] == language
    assert made["title"] != "Customer service report"
    assert {section["title"] for section in made["sections"]}.isdisjoint({"Six questions", "Data quality and method"})


def test_data_hold_the_words_and_the_figures(tickets: Path, tmp_path: Path) -> None:
    assert report(tickets, "--out", "r.json", "--by", "channel", within=tmp_path).code == 1
    made = json.loads((tmp_path / "r.json").read_text("utf-8"))
    assert made["schema"] == 1
    first = made["report"]["indicators"]["first_response"]
    assert first["total"]["estimate"]["n"] == 120
    assert [group["key"] for group in first["groups"]["channel"]] == ["chat", "email"]
    keys = [section["key"] for section in made["sections"]]
    assert keys[0] == "six"
    assert keys[-1] == "method"


def test_business_hours_and_targets_come_from_a_policy(tickets: Path, tmp_path: Path) -> None:
    from answerable.core.policy import default_policy

    (tmp_path / "policy.toml").write_text(default_policy(time_zone="Europe/Riga"), "utf-8")
    done = report(tickets, "--hours", "policy.toml", "--targets", "policy.toml", "--out", "r.json", within=tmp_path)
    assert done.code == 1, done.err
    made = json.loads((tmp_path / "r.json").read_text("utf-8"))["report"]
    assert made["period"]["zone"] == "Europe/Riga"
    assert made["clock"] == "business"
    assert made["indicators"]["first_response"]["target"] is not None
    assert made["indicators"]["csat"]["against_target"] in ("met", "missed", "not distinguishable")


def test_a_target_of_what_was_not_measured_is_not_passed_over(tickets: Path, tmp_path: Path) -> None:
    from answerable.core.policy import default_policy

    policy = default_policy(time_zone="Europe/Riga")
    serves = next(line for line in policy.splitlines() if line.startswith("serves = "))
    wanted = f'[[objective]]\nkey = "r"\nsentence = "They recommend us."\n{serves}\nkpi = "nps"\ntarget = "40 points"\n'
    (tmp_path / "wanted.toml").write_text(f"{policy}\n{wanted}", "utf-8")
    (tmp_path / "t.csv").write_text("Ticket ID,Created at,First response at\n1,2026-03-02 09:00,2026-03-02 10:00\n")
    done = report("t.csv", "--targets", "wanted.toml", "--out", "r.json", within=tmp_path)
    assert done.code == 0, done.err
    made = json.loads((tmp_path / "r.json").read_text("utf-8"))
    cards = next(block["items"] for block in made["sections"][0]["blocks"] if "items" in block)
    reasons = {card["key"]: card["reason"] for card in cards}
    assert reasons["nps"].endswith(" Target: 40.00: nothing to hold against it.")
    assert "Target" not in reasons["servqual"]


def test_several_forms_of_one_report(tickets: Path, tmp_path: Path) -> None:
    wanted = ("r.json", "r.html", "r.csv")
    done = report(tickets, *(word for out in wanted for word in ("--out", out)), "--out", "r.json", within=tmp_path)
    assert done.code == 1, done.err
    assert "Written: r.json, r.html, r.csv" in done.err
    figures = json.loads((tmp_path / "r.json").read_text("utf-8"))
    assert figures
    assert "<svg" in (tmp_path / "r.html").read_text("utf-8")
    assert (tmp_path / "r.csv" / "figures.csv").is_file()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nowhere.csv"], "nowhere.csv"),
        (["tickets.csv", "--out", "report.doc"], "must end in"),
        (["tickets.csv", "--map", "other.toml"], "other.toml"),
        (["tickets.csv", "--hours", "other.toml"], "other.toml"),
        (["tickets.csv", "--zone", "Europe/Rigga"], "Rigga"),
        (["tickets.csv", "--since", "2026-04-01", "--until", "2026-03-01"], "holds no day"),
        (["tickets.csv", "--by", "weather"], "weather"),
        (["tickets.csv", "--out", "missing/report.html"], "missing"),
        (["tickets.csv", "--out", "r.html", "--out", "missing/report.pdf"], "missing"),
        (["tickets.csv", "--activity", "smiled=Yes"], "answered"),
    ],
)
def test_what_cannot_be_made_is_said_in_a_sentence(
    arguments: list[str], said: str, tickets: Path, tmp_path: Path
) -> None:
    done = report(*arguments, within=tmp_path)
    assert done.code == 2, (done.out, done.err)
    assert said in done.err
    assert "Traceback" not in done.err


@pytest.mark.shared
@pytest.mark.skipif(not ITALIAN.exists(), reason="needs the real event log in ../shared")
def test_the_italian_help_desk_log(tmp_path: Path) -> None:
    """4,285 of 4,580 answered by a proxy; medians of 983.38 min and, by Kaplan-Meier, 1,200.48 min."""
    done = report(ITALIAN, "--activity", "answered=Take in charge ticket", "--out", "r.json", within=tmp_path)
    assert done.code == 0, done.err
    made = json.loads((tmp_path / "r.json").read_text("utf-8"))
    total = made["report"]["indicators"]["first_response"]["total"]
    assert (total["estimate"]["n"], total["counts"]["ended"]) == (4_580, 4_285)
    assert total["beside"]["naive_p50"]["value"] / 60 == pytest.approx(983.38, abs=0.005)
    assert total["estimate"]["value"] / 60 == pytest.approx(1200.48, abs=0.005)
    assert "proxies" in json.dumps(made["sections"][-1])


def test_on_paper_and_as_tables(tickets: Path, tmp_path: Path) -> None:
    """A PDF by the typesetter; tables whose cells no spreadsheet would run, with every conversation."""
    pytest.importorskip("typst", reason="the typesetter of PDF is not installed: make install")
    assert report(tickets, "--language", "ka", "--out", "r.pdf", within=tmp_path).code == 1
    made = (tmp_path / "r.pdf").read_bytes()
    assert made.startswith(b"%PDF-")
    assert b"NotoSansGeorgian" in made
    for _again in range(2):
        assert report(tickets, "--out", "r.csv", within=tmp_path).code == 1
    tables = {path.name: list(csv.reader(path.open(encoding="utf-8-sig"))) for path in (tmp_path / "r.csv").iterdir()}
    assert len(tables["first_response-conversations.csv"]) == 121
    cells = [cell for rows in tables.values() for row in rows for cell in row]
    assert "'=cmd|' /C calc'!A0" in cells
    assert not [cell for cell in cells if re.match(r"[=+@\t\r]|-(?![0-9.,]+%?$)", cell)]
    (tmp_path / "r.csv" / "mine.txt").write_text("not a report")
    assert report(tickets, "--out", "r.csv", within=tmp_path).code == 2
    assert (tmp_path / "r.csv" / "mine.txt").exists()


@pytest.mark.parametrize("moment", ["reads", "writes"])
def test_stopping_leaves_what_was_there(tmp_path: Path, moment: str) -> None:
    """Ctrl-C while it reads or writes: the older report stays, and nothing is left beside it or in the scratch."""
    with (tmp_path / "many.csv").open("w") as file:
        file.write("Ticket ID,Created at,First responded at\n")
        file.writelines(f"{n},2026-03-{1 + n % 28:02} 10:00,2026-03-{1 + n % 28:02} 12:00\n" for n in range(50_000))
    older = tmp_path / "r.csv" / "figures.csv"
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    paths = os.pathsep.join([str(ROOT / "src"), *(each for each in sys.path if "site-packages" in each)])
    environment = {**os.environ, "PYTHONPATH": paths, "TMPDIR": str(scratch)}
    command = [sys.executable, "-m", "answerable", "report", "many.csv", "--out", "r.csv"]
    where = (scratch, "answerable-*") if moment == "reads" else (tmp_path, ".r.csv.*")
    ended, said = 0, ""
    for _again in range(5):  # a machine that holds this process up may let the other one finish meanwhile
        shutil.rmtree(older.parent, ignore_errors=True)
        older.parent.mkdir()
        older.write_text("the report of last month")
        with subprocess.Popen(command, cwd=tmp_path, env=environment, stderr=subprocess.PIPE, text=True) as running:
            while not list(where[0].glob(where[1])) and running.poll() is None:
                os.sched_yield()
            running.send_signal(signal.SIGINT)
            said = running.communicate(timeout=60)[1]
        ended = running.returncode
        if ended not in (0, 1):
            break
    assert (ended, said) == (130, "Stopped. No report was written.\n")
    assert older.read_text() == "the report of last month"
    assert {path.name for path in tmp_path.iterdir()} == {"many.csv", "r.csv", "scratch"}
    assert not list(scratch.iterdir())


def test_a_directory_is_whole_or_as_it_was(tmp_path: Path) -> None:
    def stop(folder: Path) -> None:
        (folder / "half.csv").write_text("a,b")
        raise KeyboardInterrupt

    place = tmp_path / "r.csv"
    keep_directory(place, lambda folder: (folder / "whole.csv").touch(), "whole.csv")
    with pytest.raises(KeyboardInterrupt):
        keep_directory(place, stop, "whole.csv")
    assert [path.name for path in place.iterdir()] == ["whole.csv"]
    assert [path.name for path in tmp_path.iterdir()] == ["r.csv"]


def test_all_six_from_surveys_and_purchases(tickets: Path, tmp_path: Path) -> None:
    """Each of the six has its section; the staff of a small team stay hidden, and no answer of theirs is listed."""
    with (tmp_path / "nps.csv").open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["respondent", "date", "NPS: would you recommend us?"])
        rows.writerows([each, f"2026-03-{2 + each % 20:02}", (10, 9, 7, 3)[each % 4]] for each in range(80))
    halves = [f"{half} reliability {number}" for half in ("expectation", "perception") for number in range(1, 6)]
    with (tmp_path / "servqual.csv").open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["respondent", "date", *halves])
        rows.writerows([each, "2026-03-10", *(7 - (each * 3 + n) % 4 for n in range(10))] for each in range(40))
    with (tmp_path / "staff.csv").open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["date", "team", *(f"engagement {number}" for number in range(1, 4))])
        teams = ["North"] * 20 + ["South"] * 20 + ["Tiny"] * 3
        rows.writerows(["2026-03-05", team, *(3 + (n + m) % 3 for m in range(3))] for n, team in enumerate(teams))
    with (tmp_path / "orders.csv").open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["customer", "date", "amount"])
        rows.writerows([each % 50, f"2026-0{1 + each % 3 * (each % 2)}-{1 + each % 28:02}", 10] for each in range(400))
    files = ("nps.csv", "servqual.csv", "staff.csv", "orders.csv")
    done = report(tickets, *files, "--since", "2026-03-01", "--until", "2026-04-01", "--out", "r.json", within=tmp_path)
    assert done.code == 1, done.err
    made = json.loads((tmp_path / "r.json").read_text("utf-8"))
    keys = [section["key"] for section in made["sections"]]
    assert keys[1:7] == ["csat", "nps", "first_response", "retention", "servqual", "engagement"]
    engagement = json.dumps(made["sections"][6])
    assert "Tiny" not in engagement
    assert "engagement-behind" not in engagement
    assert "quadrants" in made["report"]["details"]["servqual"]
    charts = {
        block.get("key") for key in (4, 5) for part in made["sections"][key]["sections"] for block in part["blocks"]
    }
    assert {"servqual-importance", "retention-survival", "retention-cohorts"} <= charts
    cards = made["sections"][0]["blocks"][0]["items"]
    assert [card["key"] for card in cards] == keys[1:7]
    assert all(card["value"] and card["interval"] for card in cards)


def test_of_two_people_nothing_is_said_that_two_cannot_tell(tmp_path: Path) -> None:
    header = next(csv.reader(io.StringIO(as_csv("servqual", "en"))))
    with (tmp_path / "answers.csv").open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(header)
        for who in (2, 9):
            known = {"respondent": who, "date": f"2026-01-0{who}", "segment": ""}
            points = [20 if "weight" in column else 5 + (who + place) % 3 for place, column in enumerate(header)]
            rows.writerow(known.get(column, point) for column, point in zip(header, points, strict=True))
    (tmp_path / "one.csv").write_text("Ticket ID,Created at,First response at\n1,2026-01-05 09:00,2026-01-05 10:00\n")
    assert report("answers.csv", "one.csv", "--out", "r.html", within=tmp_path).code == 0
    page = (tmp_path / "r.html").read_text("utf-8")
    assert "Fewer than 10 people answered: what matters most" in page
    assert "mend first<" not in page
    assert "Service quality gap (SERVQUAL) by" not in page
    assert "1 conversation that a customer opened" in page
    assert "the fullest square" not in page
