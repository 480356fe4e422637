"""What a draft holds, part by part, as a list to go about in."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import get_language, gettext, ngettext

from answerable.core.conditions import FIELDS, Conditions
from answerable.core.policy import PolicyError
from answerable.core.policy.spoken import spoken
from answerable.core.policy.touched import Part
from answerable.core.policy.words import conditions_words, within_words
from answerable.policy.comparing import PARTS
from answerable.policy.editing.manuscript import Element
from answerable.policy.editing.workshop import Workshop
from answerable.policy.forms.parts.amounts import read_within
from answerable.policy.forms.parts.part import strings
from answerable.policy.mistakes import mistake_words
from answerable.policy.names import CLOCKS, KPIS

ORDER = (Part.OBJECTIVE, Part.STANDARD, Part.PROCEDURE, Part.ESCALATION, Part.HOURS, Part.REGION)


@dataclass(frozen=True)
class Entry:
    """One element. `mistakes` are the sentences of what is wrong with it."""

    handle: str
    name: str
    is_current: bool
    about: str
    mistakes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Chapter:
    """The elements of one part."""

    part: Part
    title: str
    entries: tuple[Entry, ...]
    is_current: bool


def contents(
    workshop: Workshop,
    *,
    current: Element | None = None,
    part: Part | None = None,
    mistakes: Iterable[PolicyError] = (),
) -> tuple[Chapter, ...]:
    """Every chapter but the words, with its entries in the document's order."""
    wrong = tuple(mistakes)
    return tuple(
        Chapter(
            each,
            str(PARTS[each]),
            tuple(
                Entry(
                    element.handle,
                    _name(workshop, element),
                    current is not None and element.path == current.path,
                    _about(workshop, element),
                    tuple(mistake_words(error) for error in wrong if error.path[:2] == element.path),
                )
                for element in workshop.manuscript.elements(each)
            ),
            part is each,
        )
        for each in ORDER
    )


def _name(workshop: Workshop, element: Element) -> str:
    """In the reader's language where the document has it."""
    language = get_language() or "en"
    for name in ("promise", "title"):
        value = element.values.get(name)
        if isinstance(value, dict):
            text = spoken({key: str(each) for key, each in value.items()}, language, workshop.manuscript.language)
            if text:
                return text
    return workshop.called(element)


def _about(workshop: Workshop, element: Element) -> str:
    """What else tells it from the others, as far as the document says it rightly."""
    match element.part:
        case Part.STANDARD:
            return " · ".join(filter(None, (_clock(element), _time(element), _when(workshop, element))))
        case Part.OBJECTIVE:
            kpi = str(KPIS.get(str(element.values.get("kpi")), ""))
            return " · ".join(filter(None, (kpi, str(element.values.get("target", "")))))
        case Part.PROCEDURE:
            return _when(workshop, element)
        case Part.ESCALATION:
            steps = element.values.get("steps")
            tables = [step for step in steps if isinstance(step, dict)] if isinstance(steps, list) else []
            return ", ".join(str(step.get("at", "")) for step in tables)
        case Part.HOURS:
            return str(element.values.get("time_zone", ""))
    return element.key


def _clock(element: Element) -> str:
    return str(CLOCKS.get(str(element.values.get("clock")), ""))


def _time(element: Element) -> str:
    time = read_within(element.values.get("within"))
    return within_words(time, ngettext=ngettext) if time else ""


def _when(workshop: Workshop, element: Element) -> str:
    when = element.values.get("when")
    if not isinstance(when, dict):
        return ""
    conditions = Conditions(**{name: tuple(strings(when[name])) for name in FIELDS if name in when})
    said = conditions_words(conditions, gettext=gettext, say=workshop.names.say)
    return gettext("where %(when)s") % {"when": said} if said else ""
