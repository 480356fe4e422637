"""Regional profiles."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from answerable.core.policy import Policy
from answerable.core.policy.difference import Difference
from answerable.core.policy.touched import Kind
from answerable.policy.changes.reading import Reading, objective_sentence
from answerable.policy.names import hours_name, language_name, target_words


def region(each: Difference, reading: Reading) -> Iterator[str]:
    element = each.after if each.kind == Kind.ADDED else each.before
    if each.kind != Kind.CHANGED:
        title = {"title": element.title_in(reading.language)}
        yield (
            _("New regional profile: %(title)s.") % title
            if each.kind == Kind.ADDED
            else _("No longer a regional profile: %(title)s.") % title
        )
        return
    name = reading.after.regions[each.key].title_in(reading.language)
    about: dict[str, Any] = {"name": name}
    match each.field:
        case "title":
            yield reading.text(each, _("A region is called “%(after)s” instead of “%(before)s”."), name)
        case "hours":
            yield _("%(name)s: in %(after)s instead of %(before)s.") % {
                **about,
                "after": _calendar(reading.after, each.after),
                "before": _calendar(reading.old, each.before),
            }
        case "language":
            yield _("%(name)s: written to in %(after)s instead of %(before)s.") % {
                **about,
                "after": language_name(each.after) if each.after else _("the customer's language"),
                "before": language_name(each.before) if each.before else _("the customer's language"),
            }
        case "tone":
            yield reading.text(each, _("%(name)s: the tone is “%(after)s” instead of “%(before)s”."), name)
        case _field:
            for key in dict.fromkeys((*each.before, *each.after)):
                if each.before.get(key) != each.after.get(key):
                    yield _("%(name)s: the target of “%(objective)s” is %(after)s instead of %(before)s.") % {
                        **about,
                        "objective": objective_sentence(reading.after, key),
                        "after": _target(each.after, key, reading.after),
                        "before": _target(each.before, key, reading.old),
                    }


def _calendar(policy: Policy, key: str | None) -> str:
    return hours_name(policy, key) if key else _("the company's hours")


def _target(targets: Mapping[str, Any], key: str, policy: Policy) -> str:
    target = targets.get(key) or (policy.objectives[key].target if key in policy.objectives else None)
    return target_words(target) if target else "–"
