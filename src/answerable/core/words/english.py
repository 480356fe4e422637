"""English: undo inflection (plural, -ed, -ing, a few irregular forms), leave derivation alone.

The order of rules and the consonant-vowel-consonant test that restores a silent *e* follow M. F. Porter,
"An algorithm for suffix stripping", Program 14 (1980), steps 1a-1b; the derivational steps 2-5 are left out on purpose,
because they join *universal* with *university*. Silent *e* is dropped from every longer word, so that
*include*, *includes*, *included* and *including* meet in ``includ``.
"""

import re

IRREGULAR = {
    form: lemma
    for lemma, forms in {
        "break": "broke broken",
        "bring": "brought",
        "buy": "bought",
        "child": "children",
        "choose": "chose chosen",
        "do": "did done does",
        "find": "found",
        "forget": "forgot forgotten",
        "get": "got gotten",
        "give": "gave given",
        "go": "went gone goes",
        "hold": "held",
        "keep": "kept",
        "know": "knew known",
        "leave": "left",
        "lose": "lost",
        "make": "made",
        "man": "men",
        "mean": "meant",
        "pay": "paid",
        "say": "said",
        "see": "saw seen",
        "sell": "sold",
        "send": "sent",
        "speak": "spoke spoken",
        "take": "took taken",
        "tell": "told",
        "think": "thought",
        "understand": "understood",
        "woman": "women",
        "write": "wrote written",
    }.items()
    for form in forms.split()
}
VOWEL = re.compile(r"[aeiouy]")
DOUBLED = re.compile(r"([bcdfgkmnprtv])\1$")
SHORT = re.compile(r"^[^aeiouy]*[aeiouy][^aeiouywx]$")
LONG = re.compile(r"[aeiouy][^aeiouy]+[aeiouy]")


def stem(word: str) -> str:
    """The stem of one word in lower case a-z."""
    word = IRREGULAR.get(word, word)
    if len(word) < 4:
        return word
    word = _tense(_plural(word))
    if word.endswith("ll") and LONG.search(word):
        word = word[:-1]
    if word.endswith("e") and len(word) > 4 and VOWEL.search(word[:-1]):
        word = word[:-1]
    return word


def _plural(word: str) -> str:
    if not word.endswith("s") or word.endswith(("ss", "us", "is")):
        return word
    if word.endswith("ies"):
        return word[:-3] + "y" if len(word) > 4 else word[:-1]
    if word.endswith(("sses", "xes", "ches", "shes", "zzes", "oes")):
        return word[:-2]
    return word[:-1]


def _tense(word: str) -> str:
    if word.endswith("ied"):
        return word[:-3] + "y" if len(word) > 4 else word[:-1]
    if word.endswith("eed"):
        return word[:-1] if len(word) > 5 else word
    for suffix in ("ing", "ed"):
        if word.endswith(suffix) and VOWEL.search(word[: -len(suffix)]):
            return _restore(word[: -len(suffix)])
    return word


def _restore(stem: str) -> str:
    if len(stem) > 3 and DOUBLED.search(stem):
        return stem[:-1]
    if len(stem) > 1 and SHORT.match(stem):
        return stem + "e"
    return stem
