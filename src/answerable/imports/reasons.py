"""Why something did not come over, or not as it was: a sentence for each, in the reader's language."""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from answerable.imports.models import Import, Remark

LOST = frozenset({"broken", "no_key", "no_time", "deleted", "left_out", "nothing_written"})
"""Those that mean a ticket, a person or an organisation is not here at all."""

REASONS: Mapping[str, Promise] = {
    "skipped": _("Nothing in this file is known here, so it was left out."),
    "broken": _("It cannot be read: %(why)s"),
    "no_key": _("It has no number."),
    "no_time": _("It does not say when it began."),
    "deleted": _("It was deleted there."),
    "left_out": _("Those of the status “%(value)s” were to be left out."),
    "nothing_written": _("Nothing was written in it."),
    "empty_message": _("A message without words and files was left out."),
    "message_without_time": _("A message does not say when it was written; the ticket's time was taken."),
    "unknown_status": _("Nobody said what the status “%(value)s” means; it is open here."),
    "unknown_priority": _("Nobody said what the priority “%(value)s” means; it is normal here."),
    "no_requester": _("The customer is not in the export: a contact without name and address was made."),
    "no_author": _("Who wrote a message is not in the export: it has no name here."),
    "solved_when": _("When it was solved is not in the export; when it was last changed was taken."),
    "answered_before": _("The first answer is older than the ticket, so it has no response time here."),
    "file_not_there": _("The file “%(name)s” is not in the export."),
    "file_too_large": _("The file “%(name)s” is larger than %(megabytes)s MB."),
    "address_taken": _("The address %(address)s belongs to another contact, and stays there."),
    "continued_here": _("It has gone on here since, so what is new in the export was left out."),
    "deleted_since": _("It was deleted there since, and stays here."),
    "orphan": _("It belongs to a ticket that is not in the export."),
    "fields": _("What its own fields hold was left out: %(names)s."),
    "rating": _("The rating “%(value)s” is of another kind than ours, and was left out."),
}


def sentence(reason: str, words: Mapping[str, Any]) -> str:
    """In the reader's language."""
    return str(REASONS[reason]) % words


def by_reason(row: Import) -> list[tuple[Remark, int]]:
    """The first remark of each reason, and how many there were: what is not here at all first, then what is most. One
    query."""
    counted = row.report.get("remarks", {})
    firsts = Remark.objects.filter(run=row).order_by("reason", "id").distinct("reason")
    found = [(one, counted.get(one.reason, 1)) for one in firsts]
    return sorted(found, key=lambda each: (each[0].reason not in LOST, -each[1]))
