"""What the processes of `answerable serve` carry along in memory."""

import subprocess
import sys

BEFORE_THE_DATABASE = """
import sys
import answerable.site.serve
print(*sorted({"django", "asyncio", "ssl", "psycopg", "importlib.metadata"} & sys.modules.keys()))
"""


def test_the_process_of_the_database_carries_nothing_of_the_application() -> None:
    assert said(BEFORE_THE_DATABASE) == []


def said(program: str) -> list[str]:
    """The words that it prints."""
    return subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.split()
