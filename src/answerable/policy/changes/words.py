"""The title, the mission and the language."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from answerable.core.policy.difference import Difference
from answerable.policy.changes.reading import Reading, both
from answerable.policy.names import language_name


def title(each: Difference, reading: Reading) -> Iterator[str]:
    yield _("The policy is called “%(after)s” instead of “%(before)s”.") % both(each)


def language(each: Difference, reading: Reading) -> Iterator[str]:
    yield _("The policy's own language is %(after)s instead of %(before)s.") % {
        "after": language_name(each.after),
        "before": language_name(each.before),
    }


def mission(each: Difference, reading: Reading) -> Iterator[str]:
    was, now = _lines(each.before), _lines(each.after)
    new, gone = [line for line in now if line not in was], [line for line in was if line not in now]
    for line in new:
        yield _("The mission now says: “%(line)s”") % {"line": line}
    for line in gone:
        yield _("The mission no longer says: “%(line)s”") % {"line": line}
    if not new and not gone:
        yield _("The mission's sentences come in another order.")


def _lines(mission: str) -> list[str]:
    return [" ".join(line.split()) for line in mission.splitlines() if line.strip()]
