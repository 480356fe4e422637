"""Words of five languages, made up by seed: syllables of the language's own letters, used by Zipf's law.

The word of rank r is drawn with probability proportional to 1 / r (G. K. Zipf, Human Behavior and the Principle of
Least Effort, 1949). The commonest ranks are real little words, so that the languages are told apart as in real mail.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.random import Generator, default_rng

from answerable.core.words import lexemes

SIZE = 20_000
SYLLABLES = {
    "en": "an ber con den el fer gra hal in jor ket lan men nor ol pre qua ras sen ter un ver wil yon zel ing tion ma",
    "lv": "aiz bal cie dau ēr fon grā het ies jum kā lie mā nov ob pār rīt sū šķi tē uz vēl zin žo ība ums āk pie",
    "ka": "ად ბე გა დო ეთ ვი ზე თა ის კა ლო მე ნა ომ პი რე სა ტი უ ფო ქა ღი ყო ში ჩა ცე ძი წე ჭა ხო ჯა ჰე",
    "kk": "ал бә ға де ес жү зо им ке құ ла мі на оң пә ра сө та ұн фе шы ың ір тер лық дар мен ніш",
    "ru": "ав бо ве гра дом ес жи зна из кой лю мно на ост пре рас ска тор ум фи хо цен чи шем щи ень ость ник",
}
COMMON = {
    "en": "the and to of is you for with not please my it are was we your",
    "lv": "un nav vai paldies lūdzu labdien jūsu mans esmu ir bet lai",
    "ka": "და არ რომ გთხოვთ მადლობა თქვენი ჩემი არის მაგრამ როგორ",
    "kk": "және мен үшін бұл рахмет жоқ керек емес сіз бар",
    "ru": "и в на что с по для это как я мы вы он но если спасибо",
}
LANGUAGES = tuple(SYLLABLES)


class Stored(dict[int, str]):
    """Rank -> what search keeps of that word, as tsvector text; found out when first asked for."""

    def __init__(self, words: list[str]) -> None:
        self.words = words

    def __missing__(self, rank: int) -> str:
        self[rank] = " ".join(lexemes(self.words[rank]))
        return self[rank]


@dataclass(frozen=True)
class Vocabulary:
    """`words` by rank, and what search keeps of each."""

    words: list[str]
    stored: Stored

    def draw(self, rng: Generator, count: int) -> list[int]:
        """Ranks of `count` words, by Zipf's law."""
        ranks: list[int] = np.exp(rng.random(count) * np.log(len(self.words))).astype(np.int64).tolist()
        return ranks


@cache
def vocabulary(language: str) -> Vocabulary:
    """Rank 0 is never drawn; see `Vocabulary.draw`."""
    rng = default_rng([2026, LANGUAGES.index(language)])
    syllables = np.array(SYLLABLES[language].split())
    found = dict.fromkeys(COMMON[language].split())
    while len(found) < SIZE:
        drawn = rng.choice(syllables, (SIZE, 4))
        lengths = rng.integers(2, 5, SIZE)
        found |= dict.fromkeys("".join(row[:length]) for row, length in zip(drawn.tolist(), lengths, strict=True))
    words = list(found)[:SIZE]
    return Vocabulary(words, Stored(words))
