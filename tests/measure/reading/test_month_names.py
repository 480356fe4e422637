"""Dates with the names of months in the language of whoever wrote them."""

from __future__ import annotations

import itertools
from datetime import date, datetime, timedelta
from pathlib import Path

import duckdb
import pytest
from babel.dates import format_date

from answerable.measure.reading import dates, read
from answerable.measure.reading.month_names import LANGUAGES

MARCH = int(datetime.fromisoformat("2026-03-02T00:00+00:00").timestamp())
QUARTER_PAST = MARCH + 10 * 3600 + 15 * 60


def instants(values: list[str], months: str | None = None) -> list[int | None]:
    """What a column of these texts is read as."""
    with duckdb.connect() as con:
        con.execute("SET TimeZone = 'UTC'")
        con.execute("CREATE TABLE t AS SELECT unnest(?) AS v", [values])
        column = dates.examine(con, "t", "v", months=months)
        return [row[0] for row in con.execute(f"SELECT {dates.instants(column, 'v', 'day', 'UTC')} FROM t").fetchall()]


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("02/Mär/26", MARCH), ("2 de mar. de 2026", MARCH), ("2. März 2026, 10:15 Uhr", QUARTER_PAST),
        ("Montag, 2. März 2026 um 10:15", QUARTER_PAST), ("2026. gada 2. marts", MARCH), ("2026. gada 2. martā", MARCH),
        ("2. mar. 2026 plkst. 10:15", QUARTER_PAST), ("2 марта 2026 г., 10:15", QUARTER_PAST), ("02-мар-2026", MARCH),
        ("02.03.2026 г.", MARCH),
        ("2 мар. 2026 г.", MARCH), ("2 მარ. 2026", MARCH), ("2 მარტი, 2026", MARCH), ("2026 ж. 2 наурыз", MARCH),
        ("2026 m. kovo 2 d. 10:15", QUARTER_PAST), ("2 févr. 2026", MARCH - 28 * 86_400), ("2 maart 2026", MARCH),
        ("lunes, 2 de marzo de 2026, 10:15 a. m.", QUARTER_PAST),
        ("martes, 3 de marzo de 2026", MARCH + 86_400), ("2 août 2026", MARCH + 153 * 86_400),
    ],
)  # fmt: skip
def test_it_is_read(text: str, at: int) -> None:
    assert instants([text, text]) == [at, at]


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_a_locale_writes_is_read_back(language: str) -> None:
    """A year in each of its forms that spell or number the month."""
    days = [date(2026, 1, 1) + timedelta(days=29 * week + week % 5) for week in range(13)]
    expected = [(day - date(1970, 1, 1)).days * 86_400 for day in days]
    for form in ("medium", "long", "full"):
        assert instants([format_date(day, form, locale=language) for day in days]) == expected, form


def test_the_months_of_a_language_are_twelve() -> None:
    from answerable.measure.reading.month_names import month_of

    for language in LANGUAGES:
        named = {
            month_of(format_date(date(2026, n, 2), "MMMM", locale=language).lower(), language) for n in range(1, 13)
        }
        assert named == set(range(1, 13)), language


def test_the_guess_is_said_and_a_map_says_another(tmp_path: Path) -> None:
    """In Polish `lis` is November; a person who means something else says so."""
    rows = "\n".join(f"{n},{day} Mär 2026 09:00,{day} Mär 2026 10:00" for n, day in enumerate(range(2, 8)))
    file = tmp_path / "t.csv"
    file.write_text(f"Ticket ID,Created at,First response at\n{rows}\n")
    with read([file]) as found:
        assert found.files[0].bad == 0
        assert any("read as those of the language de" in doubt for doubt in found.files[0].doubts)
        found.write_map(tmp_path / "map.toml")
    given = (tmp_path / "map.toml").read_text().replace("[[file]]", '[[file]]\nmonths = "fr"')
    (tmp_path / "map.toml").write_text(given)
    with read([file], map=tmp_path / "map.toml") as found:
        assert found.files[0].bad == 6


def test_english_stays_as_it_is() -> None:
    for separator, form in itertools.product("-/ ", ("%d{0}%b{0}%Y", "%d{0}%B{0}%Y")):
        text = datetime(2026, 3, 2).strftime(form.format(separator))  # noqa: DTZ001
        assert instants([text]) == [MARCH]
