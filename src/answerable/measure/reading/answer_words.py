"""Answers in words, as forms and help desks write them, and the numbers they stand for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from answerable.measure.words import gettext_noop

LIKERT: Mapping[str, int] = {
    "strongly disagree": 1, "disagree": 2, "neither agree nor disagree": 3, "neutral": 3, "undecided": 3, "agree": 4,
    "strongly agree": 5, "very dissatisfied": 1, "dissatisfied": 2, "neither": 3, "satisfied": 4, "very satisfied": 5,
    "very poor": 1, "poor": 2, "fair": 3, "average": 3, "good": 4, "very good": 5, "excellent": 5, "never": 1,
    "neither satisfied nor dissatisfied": 3, "somewhat satisfied": 4, "somewhat dissatisfied": 2,
    "extremely satisfied": 5, "extremely dissatisfied": 1, "rarely": 2, "sometimes": 3, "often": 4, "always": 5,
}  # fmt: skip
LIKERT_7: Mapping[str, int] = {
    "strongly disagree": 1, "disagree": 2, "somewhat disagree": 3, "slightly disagree": 3, "neutral": 4,
    "neither agree nor disagree": 4, "somewhat agree": 5, "slightly agree": 5, "agree": 6, "strongly agree": 7,
}  # fmt: skip
NOT_APPLICABLE = ("not applicable", "don't know", "do not know", "no opinion", "no answer", "prefer not to say", "n.a.")
UNRATED = (*NOT_APPLICABLE, "not rated", "no rating", "unrated", "offered", "not offered", "unoffered", "no response")
_THREE = {
    "great": 5, "good": 5, "happy": 5, "satisfied": 5, "positive": 5, "thumbs up": 5, "okay": 3, "ok": 3, "neutral": 3,
    "average": 3, "not good": 1, "bad": 1, "unhappy": 1, "dissatisfied": 1, "unsatisfied": 1, "negative": 1,
    "thumbs down": 1, **dict.fromkeys("😀😃😄😁😊🙂☺😍👍❤", 5), **dict.fromkeys("😐😶😑", 3),
    **dict.fromkeys("🙁☹😞😟😠😡😢👎", 1),
}  # fmt: skip
"""Two faces or three: Help Scout's great, okay and not good; Zoho Desk's good, okay and bad; pictures of them."""
_FIVE = {
    **LIKERT, "very bad": 1, "terrible": 1, "very unsatisfied": 1, "bad": 2, "unsatisfied": 2, "okay": 3, "ok": 3,
    "great": 5,
}  # fmt: skip
_FIVE_PICTURES = {
    **dict.fromkeys("😡😠😭", 1), **dict.fromkeys("🙁☹😞😟😕😢", 2), **dict.fromkeys("😐😶😑", 3),
    **dict.fromkeys("🙂😊☺", 4), **dict.fromkeys("😀😃😄😁😍🤩", 5),
}  # fmt: skip
"""Faces of which a file has more than three."""
FACES = gettext_noop(
    "satisfaction is a word or a face: the good one counts as 5, the middle one as 3 and the bad one as 1, so the "
    "share holds and the mean says nothing"
)


def rating_words(values: Sequence[str]) -> tuple[Mapping[str, str], tuple[str, ...]]:
    """What each word of a column of ratings means from 1 to 5, and the proxy that it is; nothing of other values.

    Words that mean no rating are translated to nothing.
    """
    said = {_bare(value) for value in values} - set(UNRATED)
    scales = (_FIVE_PICTURES, _THREE, _FIVE) if len(said) > 3 else (_THREE, _FIVE)
    scale = next((scale for scale in scales if said and said <= set(scale)), None)
    if scale is None:
        return {}, ()
    meant = {word: str(number) for word, number in scale.items()} | dict.fromkeys(UNRATED, "")
    meant |= {value.lower(): meant[_bare(value)] for value in dict.fromkeys(values)}
    return meant, (FACES,) if scale is _THREE else ()


def _bare(value: str) -> str:
    """A word in small letters, without that it is a rating; a picture without what says how it is drawn."""
    return value.lower().replace("\ufe0f", "").removeprefix("rated ")
