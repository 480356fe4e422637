"""UWES-9 scores, for those who own a licence: answers in, no wording here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

VIGOUR, DEDICATION, ABSORPTION = (0, 1, 4), (2, 3, 6), (5, 7, 8)


@dataclass(frozen=True, slots=True)
class Uwes:
    """One person's scores from 0 to 6; None where one of the answers it needs is missing."""

    vigour: float | None
    dedication: float | None
    absorption: float | None
    total: float | None


def uwes9(answers: Sequence[int | None]) -> Uwes:
    """The mean answers to items 1, 2, 5 (vigour), 3, 4, 7 (dedication), 6, 8, 9 (absorption), and to all nine.

    Source: Schaufeli, Bakker & Salanova (2006), Educational and Psychological Measurement 66:701-716.
    Raises ValueError unless there are nine answers, each 0 to 6 or None.
    """
    if len(answers) != 9 or any(answer is not None and answer not in range(7) for answer in answers):
        raise ValueError(f"UWES-9 needs nine answers from 0 to 6, None for a missing one: got {list(answers)}.")

    def score(items: Sequence[int]) -> float | None:
        found = [answer for item in items if (answer := answers[item]) is not None]
        return sum(found) / len(items) if len(found) == len(items) else None

    return Uwes(score(VIGOUR), score(DEDICATION), score(ABSORPTION), score(range(9)))
