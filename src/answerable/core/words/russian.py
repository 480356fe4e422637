"""Russian: endings of nouns, adjectives and verbs, and the vowel that comes and goes before the last consonant.

Grammar: A. A. Zaliznyak, "Грамматический словарь русского языка" (1977), and the endings that snowballstem.org lists
for Russian; written anew, without derivational suffixes, so that *свобода* and *свободный* stay apart. The fleeting
vowel (*порядок - порядка*, *должен - должна*) is dropped from every stem alike.
"""

import re

ADJECTIVE = "ыми ими ого его ому ему ый ий ой ая яя ое ее ые ие ым им ом ем ых их ую юю".split()
NOUN = (
    "иями ьями иях ьях ием ией иям ьям иев ьев ами ями ия ие ии ию ий ья ье ьи ью ам ям ах ях ов ев ей "
    "ою ею а я о е и ы у ю ь й"
).split()
VERB = (
    "ываете уете аете яете ешься ишься аешь яешь ывать ивать овать ать ять еть ить уть "
    "ует ает яет еет уют ают яют еют ешь ишь ите ете йте ила ыла ена ала яла ела или ыли али яли ели "
    "ило ыло ало яло ело ил ыл ал ял ел ет ит ут ют ат ят"
).split()
ENDINGS = frozenset({*ADJECTIVE, *NOUN, *VERB})
LONGEST_ENDING = max(map(len, ENDINGS))
VOWELS = "аеиоуыэюя"
SYLLABIC = frozenset(VOWELS)
FLEETING = re.compile(r"(?<=[бвгджзйклмнпрстфхцчшщ])[ео](?=[нкц]$)")


def stem(word: str) -> str:
    """The stem of one word in lower case Cyrillic (ё already read as е)."""
    if len(word) > 5 and word.endswith(("ся", "сь")) and word[-3] in VOWELS + "тьм":
        word = word[:-2]
    for length in range(min(LONGEST_ENDING, len(word) - 2), 0, -1):
        if word[-length:] in ENDINGS and not SYLLABIC.isdisjoint(word[:-length]):
            word = word[:-length]
            break
    while len(word) > 3 and word[-1] in VOWELS + "ьй":
        word = word[:-1]
    if len(word) > 4:
        word = FLEETING.sub("", word)
    return word
