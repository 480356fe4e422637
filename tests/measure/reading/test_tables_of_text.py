"""CSV: encodings, delimiters, dates, bad rows, and event logs."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from answerable.measure.reading import Limits, Reading, Unreadable, read

HEADER = "Ticket ID,Created at,First response at,Resolved at,Channel"
ROWS = (
    "1,2026-03-02 09:00:00,2026-03-02 09:30:00,2026-03-03 10:00:00,email",
    "2,2026-03-02 10:00:00,,,chat",
)


def at(text: str) -> int:
    """Unix seconds of an instant in UTC."""
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())


def reading(directory: Path, data: str | bytes, name: str = "tickets.csv", **options: Any) -> Reading:
    """A file of this content, read."""
    path = directory / name
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return read([path], **options)


def rows(reading: Reading, table: str, *columns: str) -> list[tuple[Any, ...]]:
    """Rows of a table, by all the columns asked for."""
    found = reading.arrow(table).select(columns).to_pylist()
    return [tuple(row[column] for column in columns) for row in found]


def lines(*texts: str) -> str:
    """A header of tickets, and rows."""
    return "\n".join((HEADER, *texts)) + "\n"


def test_a_table_of_conversations(tmp_path: Path) -> None:
    with reading(tmp_path, lines(*ROWS)) as found:
        assert rows(found, "conversations", "conversation_id", "started_at", "first_responded_at", "channel") == [
            (1, at("2026-03-02 09:00"), at("2026-03-02 09:30"), "email"),
            (2, at("2026-03-02 10:00"), None, "chat"),
        ]
        assert found.as_of == at("2026-03-03 10:00")
        assert (found.bad_count, found.bad) == (0, ())
        assert found.files[0].traits == {"encoding": "utf-8", "delimiter": ","}
        assert {each.kpi for each in found.missing} >= {"csat", "nps", "servqual", "engagement", "retention"}
        assert found.facts().as_of == found.as_of


@pytest.mark.parametrize(
    ("encoding", "word"),
    [
        ("utf-8-sig", "Наталья"), ("utf-16", "ქართული"), ("utf-16-le", "plain English words, many of them"),
        ("cp1257", "ņemot vērā, ka šķēršļu nav"), ("iso8859_13", "ņemot vērā, ka šķēršļu nav"),
        ("cp1251", "Спасибо, всё хорошо"), ("koi8_r", "Спасибо, всё хорошо"), ("cp1252", "Grüße aus Köln"),
        ("cp1250", "Zażółć gęślą jaźń"), ("cp1253", "Ευχαριστώ πολύ"),
    ],
)  # fmt: skip
def test_any_encoding(tmp_path: Path, encoding: str, word: str) -> None:
    text = f"Ticket ID;Created at;Team\r\n1;2026-03-02 09:00;{word}\r\n2;2026-03-02 09:00;{word}\r\n"
    with reading(tmp_path, text.encode(encoding)) as found:
        assert {team for (team,) in rows(found, "conversations", "team")} == {word}


def test_a_mark_alone_is_as_likely_as_a_letter(tmp_path: Path) -> None:
    text = "Invoice,Customer ID,Invoice date,Country\n1,c1,2026-03-02,£\n2,c1,2026-03-05,£\n".encode("cp1252")
    with reading(tmp_path, text) as found:
        assert rows(found, "activity", "region") == [("£",), ("£",)]


def test_what_fits_two_encodings_is_said(tmp_path: Path) -> None:
    text = "Ticket ID;Created at;Team\n1;2026-03-02 09:00;Zoë\n"
    with reading(tmp_path, text.encode("cp1252")) as found:
        assert rows(found, "conversations", "team") == [("Zoë",)]
    (tmp_path / "map.toml").write_text('[[file]]\nname = "*"\nkind = "conversations"\nencoding = "cp1253"\n'
        '[file.columns]\nconversation_id = "Ticket ID"\nstarted_at = "Created at"\nteam = "Team"\n')  # fmt: skip
    with reading(tmp_path, text.encode("cp1252"), map=tmp_path / "map.toml") as found:
        assert rows(found, "conversations", "team") == [("Zoλ",)]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_any_delimiter_and_quoted_line_breaks(tmp_path: Path, delimiter: str) -> None:
    good = [f"{number},2026-03-02 09:00,,,chat" for number in range(10, 14)]
    text = lines('7,2026-03-02 09:00,,,"e,m;a|i""l"', *good, '8,soon,,,"two\nlines"', "9,later,,,chat")
    text = text if delimiter == "," else "\n".join(_recut(text, delimiter))
    with reading(tmp_path, text) as found:
        assert rows(found, "conversations", "conversation_id", "channel")[0] == (7, 'e,m;a|i"l')
        assert [(each.line, each.value) for each in found.bad] == [(7, "soon"), (9, "later")]


def _recut(text: str, delimiter: str) -> list[str]:
    import csv
    import io

    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator="\n").writerows(csv.reader(io.StringIO(text)))
    return [out.getvalue()]


def test_bad_rows_are_listed_by_line_and_reason(tmp_path: Path) -> None:
    text = lines(ROWS[0], "", "2,2026-03-02 10:00:00,never,,chat", "3,2026-03-02", ",2026-03-02 10:00:00,,,chat",
                 ROWS[0], "4,2026-03-02 10:00:00,,,chat,more,and more")  # fmt: skip
    with reading(tmp_path, text) as found:
        assert found.counts["conversations"] == 1
        assert found.bad_count == 5
        assert sorted((each.line, each.column, each.value, each.reason) for each in found.bad if each.line) == [
            (4, "First response at", "never", "is not a date that can be read"),
            (5, None, "3,2026-03-02", "it has fewer columns than the header"),
            (6, "Ticket ID", None, "there is no conversation_id in it"),
            (7, "Ticket ID", "1", "the conversation stands here again; its first row counts"),
            (8, None, "4,2026-03-02 10:00:00,,,chat,more,and more", "it has more columns than the header"),
        ]
        assert found.files[0].rows == 6
        assert found.files[0].bad == 5


def test_many_bad_rows_are_all_counted_and_some_listed(tmp_path: Path) -> None:
    good = [f"{number},2026-03-02 09:00,,,chat" for number in range(1000, 3000)]
    text = lines(*good, *(f"{number},whenever,,," for number in range(500)))
    with reading(tmp_path, text, limits=Limits(listed=10)) as found:
        assert (found.bad_count, len(found.bad)) == (500, 10)
        assert [each.line for each in found.bad] == list(range(2002, 2012))


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2026-03-02T09:00:00Z", "2026-03-02 09:00"), ("2026-03-02 09:00:00 +0200", "2026-03-02 07:00"),
        ("2026/03/02 09:00:00.123", "2026-03-02 09:00"), ("1772442000", "2026-03-02 09:00"),
        ("1772442000123", "2026-03-02 09:00"), ("46083.375", "2026-03-02 09:00"), ("20260302", "2026-03-02 00:00"),
        ("02.03.2026 09:00", "2026-03-02 09:00"), ("2.3.2026, 9:00:00", "2026-03-02 09:00"),
        ("03/02/2026 9:00 AM", "2026-03-02 09:00"), ("02/Mar/26 9:00 PM", "2026-03-02 21:00"),
        ("Mar 2, 2026 9:00:00 AM", "2026-03-02 09:00"), ("March 2, 2026", "2026-03-02 00:00"),
        ("Mon, 02 Mar 2026 09:00:00 +0100", "2026-03-02 08:00"), ("2 March 2026 09:00", "2026-03-02 09:00"),
        ("02-Mar-2026 09:00:00,500", "2026-03-02 09:00"), ("2026-03-02 09:00:00 UTC", "2026-03-02 09:00"),
    ],
)  # fmt: skip
def test_dates_in_any_form(tmp_path: Path, written: str, meant: str) -> None:
    text = f'id;Created at\n1;"{written}"\n'
    with reading(tmp_path, text) as found:
        assert rows(found, "conversations", "started_at") == [(at(meant),)]
        assert found.bad_count == 0


def test_forms_may_be_mixed(tmp_path: Path) -> None:
    with reading(tmp_path, "id;Created at\n1;2026-03-02 09:00\n2;02.03.2026 09:00\n3;2 Mar 2026\n") as found:
        assert [when for (when,) in rows(found, "conversations", "started_at")] == [
            at("2026-03-02 09:00"), at("2026-03-02 09:00"), at("2026-03-02 00:00"),
        ]  # fmt: skip


def test_the_whole_file_says_whether_the_day_comes_first(tmp_path: Path) -> None:
    """One date in another column decides; without one, it is taken as given, else guessed and said."""
    text = "id,Created at,Resolved at\n" + "".join(f"{n},03/04/2026 10:00,04/04/2026 10:00\n" for n in range(2000))
    with reading(tmp_path, text + "3000,03/04/2026 10:00,04/30/2026 10:00\n") as found:
        assert rows(found, "conversations", "started_at")[0] == (at("2026-03-04 10:00"),)
        assert found.files[0].mapping.first == "month"
    with reading(tmp_path, text) as found:
        assert rows(found, "conversations", "started_at")[0] == (at("2026-04-03 10:00"),)
        assert any("day or the month" in doubt for doubt in found.files[0].doubts)
    with reading(tmp_path, text, first="month") as found:
        assert rows(found, "conversations", "started_at")[0] == (at("2026-03-04 10:00"),)
        assert not any("day or the month" in doubt for doubt in found.files[0].doubts)


def test_times_without_a_zone_are_of_the_zone_given(tmp_path: Path) -> None:
    text = "id,Created at\n1,2026-03-02 09:00\n2,2026-07-02 09:00\n3,2026-03-02 09:00+00:00\n"
    with reading(tmp_path, text, zone="Europe/Riga") as found:
        assert [when for (when,) in rows(found, "conversations", "started_at")] == [
            at("2026-03-02 07:00"), at("2026-07-02 06:00"), at("2026-03-02 09:00"),
        ]  # fmt: skip


def test_durations_by_their_units(tmp_path: Path) -> None:
    text = "id;Created at;First response time (min);Resolution time (hrs)\n1;2026-03-02 09:00;12,5;01:02:03\n"
    with reading(tmp_path, text) as found:
        assert rows(found, "conversations", "first_responded_at", "solved_at") == [
            (at("2026-03-02 09:12:30"), at("2026-03-02 10:02:03")),
        ]


def test_an_event_log_and_what_its_activities_mean(tmp_path: Path) -> None:
    log = "Case ID,Activity,Complete Timestamp,Resource\n" + "".join(
        f"{case},{what},2026/03/0{day} 10:00:00.000,Ann\n"
        for case, what, day in [
            ("A", "Registered", 1), ("A", "Call back", 2), ("A", "Fixed", 3), ("A", "Came back", 4), ("A", "Fixed", 5),
            ("B", "Registered", 1), ("B", "Call back", 3), ("B", "Fixed", 4), ("B", "Came back", 5),
            ("C", "Registered", 2),
        ]
    )  # fmt: skip
    roles = {"answered": ["Call back"], "solved": ["Fixed"], "reopened": ["Came back"]}
    with reading(tmp_path, log, "log.csv", activities=roles) as found:
        assert sorted(
            rows(found, "conversations", "conversation_id", "first_responded_at", "solved_at", "reopened_count")
        ) == [
            ("A", at("2026-03-02 10:00"), at("2026-03-05 10:00"), 1),
            ("B", at("2026-03-03 10:00"), None, 1),
            ("C", None, None, 0),
        ]
        assert found.counts == {"events": 10, "conversations": 3}
        assert found.variants() == 3
        assert found.files[0].mapping.proxies
    with reading(tmp_path, log, "log.csv") as found:
        assert {each.kpi: each.remedy for each in found.missing}["first_response"].startswith("name the activities")


def test_customers_and_their_days(tmp_path: Path) -> None:
    """Columns apart by spaces, without a header, as the CDNOW data were published."""
    text = "".join(f" 0000{number} 1997010{number % 9 + 1}  1   1{number}.77\n" for number in range(1, 9))
    with reading(tmp_path, text, "master.txt") as found:
        assert rows(found, "activity", "customer", "day", "amount")[0] == ("00001", 9863, 11.77)
        assert found.counts == {"activity": 8}


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "empty"), (b"\n\n\n", "empty"), (b"id,Created at\n1,20\x0026-01-01\n", "Line 2 holds a NUL byte"),
        (b"%PDF-1.7 ...", "PDF"), (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "old Excel"),
        (b"id,Created at\n" + b"x" * 3_000_000, "longer than"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_says_why(tmp_path: Path, data: bytes, said: str) -> None:
    with pytest.raises(Unreadable, match=said) as failure:
        reading(tmp_path, data, limits=Limits(line=1 << 20))
    assert failure.value.file == "tickets.csv"
    assert failure.value.remedy


def test_no_such_file(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="no such file"):
        read([tmp_path / "nothing.csv"])
    with pytest.raises(Unreadable, match="directory"):
        read([tmp_path])


def test_the_scratch_directory_goes(tmp_path: Path) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    with reading(tmp_path, lines(*ROWS), within=scratch):
        assert list(scratch.iterdir())
    assert not list(scratch.iterdir())
    with pytest.raises(Unreadable):
        reading(tmp_path, b"a,b\n\0", within=scratch)
    assert not list(scratch.iterdir())


def test_files_of_one_kind_join(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("id,Created at\n1,2026-03-02\n")
    (tmp_path / "b.csv").write_text("id,Created at\nX-1,2026-03-02\n")
    with read([tmp_path / "a.csv", tmp_path / "b.csv"]) as found:
        assert sorted(rows(found, "conversations", "conversation_id")) == [("1",), ("X-1",)]


def test_a_conversation_in_two_files_counts_once(tmp_path: Path) -> None:
    (tmp_path / "march.csv").write_text(lines(*ROWS))
    (tmp_path / "april.csv").write_text(lines(ROWS[1], "3,2026-04-02 10:00:00,,,chat"))
    with read([tmp_path / "march.csv", tmp_path / "april.csv"]) as found:
        assert sorted(rows(found, "conversations", "conversation_id")) == [(1,), (2,), (3,)]
        assert found.bad_count == 0
