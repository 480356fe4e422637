"""Quotes are found in many languages, and nothing is ever lost."""

import time
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from answerable.channels.email.quotes import fold_html, spans, visible
from answerable.channels.email.subjects import bare_subject, is_forward

REPLY = "Paldies!"
PIECES = [*"abc >:-_\n@<2.", "wrote:", "On ", "From: ", "To: ", "Date: ", "-- \n", "\n> ", "No: ", "Kam: ", "Tēma: "]


@pytest.mark.parametrize(
    "quote",
    [
        "On Mon, 2 Mar 2026 at 10:15, Support <support@example.com> wrote:\n\n> Hello\n> there",
        "On Mon, 2 Mar 2026 at 10:15, A Very Long Name of a Department\n<support@example.com>\nwrote:\n\n> Hello",
        "pirmd., 2026. g. 2. marts, plkst. 10:15 — lietotājs Atbalsts (<support@example.lv>) rakstīja:\n> Labdien",
        "Atbalsts <support@example.lv> raksta:\n\n> Labdien",
        "ორშ, 2 მარ. 2026, 10:15-ზე მომხმარებელმა დახმარება (<support@example.ge>) დაწერა:\n\n> გამარჯობა",
        "2026 ж. 2 нау., дс 10:15 Қолдау <support@example.kz> жазды:\n\n> Сәлем",
        "пн, 2 мар. 2026 г. в 10:15, Поддержка <support@example.ru>:\n> Здравствуйте",
        "2 марта 2026 г., 10:15, Поддержка <support@example.ru> написал(а):\n\nЗдравствуйте без знака",
        "Понедельник, 2 марта 2026, 10:15 +03:00 от Поддержка <support@example.ru>:\n>Здравствуйте",
        "Am Mo., 2. März 2026 um 10:15 Uhr schrieb Support <support@example.de>:\n> Hallo",
        "Le lun. 2 mars 2026 à 10:15, Support <support@example.fr> a écrit :\n> Bonjour",
        "From: Support <support@example.com>\nSent: Monday, 2 March 2026 10:15\nTo: Anna\nSubject: Order\n\nHello",
        "____________________\nNo: Atbalsts <a@example.lv>\nNosūtīts: pirmdiena\nKam: Anna\nTēma: Rēķins\n\nLabdien",
        "ვისგან: დახმარება <a@example.ge>\nგაიგზავნა: ორშაბათი\nვის: ნინო\nთემა: ანგარიში\n\nგამარჯობა",
        "Кімнен: Қолдау <a@example.kz>\nЖіберілді: дүйсенбі\nКімге: Әсел\nТақырып: Тапсырыс\n\nСәлем",
        "От: Поддержка <a@example.ru>\nОтправлено: 2 марта 2026 г.\nКому: Иван\nТема: Заказ\n\nЗдравствуйте",
        "*From:* Support\n*Date:* Monday\n*To:* Anna\n*Subject:* Order\n\nHello",
        "Gesendet: Montag, 2. März 2026 um 10:15 Uhr\nVon: Support <a@example.de>\nAn: Anna\nBetreff: x\n\nHallo",
        "De: Support <a@example.com>\nEnviada em: segunda-feira\nPara: Anna\nAssunto: Pedido\n\nOlá",
        "Жіберуші: Қолдау <a@example.kz>\nЖіберілген уақыты: дс\nАлушы: Әсел\nТақырыбы: Тапсырыс\n\nСәлем",
        "No: Atbalsts <a@example.lv>\nSūtīšanas datums: pirmdiena\nAdresāts: Anna\nTēma: Rēķins\n\nLabdien",
        "Support <support@example.ee> kirjutas kuupäeval E, 2. märts 2026 kell 10:15:\n\n> Tere",
        "Support <support@example.am> 2 Mart 2026, 10:15 tarixində:\n\n> Salam",
        "Am Montag, 2. März 2026 um 10:15:00 MEZ hat Support <a@example.de> Folgendes geschrieben: \n\n Hallo",
        "---- On Mon, 02 Mar 2026 10:15:00 +0200 Support <a@example.com> wrote ---\n\nHello",
        "-----Message d’origine-----\nBonjour",
        "-----Original-Nachricht-----\nBetreff: Bestellung\nDatum: 2026-03-02\nVon: a@example.de\n\nHallo",
        "-----Original Message-----\nHello",
        "-----Исходное сообщение-----\nЗдравствуйте",
        "> Hello\n> there",
    ],
)
def test_what_was_quoted_is_folded(quote: str) -> None:
    text = f"{REPLY}\n\n{quote}"
    found = spans(text)
    assert [each.kind for each in found] == ["reply", "quote"]
    assert text[found[1].start :] == quote
    assert visible(text) == REPLY


def test_answers_between_the_quotes_are_seen() -> None:
    text = "> When?\nOn Monday.\n\n> Where?\n>\n> Exactly?\nIn Riga.\n-- \nAnna\nRiga"
    assert visible(text) == "On Monday.\nIn Riga."
    assert [each.kind for each in spans(text)] == ["quote", "reply", "quote", "reply", "signature"]


@pytest.mark.parametrize(
    "signature", ["-- \nAnna", "Sent from my iPhone", "Nosūtīts no mana tālruņa", "Отправлено с iPhone"]
)
def test_signatures_are_folded(signature: str) -> None:
    assert visible(f"Yes.\n\n{signature}\n\nOn 2 March 2026 Bob <b@example.com> wrote:\n> x") == "Yes."


@pytest.mark.parametrize(
    "text",
    [
        "My neighbour wrote:\nI shall complain.",
        "From: Riga\nI want to go to Tbilisi.",
        "> only\n> a quote",
        "---------- Forwarded message ---------\nFrom: A <a@example.com>\nDate: Monday\nSubject: x\nTo: b\n\nSee",
        "No: this is not Latvian.\nReally.",
        "Hello\nOn 2.3.2026 your colleague wrote:\nWe shall call.\nNobody called.",
        "Hello\nYour bot <bot@example.com> wrote:\ncall 123\nI called.",
        "My trip:\nFrom: Riga\nTo: Tbilisi\nDate: 3 December\n\nMay it be changed?",
        "Labdien!\nNo: Rīga\nKam: Jānis\nDatums: 3. decembris\nLūdzu mainīt piegādi.",
        "Hello\n--\nfirst this\n--\nthen that: answer both",
        "See:\n\n---------- Forwarded message ---------\nFrom: A <a@x.example>\nDate: Monday\nTo: b\n\nInvoice\n> 12",
        "See:\n\nBegin forwarded message:\n\n> From: A <a@x.example>\n> Subject: Invoice\n>\n> 12 EUR",
        "",
    ],
)
def test_what_is_no_quote_or_all_there_is_stays(text: str) -> None:
    assert visible(text) == text.strip()


def test_what_outlook_forwards_is_shown() -> None:
    text = "See:\n\nFrom: A <a@x.example>\nSent: Monday\nTo: Anna\nSubject: Invoice\n\nInvoice 12"
    assert visible(text) == "See:"
    assert [each.kind for each in spans(text, forwarded=True)] == ["reply"]
    assert is_forward("FW: RE: Invoice")
    assert is_forward("[EXTERNAL] Fwd: Invoice"), "a gateway has put something before it"
    assert is_forward("***SPAM*** [EXT] WG: Invoice")
    assert not is_forward("RE: FW: Invoice")
    assert not is_forward("[EXTERNAL] Invoice")


@pytest.mark.parametrize(
    ("subject", "bare"),
    [
        ("[EXT] Re: Fwd: Rēķins", "Rēķins"),
        ("Re: [External] Re[2]: Rēķins", "Rēķins"),
        ("***SPAM*** Rēķins", "Rēķins"),
        ("[Suspected Spam] Rēķins", "Rēķins"),
        ("[#7] Rēķins", "[#7] Rēķins"),
        ("[Extra] Rēķins", "[Extra] Rēķins"),
    ],
)
def test_what_gateways_put_before_a_subject_is_no_part_of_it(subject: str, bare: str) -> None:
    assert bare_subject(subject) == bare


@settings(deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=60).map("".join))
def test_spans_cover_every_letter(text: str) -> None:
    found = spans(text)
    assert "".join(text[each.start : each.end] for each in found) == text
    assert all(before.end == after.start for before, after in pairwise(found))


@pytest.mark.parametrize(
    "hostile",
    [
        "On " + "a " * 200_000 + "x",
        "On a\n" * 20_000,
        "From: a\n" * 20_000,
        ">" * 300_000,
        "-- \n" * 20_000,
        "2 a@b " * 50_000,
        "\n" * 200_000,
        " " * 300_000 + ":",
    ],
)
def test_hostile_text_takes_no_time(hostile: str) -> None:
    began = time.thread_time()
    spans(hostile)
    assert time.thread_time() - began < 2


@pytest.mark.parametrize(
    ("html", "folded"),
    [
        (
            '<div>Yes</div><div class="quoted">On Monday<blockquote>q</blockquote></div>',
            '<div class="quoted">On Monday',
        ),
        ('<div>Yes</div><hr><div id="divRplyFwdMsg"><b>From:</b> a</div><div>rest</div>', '<div id="divRplyFwdMsg">'),
        ('<p>Yes</p><blockquote type="cite"><div>q</div></blockquote>', '<blockquote type="cite">'),
        (
            '<p>Yes</p><div><div style="border-top:solid #E1E1E1 1.0pt"><p>From</p></div></div><p>q</p>',
            "<div><div style",
        ),
    ],
)
def test_html_quotes_are_folded(html: str, folded: str) -> None:
    result = fold_html(html, "Earlier")
    before, _, after = result.partition('<details class="quoted"><summary>Earlier</summary>')
    assert before.startswith(html[:8])
    assert after.startswith(folded)
    assert result.replace('<details class="quoted"><summary>Earlier</summary>', "").replace("</details>", "") == html


def test_two_quotes_side_by_side_are_one() -> None:
    html = '<p>Yes</p><div class="quoted">On Monday Bob wrote:</div>\n<blockquote type="cite">q</blockquote>'
    assert fold_html(html, "Earlier").count("<details") == 1


def test_html_that_was_forwarded_is_shown() -> None:
    html = '<p>See</p><div class="quoted"><div>---------- Forwarded message ---------<br>From: A</div><p>12</p></div>'
    assert fold_html(html, "Earlier") == html


def test_html_that_is_all_quote_is_shown() -> None:
    html = '<div class="quoted"><p>Forwarded.</p></div>'
    assert fold_html(html, "Earlier") == html
