"""`answerable policy rehearse`, as a person runs it on files: no database, and words for what is wrong."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from answerable.core.policy import default_policy
from answerable.site.cli import answerable

TICKETS = """id,created_at,first_responded_at,solved_at,channel,team
1,2026-03-02 09:00:00,2026-03-02 10:00:00,2026-03-03 10:00:00,email,support
2,2026-03-02 09:30:00,2026-03-02 12:00:00,2026-03-02 17:00:00,email,support
3,2026-03-03 16:00:00,2026-03-04 09:30:00,,email,sales
4,2026-03-04 09:00:00,,,email,sales
5,2026-03-06 12:00:00,2026-03-06 12:10:00,2026-03-06 12:20:00,chat,support
"""
LOG = """Case ID,Activity,Resource,Complete Timestamp
a,Customer wrote,,2026/03/02 09:00:00
a,Replied,Bob,2026/03/02 09:30:00
a,Customer wrote,,2026/03/02 10:00:00
a,Replied,Bob,2026/03/03 10:00:00
a,Closed,Bob,2026/03/03 11:00:00
b,Customer wrote,,2026/03/02 09:00:00
b,Replied,Eve,2026/03/02 16:00:00
b,Closed,Eve,2026/03/02 16:05:00
"""


@pytest.fixture
def files(tmp_path: Path) -> Path:
    text = default_policy(time_zone="Europe/Riga", title="Now")
    (tmp_path / "now.toml").write_text(text)
    draft = text.replace('within = "4 working hours"', 'within = "2 working hours"').replace('"Now"', '"Sooner"')
    (tmp_path / "draft.toml").write_text(draft)
    (tmp_path / "tickets.csv").write_text(TICKETS)
    (tmp_path / "log.csv").write_text(LOG)
    return tmp_path


def run(files: Path, *words: str, on: str = "tickets.csv", against: str = "now.toml") -> Result:
    given = [
        "policy",
        "rehearse",
        str(files / "draft.toml"),
        "--on",
        str(files / on),
        "--against",
        str(files / against),
    ]
    return CliRunner().invoke(answerable, [*given, *words])


def test_it_says_what_would_be_different(files: Path) -> None:
    result = run(files)
    assert result.exit_code == 0, result.output
    said = result.stdout
    assert "“Sooner” rehearsed beside “Now”" in said
    assert "5 conversations begun within 5 days from 2026-03-02" in said
    # Answered after 1, 2.5 and 2.5 working hours; one never was. The chat has no promise.
    assert "75.0 % kept (30.1–95.4)    1 of 4 missed" in said
    assert "25.0 % kept (4.6–69.9)     3 of 4 missed" in said
    assert "change -50.0 points" in said
    assert "2 promises that were kept would be broken: “We answer every e-mail within 4 working hours”" in said
    assert "2: began 2026-03-02 09:30, answered 2026-03-02 12:00, due 2026-03-02 13:30 (now), due" in said
    assert "told: the lead of sales" in said
    assert "when customers wrote again" in said


def test_a_machine_reads_it_too(files: Path) -> None:
    told = json.loads(run(files, "--json").stdout)
    assert (told["conversations"], told["now_title"], told["draft_title"]) == (5, "Now", "Sooner")
    first = next(line for line in told["standards"] if line["key"] == "first-response")
    assert (first["now"]["met"], first["draft"]["met"], first["draft"]["due"]) == (3, 1, 4)
    out = files / "rehearsal.csv"
    assert run(files, "--out", str(out)).exit_code == 0
    assert "standard,first-response,met,3,1" in out.read_text().splitlines()


def test_a_log_tells_of_further_answers_and_of_who_had_it(files: Path) -> None:
    roles = "asked=Customer wrote,answered=Replied,solved=Closed"
    result = run(files, "--assume", "channel=email", "--activity", roles, "--json", on="log.csv")
    told = json.loads(result.stdout)
    keys = {line["key"]: line["now"]["clocks"] for line in told["standards"]}
    assert keys["next-response"] == 1
    assert keys["first-response"] == 2
    people = {each["person"]["name"]: each["times"] for each in told["draft"]["people"]}
    assert people["Bob"] > 0
    assert any("Assumed of every conversation: channel email." in note for note in told["notes"])


def test_what_the_files_do_not_say_is_said(files: Path) -> None:
    (files / "tickets.csv").write_text(TICKETS.replace("channel", "x").replace("team", "y"))
    said = run(files).stdout
    assert "The files do not say the channel" in said
    assert "No conversation was promised this: “We answer every e-mail within 4 working hours.”" in said


def test_a_time_is_chosen(files: Path) -> None:
    assert "2 conversations begun" in run(files, "--since", "2026-03-03", "--until", "2026-03-05").stdout
    result = run(files, "--since", "2027-03-03")
    assert (result.exit_code, str(result.exception)) == (1, "No conversation of these files began in that time.")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--assume", "colour=red"), "is not like channel=email"),
        (("--since", "2026-03-03", "--until", "2026-03-03"), "--until is not after --since"),
        (("--out", "x.docx"), "must end in .json or .csv"),
    ],
)
def test_wrong_usage_is_told_apart(files: Path, words: tuple[str, ...], said: str) -> None:
    result = run(files, *words)
    assert result.exit_code == 2
    assert said in result.output


def test_a_policy_with_mistakes_is_refused_by_line(files: Path) -> None:
    (files / "draft.toml").write_text((files / "draft.toml").read_text().replace('clock = "resolution"', 'clock = "x"'))
    result = run(files)
    assert result.exit_code == 1
    assert "draft.toml:" in result.output


def test_it_must_be_said_on_what(files: Path) -> None:
    result = CliRunner().invoke(answerable, ["policy", "rehearse", str(files / "draft.toml")])
    assert result.exit_code == 2
    assert "Say what to rehearse on" in result.output
