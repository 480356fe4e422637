"""Reads one file and prints what it holds."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from answerable.measure.reading import MappingError, Unreadable
from answerable.measure.volumes.reading import Wrong, read_volumes
from answerable.measure.volumes.said import as_said, said_of


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
    except (Wrong, Unreadable) as error:
        print(json.dumps(said_of(error)))
        return 1
    except MappingError as error:
        print(json.dumps(said_of(Wrong(str(error)))))
        return 1
    told = {"quarters": found.quarters, "handling": found.handling, "notes": [as_said(note) for note in found.notes]}
    print(json.dumps(told))
    return 0


if __name__ == "__main__":
    sys.exit(main())
