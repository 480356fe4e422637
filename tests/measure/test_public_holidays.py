"""Public holidays come by country, and only the countries that are asked for stay in memory."""

import subprocess
import sys
from datetime import date

import pytest
from holidays.registry import COUNTRIES

from answerable.measure.public_holidays import holidays_of

ASKED_FOR_ONE = """
import sys
from answerable.measure.public_holidays import holidays_of
holidays_of("LV", None, 2026)
print(*sorted(name for name in sys.modules if name.startswith("holidays.countries.")))
"""


def test_every_country_is_known() -> None:
    found = [holidays_of(codes[1], None, 2026) for codes in COUNTRIES.values()]
    assert sum(map(bool, found)) > 200  # some have no people, or no holidays while there is war


def test_a_place_is_a_country_or_its_part() -> None:
    assert date(2026, 6, 24) in holidays_of("LV", None, 2026)
    assert date(2026, 8, 15) in holidays_of("DE", "SL", 2026)
    assert date(2026, 8, 15) not in holidays_of("DE", None, 2026)
    with pytest.raises(LookupError):
        holidays_of("XX", None, 2026)


def test_asking_for_one_country_loads_no_other() -> None:
    command = [sys.executable, "-c", ASKED_FOR_ONE]
    loaded = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    assert loaded == ["holidays.countries.latvia"]
