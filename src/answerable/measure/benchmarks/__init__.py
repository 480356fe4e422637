"""Published figures to stand beside ours: the table shipped here, or one of the same columns.

statistic,value,unit,scope,until,source: the statistic is the name of a definition (nps, csat.top_two_box), the value
in our units (share 0 to 1, points, seconds), the scope whom it is about, `until` the last day it covers. Other columns
(url, note) are for people. published.csv holds figures that their publishers made public, with where they stand.
"""

from __future__ import annotations

import csv
from datetime import date
from importlib import resources
from io import StringIO
from pathlib import Path

from answerable.core.comparison import Published
from answerable.core.said import Said, gettext_noop, of_system
from answerable.measure.failures import CLOSED, Unreadable

COLUMNS = ("statistic", "value", "unit", "scope", "until", "source")


def published(path: Path | None = None) -> list[Published]:
    """The figures of a file, or those shipped here. Raises Unreadable, naming the line that is wrong."""
    name = "published.csv" if path is None else str(path)
    try:
        text = (resources.files(__package__).joinpath(name) if path is None else path).read_text("utf-8-sig")
    except OSError as error:
        raise Unreadable(
            name, Said(CLOSED, error=of_system(error)), gettext_noop("Check the name after --benchmarks.")
        ) from error
    except UnicodeDecodeError as error:
        raise Unreadable(name, gettext_noop("It is not UTF-8."), gettext_noop("Save it as UTF-8.")) from error
    rows = csv.DictReader(StringIO(text))
    lacking = [column for column in COLUMNS if column not in (rows.fieldnames or ())]
    if lacking:
        raise Unreadable(
            name,
            Said(gettext_noop("It has no column {column}."), column=lacking[0]),
            Said(gettext_noop("Its columns are {columns}."), columns=", ".join(COLUMNS)),
        )
    return [_figure(row, name, rows.line_num) for row in rows]


def shipped() -> list[dict[str, str]]:
    """The rows of the table shipped here, all columns as text, `url` and `note` too."""
    text = resources.files(__package__).joinpath("published.csv").read_text("utf-8")
    return list(csv.DictReader(StringIO(text)))


def _figure(row: dict[str, str], name: str, line: int) -> Published:
    try:
        return Published(
            float(row["value"]), row["unit"], row["statistic"], row["scope"], date.fromisoformat(row["until"]),
            row["source"],
        )  # fmt: skip
    except (TypeError, ValueError) as error:
        raise Unreadable(
            name,
            Said(gettext_noop("Line {n} cannot be read: {error}."), n=line, error=str(error)),
            gettext_noop("Value is a number, until a day like 2026-03-31."),
        ) from error
