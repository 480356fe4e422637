"""Fuzzes the readers by coverage, with atheris: `python -m tests.fuzz -max_total_time=60`, and libFuzzer's options.

Bytes become a file of some kind; what comes out is a reading, or a sentence. Anything else is a crash, and its bytes
are kept in the current directory: make them a case of tests/measure/reading/test_any_file.py.
"""

from __future__ import annotations

import gzip
import sys
import tempfile
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["answerable.measure.reading"]):
    from answerable.measure.reading import Limits, MappingError, Unreadable, read

from tests.measure.reading.test_formats import SHEET, STRINGS, STYLES, XES, workbook

SMALL = Limits(line=1 << 16, record=1 << 16, innocent=1 << 18, strings=1 << 16, token=1 << 14, listed=3)
SEEDS = (
    b"Ticket ID,Created at,First response at,CSAT\n1,2026-03-02 09:00,02/03/26 10:00 AM,5\n",
    b"Case ID;Activity;Timestamp\nA;Created;2.3.2026 9:00\nA;Reply;46083,5\n",
    b'{"tickets": [{"id": 1, "created_at": "2026-03-02T09:00:00Z", "via": {"channel": "mail"}}], "count": 1}',
    b"E1\tP1\tE2\tP2\tE3\tP3\n5\t4\t5\t-\t7\t1\n",
    "\ufeffsep=;\nKlients;Datums;Summa\n7;03.02.2026;\u201e1 000,5\u201d\n".encode(),
    XES.encode(),
    gzip.compress(XES.encode()),
    workbook(SHEET, STRINGS, STYLES),
    SHEET.encode(),
)
FOLDER = Path(tempfile.mkdtemp(prefix="answerable-fuzz-"))


def one(data: bytes) -> None:
    """Read these bytes; those that look like a sheet go into a workbook, and those that look like two files are."""
    if data.startswith(b"<row"):
        data = workbook(data.decode("utf-8", "replace"), STRINGS, STYLES)
    paths = []
    for number, part in enumerate(data.split(b"\xff\xff\xff\xff")[:2]):
        paths.append(FOLDER / f"{number}")
        paths[-1].write_bytes(part)
    try:
        with read(paths, limits=SMALL) as found:
            assert sum(each.bad for each in found.files) == found.bad_count
            assert found.map
    except (Unreadable, MappingError):
        return


def main() -> None:
    """Fuzz from the seeds."""
    corpus = FOLDER / "corpus"
    corpus.mkdir()
    for number, seed in enumerate(SEEDS):
        (corpus / f"{number}").write_bytes(seed)
    atheris.Setup([*sys.argv, str(corpus), "-max_len=8192", "-timeout=30", "-rss_limit_mb=3000"], one)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
