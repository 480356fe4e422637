"""Random files, columns and types through `answerable report`: a report, or a sentence, and never a traceback."""

from __future__ import annotations

import csv
import io
import json
import os
import tempfile
from datetime import timedelta
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.measure.command import report
from tests.measure.reading.test_any_file import CELLS, HEADERS, JSON

EXAMPLES = int(os.environ.get("ANSWERABLE_FUZZ", "0"))
"""More than the few that each run tries, and others each time."""
FUZZ = settings(
    max_examples=EXAMPLES or 4, deadline=timedelta(seconds=60), suppress_health_check=list(HealthCheck),
    derandomize=not EXAMPLES,
)  # fmt: skip
COLUMNS = st.sampled_from([
    ("Ticket ID", st.integers(1, 9).map(str)), ("Created at", st.datetimes().map(str)),
    ("Created at", st.sampled_from(["2026-03-02 09:00", "2026-03-02 09:00+03:00", "1900-01-01", "2199-12-31"])),
    ("First response at", st.sampled_from(["2026-03-02 10:00", "", "2026-03-01", "2199-01-01"])),
    ("Resolved at", st.sampled_from(["2026-03-03 10:00", "", "1901-01-01"])),
    ("First response time", st.one_of(st.floats().map(str), st.sampled_from(["1:30", "-5", "2d 3h"]))),
    ("Status", st.sampled_from(["open", "closed", "spam", ""])), ("CSAT", st.sampled_from("1506x")),
    ("How likely are you to recommend us?", st.integers(-1, 11).map(str)), ("Engagement 1", st.integers(0, 6).map(str)),
    *((f"{half}{number}", st.integers(0, 9).map(str)) for half in "EP" for number in range(1, 5)),
    ("Team", st.text(max_size=4)), ("Channel", st.sampled_from(["a", "b", "=1+1", "<b>"])),
    ("Case ID", st.sampled_from("ABC")), ("Activity", st.sampled_from(["Created", "Reply", "Closed", "Reopened"])),
    ("Timestamp", st.datetimes().map(str)), ("Customer ID", st.integers(1, 5).map(str)),
    ("Order date", st.dates().map(str)), ("Amount", st.one_of(st.floats().map(str), CELLS)),
    ("Respondent", st.integers(1, 5).map(str)),
])  # fmt: skip
"""Columns that mean something, with values that should and that should not stand in them."""
OPTIONS = st.sampled_from([
    (), ("--out", "r.json"), ("--out", "r.csv"), ("--out", "r.xlsx"), ("--by", "team"), ("--first", "month"),
    ("--zone", "Asia/Almaty"), ("--since", "2026-03-02"), ("--until", "0002-01-01"), ("--language", "ka"),
    ("--activity", "answered=Reply"),
])  # fmt: skip


def ends_well(texts: list[bytes], options: tuple[str, ...]) -> None:
    """A report (0, 1) or a sentence (2)."""
    with tempfile.TemporaryDirectory() as folder:
        names = [f"{number}.txt" for number, _ in enumerate(texts)]
        for name, text in zip(names, texts, strict=True):
            (Path(folder) / name).write_bytes(text)
        done = report(*names, *options, within=Path(folder))
        assert done.code in (0, 1, 2)
        assert "a mistake of Answerable" not in done.err, done.err
        assert "Traceback" not in done.err + done.out
        assert (done.code == 2) == ("Error: " in done.err)


@st.composite
def table(draw: st.DrawFn) -> bytes:
    """A table of columns that mean something."""
    columns = draw(st.lists(COLUMNS, min_size=1, max_size=8, unique_by=lambda column: column[0]))
    rows = draw(st.lists(st.tuples(*(values for _, values in columns)), max_size=9))
    out = io.StringIO()
    csv.writer(out, delimiter=draw(st.sampled_from(",;\t"))).writerows([[name for name, _ in columns], *rows])
    return out.getvalue().encode("utf-8", "replace")


@FUZZ
@given(texts=st.lists(table(), min_size=1, max_size=2), options=OPTIONS)
def test_tables(texts: list[bytes], options: tuple[str, ...]) -> None:
    ends_well(texts, options)


@FUZZ
@given(
    value=st.one_of(
        st.binary(max_size=200),
        JSON.map(lambda value: json.dumps(value, ensure_ascii=False).encode("utf-8", "replace")),
        st.lists(st.lists(st.one_of(HEADERS, CELLS), max_size=5), max_size=6).map(
            lambda rows: "\n".join(",".join(row) for row in rows).encode("utf-8", "replace")
        ),
    ),
    options=OPTIONS,
)
def test_anything(value: bytes, options: tuple[str, ...]) -> None:
    ends_well([value], options)
