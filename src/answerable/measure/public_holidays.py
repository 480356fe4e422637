"""Public holidays by place and year."""

import sys
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from importlib.util import find_spec, module_from_spec
from typing import Final

import holidays

COUNTRIES: Final = "holidays.countries"


@lru_cache(maxsize=1024)
def holidays_of(country: str, subdivision: str | None, year: int, /) -> Mapping[date, str]:
    """Public holidays by date and name. LookupError for a place that is not known."""
    try:
        found: Mapping[date, str] = dict(holidays.country_holidays(country, subdiv=subdivision, years=year))
    except NotImplementedError as error:
        raise LookupError(str(error)) from None
    return found


def _load_countries_one_by_one() -> None:
    """The package of countries imports every one of them when one is asked for: 8 MB in each process. As a bare folder
    it gives the one that is asked for, and whom that one builds on."""
    spec = find_spec(COUNTRIES)
    if spec and COUNTRIES not in sys.modules:
        sys.modules[COUNTRIES] = module_from_spec(spec)


_load_countries_one_by_one()
