"""Procedures."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from answerable.core.policy.difference import Difference
from answerable.core.policy.spoken import spoken
from answerable.core.policy.touched import Kind
from answerable.policy.changes.reading import Reading, objective_sentence


def procedure(each: Difference, reading: Reading) -> Iterator[str]:
    element = each.after if each.kind == Kind.ADDED else each.before
    if each.kind != Kind.CHANGED:
        title = {"title": element.title_in(reading.language)}
        yield (
            _("New procedure: “%(title)s”") % title
            if each.kind == Kind.ADDED
            else _("No longer a procedure: “%(title)s”") % title
        )
        return
    now = reading.after.procedures[each.key]
    about: dict[str, Any] = {"name": now.title_in(reading.language)}
    match each.field:
        case "title":
            yield reading.text(each, _("A procedure is called “%(after)s” instead of “%(before)s”."), about["name"])
        case "objective":
            yield _("Procedure “%(name)s”: it belongs to “%(after)s” instead of “%(before)s”.") % {
                **about,
                "after": objective_sentence(reading.after, each.after),
                "before": objective_sentence(reading.old, each.before),
            }
        case "when":
            yield _("Procedure “%(name)s”: it is for %(after)s instead of %(before)s.") % {
                **about,
                "after": reading.conversations(each.after),
                "before": reading.conversations(each.before),
            }
        case _field:
            yield from _steps(each, about["name"], reading)


def _steps(each: Difference, name: str, reading: Reading) -> Iterator[str]:
    own = reading.after.language
    was = [spoken(step, reading.language, own) for step in each.before]
    now = [spoken(step, reading.language, own) for step in each.after]
    new, gone = [step for step in now if step not in was], [step for step in was if step not in now]
    for step in new:
        yield _("Procedure “%(name)s”: a new step: “%(step)s”") % {"name": name, "step": step}
    for step in gone:
        yield _("Procedure “%(name)s”: no longer a step: “%(step)s”") % {"name": name, "step": step}
    if not new and not gone:
        yield (
            _("Procedure “%(name)s”: the steps come in another order.")
            if was != now
            else _("Procedure “%(name)s”: the steps read otherwise in other languages.")
        ) % {"name": name}
