"""What the processes of `answerable serve` share in memory, and what they do not carry along."""

import os
import subprocess
import sys
from pathlib import Path

BEFORE_THE_DATABASE = """
import sys
import answerable.site.serve
print(*sorted({"django", "asyncio", "ssl", "psycopg", "importlib.metadata"} & sys.modules.keys()))
"""
BEFORE_THE_OTHERS = """
import sys
from answerable.site.serve import preload
preload()
from django.urls import get_resolver
print(get_resolver()._populated)
print(*sys.modules)
"""
SHARED = {"answerable.web.templatetags.web", "answerable.desk.templatetags.desk", "granian.server"}
OF_FEW = {
    "answerable.measure.reading",
    "answerable.site.demo.loading",
    "dns",
    "duckdb",
    "icalendar",
    "lingua",
    "statsmodels",
}


def test_the_process_of_the_database_carries_nothing_of_the_application(tmp_path: Path) -> None:
    assert said(BEFORE_THE_DATABASE, tmp_path) == []


def test_what_several_need_is_loaded_before_they_are_forked_and_nothing_that_few_do(tmp_path: Path) -> None:
    addresses_are_read, *loaded = said(BEFORE_THE_OTHERS, tmp_path)
    assert addresses_are_read == "True"
    assert set(loaded) >= SHARED
    assert OF_FEW.isdisjoint(loaded)


def said(program: str, data_dir: Path) -> list[str]:
    """The words that it prints, as a process of its own."""
    environment = os.environ | {"ANSWERABLE_DATA": str(data_dir)}
    command = [sys.executable, "-c", program]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout.split()
