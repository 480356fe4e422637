"""Places of values in TOML: every value that tomllib reads is found where it stands."""

from __future__ import annotations

import json
import tomllib
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from answerable.core.policy.positions import Path, line_and_column, locate

EXAMPLE = """\
# a comment with [brackets] and "quotes"
title = 'plain # not a comment'
"quoted = key" . "b\\"ä" = 1   # ["x"]
text = \"\"\"
[not a table]
key = "no" \\"\"\" still\"\"\"
raw = '''
it's ''quoted'''
dates = [ 2026-12-24, # eve
  2026-12-25 10:00:00, [ {x = [1,2], y.z = "}"}, {} ],
]
[hours.office.dates]
"2026-12-24" = ["09:00-12:00"]
[[standard]]
key = "a"
when = { channel = [ 'email', "chat" ], team=["x"] }
[standard.promise]
en = "one"
[[standard]]
key = "b"
[[standard.step]]
at = 1
[[standard.step]]
at = 2
[ standard . promise ]
en = "two"
"""


def test_places_in_an_example() -> None:
    places = locate(EXAMPLE)

    def at(*path: str | int) -> tuple[int, int, str]:
        place = places[path]
        return *line_and_column(EXAMPLE, place.key), EXAMPLE[place.start : place.end]

    assert at("title") == (2, 1, "'plain # not a comment'")
    assert at("quoted = key", 'b"ä') == (3, 18, "1")
    assert at("raw")[2] == "'''\nit's ''quoted'''"
    assert at("dates", 0) == (9, 11, "2026-12-24")
    assert at("dates", 1) == (10, 3, "2026-12-25 10:00:00")
    assert at("dates", 2, 0, "y", "z") == (10, 40, '"}"')
    assert at("hours", "office", "dates", "2026-12-24", 0) == (13, 17, '"09:00-12:00"')
    assert at("standard", 0, "when", "channel", 1) == (16, 31, '"chat"')
    assert at("standard", 0, "promise", "en") == (18, 1, '"one"')
    assert at("standard", 1, "promise", "en") == (26, 1, '"two"')
    assert at("standard", 1, "step", 1, "at") == (24, 1, "2")
    assert at("standard", 1)[:2] == (19, 1)
    assert at("hours")[:2] == (12, 1)


def leaves(value: Any, path: Path = ()) -> list[tuple[Path, Any]]:
    if isinstance(value, dict):
        return [(path, value), *(found for key in value for found in leaves(value[key], (*path, key)))]
    if isinstance(value, list):
        return [
            (path, value),
            *(found for at, each in enumerate(value) for found in leaves(each, (*path, at))),
        ]
    return [(path, value)]


def test_every_value_of_the_example_reads_back_from_its_place() -> None:
    check_places(EXAMPLE)


def check_places(text: str) -> None:
    places = locate(text)
    for path, value in leaves(tomllib.loads(text)):
        place = places[path]
        if not isinstance(value, dict | list):
            assert tomllib.loads(f"x = {text[place.start : place.end]}")["x"] == value


WORDS = st.text(st.sampled_from("ab \"'\\#[]{}=,.\nā🙂"), max_size=6)


def quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def in_multiple_lines(text: str) -> str:
    return '"""\n' + text.replace("\\", "\\\\").replace('"""', '""\\"') + '"""' if text[-1:] != '"' else quoted(text)


SCALARS = st.one_of(
    st.integers(-99, 99).map(str),
    st.booleans().map(lambda value: str(value).lower()),
    st.sampled_from(["2026-12-24", "2026-12-24 10:00:00Z", "09:00:00", "1.5e3", "inf", "'raw \\ \" #'"]),
    WORDS.map(quoted),
    WORDS.map(in_multiple_lines),
)
KEYS = st.one_of(st.sampled_from(["a", "b-1", "_", "2"]), WORDS.map(quoted))
GAPS = st.sampled_from(["", " ", "\n", ' # [x] = "y"\n ', "\n\n\t"])


def arrays(values: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    parts = st.lists(st.tuples(GAPS, values, GAPS).map("".join), max_size=3)
    return st.tuples(parts.map(",".join), GAPS).map(lambda found: f"[{''.join(found)}]")


def inline_tables(values: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.dictionaries(KEYS, values, max_size=3).map(
        lambda found: "{ " + ", ".join(f"{key}= {value}" for key, value in found.items()) + " }"
    )


VALUES = st.recursive(SCALARS, lambda values: arrays(values) | inline_tables(values), max_leaves=6)
LINES = st.one_of(
    st.tuples(st.lists(KEYS, min_size=1, max_size=2), VALUES).map(lambda found: f"{' . '.join(found[0])} ={found[1]}"),
    st.lists(KEYS, min_size=1, max_size=3).map(lambda keys: f"[ {'.'.join(keys)} ] # table"),
    st.lists(KEYS, min_size=1, max_size=3).map(lambda keys: f"[[{'.'.join(keys)}]]"),
    st.just("# nothing"),
)


@settings(max_examples=400, deadline=None)
@given(st.lists(LINES, max_size=8).map("\n".join))
def test_every_value_of_any_document_reads_back_from_its_place(text: str) -> None:
    try:
        tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return
    check_places(text)
