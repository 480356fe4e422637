"""Lists of conversations with headers in the reader's language, as Excel saves them here; and exports made by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.measure.reading.test_tables_of_text import at, reading, rows

FACTS = ("conversation_id", "opened_by", "started_at", "first_responded_at", "solved_at", "channel")
TOLD = (1, "customer", at("2026-03-02 09:00"), at("2026-03-02 09:30"), at("2026-03-13 10:00"))
TIMES = "02.03.2026 09:00;02.03.2026 09:30;13.03.2026 10:00"


@pytest.mark.parametrize(
    ("header", "status", "encoding"),
    [
        ("Pieteikuma nr.;Izveidots;Pirmā atbilde;Atrisināts;Statuss;Kanāls;Vērtējums", "slēgts", "cp1257"),
        ("Pieteikuma nr.;Izveidots;Pirmā atbilde;Atrisināts;Statuss;Kanāls;Vērtējums", "slēgts", "utf-16"),
        ("Номер заявки;Дата создания;Дата первого ответа;Дата закрытия;Статус;Канал;Оценка", "закрыта", "cp1251"),
        ("ბილეთის ნომერი;შექმნის თარიღი;პირველი პასუხი;დახურვის თარიღი;სტატუსი;არხი;შეფასება", "დახურული", "utf-8"),
        ("Өтініш нөмірі;Құрылған күні;Алғашқы жауап;Жабылған күні;Мәртебе;Арна;Баға", "жабық", "utf-8-sig"),
    ],
)
def test_headers_in_four_languages(tmp_path: Path, header: str, status: str, encoding: str) -> None:
    with reading(tmp_path, f"{header}\r\n1;{TIMES};{status};web;5\r\n".encode(encoding)) as found:
        assert rows(found, "conversations", *FACTS) == [(*TOLD, "web")]
        assert rows(found, "ratings", "score") == [(5,)]
        assert found.bad_count == 0


def test_zendesk_saved_by_excel(tmp_path: Path) -> None:
    """Semicolons, UTF-16, days first, a decimal comma, and line ends within quotation marks."""
    text = (
        "Id;Requester;Submitter;Subject;Status;Via;Created at;Solved at;Satisfaction Score;"
        "First reply time in minutes;VIP\r\n"
        '1;Rita;Rita;"Hello\r\n""there"";";Solved;Mail;02.03.2026 09:00;13.03.2026 10:00;Good;30,5;x\r\n'
    )
    with reading(tmp_path, text.encode("utf-16")) as found:
        assert found.files[0].mapping.system == "Zendesk"
        assert rows(found, "conversations", *FACTS) == [(*TOLD[:3], TOLD[3] + 30, TOLD[4], "Mail")]


EXPLORE = (
    "Ticket ID,Ticket created - Timestamp,Ticket solved - Timestamp,Ticket channel,Ticket status,"
    "First reply time (min),Ticket satisfaction rating\n"
    "1,2026-03-02T09:00:00,2026-03-13T10:00:00,chat,Solved,30,Good\n"
)
ZAMMAD = (
    "#,Title,State,Group,Customer,Create Channel,Sender,Created at,Closed at,First Response At\n"
    "1,Hello,closed,Users,Rita,chat,Customer,2026-03-02 09:00:00,2026-03-13 10:00:00,2026-03-02 09:30:00\n"
)
INTERCOM = (
    "Conversation ID,Conversation started at (UTC),Started by type,Channel,Conversation state,"
    "First response time (seconds),Last closed at (UTC)\n"
    "1,2026-03-02 09:00:00,User,chat,Closed,1800,2026-03-13 10:00:00\n"
)


@pytest.mark.parametrize(("text", "system"), [(EXPLORE, "Zendesk"), (ZAMMAD, "Zammad"), (INTERCOM, None)])
def test_reports_downloaded_as_tables(tmp_path: Path, text: str, system: str | None) -> None:
    with reading(tmp_path, text) as found:
        assert found.files[0].mapping.system == system
        assert rows(found, "conversations", *FACTS) == [(*TOLD, "chat")]


HUBSPOT = (
    "Ticket ID,Create date,Date of first agent response,Time to first agent email reply (HH:mm:ss),Close date,Source\n"
    "1,2026-03-02 09:00,,00:30:00,2026-03-13 10:00,chat\n"
)
SALESFORCE = (
    "Case Number,Case Origin,Date/Time Opened,Date/Time Closed,First Response Date/Time\n"
    "1,chat,3/2/2026 9:00 AM,3/13/2026 10:00 AM,3/2/2026 9:30 AM\n"
)
FRONT = (
    "Conversation ID,Inbox,Channel,Created at (Europe/Riga),First reply (s),Archived at (Europe/Riga)\n"
    "1,Care,chat,2026-03-02 11:00:00,1800,2026-03-13 12:00:00\n"
)
REDMINE = (
    "#,Channel,Start date,Created,Closed,First response time\n"
    "1,chat,,03/02/2026 09:00 AM,03/13/2026 10:00 AM,0d 0h 30m\n"
)
GLPI = (
    "ID;Date d'ouverture;Délai de prise en compte;Date de résolution;Source de la demande\n"
    "1;02-03-2026 09:00;0 heures 30 minutes;13-03-2026 10:00;chat\n"
)


@pytest.mark.parametrize("text", [HUBSPOT, SALESFORCE, FRONT, REDMINE, GLPI])
def test_exports_of_systems_that_have_no_table(tmp_path: Path, text: str) -> None:
    """Each is read by its headers alone. A zone that a header names goes before the one that was given."""
    with reading(tmp_path, text, zone="UTC") as found:
        assert rows(found, "conversations", *FACTS) == [(*TOLD, "chat")]
        assert found.bad_count == 0


def test_jira_in_german_does_not_take_what_is_left_of_a_promise(tmp_path: Path) -> None:
    text = (
        "Zusammenfassung;Vorgangsschlüssel;Status;Erstellt;Erledigt;Custom field (Time to first response)\n"
        "A;DESK-1;Fertig;02/Mär/26 9:00 AM;13/Mär/26 10:00 AM;3:59\n"
    )
    with reading(tmp_path, text) as found:
        assert rows(found, "conversations", *FACTS[:5]) == [("DESK-1", *TOLD[1:3], None, TOLD[4])]
        assert found.files[0].mapping.system == "Jira Service Management"
    with reading(tmp_path, text.replace("Vorgangsschlüssel", "Ticket ID")) as found:
        assert "first_response_seconds" not in found.files[0].mapping.columns


ABROAD = (
    (
        "Numer zgłoszenia;Data utworzenia;Czas pierwszej odpowiedzi;Data zamknięcia;Kanał;Ocena\n"
        "1;2 mar 2026 09:00;0 godz. 30 min;13 mar 2026 10:00;chat;Bardzo zadowolony\n"
    ),
    (
        "Número do chamado;Data de abertura;Tempo de primeira resposta (horas);Data de fechamento;Canal;Avaliação\n"
        "1;02/03/2026 09:00;0,5;13/03/2026 10:00;chat;Muito satisfeito\n"
    ),
    (
        "Numero ticket;Data di apertura;Prima risposta (minuti);Data di chiusura;Canale;Valutazione\n"
        "1;2 marzo 2026 09:00;30,0;13 marzo 2026 10:00;chat;Molto soddisfatto\n"
    ),
    (
        "Номер обращения;Дата создания;Время первого ответа;Дата закрытия;Канал;Оценка\n"
        "1;2 марта 2026 г., 09:00;0 ч 30 мин;13 марта 2026 г., 10:00;chat;Очень доволен\n"
    ),
    (
        "Numéro de ticket;Date de création;Délai de première réponse;Date de clôture;Canal;Note de satisfaction\n"
        "1;02 mars 2026 à 09:00;0 h 30 min;13 mars 2026 à 10:00;chat;Très satisfait\n"
    ),
    (
        "Ticketnummer;Erstellt am;Zeit bis zur ersten Antwort;Geschlossen am;Kanal;Bewertung\n"
        "1;2. März 2026 09:00;00:30:00;13. März 2026 10:00;chat;Sehr zufrieden\n"
    ),
    (
        "Pieteikuma numurs;Izveidots;Atbildes laiks;Slēgts;Kanāls;Vērtējums\n"
        "1;2026. gada 2. martā 09:00;0 st. 30 min;2026. gada 13. martā 10:00;chat;Ļoti apmierināts\n"
    ),
    (
        "ბილეთის ნომერი;შექმნის თარიღი;პირველი პასუხი;დახურვის თარიღი;არხი;შეფასება\n"
        "1;2 მარტი, 2026 09:00;2 მარტი, 2026 09:30;13 მარტი, 2026 10:00;chat;ძალიან კმაყოფილი\n"
    ),
    (
        "Өтініш нөмірі;Құрылған күні;Алғашқы жауап;Жабылған күні;Арна;Баға\n"
        "1;02.03.2026 09:00;02.03.2026 09:30;13.03.2026 10:00;chat;Өте риза\n"
    ),
)


@pytest.mark.parametrize("text", ABROAD)
def test_durations_and_ratings_in_words_of_other_languages(tmp_path: Path, text: str) -> None:
    with reading(tmp_path, text) as found:
        assert rows(found, "conversations", *FACTS) == [(*TOLD, "chat")]
        assert rows(found, "ratings", "score") == [(5,)]
        assert found.bad_count == 0
