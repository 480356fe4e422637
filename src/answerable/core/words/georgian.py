"""Georgian: clitics, postpositions, case endings, plurals, and the vowels that inflection drops.

Nouns agglutinate in a fixed order, stem + plural + case + postposition + clitic, the archaic plural in -ni, -ta
included (grammar: H. I. Aronson, "Georgian: A Reading Grammar", Slavica 1990), so the layers come off from the right.
Two things change the stem itself and are made equal instead of guessed: a final a or e is lost before -is, -it and
-eb (*ქვეყანა - ქვეყნის*), and a vowel before a final l, r, n, m is lost with it (*მიზანი - მიზნით*).
"""

import re

COPULA = re.compile(r"(?<=..(?:ში|ზე|ით))ა{1,2}$|(?<=..ად)აა$")
ALSO = re.compile(r"(?<=[სთდნ])აც$|(?<=...[აეიოუ])ც$")
ON_STEM = re.compile(r"(?<=...)(?:ში|ზე|დან|მდე)$")
ON_GENITIVE = re.compile(r"(?<=..)ისა?(?:თვის|გან|კენ|დმი)$")
ON_DATIVE = re.compile(r"(?<=..)(?:(?<=[აეიოუ])ს)?(?:თან|(?<=[ას])ვით)$")
CASE = re.compile(r"(?<=..)(?:ისას|ისა|ის|ითა|ით|(?<=...)სა|ს|ად|თა|(?<=[^აეიოუ])მა|(?<=[ოე]ბა)ნი|(?<=[აეოუ])მ)$")
PLURAL = re.compile(r"(?<=..)(?:ებ){1,2}$")
FLEETING = re.compile(r"(?<=[^აეიოუ])[აეო](?=[ლრნმ]$)")
VOWEL = re.compile(r"[აეიოუ]")


def stem(word: str) -> str:
    """The stem of one word in Mkhedruli letters."""
    word = ALSO.sub("", COPULA.sub("", word))
    bare = ON_DATIVE.sub("", ON_GENITIVE.sub("", ON_STEM.sub("", word)))
    if bare == word:
        bare = CASE.sub("", word)
    return even(PLURAL.sub("", _last_vowels(bare)))


def even(word: str) -> str:
    """A word without the vowels that its forms lose: a nominative as it stands, even if it ends like a suffix."""
    bare = _last_vowels(word)
    return FLEETING.sub("", bare) if len(VOWEL.findall(bare)) > 1 else bare


def _last_vowels(word: str) -> str:
    while len(word) > 2 and word[-1] in "აეი":
        word = word[:-1]
    return word
