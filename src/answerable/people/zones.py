"""The time zones and countries people may choose from."""

import zoneinfo
from functools import cache

from babel import Locale
from django.utils.translation import get_language, to_locale

REGIONS = ("Africa", "America", "Antarctica", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific")


@cache
def time_zones() -> list[tuple[str, str]]:
    """(name, what to show) of every zone of the world, by name, as a form's choices."""
    names = sorted(name for name in zoneinfo.available_timezones() if name.split("/")[0] in REGIONS)
    return [("UTC", "UTC"), *((name, name.replace("_", " ")) for name in names)]


def countries() -> list[tuple[str, str]]:
    """(ISO 3166-1 code, name in the reader's language) by name, after an empty choice."""
    return [("", "—"), *_countries(to_locale(get_language() or "en"))]


@cache
def _countries(locale: str) -> list[tuple[str, str]]:
    names = Locale.parse(locale).territories
    known = [(code, name) for code, name in names.items() if len(code) == 2 and code.isalpha() and code not in NOWHERE]
    return sorted(known, key=lambda country: country[1].casefold())


# CLDR knows regions that are no countries.
NOWHERE = {"AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ"}
