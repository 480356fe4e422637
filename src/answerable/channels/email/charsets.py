"""Bytes of any label become text that PostgreSQL can store.

A label is believed when the bytes agree with it. It is not believed when it names a one-byte charset
and the bytes are valid UTF-8, or when the bytes can't be what it says; then the bytes are guessed.
"""

import codecs
import re
from functools import lru_cache

GUESS_BYTES = 16_384
"""How much of a text is looked at when its charset must be guessed."""

# Labels met in mail that Python doesn't know, or that by custom mean a superset (WHATWG Encoding, 4.2).
ALIASES = {
    "ascii": "cp1252", "us-ascii": "cp1252", "iso-8859-1": "cp1252", "latin1": "cp1252", "l1": "cp1252",
    "ansi": "cp1252", "gb2312": "gb18030", "gbk": "gb18030", "x-gbk": "gb18030", "x-sjis": "cp932",
    "shift_jis": "cp932", "shift-jis": "cp932", "ks_c_5601-1987": "cp949", "euc-kr": "cp949",
    "x-euc-jp": "euc_jp", "unicode-1-1-utf-7": "utf-7", "unicode-1-1-utf-8": "utf-8", "utf8mb4": "utf-8",
    "unicode": "utf-16", "ansi_x3.110-1983": "cp1252", "x-mac-cyrillic": "mac_cyrillic",
    "x-cp1251": "cp1251", "koi8": "koi8-r", "koi8-ru": "koi8-u", "iso-8859-8-i": "iso-8859-8",
    "tis-620": "cp874", "big5": "cp950", "rk1048": "kz1048", "strk1048-2002": "kz1048",
    "pt154": "ptcp154", "cp154": "ptcp154",
}  # fmt: skip
# Python codecs that decode to text but are no charsets of mail.
NO_CHARSETS = {"idna", "punycode", "unicode-escape", "raw-unicode-escape", "undefined", "mbcs", "oem"}
WIDE = ("utf-8", "utf-7", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be")
MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF16_LE, "utf-16"),
         (codecs.BOM_UTF16_BE, "utf-16"))  # fmt: skip
# What people write to a desk in Latvia, Georgia and Kazakhstan, when they do not write UTF-8.
LIKELY = ["cp1251", "koi8_r", "cp1257", "iso8859_13", "cp1252", "cp866", "kz1048", "cp1250", "cp1254",
          "shift_jis", "euc_jp", "gb18030", "cp949", "cp1253", "cp1255", "cp1256"]  # fmt: skip
CYRILLIC = ("cp1251", "koi8-r", "koi8-u")
LATVIAN = set("āčēģīķļņšūžĀČĒĢĪĶĻŅŠŪŽ".encode("cp1257"))
SURROGATE = re.compile("[\ud800-\udfff]")
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u2028\u2029]")


def storable(text: str) -> str:
    """The text without NUL and lone surrogates, which PostgreSQL refuses; line ends become newlines."""
    if "\x00" in text:
        text = text.replace("\x00", "")
    if not text.isascii():
        text = SURROGATE.sub("\ufffd", text)
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def one_line(text: str) -> str:
    """A header's or a file name's text: storable, no control characters, white space collapsed."""
    if text.isprintable() and "  " not in text:
        return text.strip(" ")
    return " ".join(CONTROL.sub(" ", storable(text)).split())


@lru_cache(maxsize=256)
def codec_name(label: str) -> str | None:
    """Python's name of the codec for a MIME charset label, or None when there is no such charset."""
    label = label.strip(" \t\r\n\"'<>;").lower()
    label = re.sub(r"^(?:x-)?(?:cp|win|windows)[-_ ]?(125\d)$", r"cp\1", label)
    try:
        info = codecs.lookup(ALIASES.get(label, label))
    except (LookupError, ValueError):
        return None
    # Compression and hexadecimal codecs stand in the same registry; a mail must not reach them.
    if not getattr(info, "_is_text_encoding", False) or info.name in NO_CHARSETS:
        return None
    return ALIASES.get(info.name, info.name)


def decode(data: bytes, label: str | None = None) -> tuple[str, str | None]:
    """The text of `data`, and a defect in words when its label was missing or wrong. Never raises."""
    for mark, marked in MARKS:
        if data.startswith(mark):
            return storable(data.decode(marked, "replace")).removeprefix("\ufeff"), None
    name = codec_name(label) if label else None
    shown = repr(label[:40]) if label else "missing"
    if name and (name in WIDE or name.startswith("iso2022")):
        return _believed(data, name, shown)
    if data.isascii() and b"\x1b" not in data:
        return storable(data.decode("ascii")), f"unknown charset {shown}" if label and not name else None
    text = _strict(data, "utf-8")
    if text is not None:
        return storable(text), f"charset {shown}, but it is UTF-8" if label else None
    if name and not (name == "cp1252" and (_not_western(data) or _is_latvian(data))) and not _is_swapped(data, name):
        return _believed(data, name, shown)
    return _guessed(data, shown)


def _believed(data: bytes, name: str, shown: str) -> tuple[str, str | None]:
    exact = _strict(data, name)
    if exact is not None:
        return storable(exact), None
    # A few broken bytes, such as a text cut in the middle of a letter, do not make the label wrong.
    text = data.decode(name, "replace")
    if text.count("\ufffd") * 50 <= len(text):
        return storable(text), f"charset {shown}, but some bytes are not"
    return _guessed(data, shown)


def _guessed(data: bytes, shown: str) -> tuple[str, str | None]:
    name, text = _guess(data)
    return storable(text), f"charset {shown}, read as {name}"


def _strict(data: bytes, name: str) -> str | None:
    try:
        return data.decode(name)
    except (UnicodeError, ValueError):
        return None


def _not_western(data: bytes) -> bool:
    """True when runs of high bytes are too long for a Western European text, as in mislabelled Cyrillic."""
    runs = re.findall(rb"[\xa8\xb8\xc0-\xff]{4,}", data[:GUESS_BYTES])
    return sum(map(len, runs)) * 2 > len(re.findall(rb"[\x80-\xff]", data[:GUESS_BYTES]))


def _is_latvian(data: bytes) -> bool:
    """True for Latvian in Windows-1257: each letter above ASCII is one of its own, and several are there.

    Read as Western European they would be â, î and ç, ð, û or þ together, without é, which no language has.
    """
    high = [byte for byte in data[:GUESS_BYTES] if byte >= 0xC0]
    return len(high) >= 5 and {0xE2, 0xEE} < set(high) <= LATVIAN and bool({0xE7, 0xF0, 0xFB, 0xFE} & set(high))


def _is_swapped(data: bytes, name: str) -> bool:
    """True for Cyrillic whose words have their capitals the wrong way round: Windows-1251 read as KOI8-R."""
    if name not in CYRILLIC:
        return False
    text = data[:GUESS_BYTES].decode(name, "replace")
    return bool(re.search(r"\b[а-яё][А-ЯЁ]{2}", text)) and not re.search(r"\b[А-ЯЁ][а-яё]|[а-яё]{3}", text)


def _guess(data: bytes) -> tuple[str, str]:
    if b"\x1b$" in data or b"\x1b(" in data:
        text = _strict(data, "iso2022_jp")
        if text is not None:
            return "iso2022_jp", text
    sample = data[:GUESS_BYTES]
    if _is_latvian(sample):
        return "cp1257", data.decode("cp1257", "replace")
    if _not_western(sample):
        name = max(("cp1251", "koi8_r", "cp866", "iso8859_5"), key=lambda each: _slavic(sample, each))
        if _slavic(sample, name) > 0.6:
            return name, data.decode(name, "replace")
    from charset_normalizer import from_bytes  # Slow to import, and most mail never needs it.

    best = from_bytes(sample, cp_isolation=LIKELY).best()
    name = best.encoding if best else "cp1252"
    return name, data.decode(name, "replace")


def _slavic(data: bytes, name: str) -> float:
    """Share of the letters above ASCII that are small Cyrillic, or capitals that begin a word.

    Windows-1251 read as KOI8-R swaps the cases of its letters, so case tells the two apart.
    """
    text = data.decode(name, "replace")
    high = [letter for letter in text if ord(letter) > 127]
    good = sum(len(word) for word in re.findall(r"(?<![а-яё])[А-ЯЁ]?[а-яё]+", text))
    return good / len(high) if high else 0.0
