"""The command line: what it says, how it ends, and what it does not load."""

import errno
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
from click.testing import CliRunner
from django.db import DatabaseError, connection

from answerable.site.cli import answerable as command
from answerable.site.refusal import explain
from tests.site.served import answerable


def test_help_lists_every_command_with_a_sentence() -> None:
    text = CliRunner().invoke(command, ["--help"]).output
    assert "serve" in text
    assert text.index("serve") < text.index("backup") < text.index("migrate")
    listed = text.partition("Commands:\n")[2].strip().splitlines()
    assert len(listed) >= 8
    assert all(len(line.split(maxsplit=1)) == 2 for line in listed)


@pytest.mark.parametrize("name", ["serve", "web", "worker", "mail", "backup", "restore", "migrate"])
def test_each_command_explains_itself(name: str) -> None:
    result = CliRunner().invoke(command, [name, "--help"])
    assert result.exit_code == 0
    assert result.output.startswith(f"Usage: answerable {name}")


def test_help_loads_nothing_heavy() -> None:
    program = (
        "import sys; sys.argv = ['answerable', '--help']\n"
        "from answerable.site.cli import main\n"
        "try: main()\n"
        "finally: print(sorted({'django', 'psycopg', 'rich', 'granian'} & sys.modules.keys()), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stderr.strip() == "[]"


@pytest.mark.parametrize(
    "arguments", [["nonsense"], ["serve", "--port", "0"], ["restore", "/no/such/file"], ["backup"]]
)
def test_wrong_usage_is_2(arguments: list[str]) -> None:
    assert CliRunner().invoke(command, arguments).exit_code == 2


def test_what_can_be_expected_to_fail_is_a_sentence_and_1(tmp_path: Path) -> None:
    file = tmp_path / "words"
    file.write_text("not a backup")
    done = answerable(tmp_path / "data", "restore", str(file))
    assert done.returncode == 1
    assert done.stderr.strip() == f"Error: {file} is not a backup of Answerable, or its end is missing."


def test_a_full_disk_is_a_sentence() -> None:
    full = OSError(errno.ENOSPC, "No space left on device", "/backups/.all.part")
    assert explain(full) == "/backups/.all.part cannot be written: No space left on device"
    assert explain(OSError(errno.ENOEXEC, "Exec format error")) is None


def test_a_database_that_is_away_is_told_from_one_that_cannot() -> None:
    assert "does not answer: refused" in (explain(psycopg.OperationalError("refused")) or "")
    assert "does not answer: wrong" in (explain(psycopg.errors.InvalidPassword("wrong")) or "")
    assert "could not do it: full" in (explain(psycopg.errors.DiskFull("full")) or "")


def test_a_database_without_tables_is_a_sentence(db: None) -> None:
    with pytest.raises(DatabaseError) as failed, connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM email_of_tomorrow")
    assert "`answerable migrate`" in (explain(failed.value) or "")
