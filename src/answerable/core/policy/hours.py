"""``[hours.NAME]``: time zone, openings by weekday, holidays and single dates become a calendar."""

from __future__ import annotations

import re
import zoneinfo
from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Protocol

from answerable.core.calendar import WEEKDAYS, Calendar, always_open, time_zone
from answerable.core.opening import Opening, openings
from answerable.core.policy.document import KEY, Table
from answerable.core.policy.errors import shown, suggestion
from answerable.core.policy.positions import Path
from answerable.core.policy.spoken import read_spoken
from answerable.core.said import Said, gettext_noop, said_of

ALWAYS = "always"
"""The name of the hours that every policy has: around the clock."""

REGIONAL = "regional"
"""What a standard says instead of a name to be counted in the hours of the conversation's region."""

_PLACE = re.compile(r"([A-Z]{2})(?:-([A-Za-z0-9]{1,8}))?", re.ASCII)
_YEAR_TO_TRY = 2024


class HolidaySource(Protocol):
    """Public holidays by country (``LV``), subdivision (``MD`` of ``ES-MD``) and year, with their names.

    Raises LookupError for a country or subdivision that is not known.
    """

    def __call__(self, country: str, subdivision: str | None, year: int, /) -> Mapping[date, str]: ...


class PublicHolidays:
    """Holidays of several places and of the company, fetched year by year and kept."""

    def __init__(self, source: HolidaySource, places: list[tuple[str, str | None]], own: Mapping[date, str]) -> None:
        self.source = source
        self.places = places
        self.own = own
        self._years: dict[int, dict[date, str]] = {}

    def get(self, day: date, /) -> str | None:
        """The holiday's name, or None. The company's own come first, then the places in their order."""
        if day.year not in self._years:
            found: dict[date, str] = {}
            for country, subdivision in reversed(self.places):
                found.update(self.source(country, subdivision, day.year))
            self._years[day.year] = found
        return self.own.get(day) or self._years[day.year].get(day)


NEVER_OPEN = gettext_noop("is never open.")


def read_hours(root: Table, source: HolidaySource, language: str) -> dict[str, Calendar]:
    """Every block of hours by name, and `ALWAYS`."""
    found = {ALWAYS: always_open()}
    blocks = root.table("hours")
    if blocks is None:
        return found
    for name in blocks.values:
        block = blocks.table(name)
        if block is None:
            continue
        if name in (ALWAYS, REGIONAL) or not KEY.fullmatch(name):
            unlike = Said(gettext_noop("{name} cannot be a name of hours."), name=shown(name))
            blocks.refuse(name, unlike, gettext_noop("Use a name such as office."))
        calendar = _read_block(block, name, source, language)
        if calendar is not None:
            found.setdefault(name, calendar)
    return found


def _read_block(block: Table, name: str, source: HolidaySource, language: str) -> Calendar | None:
    title = read_spoken(block, "title", language, required=False)
    zone = _read_zone(block)
    week = tuple(_read_day(block, day) for day in WEEKDAYS)
    places = _read_places(block, source)
    own = _read_own_holidays(block)
    dates = _read_dates(block)
    block.finish()
    if not any(week):
        if not any(block.has(day) for day in WEEKDAYS):
            remedy = gettext_noop('Give a day its hours: monday = ["09:00-18:00"].')
            block.document.refuse(block.path, NEVER_OPEN, remedy)
        elif all(block.values.get(day, []) == [] for day in WEEKDAYS):
            block.document.refuse(block.path, NEVER_OPEN, gettext_noop("Open at least one day of the week."))
        return None
    if zone is None:
        return None
    return Calendar(zone, week, PublicHolidays(source, places, own), dates, name, title or {})


def _read_zone(block: Table) -> str | None:
    name = block.string("time_zone")
    if name is None:
        return None
    try:
        time_zone(name)
    except ValueError as error:
        such = gettext_noop("Write one such as Europe/Riga.")
        block.refuse("time_zone", said_of(error), suggestion(name, _zone_names()) or such)
        return None
    return name


@cache
def _zone_names() -> frozenset[str]:
    return frozenset(zoneinfo.available_timezones())


def _read_day(block: Table, key: str) -> tuple[Opening, ...]:
    texts = block.strings(key) or []
    try:
        return openings(text for _, text in texts)
    except ValueError as error:
        such = gettext_noop('Write ["09:00-13:00", "14:00-18:00"], or [] when closed.')
        block.refuse(key, said_of(error), such)
        return ()


def _read_places(block: Table, source: HolidaySource) -> list[tuple[str, str | None]]:
    value = block.get("holidays", required=False)
    if isinstance(value, list):
        named = block.strings("holidays") or []
    else:
        single = block.string("holidays", required=False)
        named = [] if single is None else [(("holidays",), single)]
    found = []
    for path, text in named:
        match = _PLACE.fullmatch(text)
        if match is None:
            _refuse(
                block,
                path,
                Said(gettext_noop("{text} is not a place."), text=shown(text)),
                gettext_noop('Write a country, "LV", or a part of it, "ES-MD".'),
            )
        elif _known_place(source, match[1], match[2]):
            found.append((match[1], match[2]))
        else:
            _refuse(
                block,
                path,
                Said(gettext_noop("No holidays are known for {text}."), text=shown(text)),
                gettext_noop("Check the two letters of the country."),
            )
    return found


def _known_place(source: HolidaySource, country: str, subdivision: str | None) -> bool:
    try:
        source(country, subdivision, _YEAR_TO_TRY)
    except LookupError:
        return False
    return True


def _read_own_holidays(block: Table) -> dict[date, str]:
    """``extra_holidays``: a list of dates, or a table of dates and their names."""
    value = block.get("extra_holidays", required=False)
    found: dict[date, str] = {}
    if isinstance(value, dict):
        table = Table(block.document, (*block.path, "extra_holidays"), value)
        for key in value:
            name, on = table.string(key), _read_date(table, (key,), key)
            if name is not None and on is not None:
                found[on] = name
        return found
    for path, text in block.strings("extra_holidays") or []:
        on = _read_date(block, path, text)
        if on is not None:
            found[on] = "company holiday"
    return found


def _read_dates(block: Table) -> dict[date, tuple[Opening, ...]]:
    table = block.table("dates")
    if table is None:
        return {}
    found = {}
    for key in table.values:
        on, spans = _read_date(table, (key,), key), _read_day(table, key)
        if on is not None:
            found[on] = spans
    return found


def _read_date(table: Table, path: Path, text: str) -> date | None:
    try:
        on = date.fromisoformat(text)
    except ValueError:
        on = None
    if on is None or on.isoformat() != text:
        unlike = Said(gettext_noop("{text} is not a date."), text=shown(text))
        _refuse(table, path, unlike, gettext_noop("Write year-month-day: 2026-12-24."))
        return None
    return on


def _refuse(table: Table, path: Path, problem: str, remedy: str) -> None:
    table.document.refuse((*table.path, *path), problem, remedy)
