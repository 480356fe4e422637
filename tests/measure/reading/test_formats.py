"""JSON, Parquet, XLSX, XES and what is compressed: the same conversations out of each."""

from __future__ import annotations

import gzip
import io
import json
import random
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from answerable.measure.reading import Limits, Reading, Unreadable, read
from tests.measure.reading.test_tables_of_text import at, reading, rows

OBJECTS = [
    {"id": 1, "created_at": "2026-03-02T09:00:00Z", "first_reply_at": "2026-03-02T09:30:00Z", "team": {"name": "Care"}},
    {
        "id": 2,
        "created_at": "2026-03-02T10:00:00Z",
        "first_reply_at": None,
        "team": {"name": "Sales"},
        "tags": ["a", 1],
    },
]
EXPECTED = [(1, at("2026-03-02 09:00"), at("2026-03-02 09:30"), "Care"), (2, at("2026-03-02 10:00"), None, "Sales")]


def conversations(found: Reading) -> list[tuple[Any, ...]]:
    """What every format has to give."""
    return rows(found, "conversations", "conversation_id", "started_at", "first_responded_at", "team")


@pytest.mark.parametrize(
    "text",
    [
        json.dumps(OBJECTS),
        json.dumps(OBJECTS, indent=2),
        "\n".join(map(json.dumps, OBJECTS)) + "\n",
        json.dumps({"count": 2, "next": None, "tickets": OBJECTS}),
        json.dumps({"data": {"meta": {"all": 2}, "payload": OBJECTS}}, indent=1),
        "\ufeff" + json.dumps(OBJECTS),
    ],
)
def test_json_in_its_wrappings(tmp_path: Path, text: str) -> None:
    with reading(tmp_path, text, "export.json") as found:
        assert conversations(found) == EXPECTED
        assert found.files[0].format == "json"


def test_a_list_longer_than_what_is_read_at_a_time(tmp_path: Path) -> None:
    many = [{"id": n, "created_at": "2026-03-02T09:00:00Z", "body": "é" * 200, "n": 1234567} for n in range(3000)]
    with reading(tmp_path, json.dumps({"tickets": many, "users": [{"id": 1}]}, ensure_ascii=False), "e.json") as found:
        assert found.counts["conversations"] == 3000
        assert [each.mapping.kind for each in found.files] == ["conversations", "ignore"]


def test_lines_that_are_no_objects_are_listed(tmp_path: Path) -> None:
    lines = [json.dumps(OBJECTS[0]), "{broken", "[1, 2]", "", json.dumps(OBJECTS[1])]
    with reading(tmp_path, "\n".join(lines), "e.jsonl") as found:
        assert conversations(found) == EXPECTED
        assert found.bad_count == 2
        assert [(each.value, each.reason) for each in found.bad] == [
            ("{broken", "it is not a JSON object"), ("[1, 2]", "it is not a JSON object"),
        ]  # fmt: skip


def test_a_line_too_long_is_counted(tmp_path: Path) -> None:
    long = json.dumps({**OBJECTS[0], "id": 3, "body": "x" * (3 << 20)})
    lines = [json.dumps(OBJECTS[0]), long, json.dumps(OBJECTS[1])]
    with reading(tmp_path, "\n".join(lines), "e.jsonl", limits=Limits(record=1 << 20)) as found:
        assert conversations(found) == EXPECTED
        assert found.bad_count == 1


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[{"id": 1, "created_at": "2026', "ends too early"), ('[{"id": 1}, {"id": }]', "At character"),
        ('[1, 2, 3]', "no list of objects"), ('{"a": ' * 3000, "ends too early|too deeply|not JSON"),
        ("[" * 100_000, "too deeply|ends too early"),
    ],
)  # fmt: skip
def test_broken_json_says_where(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(Unreadable, match=said):
        reading(tmp_path, text, "e.json")


def test_parquet_with_its_own_types(tmp_path: Path) -> None:
    times = [datetime(2026, 3, 2, 9, tzinfo=UTC), datetime(2026, 3, 2, 10, tzinfo=UTC)]
    replies = [times[0] + timedelta(minutes=30), None]
    table = pa.table(
        {
            "id": [1, 2], "created_at": pa.array(times, pa.timestamp("us", "UTC")),
            "first_reply_at": pa.array(replies, pa.timestamp("us", "UTC")),
            "team": [{"name": "Care"}, {"name": "Sales"}], "tags": [["a"], []],
        }
    )  # fmt: skip
    pq.write_table(table, tmp_path / "t.parquet")
    with read([tmp_path / "t.parquet"]) as found:
        assert conversations(found) == EXPECTED
    data = (tmp_path / "t.parquet").read_bytes()
    for damaged in (data[: len(data) // 2], data[:8] + bytes(len(data) - 16) + data[-8:]):
        with pytest.raises(Unreadable, match="damaged"):
            reading(tmp_path, damaged, "broken.parquet")


def test_the_zone_of_naive_parquet_times(tmp_path: Path) -> None:
    table = pa.table({"id": [1], "created_at": pa.array([datetime(2026, 3, 2, 9)], pa.timestamp("us"))})  # noqa: DTZ001
    pq.write_table(table, tmp_path / "t.parquet")
    with read([tmp_path / "t.parquet"], zone="Europe/Riga") as found:
        assert rows(found, "conversations", "started_at") == [(at("2026-03-02 07:00"),)]


def workbook(sheet: str, strings: str = "", styles: str = "", rels: str = "") -> bytes:
    """A workbook with one sheet, as small as the standard allows."""
    main = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", f'<workbook {main} xmlns:r="{relations}"><sheets>'
            '<sheet name="Tickets" sheetId="1" r:id="rId1"/></sheets></workbook>')  # fmt: skip
        archive.writestr("xl/_rels/workbook.xml.rels", rels or '<Relationships><Relationship Id="rId1" '
            'Target="worksheets/sheet1.xml"/></Relationships>')  # fmt: skip
        archive.writestr("xl/worksheets/sheet1.xml", f"<worksheet {main}><sheetData>{sheet}</sheetData></worksheet>")
        if strings:
            archive.writestr("xl/sharedStrings.xml", f"<sst {main}>{strings}</sst>")
        if styles:
            archive.writestr("xl/styles.xml", f"<styleSheet {main}>{styles}</styleSheet>")
    return out.getvalue()


STYLES = (
    '<numFmts><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd hh:mm"/><numFmt numFmtId="165" formatCode="[h]:mm:ss"/>'
    '<numFmt numFmtId="166" formatCode="[Red]0.00&quot; days&quot;"/></numFmts>'
    '<cellStyleXfs><xf numFmtId="14"/></cellStyleXfs>'
    '<cellXfs><xf numFmtId="0"/><xf numFmtId="164"/><xf numFmtId="165"/><xf numFmtId="166"/></cellXfs>'
)
STRINGS = (
    "<si><t>Ticket ID</t></si><si><r><t>Created </t></r><r><t>at</t></r><rPh><t>no</t></rPh></si><si><t>Care</t></si>"
)
SHEET = (
    '<row r="1"><c r="A1" t="inlineStr"><is><t>Tickets of March</t></is></c></row>'
    '<row r="3"><c r="A3" t="s"><v>0</v></c><c r="B3" t="s"><v>1</v></c>'
    '<c r="C3" t="inlineStr"><is><t>First response time</t></is></c><c r="D3" t="str"><v>Team</v></c></row>'
    '<row r="4"><c r="A4"><v>1</v></c><c r="B4" s="1"><v>46083.375</v></c><c r="C4" s="2"><v>1.0625</v></c>'
    '<c r="D4" t="s"><v>2</v></c></row>'
    '<row r="6"><c r="A6"><v>2</v></c><c r="B6" s="1"><v>46083.4166666667</v></c><c r="D6" t="s"><v>2</v></c></row>'
    '<row r="7"><c r="A7"><v>3</v></c><c r="B7" t="e"><v>#REF!</v></c></row>'
)


def test_a_workbook_with_dates_spans_and_a_title_above(tmp_path: Path) -> None:
    with reading(tmp_path, workbook(SHEET, STRINGS, STYLES), "t.xlsx") as found:
        assert conversations(found) == [
            (1, at("2026-03-02 09:00"), at("2026-03-03 10:30"), "Care"),
            (2, at("2026-03-02 10:00"), None, "Care"),
        ]
        assert [(each.line, each.column, each.value) for each in found.bad] == [(7, "Created at", "#REF!")]
        assert found.files[0].traits == {"sheet": "Tickets"}


def test_a_cell_at_the_far_corner_costs_nothing(tmp_path: Path) -> None:
    far = SHEET + '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    with reading(tmp_path, workbook(far, STRINGS, STYLES), "t.xlsx") as found:
        assert found.counts["conversations"] == 2
    with pytest.raises(Unreadable, match="more columns than a sheet can"):
        reading(tmp_path, workbook('<row r="1"><c r="ZZZZZZ1"><v>1</v></c></row>'), "t.xlsx")


def test_bombs_are_refused(tmp_path: Path) -> None:
    few = Limits(innocent=1 << 20, strings=1 << 20)
    spaces = " " * (64 << 20)
    with pytest.raises(Unreadable, match="out of proportion"):
        reading(tmp_path, workbook(SHEET + spaces, STRINGS, STYLES), "t.xlsx", limits=few)
    with pytest.raises(Unreadable, match="Its texts take more"):
        reading(
            tmp_path,
            workbook(SHEET, f"<si><t>{random.Random(1).randbytes(1 << 20).hex()}</t></si>"),
            "t.xlsx",
            limits=few,
        )
    with pytest.raises(Unreadable, match="out of proportion"):
        reading(tmp_path, gzip.compress(b"id,Created at\n" + b"\n" * (64 << 20)), "t.csv.gz", limits=few)
    entity = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><worksheet>&b;</worksheet>'
    data = workbook(SHEET, STRINGS, STYLES, rels=entity)
    with pytest.raises(Unreadable, match="document type"):
        reading(tmp_path, data, "t.xlsx")


@pytest.mark.parametrize("cut", [30, 200, 700, -30])
def test_damaged_workbooks_say_so(tmp_path: Path, cut: int) -> None:
    with pytest.raises(Unreadable):
        reading(tmp_path, workbook(SHEET, STRINGS, STYLES)[:cut], "t.xlsx")


def test_other_archives_are_not_workbooks(tmp_path: Path) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.csv", "id\n1\n")
    with pytest.raises(Unreadable, match="zip archive"):
        reading(tmp_path, out.getvalue(), "t.zip")


XES = """<?xml version="1.0" encoding="UTF-8"?>
<log xes.version="1.0" xmlns="http://www.xes-standard.org/">
  <extension name="Concept" prefix="concept" uri="http://www.xes-standard.org/concept.xesext"/>
  <global scope="event"><string key="concept:name" value="UNKNOWN"/></global>
  <trace><string key="concept:name" value="A"/><string key="channel" value="phone"/>
    <event><string key="concept:name" value="Registered"/>
      <date key="time:timestamp" value="2026-03-02T09:00:00.000+02:00"/>
      <string key="org:resource" value="Ann"><string key="nested" value="no"/></string></event>
    <event><string key="concept:name" value="Answered"/>
      <date key="time:timestamp" value="2026-03-02T09:10:00.000+02:00"/>
    </event></trace>
  <trace><string key="concept:name" value="B"/>
    <event><string key="concept:name" value="Registered"/>
      <date key="time:timestamp" value="2026-03-02T10:00:00Z"/></event>
  </trace>
</log>"""


@pytest.mark.parametrize(
    "pack", [str.encode, lambda t: gzip.compress(t.encode()), lambda t: t[38:].strip().encode("utf-16")]
)
def test_event_logs_in_xml(tmp_path: Path, pack: Any) -> None:
    with reading(tmp_path, pack(XES), "log.xes") as found:
        assert rows(found, "conversations", "conversation_id", "started_at", "first_responded_at", "channel") == [
            ("A", at("2026-03-02 07:00"), at("2026-03-02 07:10"), "phone"), ("B", at("2026-03-02 10:00"), None, None),
        ]  # fmt: skip
        assert found.counts["events"] == 3
        assert found.files[0].mapping.activities["answered"] == ("Answered",)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('<!DOCTYPE log [<!ENTITY a "b">]><log/>', "document type"), (XES[:700], "broken"),
        ("<html/>", "without a table"), ("<tickets/>", "not an event log"),
        ("<?xml version='1.0'?><log></log>", "no event"), ("<log>" + "<list>" * 1000, "inside one another"),
    ],
)  # fmt: skip
def test_xml_that_is_refused(tmp_path: Path, text: str, said: str) -> None:
    if not text.startswith("<?xml") and not text.startswith("<log") and not text.startswith("<!"):
        text = "<?xml version='1.0'?>" + text
    with pytest.raises(Unreadable, match=said):
        reading(tmp_path, text, "log.xes")
