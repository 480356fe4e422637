"""Dates and times of day in columns of their own, as Excel, call centres and offices keep them."""

from __future__ import annotations

from pathlib import Path

import pytest

from answerable.measure.reading import MappingError, read
from tests.measure.reading.test_tables_of_text import at, reading, rows

FACTS = ("started_at", "first_responded_at", "solved_at")
BEGUN, ANSWERED, SOLVED = at("2026-03-02 09:05"), at("2026-03-02 14:30"), at("2026-03-13 10:00")
ISO = "1,2026-03-02,09:05,2026-03-02,14:30,2026-03-13,10:00"


HEADERS = (
    ("Ticket ID,Created date,Created time,Response date,Response time,Closed date,Closed time", ISO),
    (
        "Ticket,Izveides datums,Izveides laiks,Pirmā atbilde,Pirmā atbilde laiks,Slēgšanas datums,Slēgšanas laiks",
        "1,02.03.2026,9.05,02.03.2026,14.30,13.03.2026,10.00",
    ),
    (
        "Ticketnummer,Erstelldatum,Erstelluhrzeit,Erste Antwort,Uhrzeit erste Antwort,Geschlossen,Uhrzeit",
        "1,02.03.2026,9:05 Uhr,02.03.2026,14:30 Uhr,13.03.2026,10:00 Uhr",
    ),
    (
        "ID ticket,Fecha de creación,Hora de creación,Primera respuesta,Hora primera respuesta,Cerrado,Hora cerrado",
        "1,02/03/2026,9:05 a. m.,02/03/2026,2:30 p. m.,13/03/2026,10:00 a. m.",
    ),
    ("ბილეთის ნომერი,შექმნის თარიღი,შექმნის დრო,პირველი პასუხი,პირველი პასუხის დრო,დახურვის თარიღი,დახურვის დრო", ISO),
    ("Номер заявки,Дата создания,Время создания,Первый ответ,Время,Дата закрытия,Время закрытия", ISO),
    ("Өтініш нөмірі,Құрылған күні,Құрылған уақыты,Алғашқы жауап,Уақыты,Жабылған күні,Жабылған уақыты", ISO),
    (
        "Ticket ID,Created,Time,First response,Time,Closed,Time",
        "1,3/2/2026,9:05 AM,3/2/2026,2:30 PM,3/13/2026,10:00 AM",
    ),
    (
        "Ticket ID,Created on,Creation time,First reply date,First reply hour,Closed on,Close time",
        "1,02/03/2026 00:00,1899-12-30 09:05,02/03/2026 00:00,30/12/1899 14:30,13/03/2026 00:00,1899-12-31T10:00:00",
    ),
    (
        "Case no,Opened date,Opened time,First response date,First response time,Resolution date,Resolution time",
        "1,2026-03-02,9h05,2026-03-02,14h30,2026-03-13,10h00",
    ),
)


@pytest.mark.parametrize(("header", "row"), HEADERS)
def test_a_date_and_its_hour_are_one_instant(tmp_path: Path, header: str, row: str) -> None:
    with reading(tmp_path, f"{header}\n{row}\n") as found:
        assert rows(found, "conversations", *FACTS) == [(BEGUN, ANSWERED, SOLVED)]
        assert found.bad_count == 0


def test_one_day_and_the_hours_of_a_call(tmp_path: Path) -> None:
    text = "Call ID,Date,Start time,End time,Queue\nc1,3/2/2026,9:05:00 AM,9:15:00 AM,Care\n"
    with reading(tmp_path, text) as found:
        assert rows(found, "conversations", "started_at") == [(BEGUN,)]


def test_when_a_call_was_answered_on_the_day_on_which_it_began(tmp_path: Path) -> None:
    text = (
        "call_id,date,call_started,call_answered,call_ended\n1,2026-03-02,9:05:00 AM,2:30:00 PM,3:00:00 PM\n"
        "2,2026-03-02,9:05:00 AM,,9:06:00 AM\n"
    )
    with reading(tmp_path, text) as found:
        told = rows(found, "conversations", "started_at", "first_responded_at")
        assert told == [(BEGUN, ANSWERED), (BEGUN, None)]
        assert any("wait in a queue" in proxy for proxy in found.files[0].mapping.proxies)


def test_an_hour_alone_is_said(tmp_path: Path) -> None:
    with reading(tmp_path, "Date,Hour,Ticket ID,Status\n2026-03-02,9,1,Closed\n2026-03-02,17,2,Open\n") as found:
        assert rows(found, "conversations", "started_at") == [(at("2026-03-02 09:00"),), (at("2026-03-02 17:00"),)]
        assert any(doubt.startswith("Hour has the hour without its minutes") for doubt in found.files[0].doubts)


def test_how_long_it_took_is_no_time_of_day(tmp_path: Path) -> None:
    text = (
        "Case no,Created date,Created time,Resolution date,Resolution time\n"
        "1,2026-03-02,09:05,2026-03-02,00:40:00\n2,2026-03-02,10:05,2026-03-02,01:20:00\n"
    )
    with reading(tmp_path, text) as found:
        columns = found.files[0].mapping.columns
        assert columns["resolution_seconds"].column == "Resolution time"
        assert (columns["started_at"].hour, columns["solved_at"].hour) == ("Created time", None)


def test_a_column_may_name_the_zone(tmp_path: Path) -> None:
    text = "Ticket ID,Created date,Created time,Time zone\n1,2026-03-02,11:05,{}\n2,2026-03-02,12:05,{}\n"
    for zone in ("Europe/Riga", "UTC+2"):
        with reading(tmp_path, text.format(zone, zone)) as found:
            assert rows(found, "conversations", "started_at")[0] == (BEGUN,)
            assert not found.files[0].doubts
    with reading(tmp_path, text.format("Europe/Riga", "Asia/Almaty")) as found:
        assert any("several time zones in Time zone" in doubt for doubt in found.files[0].doubts)


def test_the_hour_is_in_the_map_and_a_person_may_say_another(tmp_path: Path) -> None:
    text = "Ticket ID,Created date,Created time,Logged\n1,2026-03-02,09:05,10:05\n2,2026-03-02,09:10,soon\n"
    with reading(tmp_path, text) as found:
        found.write_map(tmp_path / "map.toml")
        written = (tmp_path / "map.toml").read_text()
    assert 'started_at = { column = "Created date", hour = "Created time" }' in written
    (tmp_path / "map.toml").write_text(written.replace('hour = "Created time"', 'hour = "Logged"'))
    with read([tmp_path / "tickets.csv"], tmp_path / "map.toml") as found:
        assert rows(found, "conversations", "started_at") == [(at("2026-03-02 10:05"),)]
        assert found.bad[0].value == "2026-03-02 soon"
    (tmp_path / "map.toml").write_text(
        written.replace('conversation_id = "Ticket ID"', 'conversation_id = { column = "Ticket ID", hour = "Logged" }')
    )
    with pytest.raises(MappingError, match="conversation_id has none"):
        read([tmp_path / "tickets.csv"], tmp_path / "map.toml")
