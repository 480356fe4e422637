"""Files named .xls that are none: web pages and Excel's XML of 2003, as systems export them; and what is refused."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from answerable.measure.reading import Limits, Unreadable
from tests.measure.reading.test_tables_of_text import at, reading, rows

FACTS = ("conversation_id", "started_at", "solved_at", "channel")
TOLD = [(1, at("2026-03-02 09:00"), at("2026-03-13 10:00"), "tel & web"), (2, at("2026-03-02 09:00"), None, "chat")]
HEADER = "<tr><th>Ticket ID<th>Created at<th>Closed at<th>Channel</tr>"
ROWS = (
    "<tr><td>1</td><td>2026-03-02<br>09:00</td><td>2026-03-13&nbsp;10:00</td><td>tel &amp; <b>web</b></td></tr>"
    "<tr><td>2<td>2026-03-02 09:00<td>&nbsp;<td>chat"
)
OFFICE = (
    '<html xmlns:x="urn:schemas-microsoft-com:office:excel"><head><meta http-equiv=Content-Type content="text/html; '
    'charset=windows-1252"><style>td {mso-number-format:"\\@"}</style></head><body><!--[if gte mso 9]><xml></xml>'
    f"<![endif]--><![if supportMisalignedColumns]><![endif]><table>{HEADER}{ROWS}</table></body></html>"
)
TITLED = (
    f'<table><thead><tr><td colspan="4">Tickets of March</td></tr><tr><td>From</td></tr>{HEADER}'
    f"</thead><tbody>{ROWS}</tbody></table>"
)
INSIDE = (
    f"<!DOCTYPE html><html><body><table><tr><td>Menu<td><table>{HEADER}{ROWS}</table></td></tr></table></body></html>"
)


def xml(*rows: str, sheet: str = "Tickets") -> str:
    """A workbook in XML with the rows of one sheet."""
    inside = "".join(f"<Row>{row}</Row>" for row in rows)
    return (
        '<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>'
        '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" '
        'xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">'
        f'<Worksheet ss:Name="{sheet}"><Table>{inside}</Table></Worksheet>'
        '<Worksheet ss:Name="Empty"><Table></Table></Worksheet></Workbook>'
    )


def cells(*texts: str, **kinds: str) -> str:
    """Cells of text, or of another type by their place."""
    return "".join(
        f'<Cell><Data ss:Type="{kinds.get(f"c{place}", "String")}">{text}</Data></Cell>'
        for place, text in enumerate(texts)
    )


SPREADSHEET = xml(
    '<Cell ss:MergeAcross="3"><Data ss:Type="String">Tickets of March</Data></Cell>',
    cells("Ticket ID", "Created at", "Closed at", "Channel"),
    cells("1", "2026-03-02T09:00:00.000", "2026-03-13T10:00:00.000", "tel &amp; web", c1="DateTime", c2="DateTime"),
    cells("2", "2026-03-02T09:00:00.000", c1="DateTime")
    + '<Cell ss:Index="4"><Data ss:Type="String">chat</Data><Comment><Data>by Ann</Data></Comment></Cell>',
)
TABS = (
    "Ticket ID\tCreated at\tClosed at\tChannel\n"
    "1\t2026-03-02 09:00\t2026-03-13 10:00\ttel & web\n2\t2026-03-02 09:00\t\tchat\n"
)


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (OFFICE.encode("cp1252"), "html"), (TITLED.encode(), "html"), (INSIDE.encode("utf-16"), "html"),
        (SPREADSHEET.encode(), "spreadsheetml"), (SPREADSHEET.encode("utf-16"), "spreadsheetml"),
        (TABS.encode("utf-16"), "csv"),
    ],
)  # fmt: skip
def test_what_is_named_a_workbook_is_read(tmp_path: Path, data: bytes, kind: str) -> None:
    with reading(tmp_path, data, "tickets.xls") as found:
        assert [(file.format, file.mapping.kind) for file in found.files] == [(kind, "conversations")]
        assert rows(found, "conversations", *FACTS) == TOLD
        assert found.bad_count == 0


def test_a_cell_of_several_rows_stands_in_each(tmp_path: Path) -> None:
    text = (
        "<table><tr><th>Team<th>Ticket ID<th>Created at</tr><tr><td rowspan=2>Care<td>1<td>2026-03-02</tr>"
        "<tr><td>2<td>2026-03-03</tr><tr><td>Sales<td>3<td>2026-03-04</table>"
    )
    with reading(tmp_path, text, "t.xls") as found:
        assert rows(found, "conversations", "conversation_id", "team") == [(1, "Care"), (2, "Care"), (3, "Sales")]


def test_each_table_of_a_page_is_a_part(tmp_path: Path) -> None:
    text = f"<body><table>{HEADER}{ROWS}</table><table><tr><td>a<td>b<tr><td>1<td>x</table></body>"
    with reading(tmp_path, text, "t.html") as found:
        assert [(file.name, file.mapping.kind) for file in found.files] == [
            ("t.html#1", "conversations"), ("t.html#2", "ignore"),
        ]  # fmt: skip


def test_a_row_that_cannot_be_read_is_named_by_its_number(tmp_path: Path) -> None:
    text = f"<table><tr><td>Tickets</td></tr>{HEADER}<tr><td>1<td>soon<td><td>x</tr>{ROWS}</table>"
    with reading(tmp_path, text, "t.xls") as found:
        assert [(bad.line, bad.value) for bad in found.bad][:1] == [(3, "soon")]


def archive(directory: Path, member: str) -> bytes:
    """A zip archive with one file in it."""
    with zipfile.ZipFile(directory / "made.zip", "w") as made:
        made.writestr(member, "x")
    return (directory / "made.zip").read_bytes()


def test_what_is_refused_says_what_to_do(tmp_path: Path) -> None:
    for data, said in (
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "save it as .xlsx"),
        (b"\x09\x08\x08\x00\x00\x05\x10\x00" + bytes(600), "save it as .xlsx"),
        (b"MIME-Version: 1.0\r\nContent-Type: multipart/related\r\n\r\n", "save it as .xlsx"),
        (b"<!DOCTYPE html><html><body><form>Sign in</form></body></html>", "page to sign in"),
        (f"<table>{HEADER}<tr><td {'x' * 3_000_000}".encode(), "no end"),
        (f"<table>{'<td><table>' * 80}".encode(), "too many inside"),
        (b"<html><![nonsense[ <table>", "damaged"),
        (SPREADSHEET.replace("?><W", "?><!DOCTYPE x><W").encode(), "document type"),
        (SPREADSHEET[:-40].encode(), "broken"),
        (archive(tmp_path, "xl/workbook.bin"), "(.xlsb)"),
        (archive(tmp_path, "content.xml"), "OpenDocument"),
    ):
        with pytest.raises(Unreadable) as error:
            reading(tmp_path, data, "t.xls")
        assert said in str(error.value.said)


def test_a_table_that_claims_the_far_corner_costs_nothing(tmp_path: Path) -> None:
    wide = f"<table><tr><td colspan=999999>a<td>b</tr>{HEADER}{ROWS}</table>"
    far = xml('<Cell ss:Index="999999"><Data>x</Data></Cell>')
    for text in (wide, far):
        with pytest.raises(Unreadable, match="columns"):
            reading(tmp_path, text, "t.xls", limits=Limits())
