"""Volume files of several shapes, and what is said of those that are wrong."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter

from answerable.insight.staffing.sample import sample
from answerable.measure.reading import Unreadable
from answerable.measure.volumes import NoVolumes, read_volumes
from answerable.measure.volumes.__main__ import main

LONG = """interval start,channel,arrivals,AHT
2026-03-02 09:00,Phone,12,300
2026-03-02 09:30,calls,3,600
2026-03-02 09:30,Live chat,5,
2026-03-02 10:00,phone,0,0
"""


def file(folder: Path, text: str) -> Path:
    path = folder / "volumes.csv"
    path.write_text(text)
    return path


def read(folder: Path, text: str, channel: str = "email") -> dict[str, dict[int, float]]:
    return read_volumes(file(folder, text), "volumes.csv", zone="Europe/Riga", channel=channel).quarters


def test_a_row_for_each_interval_and_channel(tmp_path: Path) -> None:
    found = read_volumes(file(tmp_path, LONG), "volumes.csv", zone="Europe/Riga")
    nine = 1_772_434_800 // 900  # 2026-03-02 09:00 in Riga
    assert found.quarters == {"phone": {nine: 12, nine + 2: 3, nine + 4: 0}, "chat": {nine + 2: 5}}
    assert found.handling == {"phone": pytest.approx((12 * 300 + 3 * 600) / 15)}


def test_a_column_for_each_channel(tmp_path: Path) -> None:
    text = "Start;Calls;E-mails;Calls AHT minutes\n02.03.2026 09:00;1.200;2;5,5\n02.03.2026 10:00;;3;\n"
    found = read_volumes(file(tmp_path, text), "volumes.csv", zone="UTC")
    assert {key: sum(each.values()) for key, each in found.quarters.items()} == {"phone": 1200, "email": 5}
    assert found.handling == {"phone": 330}


def test_sheets_and_parquet(tmp_path: Path) -> None:
    """As typed as they are: instants, numbers; a sheet's row is told where it is wrong."""
    began = [datetime(2026, 3, 2, hour, tzinfo=UTC) for hour in (9, 10)]
    table = pa.table({"interval start": began, "channel": ["chat", "phone"], "arrivals": [3, 4], "aht": [60.5, 90.0]})
    pq.write_table(table, tmp_path / "volumes.parquet")
    with xlsxwriter.Workbook(tmp_path / "volumes.xlsx") as book:
        sheet, dated = book.add_worksheet(), book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        sheet.write_row(0, 0, ["Start", "Calls", "Chats"])
        for row, hour in enumerate((9, 10), start=1):
            sheet.write_datetime(row, 0, datetime(2026, 3, 2, hour), dated)  # noqa: DTZ001 - by the clock on the wall
            sheet.write_row(row, 1, [4, 3] if row == 1 else [0, "x"])
    found = read_volumes(tmp_path / "volumes.parquet", "volumes.parquet", zone="Europe/Riga")
    nine = int(began[0].timestamp()) // 900
    assert found.quarters == {"chat": {nine: 3}, "phone": {nine + 4: 4}}
    assert found.handling == {"chat": pytest.approx(60.5, abs=0.5), "phone": 90}
    with pytest.raises(NoVolumes) as refused:
        read_volumes(tmp_path / "volumes.xlsx", "volumes.xlsx", zone="UTC")
    assert [(row.line, row.column) for row in refused.value.rows] == [(3, "Chats")]


def test_one_column_is_of_the_channel_that_the_reader_says(tmp_path: Path) -> None:
    text = "time,offered\n2026-03-02T09:00Z,4\n2026-03-02T10:00Z,5\n"
    assert sum(read(tmp_path, text, channel="chat")["chat"].values()) == 9
    assert set(read(tmp_path, sample())) == {"phone", "chat", "email"}


def test_a_list_of_conversations_is_counted(tmp_path: Path) -> None:
    text = "ticket id,created at,channel,first response at\n1,2026-03-02 09:00,Email,2026-03-02 10:00\n"
    text += "2,2026-03-02 09:05,Fax,2026-03-02 10:00\n"
    found = read_volumes(file(tmp_path, text), "volumes.csv", zone="UTC", channel="form")
    assert {key: sum(each.values()) for key, each in found.quarters.items()} == {"email": 1, "form": 1}
    assert "2 conversations" in found.notes[0]


@pytest.mark.parametrize(
    ("before", "after", "line", "said"),
    [
        ("12,300", "twelve,300", 2, "is not a number"),
        ("12,300", "-1,300", 2, "less than nothing"),
        ("12,300", ",300", 2, "there is no value in it"),
        ("Live chat", "Fax", 4, "is not a channel"),
        ("3,600", "3,99999", 3, "is not a handling time"),
        ("2026-03-02 10:00", "yesterday", 5, "is not a date"),
    ],
)
def test_a_wrong_row_refuses_the_file(tmp_path: Path, before: str, after: str, line: int, said: str) -> None:
    with pytest.raises(NoVolumes) as refused:
        read(tmp_path, LONG.replace(before, after))
    assert refused.value.count == 1
    assert (refused.value.rows[0].line, said in refused.value.rows[0].reason) == (line, True), refused.value.rows


def test_what_is_no_volume_file_says_what_it_lacks(tmp_path: Path) -> None:
    with pytest.raises(NoVolumes, match="no column of arrivals"):
        read(tmp_path, "colour,taste\nred,sweet\n")
    daily = "date,arrivals\n" + "".join(f"2026-03-{day:02d},{day}\n" for day in range(1, 10))
    with pytest.raises(NoVolumes, match="same hour of the day"):
        read(tmp_path, daily)
    with pytest.raises(NoVolumes, match="no row of contacts"):
        read(tmp_path, "time,offered\n2026-03-02T09:00Z,0\n")
    with pytest.raises(Unreadable, match="PDF"):
        read(tmp_path, "%PDF-1.4")


def test_the_process_prints_json(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def run(text: str) -> tuple[int, dict[str, object]]:
        monkeypatch.setattr("sys.argv", ["volumes", str(file(tmp_path, text)), "--zone", "UTC"])
        return main(), json.loads(capsys.readouterr().out)

    code, told = run(LONG)
    assert (code, set(told)) == (0, {"quarters", "handling", "notes"})
    code, told = run(LONG.replace("12,300", "twelve,300"))
    assert (code, told["count"]) == (1, 1)
