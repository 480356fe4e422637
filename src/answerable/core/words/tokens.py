"""Text into chunks: words, numbers, and the things people search for whole (addresses, order numbers, domains).

Normalised by NFKC (Unicode Standard Annex 15) and full case folding (Unicode Standard, section 3.13; it maps Georgian
Mtavruli to Mkhedruli). Stress marks, soft hyphens and zero-width characters are dropped.
"""

import re
import unicodedata

LONGEST = 64
"""Characters of a chunk that count. Longer ones are encoded data, not words."""

INVISIBLE = re.compile("[\u0300-\u036f\u00ad\u200b-\u200f\u2060\ufeff]")
CHUNK = re.compile(r"[^\W_]+(?:[._@+\-'’ʼ]+[^\W_]+)*")
PART = re.compile(r"[^\W_]+")
POSSESSIVE = re.compile(r"['’ʼ]s$")
APOSTROPHE = re.compile(r"['’ʼ]")
HYPHEN = re.compile(r"[-_]+")
ACCENTED = {
    code: unicodedata.normalize("NFD", chr(code))[0]
    for code in (*range(0xC0, 0x250), *range(0x1E00, 0x1F00))
    if unicodedata.normalize("NFD", chr(code))[0].isascii() and chr(code).isalpha()
}
PLAIN = ACCENTED | str.maketrans("øđłıёғқңһі", "odliегкнхи")


def chunks(text: str) -> list[str]:
    """The chunks of a text in order, folded, each at most ``LONGEST`` characters."""
    if not text.isascii():
        text = INVISIBLE.sub("", unicodedata.normalize("NFKC", text))
    return [chunk[:LONGEST] for chunk in CHUNK.findall(text.casefold())]


def split(chunk: str) -> tuple[str, tuple[str, ...]]:
    """A chunk as one name and its words: ``ab-12345`` -> (``ab12345``, (``ab``, ``12345``)).

    A plain word is its own name and only part. Hyphens leave the name, so that ``e-mail`` and ``email`` meet;
    dots, plus and at stay (``anna@example.com``). An apostrophe joins (``o'brien`` -> ``obrien``), English 's goes.
    """
    if chunk.isalpha() and "ʼ" not in chunk:  # nothing to take apart
        return chunk.translate(PLAIN), (chunk,)
    word = APOSTROPHE.sub("", POSSESSIVE.sub("", chunk))
    name = HYPHEN.sub("", word)
    return name.translate(PLAIN), tuple(PART.findall(word))
