"""map.toml: written with the guess, corrected, read back; and what nobody has seen before."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from answerable.measure.reading import FileMap, MappingError, read
from answerable.measure.reading.mapfile import as_toml, read_map
from answerable.measure.reading.mapping import KINDS, ROLES, Item, Source
from tests.measure.reading.test_tables_of_text import at, reading, rows

STRANGE = (
    "Vorgang;Eingang;Antwort;Fertig;Kanal;Bemerkung\n"
    "V-1;02.03.2026 09:00;45;02.03.2026 12:00;1;x\nV-2;13.03.2026 09:00;;;2;y\n"
)
MAP = """
[[file]]
name = "vorg*.csv"
kind = "conversations"
zone = "Europe/Riga"
[file.columns]
conversation_id = "Vorgang"
started_at = "Eingang"
first_response_seconds = { column = "Antwort", unit = "minutes" }
solved_at = "Fertig"
channel = { column = "Kanal", words = { "1" = "email", "2" = "phone" } }
team = { value = "Care" }
"""


def test_a_file_nobody_knows_is_mapped_by_hand(tmp_path: Path) -> None:
    with reading(tmp_path, STRANGE, "vorgang.csv") as found:
        assert found.files[0].mapping.kind == "ignore"
        assert {each.kpi for each in found.missing} >= {"first_response", "csat"}
        found.write_map(tmp_path / "guess.toml")
    assert "Vorgang" in (tmp_path / "guess.toml").read_text("utf-8")
    (tmp_path / "map.toml").write_text(MAP, "utf-8")
    with reading(tmp_path, STRANGE, "vorgang.csv", map=tmp_path / "map.toml") as found:
        assert rows(
            found, "conversations", "conversation_id", "started_at", "first_responded_at", "channel", "team"
        ) == [
            ("V-1", at("2026-03-02 07:00"), at("2026-03-02 07:45"), "email", "Care"),
            ("V-2", at("2026-03-13 07:00"), None, "phone", "Care"),
        ]


def test_the_guess_read_back_gives_the_same(tmp_path: Path) -> None:
    text = "Ticket ID,Created at,First reply,Team\n1,03/04/2026 10:00,03/04/2026 11:00,A\n2,03/30/2026 9:00,,B\n"
    columns = ("conversation_id", "started_at", "first_responded_at", "team")
    with reading(tmp_path, text) as found:
        first = rows(found, "conversations", *columns)
        found.write_map(tmp_path / "map.toml")
        mapping = found.files[0].mapping
    written = (tmp_path / "map.toml").read_text("utf-8")
    assert "# its header has the words" in written
    assert "# not found: " in written
    assert 'first = "month"' in written
    with reading(tmp_path, text, map=tmp_path / "map.toml") as found:
        assert rows(found, "conversations", *columns) == first
        assert found.files[0].mapping.columns == mapping.columns


def test_activities_of_a_log_in_the_map(tmp_path: Path) -> None:
    log = "Case,Activity,Time\n1,in,2026-03-02 09:00\n1,out,2026-03-02 10:00\n1,end,2026-03-02 11:00\n"
    given = FileMap(
        "log.csv", "events",
        {"conversation_id": Source("Case"), "activity": Source("Activity"), "at": Source("Time")},
        activities={"answered": ("out",), "solved": ("end",)},
    )  # fmt: skip
    (tmp_path / "map.toml").write_text(as_toml([given], {}), "utf-8")
    with reading(tmp_path, log, "log.csv", map=tmp_path / "map.toml") as found:
        assert rows(found, "conversations", "first_responded_at", "solved_at") == [
            (at("2026-03-02 10:00"), at("2026-03-02 11:00"))
        ]


NEEDED = """
[[file]]
kind = "conversations"
[file.columns]
conversation_id = "Vorgang"
started_at = "Eingang"
"""


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", r"no \[\[file\]\]"), ("= 1", "map.toml"), ('[[file]]\nkind = "tickets"', "kind must be one of"),
        ('[[file]]\nkind = "events"\ncolour = "red"', "colour is not known"),
        ('[[file]]\nkind = "activity"\n[file.columns]\nsize = "S"', "size is nothing"),
        ('[[file]]\nkind = "activity"\n[file.columns]\ncustomer = 7', "customer: it takes a column"),
        ('[[file]]\nkind = "activity"\n[file.columns]\ncustomer = "C"\ndate = "D"', "has no column “C”"),
        ('[[file]]\nkind = "activity"\n[file.columns]\ndate = "Eingang"', "needs customer"),
        (NEEDED.replace("[file.columns]", 'zone = "Mars/Base"\n[file.columns]'), "Mars/Base"),
        (NEEDED + 'solved_at = { value = "2026-01-01" }', "solved_at takes a column"),
        (NEEDED + 'first_response_seconds = { column = "Antwort", unit = "weeks" }', "unit"),
    ],
)  # fmt: skip
def test_a_wrong_map_says_what_is_wrong(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "map.toml").write_text(text, "utf-8")
    with pytest.raises(MappingError, match=said):
        reading(tmp_path, STRANGE, "vorgang.csv", map=tmp_path / "map.toml")


TEXTS = st.text(st.characters(codec="utf-8"), max_size=12)
SOURCES = st.builds(
    Source, column=TEXTS, value=st.none(), unit=st.none() | st.just("minutes"),
    words=st.dictionaries(TEXTS, TEXTS, max_size=2),
)  # fmt: skip
NOTHING: st.SearchStrategy[dict[str, object]] = st.just({})


def maps_of(kind: str) -> st.SearchStrategy[FileMap]:
    """Mappings of a kind."""
    keys = st.sampled_from(KINDS[kind] or ("none",))
    return st.builds(
        FileMap, name=TEXTS, kind=st.just(kind),
        columns=st.dictionaries(keys, SOURCES, max_size=3) if KINDS[kind] else NOTHING,
        items=st.dictionaries(TEXTS, st.builds(Item, TEXTS, TEXTS, st.none() | TEXTS), max_size=2),
        activities=st.dictionaries(st.sampled_from(ROLES), st.tuples(TEXTS)) if kind == "events" else NOTHING,
        solved=st.lists(TEXTS, max_size=2).map(tuple), zone=st.none() | TEXTS, system=st.none() | TEXTS,
    )  # fmt: skip


MAPS = st.sampled_from(sorted(KINDS)).flatmap(maps_of)


@given(st.lists(MAPS, min_size=1, max_size=3))
def test_any_map_is_read_back_as_written(tmp_path_factory: pytest.TempPathFactory, maps: list[FileMap]) -> None:
    path = tmp_path_factory.mktemp("map") / "map.toml"
    path.write_text(as_toml(maps, {each.name: ("a\nb", "c") for each in maps}), "utf-8")
    assert list(read_map(path)) == maps


def test_no_files_is_an_empty_reading() -> None:
    with read([]) as found:
        assert found.tables == ()
        assert len(found.missing) == 8


def test_a_map_of_other_files_is_no_map(tmp_path: Path) -> None:
    (tmp_path / "map.toml").write_text(MAP, "utf-8")
    with pytest.raises(MappingError, match=r"about other files \(vorg\*.csv\) and none of these: tickets.csv"):
        reading(tmp_path, STRANGE, "tickets.csv", map=tmp_path / "map.toml")
