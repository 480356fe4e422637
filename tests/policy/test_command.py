"""`answerable policy check|load|show`, as a person runs it."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from answerable.core.policy import default_policy
from answerable.policy.models import Version
from answerable.site.cli import answerable
from tests.cast import Cast


def run(*words: str) -> tuple[int, str]:
    result = CliRunner().invoke(answerable, ["policy", *words], catch_exceptions=False)
    return result.exit_code, result.output


def test_check_names_line_column_and_field(tmp_path: Path) -> None:
    file = tmp_path / "policy.toml"
    file.write_text(default_policy().replace('hours = "office"', 'hours = "ofice"', 1))
    code, said = run("check", str(file))
    line = file.read_text()[: file.read_text().index("ofice")].count("\n") + 1
    assert code == 1
    assert f"{file}:{line}:" in said
    assert "hours" in said
    assert "Did you mean “office”?" in said


def test_check_says_what_a_sound_document_promises(tmp_path: Path) -> None:
    file = tmp_path / "policy.toml"
    file.write_text(default_policy())
    code, said = run("check", str(file))
    assert code == 0
    assert "We answer every e-mail within 4 working hours." in said
    assert json.loads(run("check", "--json", str(file))[1])["errors"] == []


@pytest.mark.django_db(transaction=True)
def test_what_is_loaded_is_shown_exactly(tmp_path: Path) -> None:
    from tests.cast import play

    cast: Cast = play()
    file = tmp_path / "policy.toml"
    file.write_text(default_policy(language="lv"))
    code, said = run("load", str(file), "--reason", "We begin.", "--by", "ada@example.com")
    assert (code, said) == (0, "“Customer service policy” is in force as version 1.\n")
    assert Version.objects.in_force().by == cast.ada
    assert run("show") == (0, file.read_text())
    assert run("show", "--version", "7")[0] == 1
    assert run("load", str(file), "--by", "nobody@example.com")[0] == 2


@pytest.mark.django_db(transaction=True)
def test_check_here_looks_for_who_is_named(tmp_path: Path) -> None:
    from tests.cast import play

    play()
    file = tmp_path / "policy.toml"
    last = '{ at = "100%", do = "notify", to = "lead" },\n]'
    file.write_text(default_policy().replace(last, last.replace("lead", "team:latvia")))
    assert run("check", str(file))[0] == 0
    code, said = run("check", "--here", str(file))
    assert code == 1
    assert "The team “latvia” has nobody who could act." in said
    file.write_text(default_policy().replace(last, last.replace("lead", "assignee")))
    assert "The chain ends nowhere" in run("check", str(file))[1]
