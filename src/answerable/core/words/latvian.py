"""Latvian: case and number of nouns and adjectives, definite adjectives, the common forms of regular verbs.

Works on letters without diacritics (ā -> a, š -> s ...), for two reasons: many people write so, and the softening of
consonants before -ju, -ja, -jiem (*loceklis - locekļi*, *lācis - lāča*) disappears with the diacritics. What is left
of the softening is undone here: labials lose their j (*gulbis - gulbja*), *-iet-* meets *-ieš-* (*sieviete -
sieviešu*). Grammar: D. Nītiņa and J. Grigorjevs (eds.), "Latviešu valodas gramatika", LU LaVI, 2013.
"""

import re

LETTERS = "āčēģīķļņšūž"

NOMINAL = frozenset("ajiem ajam ajai ajas ajos aja ajo ais iem ij am as ai em es ei im is os us ie a e i o u s".split())
VERBAL = frozenset("ajot ejot ijot ojot aties eties ities oties oj at et it ot".split())
LONGEST_ENDING = 5
SOFT_LABIAL = re.compile(r"(?<=[pbmv])j$")


def stem(word: str) -> str:
    """The stem of one word in lower case a-z (diacritics already removed)."""
    short = _without(word, NOMINAL, least=3)
    if short.endswith("iet") and len(short) > 5:
        return short[:-1] + "s"
    return SOFT_LABIAL.sub("", _without(short, VERBAL, least=4))


def _without(word: str, endings: frozenset[str], least: int) -> str:
    for length in range(min(LONGEST_ENDING, len(word) - 2), 0, -1):
        if word[-length:] in endings:
            left = word[:-length]
            if len(left) >= least or (len(left) == 2 and least == 3 and left[0] in "aeiou"):
                return left
    return word
