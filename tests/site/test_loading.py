"""What the processes of `answerable serve` share in memory, and what they do not carry along."""

import subprocess
import sys

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
OF_ONE = {"answerable.measure.reading", "charset_normalizer", "dns", "duckdb", "ibis", "lingua", "statsmodels"}


def test_the_process_of_the_database_carries_nothing_of_the_application() -> None:
    assert said(BEFORE_THE_DATABASE) == []


def test_what_several_need_is_loaded_before_they_are_forked_and_nothing_that_one_needs() -> None:
    addresses_are_read, *loaded = said(BEFORE_THE_OTHERS)
    assert addresses_are_read == "True"
    assert set(loaded) >= SHARED
    assert OF_ONE.isdisjoint(loaded)


def said(program: str) -> list[str]:
    """The words that it prints."""
    return subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.split()
