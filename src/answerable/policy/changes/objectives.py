"""Objectives."""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from answerable.core.policy import Every
from answerable.core.policy.difference import Difference
from answerable.core.policy.touched import Kind
from answerable.core.policy.words import every_words
from answerable.policy.changes.reading import Reading, both, quoted
from answerable.policy.names import KPIS, target_words


def objective(each: Difference, reading: Reading) -> Iterator[str]:
    if each.kind == Kind.ADDED:
        yield _("New objective: “%(sentence)s”") % {"sentence": each.after.sentence}
        return
    if each.kind == Kind.REMOVED:
        yield _("No longer an objective: “%(sentence)s”") % {"sentence": each.before.sentence}
        return
    about = {"name": reading.after.objectives[each.key].sentence.rstrip("."), **both(each)}
    match each.field:
        case "sentence" | "serves" as field:
            about |= {"after": quoted(each.after), "before": quoted(each.before)}
            if field == "serves":
                yield _("“%(name)s” serves “%(after)s” instead of “%(before)s”.") % about
                return
            yield _("An objective reads “%(after)s” instead of “%(before)s”.") % about
        case "kpi":
            about |= {"after": KPIS.get(each.after, each.after), "before": KPIS.get(each.before, each.before)}
            yield _("“%(name)s”: measured by %(after)s instead of %(before)s.") % about
        case "target":
            about |= {"after": target_words(each.after), "before": target_words(each.before)}
            yield _("“%(name)s”: the target is %(after)s instead of %(before)s.") % about
        case "owner":
            about |= {"after": _person(each.after, reading), "before": _person(each.before, reading)}
            yield _("“%(name)s”: %(after)s answers for it instead of %(before)s.") % about
        case _field:
            about |= {"after": _every(each.after), "before": _every(each.before)}
            yield _("“%(name)s”: looked at again %(after)s; until now %(before)s.") % about


def _person(address: str | None, reading: Reading) -> str:
    return reading.names.person(address) if address else _("nobody")


def _every(review: Every | None) -> str:
    return every_words(review, ngettext=ngettext) if review else pgettext("an objective is looked at", "never")
