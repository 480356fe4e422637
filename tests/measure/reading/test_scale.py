"""A million conversations in bounded memory, in a process of their own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

# `ru_maxrss` would be at least what the process of the tests holds, which this one begins as a copy of.
READ = """
import re, sys
from answerable.measure.reading import Limits, read
with read([sys.argv[1]], limits=Limits(memory=300 << 20)) as reading:
    highest = re.search(r"^VmHWM:\\s+(\\d+) kB", open("/proc/self/status").read(), re.MULTILINE)
    print(reading.counts["conversations"], reading.bad_count, highest[1])
"""


@pytest.mark.slow
def test_a_million_conversations_take_no_more_than_their_limit(tmp_path: Path) -> None:
    path = tmp_path / "million.csv"
    duckdb.connect().execute(
        'COPY (SELECT i AS "Ticket ID", strftime(t, \'%d.%m.%Y %H:%M:%S\') AS "Created at", '
        "strftime(t + to_minutes(i % 900), '%d.%m.%Y %H:%M:%S') AS \"First response at\", 'Team ' || i % 9 AS Team, "
        "'Text, with a comma ' || i AS Subject FROM (SELECT i, TIMESTAMP '2026-01-01' + to_seconds(i * 20) AS t "
        f"FROM range(1000000) AS numbers(i))) TO '{path}' (HEADER, DELIMITER ',')"
    )
    done = subprocess.run([sys.executable, "-c", READ, path], capture_output=True, text=True, check=True)
    conversations, bad, kilobytes = map(int, done.stdout.split())
    assert (conversations, bad) == (1_000_000, 0)
    assert kilobytes < 700_000
