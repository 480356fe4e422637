"""Kazakh: the suffix chain stem + voice + negation + verb form + plural + possessive + case, taken off from the right.

Vowel harmony and assimilation give each suffix up to six shapes (-лар -лер -дар -дер -тар -тер); which one follows
which sound decides what may be a suffix (accusative -ты only after a voiceless consonant, so *мақсаты* keeps its т).
Words come here with қ ғ ң һ і already read as к г н х и, as people without a Kazakh keyboard write them. Grammar: the
chapter "Kazakh and Karakalpak" in L. Johanson and É. Á. Csató (eds.), "The Turkic Languages", Routledge 1998. Before
a vowel п and к become б and г (*топ - тобы*), and ы, и of a closed last syllable fall out (*халық - халқы*, *ерік -
еркі*): ``even`` makes both equal.
"""

import re

LETTERS = "әғқңөұүһі"

VOWELS = "аәеиоөуүұыэюя"
SYLLABIC = frozenset(VOWELS)
VOICED = "рйулмнзж"
HOARSE = "пктсшщчцфхбвгд"


def _suffix(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"(?:{pattern})\Z")


CASE = _suffix(
    rf"(?:(?<=[{VOICED}])[дн]|(?<=[{HOARSE}])т|(?<=[{VOWELS}])н)[ыи]н?"  # accusative, genitive
    r"|(?<=[ыи])н"  # accusative after a third-person possessive
    rf"|(?:(?<=[{VOICED}{VOWELS}])г|(?<=[{HOARSE}])к|(?<=[ыи])н)[ае]"  # dative
    rf"|(?:(?<=[{VOICED}{VOWELS}])д|(?<=[{HOARSE}])т|(?<=[ыи])нд)[ае](?:г[ыи])?"  # locative, and what is there
    rf"|(?:(?<=[{VOICED}{VOWELS}])д|(?<=[{HOARSE}])т|(?<=[ыимн])н)[ае]н"  # ablative
    r"|[мбп]ен|с[ыи]з|(?<=[ыи]н)д[ае]й"  # with, without, like
)
POSSESSIVE = _suffix(r"[ыи]?м[ыи]з|[ыи]?н[ыи]з|[ыи]м|(?<=[аәея])с[ыи]|[ыи]")
PLURAL = _suffix(rf"(?:(?<=[{VOWELS}ру])л|(?<=[йлмнзж])[лд]|(?<=[{HOARSE}])т)[ае]р")
PRESENT = _suffix(r"(?:[ае]|й)(?:д[ыи]|т[ыи]н|м[ыи]н)|[дт][ыи](?:м|н[ыи]з)")
VERB = _suffix(r"[гк][ае]н|[ыи]п|(?<=[аеиу])п|с[ае]|у")
NEGATION = _suffix(r"[мбп][ае]")
PASSIVE = _suffix(r"[ыи]л|(?<=[ае])л")
LOST_VOWEL = re.compile(rf"(?<=[{VOWELS}][^{VOWELS}])[ыи](?=[кнлрз]$)")
HARD = {"г": "к", "б": "п"}
LONGEST_SUFFIX = 5


def stem(word: str) -> str:
    """The stem of one word in lower case Cyrillic."""
    present = _without(PRESENT, word)
    noun = _without(CASE, word) if present == word else present
    ending = word[len(noun) :]
    noun = _without(PLURAL, _without(POSSESSIVE, noun))
    verb = _without(VERB, noun)
    if present != word or verb != noun:
        return even(_without(PASSIVE, _without(NEGATION, verb)))
    if ending in {"ды", "ди"} and noun.endswith(("ыл", "ил")):
        return even(_without(PASSIVE, noun))
    return even(noun)


def even(word: str) -> str:
    """A word with its last sounds as they are in every form of it."""
    if len(word) > 3 and word[-1] in "ыи":
        word = word[:-1]
    if len(word) > 2 and word[-1] in HARD:
        word = word[:-1] + HARD[word[-1]]
    return LOST_VOWEL.sub("", word)


def _without(suffix: re.Pattern[str], word: str) -> str:
    """The word less the longest such suffix that leaves a syllable which can stand alone."""
    start = max(2, len(word) - LONGEST_SUFFIX)
    while found := suffix.search(word, start):
        if _stands(left := word[: found.start()]):
            return left
        start = found.start() + 1
    return word


def _stands(left: str) -> bool:
    if len(left) == 2:
        return left[0] in VOWELS and left[1] not in VOWELS
    return not SYLLABIC.isdisjoint(left)
