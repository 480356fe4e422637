"""Answers in words, as forms and help desks write them, and the numbers they stand for."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from answerable.measure.words import gettext_noop

_ABROAD: Mapping[str, int] = {
    "ļoti neapmierināts": 1, "neapmierināts": 2, "apmierināts": 4, "ļoti apmierināts": 5, "ļoti neapmierināta": 1,
    "neapmierināta": 2, "apmierināta": 4, "ļoti apmierināta": 5, "neitrāls": 3, "neitrāli": 3,
    "очень недоволен": 1, "недоволен": 2, "нейтрально": 3, "доволен": 4, "очень доволен": 5, "очень недовольна": 1,
    "недовольна": 2, "довольна": 4, "очень довольна": 5, "ძალიან უკმაყოფილო": 1, "უკმაყოფილო": 2, "ნეიტრალური": 3,
    "კმაყოფილი": 4, "ძალიან კმაყოფილი": 5,
    "мүлдем риза емес": 1, "риза емес": 2, "бейтарап": 3, "риза": 4, "өте риза": 5,
    "sehr unzufrieden": 1, "unzufrieden": 2, "weder noch": 3, "teils teils": 3, "zufrieden": 4, "sehr zufrieden": 5,
    "très insatisfait": 1, "insatisfait": 2, "neutre": 3, "satisfait": 4, "très satisfait": 5, "très insatisfaite": 1,
    "insatisfaite": 2, "satisfaite": 4, "très satisfaite": 5, "muy insatisfecho": 1, "insatisfecho": 2, "satisfecho": 4,
    "muy satisfecho": 5, "muy insatisfecha": 1, "insatisfecha": 2, "satisfecha": 4, "muy satisfecha": 5,
    "molto insoddisfatto": 1, "insoddisfatto": 2, "neutro": 3, "soddisfatto": 4, "molto soddisfatto": 5,
    "muito insatisfeito": 1, "insatisfeito": 2, "satisfeito": 4, "muito satisfeito": 5, "bardzo niezadowolony": 1,
    "niezadowolony": 2, "neutralny": 3, "zadowolony": 4, "bardzo zadowolony": 5, "bardzo niezadowolona": 1,
    "niezadowolona": 2, "zadowolona": 4, "bardzo zadowolona": 5,
    "pilnīgi nepiekrītu": 1, "nepiekrītu": 2, "piekrītu": 4, "pilnīgi piekrītu": 5, "полностью не согласен": 1,
    "совершенно не согласен": 1, "не согласен": 2, "согласен": 4, "полностью согласен": 5,
    "stimme überhaupt nicht zu": 1, "stimme nicht zu": 2, "stimme zu": 4, "stimme voll zu": 5,
    "stimme voll und ganz zu": 5, "სრულიად არ ვეთანხმები": 1, "არ ვეთანხმები": 2, "ვეთანხმები": 4,
    "სრულიად ვეთანხმები": 5, "мүлдем келіспеймін": 1, "келіспеймін": 2, "келісемін": 4, "толық келісемін": 5,
}  # fmt: skip
"""Satisfaction and agreement in other languages."""
LIKERT: Mapping[str, int] = {
    "strongly disagree": 1, "disagree": 2, "neither agree nor disagree": 3, "neutral": 3, "undecided": 3, "agree": 4,
    "strongly agree": 5, "very dissatisfied": 1, "dissatisfied": 2, "neither": 3, "satisfied": 4, "very satisfied": 5,
    "very poor": 1, "poor": 2, "fair": 3, "average": 3, "good": 4, "very good": 5, "excellent": 5, "never": 1,
    "neither satisfied nor dissatisfied": 3, "somewhat satisfied": 4, "somewhat dissatisfied": 2,
    "highly satisfied": 5, "highly dissatisfied": 1, "neutral or dissatisfied": 2,
    "extremely satisfied": 5, "extremely dissatisfied": 1, "rarely": 2, "sometimes": 3, "often": 4, "always": 5,
    **_ABROAD,
}  # fmt: skip
LIKERT_7: Mapping[str, int] = {
    "strongly disagree": 1, "disagree": 2, "somewhat disagree": 3, "slightly disagree": 3, "neutral": 4,
    "neither agree nor disagree": 4, "somewhat agree": 5, "slightly agree": 5, "agree": 6, "strongly agree": 7,
}  # fmt: skip
NOT_APPLICABLE = ("not applicable", "don't know", "do not know", "no opinion", "no answer", "prefer not to say", "n.a.")
UNRATED = (*NOT_APPLICABLE, "not rated", "no rating", "unrated", "offered", "not offered", "unoffered", "no response",
           "unknown")  # fmt: skip
_THREE = {
    "great": 5, "good": 5, "happy": 5, "satisfied": 5, "positive": 5, "thumbs up": 5, "okay": 3, "ok": 3, "neutral": 3,
    "average": 3, "not good": 1, "bad": 1, "unhappy": 1, "dissatisfied": 1, "neutral or dissatisfied": 1,
    "unsatisfied": 1, "negative": 1,
    "thumbs down": 1, **dict.fromkeys("😀😃😄😁😊🙂☺😍👍❤", 5), **dict.fromkeys("😐😶😑", 3),
    **dict.fromkeys("🙁☹😞😟😠😡😢👎", 1),
}  # fmt: skip
"""Two faces or three: Help Scout's great, okay and not good; Zoho Desk's good, okay and bad; pictures of them."""
_FIVE = {
    **LIKERT, "very bad": 1, "terrible": 1, "very unsatisfied": 1, "highly unsatisfied": 1, "bad": 2,
    "unsatisfied": 2, "okay": 3, "ok": 3,
    "great": 5,
}  # fmt: skip
_FIVE_PICTURES = {
    **dict.fromkeys("😡😠😭", 1), **dict.fromkeys("🙁☹😞😟😕😢", 2), **dict.fromkeys("😐😶😑", 3),
    **dict.fromkeys("🙂😊☺", 4), **dict.fromkeys("😀😃😄😁😍🤩", 5),
}  # fmt: skip
"""Faces of which a file has more than three."""
_NUMBERED = re.compile(r"(?:rated )?(\d{1,2}) ?[-–:.)=]+ ?(?=[^\W\d])")
"""The number before a word: “2 - Satisfied”."""
_TOP = "5"
FACES = gettext_noop(
    "satisfaction is a word or a face: the good one counts as 5, the middle one as 3 and the bad one as 1, so the "
    "share holds and the mean says nothing"
)


def rating_words(values: Sequence[str]) -> tuple[Mapping[str, str], tuple[str, ...]]:
    """What each word of a column of ratings means from 1 to 5, and the proxy that it is; nothing of other values.

    Words that mean no rating are translated to nothing. Numbers before words count for themselves where they go up to
    5; where 3 is the best, the words do.
    """
    if _TOP in {match[1] for value in values if (match := _NUMBERED.match(value))}:
        return {}, ()
    said = {_bare(value) for value in values} - set(UNRATED)
    scales = (_FIVE_PICTURES, _THREE, _FIVE) if len(said) > 3 else (_THREE, _FIVE)
    scale = next((scale for scale in scales if said and said <= set(scale)), None)
    if scale is None:
        return {}, ()
    meant = {word: str(number) for word, number in scale.items()} | dict.fromkeys(UNRATED, "")
    meant |= {value.lower(): meant[_bare(value)] for value in dict.fromkeys(values)}
    return meant, (FACES,) if scale is _THREE else ()


def _bare(value: str) -> str:
    """A word in small letters, without its number and that it is a rating; a picture without how it is drawn."""
    return _NUMBERED.sub("", value.lower()).replace("\ufe0f", "").removeprefix("rated ")
