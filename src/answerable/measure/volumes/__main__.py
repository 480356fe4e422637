"""Reads one file and prints what it holds."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from answerable.core.said import Wrong, said
from answerable.measure.volumes.reading import NoVolumes, read_volumes


def main() -> int:
    """0 and the volumes, or 1 and what is wrong; both as JSON on one line."""
    parser = argparse.ArgumentParser(prog="answerable.measure.volumes")
    parser.add_argument("file", type=Path)
    parser.add_argument("--name", default="")
    parser.add_argument("--zone", default="UTC")
    parser.add_argument("--channel", default="email")
    given = parser.parse_args()
    try:
        found = read_volumes(given.file, given.name or given.file.name, zone=given.zone, channel=given.channel)
    except Wrong as error:
        print(json.dumps(_wrong(error)))
        return 1
    told = {"quarters": found.quarters, "handling": found.handling, "notes": [note.plain for note in found.notes]}
    print(json.dumps(told))
    return 0


def _wrong(error: Wrong) -> dict[str, Any]:
    """Why, and the rows, as `Said.plain` keeps sentences."""
    bad = error.rows if isinstance(error, NoVolumes) else ()
    rows = [
        {"line": row.line, "column": row.column, "value": row.value, "reason": said(row.reason).plain} for row in bad
    ]
    return {"why": error.said.plain, "rows": rows, "count": error.count if isinstance(error, NoVolumes) else 0}


if __name__ == "__main__":
    sys.exit(main())
