"""An escalation drawn as a line in time."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import groupby

from django.utils.translation import gettext as _

from answerable.core.policy import Do

FIRST, LAST = 3.0, 97.0
"""Where the drawing begins and ends, in percent of its width."""


@dataclass(frozen=True)
class Deed:
    """What happens at a share of the time, in words."""

    percent: int
    do: str
    words: str


@dataclass(frozen=True)
class Mark:
    """One moment of the line: its place in percent of the width, and everything that happens then."""

    x: str
    number: int
    when: str
    deed: str
    steps: tuple[str, ...]


@dataclass(frozen=True)
class Line:
    """`due` is the place of the moment at which the promise falls due."""

    marks: tuple[Mark, ...]
    due: str
    label: str


def line_of(deeds: Iterable[Deed], say: Callable[[int], str] | None = None) -> Line:
    """The deeds in the order of time; `say` gives a share's moment in words, instead of the share."""
    ordered = sorted(deeds, key=lambda deed: deed.percent)
    longest = max([120, *(deed.percent for deed in ordered)])
    marks = []
    for number, (percent, group) in enumerate(groupby(ordered, key=lambda deed: deed.percent), 1):
        together = tuple(group)
        first = next((deed.do for deed in together if deed.do != Do.RAISE_PRIORITY), Do.RAISE_PRIORITY.value)
        when = say(percent) if say else f"{percent} %"
        marks.append(Mark(_x(percent, longest), number, when, first, tuple(deed.words for deed in together)))
    said = "; ".join(f"{mark.when}: {', '.join(mark.steps)}" for mark in marks)
    return Line(tuple(marks), _x(100, longest), _("Steps in time: %(steps)s") % {"steps": said})


def _x(percent: int, longest: int) -> str:
    """A dot whatever the language: it stands in an attribute of SVG."""
    return f"{FIRST + (LAST - FIRST) * percent / longest:.1f}"
