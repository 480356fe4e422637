"""An uploaded volume file, read in a process of its own so that none that serves pages loads DuckDB."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from answerable.insight.staffing.starting import File
from answerable.insight.staffing.words import said_by
from answerable.measure import scratch

TIMEOUT_SECONDS = 60
SOURCE = Path(__file__).parents[3]


def read_upload(content: bytes, name: str, *, zone: str, channel: str) -> File:
    """The file's volumes. Raises ValidationError that says what is wrong, of rows with their lines."""
    folder = scratch.make(prefix="answerable-upload-")
    try:
        path = folder / "upload"
        path.write_bytes(content)
        told, is_right = _asked([str(path), "--name", name, "--zone", zone, "--channel", channel])
    finally:
        scratch.remove(folder)
    if is_right:
        return File(name, told)
    raise ValidationError(_wrong(told))


def _asked(arguments: list[str]) -> tuple[dict[str, Any], bool]:
    try:
        child = subprocess.run(
            [sys.executable, "-m", "answerable.measure.volumes", *arguments],
            capture_output=True,
            timeout=TIMEOUT_SECONDS,
            env={
                **os.environ,
                "PYTHONPATH": os.pathsep.join(filter(None, [str(SOURCE), os.environ.get("PYTHONPATH")])),
            },
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise ValidationError(_("The file takes longer than a minute to read. Upload a smaller one.")) from None
    try:
        told = json.loads(child.stdout.splitlines()[-1])
    except (ValueError, IndexError):
        raise RuntimeError(f"The volume file could not be read: {child.stderr.decode()[-2000:]}") from None
    return told, child.returncode == 0


def _wrong(told: dict[str, Any]) -> list[str]:
    """Why the file is refused: in a sentence, or row by row."""
    if not told["rows"]:
        return [said_by(told["why"])]
    found = [_row(row) for row in told["rows"]]
    if (more := told["count"] - len(found)) > 0:
        found.append(
            ngettext("And %(number)s more row is wrong.", "And %(number)s more rows are wrong.", more)
            % {"number": more}
        )
    return found


def _row(row: dict[str, Any]) -> str:
    """Such as: line 7, calls: “x” is not a number."""
    place = [_("line %(line)s") % {"line": row["line"]}] if row["line"] is not None else []
    place += [row["column"]] if row["column"] else []
    value = f"“{row['value']}” " if row["value"] is not None else ""
    return f"{', '.join(place)}: {value}{said_by(row['reason'])}"
