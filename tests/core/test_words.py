"""Search words: what is stored finds what is asked, in five languages; docs/search.md prints the same figures."""

import doctest

import pytest

from answerable.core.words import lexemes, query, separately, terms
from tests.core.gold_words import LANGUAGES, TEXTS, finds, measure, measure_unseen


@pytest.mark.shared
@pytest.mark.skipif(not TEXTS.exists(), reason="the parallel texts of ../shared/data/udhr are absent")
@pytest.mark.parametrize("language", LANGUAGES)
def test_typing_the_lemma_finds_its_forms_and_little_else(language: str) -> None:
    measured = measure(language)
    assert measured.lemmas >= 40
    assert measured.recall >= 0.95, measured.missed
    assert measured.precision >= 0.97, measured.wrong


def test_words_of_a_service_desk_are_found_in_their_forms() -> None:
    for language, (found, forms) in measure_unseen().items():
        assert found / forms >= 0.9, language


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("Қайтару", "Тауарды қайтарымды сұраймын"),
        ("Қайтару", "Ақшаны қайтаруды күтемін"),
        ("Қайтару", "Төлем қайтарылды"),
        ("кайтару", "Ақшаны қайтару керек пе?"),
        ("აბონემენტი", "აბონემენტის გაუქმება მინდა"),
        ("აბონემენტი", "რა ღირს აბონემენტები?"),
        ("აბონემენტი", "ვერ ვიყენებ აბონემენტს"),
        ("აბონემენტი", "აბონემენტისთვის გადავიხადე"),
        ("ᲐᲑᲝᲜᲔᲛᲔᲜᲢᲘ", "აბონემენტებზე ფასდაკლება"),
        ("pasutijums", "Kur ir mans pasūtījums?"),
        ("pasūtījums", "Pasutijumu neesmu sanemusi"),
        ("refund", "I was refunded twice"),
        ("заказ", "Где мои заказы?"),
        ("AB-12345", "Order AB-12345 is late"),
        ("ab12345", "Order AB-12345 is late"),
        ("12345", "Order #12345"),
        ("Anna.Berzina@Example.LV", "From: <anna.berzina@example.lv>"),
        ("berzina", "From: <anna.berzina@example.lv>"),
        ("example.lv", "From: <anna.berzina@example.lv>"),
        ("email", "Please send an e-mail"),
        ("obrien", "Mr O'Brien called"),
        ("customer", "The customer’s voice"),
        ("cafe", "cafe\u0301 au lait"),
    ],
)
def test_what_is_typed_finds_the_text(typed: str, text: str) -> None:
    assert finds(typed, text)


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("state", "the status of my order"),
        ("universal", "the university is closed"),
        ("AB-12345", "Order AB-12346 is late"),
        ("anna@example.com", "anna@example.org wrote"),
        ("refund invoice", "I was refunded twice"),
    ],
)
def test_what_is_typed_does_not_find_another_text(typed: str, text: str) -> None:
    assert not finds(typed, text)


def test_the_last_word_may_be_unfinished_while_typing() -> None:
    assert finds("late refun", "I was refunded too late", typing=True)
    assert not finds("late refun", "I was refunded too late")
    assert not finds("refun ", "I was refunded", typing=True)


def test_a_question_falls_into_its_telling_words() -> None:
    assert separately("Where is the parcel for you?") == [query("where"), query("parcel")]
    assert separately("is it the") == [query("is"), query("it"), query("the")], "it has no others"
    assert separately("my parc", typing=True) == [query("parc", typing=True)]
    assert separately("parc ", typing=True) == [query("parc")]
    assert len(separately(" ".join(f"word{number}" for number in range(40)))) == terms.MOST_TERMS


@pytest.mark.parametrize("nothing", ["", "   ", "!?", "@", "\x00", "—", "\ud800"])
def test_a_text_without_words_asks_nothing(nothing: str) -> None:
    assert query(nothing) == ""
    assert lexemes(nothing) == []


def test_a_quote_cannot_leave_its_lexeme() -> None:
    assert query("it''s \\ 'or' | x:*") == "'it' & 'or' & 'x'"


def test_encoded_data_is_cut_and_bounded() -> None:
    assert max(map(len, lexemes("a" * 10_000))) <= 64
    assert len(lexemes(" ".join(map(str, range(100_000))))) <= 20_100


def test_the_examples_in_the_documentation_hold() -> None:
    assert doctest.testmod(terms).failed == 0
