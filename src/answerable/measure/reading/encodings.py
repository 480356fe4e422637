"""Which encoding bytes are in that are not UTF-8: the one in which they are all letters of one language.

No statistics of words are needed: a wrong code page turns Latvian letters into ones that no single alphabet
has. Cyrillic code pages are told apart by which letters are frequent.
"""

from __future__ import annotations

import re

from charset_normalizer import from_bytes

from answerable.measure.words import Said, gettext_noop

_MARKS = "“”„‚‘’–—…€£§°©®™«»·•²³½¼×№\xa0¿¡´`"
_CYRILLIC = "абвгдежзийклмнопрстуфхцчшщъыьэюя"
ALPHABETS = {
    "Latvian": "āčēģīķļņšūž", "Lithuanian": "ąčęėįšųūž", "Estonian": "äõöüšž", "Polish": "ąćęłńóśźż",
    "Czech": "áčďéěíňóřšťúůýž", "Slovak": "áäčďéíĺľňóôŕšťúýž", "Hungarian": "áéíóöőúüű", "Romanian": "ăâîșțşţ",
    "Croatian": "čćđšž", "German": "äöüß", "French": "àâæçèéêëîïôœùûüÿ", "Spanish": "áéíñóúü",
    "Portuguese": "ãáàâçéêíóôõú", "Italian": "àèéìíòóùú", "Swedish": "åäöé", "Danish": "æøåé",
    "Icelandic": "áðéíóúýþæö",
    "Turkish": "çğıöşüâî", "Russian": _CYRILLIC + "ё", "Ukrainian": _CYRILLIC + "їієґ",
    "Greek": "αβγδεζηθικλμνξοπρσςτυφχψωάέήίόύώϊϋΐΰ", "Hebrew": "אבגדהוזחטיכלמנסעפצקרשתךםןףץ",
    "Arabic": "ءآأؤإئابةتثجحخدذرزسشصضطظعغفقكلمنهوىي",
}  # fmt: skip
CODE_PAGES = (
    "cp1252", "cp1257", "cp1251", "cp1250", "cp1254", "cp1253", "cp1255", "cp1256", "iso8859_1", "iso8859_15",
    "iso8859_2", "iso8859_4", "iso8859_13", "iso8859_5", "iso8859_7", "iso8859_9", "koi8_r", "mac_roman", "cp850",
    "cp866", "cp437",
)  # fmt: skip
_FREQUENT = set("оеаинтсрвлαοιετσν")
_LATIN = set("āąäáăčàãåæç")
_MIXED = re.compile(r"[A-Za-z][\u0370-\u06ff]|[\u0370-\u06ff][A-Za-z]")
_WIDE = ("shift_jis", "euc_jp", "euc_kr", "big5", "gb18030")
_NEAR = 0.1
_LETTERS = {language: set(letters + letters.upper() + _MARKS) for language, letters in ALPHABETS.items()}


def guess(sample: bytes) -> tuple[str, str | None]:
    """The encoding of lines that are not UTF-8, and the doubt where there is one."""
    text = sample.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    if sum(1 for character in text if ord(character) > 127) - broken > 20 * broken:
        return "utf-8", gettext_noop("some characters are damaged")
    scored = sorted(((_score(sample, page), -number) for number, page in enumerate(CODE_PAGES)), reverse=True)
    best, second = CODE_PAGES[-scored[0][1]], scored[0][0]
    if second < 0.9 and (wide := from_bytes(sample, cp_isolation=list(_WIDE)).best()) is not None:
        return wide.encoding, None
    near = [CODE_PAGES[-number] for score, number in scored if score >= scored[0][0] - _NEAR]
    best = max(near, key=lambda page: _headings(sample.decode(page, "replace")))
    if _headings(sample.decode(best, "replace")):
        return best, None
    shown = sample.decode(best, "replace")
    for score, number in scored[1:]:
        if score < scored[0][0] - 0.02:
            break
        if sample.decode(CODE_PAGES[-number], "replace") != shown:
            return best, Said(gettext_noop("the encoding {encoding} is as likely"), encoding=CODE_PAGES[-number])
    return best, None if second > 0.9 else gettext_noop("no encoding fits well")


def _headings(text: str) -> int:
    """How many of the words that headers have, and that are not ASCII, stand in a text."""
    from answerable.measure.reading.matching import headings

    found = text.lower()
    every = {name for table in headings().values() for names in table.values() for name in names if not name.isascii()}
    return sum(name in found for name in every)


def _score(sample: bytes, page: str) -> float:
    """The share of foreign characters that one language explains, with a little for small letters, and for letters
    that are frequent where a whole alphabet is foreign. Such letters never stand beside Latin ones in a word."""
    text = sample.decode(page, "replace")
    foreign = [character for character in text if ord(character) > 127]
    if not foreign:
        return 0.0
    language, explained = max(
        ((name, sum(character in letters for character in foreign)) for name, letters in _LETTERS.items()),
        key=lambda pair: pair[1],
    )
    small = sum(character.islower() or character in _MARKS for character in foreign)  # £ is no worse than ú
    if ALPHABETS[language][0] in _LATIN:
        return (1.06 * explained + 0.05 * small) / len(foreign)
    mixed = len(_MIXED.findall(text))
    frequent = sum(character.lower() in _FREQUENT for character in foreign)
    return (explained + 0.1 * frequent + 0.05 * small - mixed) / len(foreign)
