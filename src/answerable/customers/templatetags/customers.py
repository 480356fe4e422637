"""Contacts in words: `{% load customers %}`."""

from collections.abc import Callable
from typing import Any

from django import template
from django.conf import settings
from django.utils.translation import gettext as _

from answerable.customers.actions.merging import Plan
from answerable.customers.models import Organisation, Segment
from answerable.events.models import Event

register = template.Library()


@register.filter
def told(event: Event) -> str:
    """What happened to a contact, in words."""
    facts = event.particulars
    sentences = {
        "contact.added": _("First seen"),
        "contact.changed": _("Details changed"),
        "contact.merged": _("Merged with %(name)s") % {"name": facts.get("name", "")},
        "contact.unmerged": _("A merge was undone"),
        "contact.restored": _("Separated again"),
        "address.added": _("Address %(value)s added") % {"value": facts.get("value", "")},
        "address.removed": _("Address %(value)s taken away") % {"value": facts.get("value", "")},
    }
    return sentences.get(event.verb, event.verb)


@register.filter
def filled_words(plan: Plan) -> list[tuple[str, str]]:
    """The empty fields a merge would fill: what they are called, and with what."""
    readers: dict[str, tuple[str, Callable[[Any], str]]] = {
        "name": (_("Name"), str),
        "organisation_id": (_("Organisation"), lambda pk: str(Organisation.objects.get(pk=pk))),
        "segment_id": (_("Segment"), lambda pk: str(Segment.objects.get(pk=pk))),
        "language": (_("Language"), lambda code: str(dict(settings.LANGUAGES)[code])),
        "region": (_("Region"), str),
    }
    return [(readers[name][0], readers[name][1](value)) for name, value in plan.filled.items()]
