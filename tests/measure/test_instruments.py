"""Questionnaires: complete in every language, and read back as what they are."""

import csv
import re
from io import StringIO
from pathlib import Path

import pytest

from answerable.core.servqual.instrument import SIZES
from answerable.measure.instruments import LANGUAGES, NAMES, as_csv, as_html, parts
from answerable.measure.reading import read

PEOPLE = 12


def filled(name: str, language: str, folder: Path) -> Path:
    """The table as printed, with rows of a few people below it."""
    header = next(csv.reader(StringIO(as_csv(name, language))))
    path = folder / "answers.csv"  # a name that says nothing of the instrument
    with path.open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(header)
        for person in range(PEOPLE):
            rows.writerow([_cell(column, person) for column in header])
    return path


def _cell(column: str, person: int) -> str | int:
    given = {"date": f"2026-03-{person + 1:02}", "team": "Riga", "segment": "gold", "conversation id": 500 + person}
    if column in given:
        return given[column]
    return person + 1 if column == "respondent" else 20 if column.startswith("weight") else 1 + person % 5


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", NAMES)
def test_what_is_printed_is_read_back(name: str, language: str, tmp_path: Path) -> None:
    asked = [question for part in parts(name, language) for question in part.questions]
    with read([filled(name, language, tmp_path)]) as reading:
        assert reading.bad_count == 0, reading.bad
        assert name not in {each.kpi for each in reading.missing}
        if name == "csat":
            assert reading.counts["ratings"] == PEOPLE
            return
        assert reading.counts["answers"] == PEOPLE * len(asked)
        found = reading.con.execute("SELECT DISTINCT instrument FROM answers").fetchall()
        assert found == [(name,)]
        if name == "servqual":
            told = reading.con.execute(
                "SELECT dimension, count(DISTINCT item) FROM answers WHERE part = 'perception' GROUP BY 1"
            ).fetchall()
            assert dict(told) == SIZES
        if name == "engagement":
            said = reading.con.execute("SELECT count(*) FROM answers WHERE item = 'enps'").fetchall()
            assert said == [(PEOPLE,)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_asks_the_same(language: str) -> None:
    for name in NAMES:
        english, theirs = parts(name, "en"), parts(name, language)
        keys = [[question.key for question in part.questions] for part in english]
        assert [[question.key for question in part.questions] for part in theirs] == keys
        words = [question.words for part in theirs for question in part.questions]
        assert all(words)
        assert len(set(words)) == len(words) - (22 if name == "servqual" else 0)
    assert len(parts("servqual", language)[0].questions) == sum(SIZES.values())


@pytest.mark.parametrize("name", NAMES)
def test_the_form_needs_nothing_else(name: str) -> None:
    text = as_html(name, "ka")
    assert not re.search(r"<script|https?://|\son\w+=|style=", text)
    fields = set(re.findall(r'name="([a-z_0-9]+)"', text)) - {"viewport"}
    assert len(fields) == sum(len(part.questions) for part in parts(name, "ka"))
