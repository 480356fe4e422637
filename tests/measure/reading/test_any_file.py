"""Whatever a file holds, a reading comes out of it or a sentence that says why not."""

from __future__ import annotations

import gzip
import io
import json
import os
import zipfile
from datetime import timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from answerable.measure.reading import Limits, MappingError, Unreadable, read
from tests.measure.reading.test_formats import SHEET, STRINGS, STYLES, XES, workbook

SMALL = Limits(line=1 << 18, record=1 << 18, innocent=1 << 20, strings=1 << 18, listed=5)
EXAMPLES = int(os.environ.get("ANSWERABLE_FUZZ", "0"))
"""More than the few that each run tries, and others each time: ANSWERABLE_FUZZ=1500 takes some ten minutes."""
FUZZ = settings(
    max_examples=EXAMPLES or 20, deadline=timedelta(seconds=20), suppress_health_check=list(HealthCheck),
    derandomize=not EXAMPLES,
)  # fmt: skip
HEADERS = st.sampled_from([
    "id", "Ticket ID", "Created at", "First response at", "Resolved at", "Status", "Score", "CSAT", "NPS", "E1", "P1",
    "Case ID", "Activity", "Timestamp", "customer", "date", "amount", "Team", "Q1", "First response time (in hrs)",
    "Issue key", "Created", "Resolved", "item", "value", "respondent", "", "a\"b", "'; DROP", "E2", "P2", "E3", "P3",
])  # fmt: skip
CELLS = st.one_of(
    st.text(max_size=8),
    st.integers().map(str),
    st.floats().map(str),
    st.datetimes().map(str),
    st.datetimes().map(lambda when: when.strftime("%d/%m/%Y %I:%M %p")),
    st.sampled_from(["", "n/a", "2026-03-02", "1/2/26", "13.13.2026", "99999999999", "infinity", "-", "1e400", "12:30",
                     "epoch", "46083.5", "5 - good", "strongly agree", "0000-00-00", "1,5", "=1+1", "(7)", "now"]),
)  # fmt: skip


def try_to_read(path: Path) -> None:
    """Read, and look at all that a reading has."""
    try:
        found = read([path], limits=SMALL)
    except (Unreadable, MappingError):
        return
    with found:
        assert sum(each.bad for each in found.files) == found.bad_count
        for table in found.tables:
            assert found.arrow(table).num_rows == found.counts[table]
        found.write_map(path.with_suffix(".toml"))
        if found.files and found.files[0].mapping.kind != "ignore":
            read([path], path.with_suffix(".toml"), limits=SMALL).close()


@FUZZ
@given(data=st.binary(max_size=400))
@example(data=b"\xff\xfe")
@example(data=b"\xff\xfea")
@example(data=b"PAR1PAR1")
@example(data=b"\x1f\x8b")
@example(data=b"PK\x03\x04")
@example(data=b'"')
@example(data=b",\n,")
@example(data=b'{"a": [{}]}')
@example(data=b"[{}]")
def test_bytes(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "any").write_bytes(data)
    try_to_read(tmp_path / "any")


@FUZZ
@given(
    headers=st.lists(HEADERS, min_size=1, max_size=6),
    rows=st.lists(st.lists(CELLS, min_size=0, max_size=7), max_size=12),
    delimiter=st.sampled_from([",", ";", "\t", "|"]),
    encoding=st.sampled_from(["utf-8", "cp1251", "utf-16", "cp1257"]),
)
def test_columns(tmp_path: Path, headers: list[str], rows: list[list[str]], delimiter: str, encoding: str) -> None:
    import csv

    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows([headers, *rows])
    (tmp_path / "any.csv").write_bytes(out.getvalue().encode(encoding, "replace"))
    try_to_read(tmp_path / "any.csv")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | CELLS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(HEADERS | st.text(max_size=3), inner, max_size=4),
    max_leaves=25,
)


@FUZZ
@given(value=JSON, lines=st.booleans())
def test_json(tmp_path: Path, value: object, lines: bool) -> None:
    text = json.dumps(value, ensure_ascii=False)
    (tmp_path / "any.json").write_text(f"{text}\n{text}\n" if lines else text, "utf-8", errors="replace")
    try_to_read(tmp_path / "any.json")


COLUMNS = st.sampled_from([
    pa.int8(), pa.uint64(), pa.float32(), pa.decimal128(30, 5), pa.string(), pa.binary(), pa.bool_(), pa.date32(),
    pa.timestamp("ns"), pa.timestamp("s", "Asia/Tbilisi"), pa.time64("us"), pa.duration("s"), pa.list_(pa.int32()),
    pa.dictionary(pa.int8(), pa.string()), pa.struct([("name", pa.string()), ("id", pa.int64())]), pa.null(),
])  # fmt: skip


@FUZZ
@given(columns=st.dictionaries(HEADERS, COLUMNS, min_size=1, max_size=5), rows=st.integers(0, 3))
def test_parquet_types(tmp_path: Path, columns: dict[str, pa.DataType], rows: int) -> None:
    table = pa.table({name: pa.nulls(rows, kind) for name, kind in columns.items()})
    pq.write_table(table, tmp_path / "any.parquet")
    try_to_read(tmp_path / "any.parquet")


@FUZZ
@given(data=st.data(), kind=st.sampled_from(["xes", "xlsx", "gz", "sheet"]))
def test_damage(tmp_path: Path, data: st.DataObject, kind: str) -> None:
    """Bytes of good files changed, cut, or doubled."""
    good = {
        "xes": XES.encode(), "xlsx": workbook(SHEET, STRINGS, STYLES), "gz": gzip.compress(XES.encode()),
        "sheet": SHEET.encode(),
    }[kind]  # fmt: skip
    start, end = sorted(data.draw(st.tuples(st.integers(0, len(good)), st.integers(0, len(good)))))
    broken = good[:start] + data.draw(st.binary(max_size=6)) + good[end if end - start < 40 else start + 1 :]
    if kind == "sheet":
        broken = workbook(broken.decode("utf-8", "replace"), STRINGS, STYLES)
    (tmp_path / "any").write_bytes(broken)
    try_to_read(tmp_path / "any")


def test_an_encrypted_or_nested_archive(tmp_path: Path) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
    (tmp_path / "any.xlsx").write_bytes(out.getvalue())
    with pytest.raises(Unreadable):
        read([tmp_path / "any.xlsx"])
    (tmp_path / "any.gz").write_bytes(gzip.compress(gzip.compress(b"id\n1\n")))
    with pytest.raises(Unreadable, match="twice"):
        read([tmp_path / "any.gz"])
