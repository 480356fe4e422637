"""The components that need more than a class, in one library: `{% load web %}`."""

from django.template import Library

from answerable.web.components import fields, figures, labels, pages, places, stills, times

register = Library()
for part in (fields, figures, labels, pages, places, stills, times):
    register.tags |= part.register.tags
    register.filters |= part.register.filters
