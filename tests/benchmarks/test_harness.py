"""The benchmark itself: everything it measures, once and small, with its results checked as in a full run."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.slow
def test_everything_is_measured_and_right(tmp_path: Path) -> None:
    page = tmp_path / "benchmarks.md"
    works = "list,saved,conversation,search,report,create,mail,escalations,memory,live,engine"
    small = ["--size", "200", "--turns", "1", "--seconds", "0.05", "--streams", "20", "--mails", "35"]
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("ANSWERABLE_", "DATABASE_", "DJANGO_"))}
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks", "--only", works, *small, "--output", str(page)],
        cwd=ROOT,
        env=environment | {"PYTHONPATH": str(ROOT / "src")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    written = page.read_text("utf-8")
    for work in ("open list, one client", "create, 8 clients", "mail taken in", "search, rare word", "live, messages"):
        assert f"| {work}" in written
    assert "What gave a wrong answer" not in written


def test_an_unknown_work_is_named() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks", "--only", "list,lisp"],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT / "src")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "there is no lisp" in done.stderr
