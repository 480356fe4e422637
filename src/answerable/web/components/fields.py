"""Fields of a form, each with its label, help and errors."""

from typing import Any

from django.forms import BoundField, CheckboxInput
from django.template import Library

register = Library()


@register.inclusion_tag("web/field.html")
def field(field: BoundField, css: str = "", **attrs: Any) -> dict[str, Any]:
    """One field of a form with its label, help and errors. `attrs` go to its control (`_` for `-`)."""
    widget = field.field.widget
    widget.attrs.update({name.replace("_", "-"): value for name, value in attrs.items()})
    return {"field": field, "css": css}


@register.filter
def is_choice(field: BoundField) -> bool:
    """Whether the label belongs behind the control, as with a single checkbox."""
    return isinstance(field.field.widget, CheckboxInput)


@register.filter
def is_optional(field: BoundField) -> bool:
    """Whether its label says so: not where that is plain, nor where the form takes it later but cannot do without
    (`needed_later`, the names of such fields)."""
    form = field.form
    is_needed = field.field.required or field.name in getattr(form, "needed_later", ())
    return not (is_needed or getattr(form, "mostly_optional", False) or is_choice(field))
