"""An escalation chain as a line in time."""

from dataclasses import dataclass
from itertools import groupby

from django.utils.translation import ngettext

from answerable.core.policy import Policy, Standard
from answerable.core.policy.words import duration_words
from answerable.policy.names import Names, step_words

LEFT, RIGHT = 2.0, 98.0
"""Where the line begins and ends, in percent of the drawing's width: a dot at its end is not cut."""


@dataclass(frozen=True)
class Stop:
    """What happens at one share of the target, and how much time has been counted by then."""

    percent: int
    after: str
    x: str
    words: tuple[str, ...]


@dataclass(frozen=True)
class Line:
    """A chain drawn from the question to its last step; each `x` is a percentage of the width, as SVG takes it."""

    begins: str
    ends: str
    due: str
    stops: tuple[Stop, ...]


def line_of(policy: Policy, standard: Standard, names: Names) -> Line:
    """The chain of a standard, with its times in the standard's hours."""
    steps = policy.escalations(standard)
    longest = max(100, *(step.percent for step in steps))

    def place(percent: float) -> str:
        return f"{LEFT + (RIGHT - LEFT) * percent / longest:.2f}%"

    def after(percent: int) -> str:
        return duration_words(standard.target * percent / 100, working=standard.within.working, ngettext=ngettext)

    return Line(
        begins=place(0),
        ends=place(longest),
        due=place(100),
        stops=tuple(
            Stop(percent, after(percent), place(percent), tuple(step_words(step, names) for step in together))
            for percent, together in groupby(steps, key=lambda step: step.percent)
        ),
    )
