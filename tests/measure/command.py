"""The command as a person runs it, but in this process: its exit code and all that it says."""

from __future__ import annotations

import io
import sys
from contextlib import chdir, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

from answerable.site.cli import main


@dataclass(frozen=True, slots=True)
class Ended:
    """How a command ended."""

    code: int
    out: str
    err: str


def report(*arguments: object, within: Path) -> Ended:
    """`answerable report` with arguments, in a directory. What escapes it escapes this, too."""
    out, err = io.StringIO(), io.StringIO()
    code: object = 0
    given = patch.object(sys, "argv", ["answerable", "report", *map(str, arguments)])
    with chdir(within), redirect_stdout(out), redirect_stderr(err), given:
        try:
            main()
        except SystemExit as end:
            code = end.code or 0
    assert isinstance(code, int)
    return Ended(code, out.getvalue(), err.getvalue())
