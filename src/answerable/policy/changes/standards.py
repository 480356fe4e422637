"""Promises, and what happens as their time is used up."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from answerable.core.policy.difference import Difference
from answerable.core.policy.touched import Kind
from answerable.core.policy.words import within_words
from answerable.policy.changes.reading import Reading, both, objective_sentence
from answerable.policy.names import CLOCKS, hours_name, key_name, rests_words, step_words


def standard(each: Difference, reading: Reading) -> Iterator[str]:
    if each.kind == Kind.ADDED:
        yield _("A new promise, within %(within)s: “%(promise)s”") % reading.promise(each.after)
    elif each.kind == Kind.REMOVED:
        yield _("No longer promised: “%(promise)s”") % reading.promise(each.before)
    elif each.field == "order":
        yield _("The promises come in another order; of two that fit equally well the first applies.")
    else:
        yield _setting(each, reading)


def _setting(each: Difference, reading: Reading) -> str:
    now = reading.after.standards[each.key]
    about: dict[str, Any] = {"name": reading.called(now), **both(each)}
    match each.field:
        case "promise":
            return reading.text(
                each, _("%(name)s: the promise reads “%(after)s” instead of “%(before)s”."), about["name"]
            )
        case "within":
            about |= {
                "after": within_words(each.after, ngettext=ngettext),
                "before": within_words(each.before, ngettext=ngettext),
            }
            return _("%(name)s: promised within %(after)s instead of %(before)s.") % about
        case "hours":
            about |= {
                "after": hours_name(reading.after, each.after),
                "before": hours_name(reading.old, each.before),
            }
            if now.is_regional:
                return (
                    _("%(name)s: for regions without hours of their own in “%(after)s” instead of “%(before)s”.")
                    % about
                )
            return _("%(name)s: counted in “%(after)s” instead of “%(before)s”.") % about
        case "is_regional":
            sentence = (
                _("%(name)s: counted in the hours of the customer's region.")
                if each.after
                else _("%(name)s: counted in the same hours for every region.")
            )
            return sentence % about
        case "clock":
            about |= {"after": CLOCKS[each.after], "before": CLOCKS[each.before], **reading.promise(now)}
            return _("“%(promise)s”: what is measured is %(after)s instead of %(before)s.") % about
        case "when":
            about |= {
                "after": reading.conversations(each.after),
                "before": reading.conversations(each.before),
                **reading.promise(now),
            }
            return _("“%(promise)s”: it holds for %(after)s instead of %(before)s.") % about
        case "escalation":
            about |= {
                "after": key_name(each.after) if each.after else _("nobody is told"),
                "before": key_name(each.before) if each.before else _("nobody is told"),
            }
            return _("%(name)s: escalation “%(after)s” instead of “%(before)s”.") % about
        case "pauses":
            about |= {"after": rests_words(each.after), "before": rests_words(each.before)}
            return _("%(name)s: the clock rests %(after)s; until now %(before)s.") % about
        case _field:
            about |= {
                "after": objective_sentence(reading.after, each.after),
                "before": objective_sentence(reading.old, each.before),
            }
            return _("%(name)s: it serves the objective “%(after)s” instead of “%(before)s”.") % about


def escalation(each: Difference, reading: Reading) -> Iterator[str]:
    about: dict[str, Any] = {"name": key_name(each.key)}
    if each.kind == Kind.ADDED:
        yield _("New escalation “%(name)s”.") % about
        return
    if each.kind == Kind.REMOVED:
        yield _("No longer an escalation: “%(name)s”.") % about
        return
    new = [step for step in each.after if step not in each.before]
    gone = [step for step in each.before if step not in each.after]
    for step in new:
        about |= {"percent": step.percent, "what": step_words(step, reading.names)}
        yield _("Escalation “%(name)s”: now at %(percent)s %% of the time: %(what)s.") % about
    for step in gone:
        about |= {"percent": step.percent, "what": step_words(step, reading.names)}
        yield _("Escalation “%(name)s”: no longer at %(percent)s %% of the time: %(what)s.") % about
    if not new and not gone:
        yield _("Escalation “%(name)s”: steps of the same moment come in another order.") % about
