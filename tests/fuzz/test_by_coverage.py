"""The coverage-guided fuzzer, for a few files: that it runs, and finds nothing at once."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.slow
def test_a_few_files(tmp_path: Path) -> None:
    pytest.importorskip("atheris", reason="the fuzzer has no wheel for this machine")
    paths = os.pathsep.join([str(ROOT / "src"), str(ROOT), *(each for each in sys.path if "site-packages" in each)])
    environment = {**os.environ, "PYTHONPATH": paths, "TMPDIR": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-m", "tests.fuzz", "-runs=2", "-seed=7"],
        cwd=tmp_path, env=environment, capture_output=True, text=True, check=False, timeout=240,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    assert "Done " in done.stderr
    assert not list(tmp_path.glob("crash-*"))
