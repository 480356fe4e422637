"""The report as a workbook: the same tables as the directory of CSV, with cells that are what they say."""

from __future__ import annotations

import csv
import re
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from xlsxwriter import Workbook

from answerable.core.cells import neutral
from answerable.measure.document import workbook
from answerable.measure.document.making import write
from answerable.measure.document.tables import Sheet
from answerable.measure.question import Question
from answerable.measure.study import study

BEGUN = datetime(2026, 3, 2, 9, tzinfo=UTC)
FORMULA = '=HYPERLINK("http://x")'


@pytest.fixture
def tickets(tmp_path: Path) -> Path:
    path = tmp_path / "tickets.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(["Ticket ID", "Created at", "First responded at", "Solved at", "Team", "CSAT"])
        for number in range(40):
            at = BEGUN + timedelta(hours=5 * number)
            rows.writerow(
                [number, at, at + timedelta(minutes=30), "", FORMULA if number % 2 else "Care", number % 5 + 1]
            )
    return path


def sheets(path: Path) -> dict[str, str]:
    """The XML of each sheet by its title."""
    with zipfile.ZipFile(path) as archive:
        titles = re.findall(r'<sheet name="([^"]*)"', archive.read("xl/workbook.xml").decode())
        return {
            title: archive.read(f"xl/worksheets/sheet{number}.xml").decode() for number, title in enumerate(titles, 1)
        }


def test_a_sheet_for_each_table_with_typed_cells_and_no_formula(tickets: Path, tmp_path: Path) -> None:
    with study(Question(files=(tickets,), zone="Europe/Riga")) as found:
        write(found, [tmp_path / "r.xlsx", tmp_path / "r.csv"], "en")
    made = sheets(tmp_path / "r.xlsx")
    assert set(made) == {path.stem[:31] for path in (tmp_path / "r.csv").iterdir()}
    assert next(iter(made)) == "six"
    for text in made.values():
        assert "<f>" not in text
        assert 'state="frozen"' in text
        assert 'customWidth="1"' in text
    assert f"<t>'{FORMULA}</t>" in made["csat-team"].replace("&quot;", '"')
    assert '<c r="A2"><v>0</v></c>' in made["csat-conversations"]
    assert "<v>46083.4583" in made["csat-conversations"]  # 2 March 2026, 11:00 in Riga
    assert re.search(r"<t>csat</t></is></c><c [^>]*><is><t>total</t></is></c><c r=\"D2\"><v>0.4</v>", made["figures"])


def test_a_table_longer_than_a_sheet_goes_on_in_another(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "ROWS", 31)
    with Workbook(str(tmp_path / "r.xlsx")) as book:
        writer = workbook.Writer(book, "en", ZoneInfo("UTC"))
        for key in ("first_response-conversations", "first_response-conversations-of-all"):
            writer.write(Sheet(key, ("number",), ((number,) for number in range(40))))
    made = {title: text.count("<row ") for title, text in sheets(tmp_path / "r.xlsx").items()}
    assert made == {
        "first_response-conversations": 31, "first_response-conversations-2": 11,
        "first_response-conversations-of": 31, "first_response-conversations--2": 11,
    }  # fmt: skip


@pytest.mark.parametrize("cell", ["=1", "+a", "-a", "@a", "\ta", "\ra", "＝1"])
def test_what_begins_like_a_formula_is_led_by_an_apostrophe(cell: str) -> None:
    assert neutral(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["-1", "+3.5", "-12,5 %", "-1e-05", "a=1", ""])
def test_a_number_stays_a_number(cell: str) -> None:
    assert neutral(cell) == cell


@pytest.mark.parametrize(
    ("text", "locale", "read"),
    [
        ("4,580", "en", 4580), ("4\u00a0580,5", "lv", 4580.5), ("12.3%", "en", 0.123), ("31,7%", "lv", 0.317),
        ("-3.1", "en", -3.1), ("3 hr", "en", None), ("–", "en", None), ("1 – 2", "en", None),
        ("45,0\u00a0%", "kk", 0.45),
    ],
)  # fmt: skip
def test_numbers_of_the_readers_language(text: str, locale: str, read: float | None) -> None:
    assert workbook._number(text, locale) == (None if read is None else pytest.approx(read))
