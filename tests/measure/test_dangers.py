"""Files made to harm, and machines that are full: one clear error with exit code 2, in little memory, at once."""

from __future__ import annotations

import gzip
import json
import os
import resource
import sys
import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.measure.command import report

ONE = "Ticket ID,Created at,First response at\n1,2026-03-02 09:00,2026-03-02 10:00\n"
MEGABYTE = 1 << 20


def refused(name: str, within: Path) -> str:
    """The one sentence about a file."""
    tracemalloc.start()
    done = report(name, within=within)
    held = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert done.code == 2, done.out
    assert done.err.count(name) == done.err.count("Error: ") == 1, done.err
    assert "a mistake of Answerable" not in done.err
    assert held < 200 * MEGABYTE
    return done.err


@pytest.mark.parametrize(
    ("name", "head"),
    [
        ("t.csv", b"Ticket ID,Created at\n1,2026"), ("t.json", b'[{"id":"'), ("t.jsonl", b'{"id": 1}\n{"id":'),
        ("t.xes", b'<?xml version="1.0"?><log><trace><string key="'), ("wide.csv", b"\xff\xfei\0d\0,\0"),
        ("t.parquet", b"PAR1"), ("t.xlsx", b"PK\x03\x04"), ("t.gz", b"\x1f\x8b\x08\0"),
    ],
)  # fmt: skip
def test_ten_gigabytes_of_nothing(name: str, head: bytes, tmp_path: Path) -> None:
    """A sparse file: all NUL after its beginning."""
    with (tmp_path / name).open("wb") as file:
        file.write(head)
        file.truncate(10 << 30)
    refused(name, tmp_path)


@pytest.mark.parametrize(
    ("name", "head", "said"),
    [
        ("t.csv", "Ticket ID,Created at\n", "Line 2 is longer than 8 MB"), ("t.json", '[{"id":"', "too large"),
        ("t.xes", '<log><trace><string key="k" value="', "value is too long"), ("c.xes", "<log><!--", "too long"),
    ],
)  # fmt: skip
def test_a_line_or_a_value_without_end(name: str, head: str, said: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(head + "a" * (18 * MEGABYTE))
    assert said in refused(name, tmp_path)


def test_a_bomb_and_entities(tmp_path: Path) -> None:
    with gzip.open(tmp_path / "t.xes.gz", "wb", compresslevel=1) as file:
        for _ in range(270):
            file.write(bytes(MEGABYTE))
    assert "out of proportion" in refused("t.xes.gz", tmp_path)
    entities = '<!DOCTYPE log [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><log><trace>&b;</trace></log>'
    (tmp_path / "t.xes").write_text(entities)
    assert "document type" in refused("t.xes", tmp_path)


@pytest.mark.parametrize("text", ["[" * 100_000, '{"a":' * 50_000, '[{"id":1,"a":' + "[" * 5_000 + "]" * 5_000 + "}]"])
def test_json_inside_json(text: str, tmp_path: Path) -> None:
    (tmp_path / "t.json").write_text(text)
    assert "nested too deeply" in refused("t.json", tmp_path)


@contextmanager
def full_after(size: int) -> Iterator[None]:
    """A disk that takes no file larger than this. Python would leave half of a module it compiles on the way there."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    keeps, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    try:
        yield
    finally:
        sys.dont_write_bytecode = keeps
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize("out", ["r.html", "r.xlsx", "r.json", "r.csv"])
def test_a_full_disk_leaves_nothing_behind(out: str, tmp_path: Path) -> None:
    (tmp_path / "one.csv").write_text(ONE)
    with full_after(700):
        done = report("one.csv", "--out", out, within=tmp_path)
    assert done.code == 2
    assert done.err == f"Error: {out}: it would be too large.\n"
    assert [path.name for path in tmp_path.iterdir()] == ["one.csv"]


def test_no_such_place(tmp_path: Path) -> None:
    (tmp_path / "one.csv").write_text(ONE)
    for out in ("gone/r.html", "one.csv/r.html", "gone/r.csv"):
        done = report("one.csv", "--out", out, within=tmp_path)
        assert (done.code, done.err.count("no such directory")) == (2, 1), done.err


@pytest.mark.parametrize("raw", [b"t\xff\x1b[31m.csv", b"tickets[1].csv", b"a*?{b}.csv", b"-'\".csv"])
def test_a_name_like_no_other(raw: bytes, tmp_path: Path) -> None:
    """What no screen can show, and what would be a pattern."""
    name = os.fsdecode(raw)
    (tmp_path / name).write_text(ONE)
    done = report(f"./{name}", "--out", "r.html", within=tmp_path)
    assert (done.code, "\x1b" in done.err) == (0, False), done.err


@pytest.mark.parametrize("question", ["CSAT", "CES: it was easy", "perception empathy 1", "weight empathy"])
@pytest.mark.parametrize("answer", ["1e30", "-1e30", "inf"])
def test_an_answer_beyond_every_scale(question: str, answer: str, tmp_path: Path) -> None:
    """No whole number holds it: it is one answer off the scale, and the others count."""
    head = f"respondent,date,expectation empathy 1,expectation empathy 2,perception empathy 2,{question}\n"
    rows = (f"{who},2026-03-0{who},5,4,4,{answer if who == 2 else 3}\n" for who in range(1, 4))
    (tmp_path / "asked.csv").write_text(head + "".join(rows))
    done = report("asked.csv", "--out", "r.json", within=tmp_path)
    assert done.code < 2, done.err
    found = json.loads((tmp_path / "r.json").read_text())["report"]
    assert found["indicators"]["servqual"]["total"]["estimate"]["n"] == 3
