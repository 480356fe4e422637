"""Directories for half-done work: what a killed process left is removed, what a living one uses is not."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

from answerable.measure import scratch

MAKES = """
import sys
from answerable.measure import scratch
print(scratch.make(prefix="work-", within=sys.argv[1]), flush=True)
sys.stdin.read()
"""


def test_what_was_left_is_removed_and_what_is_used_is_not(tmp_path: Path) -> None:
    foreign = tmp_path / "work-of-somebody-else"
    foreign.mkdir()
    command = [sys.executable, "-c", MAKES, str(tmp_path)]
    both = [subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    try:
        folders = [Path((each.stdout.readline() if each.stdout else "").strip()) for each in both]
        for each in (*folders, foreign):
            os.utime(each, (0, 0))
        both[0].send_signal(signal.SIGKILL)
        both[0].wait()
        ours = scratch.make(prefix="work-", within=tmp_path)
        assert {each.name for each in tmp_path.iterdir()} == {ours.name, folders[1].name, foreign.name}
        scratch.remove(ours)
        assert not ours.exists()
    finally:
        for process in both:
            process.kill()
            process.communicate()
