"""An escalation chain as a line in time."""

from dataclasses import dataclass
from itertools import groupby
from types import MappingProxyType

from django.utils.translation import ngettext

from answerable.core.policy import Do, Policy, Standard
from answerable.core.policy.words import duration_words
from answerable.policy.names import Names, step_words

LEFT, RIGHT = 2.0, 98.0
"""Where the line begins and ends, in percent of the drawing's width: a dot at its end is not cut."""


ICONS = MappingProxyType({Do.NOTIFY: "bell", Do.RAISE_PRIORITY: "chevrons-up", Do.REASSIGN: "forward"})
ROOM = 9.0
"""What a label takes of the line, in percent of a narrow drawing; one that has less is left out."""


@dataclass(frozen=True)
class Stop:
    """What happens at one share of the target (an icon and words each), and the time counted by then.

    `has_label` where there is room to write its percentage at the line.
    """

    percent: int
    after: str
    x: str
    has_label: bool
    steps: tuple[tuple[str, str], ...]


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

    stops: list[Stop] = []
    labelled = 0.0
    for percent, together in groupby(steps, key=lambda step: step.percent):
        has_room = 100 * (percent - labelled) / longest >= ROOM
        labelled = percent if has_room else labelled
        said = tuple((ICONS[step.do], step_words(step, names)) for step in together)
        stops.append(Stop(percent, after(percent), place(percent), has_room, said))
    return Line(begins=place(0), ends=place(longest), due=place(100), stops=tuple(stops))
