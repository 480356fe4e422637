"""Times and targets: a number and its unit."""

import re
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from answerable.core.policy import ALWAYS, Within
from answerable.core.policy.within import within

UNITS = [("minutes", _("minutes")), ("hours", _("hours")), ("days", _("days"))]
TARGET_UNITS = [
    ("%", pgettext_lazy("unit", "%")),
    ("points", _("points")),
    ("working minutes", _("working minutes")),
    ("working hours", _("working hours")),
    ("working days", _("working days")),
    ("minutes", _("minutes")),
    ("hours", _("hours")),
    ("days", _("days")),
]
REVIEW_UNITS = [("weeks", _("weeks")), ("months", _("months")), ("days", _("days"))]
_AMOUNT = re.compile(r"\s*(-?\d+(?:\.\d+)?)\s*(.*?)\s*")


def read_within(value: object) -> Within | None:
    """A time as the document has it, None where it says none."""
    try:
        return within(str(value))
    except ValueError:
        return None


def written_within(amount: int, unit: str, hours: str, present: object) -> str:
    """A time as the document has it. What it says already stays as it was written."""
    old = read_within(present)
    working = hours != ALWAYS
    if old and (old.amount, old.unit) == (amount, unit):
        if working and not old.working and unit != "days":
            return str(present)
        if old.working == working:
            return str(present)
    return f"{amount} {'working ' if working else ''}{plural(amount, unit)}"


def plural(amount: Decimal | int, unit: str) -> str:
    """``days``, of one ``day``."""
    return unit.removesuffix("s") if amount == 1 and unit != "%" else unit


def split(value: object) -> tuple[Decimal | None, str]:
    """``4 working hours`` as its number and its unit in the plural; None and nothing where it is neither."""
    match = _AMOUNT.fullmatch(str(value)) if value is not None else None
    if match is None:
        return None, ""
    try:
        amount = Decimal(match[1])
    except InvalidOperation:
        return None, ""
    unit = {"percent": "%", "business hours": "working hours", "business days": "working days"}.get(match[2], match[2])
    return amount, unit if unit.endswith("s") or unit == "%" else f"{unit}s"


def written(amount: Decimal | None, unit: str, present: object) -> str | None:
    """A number and its unit as the document has them. What it says already stays as it was written."""
    if amount is None:
        return None
    if split(present) == (amount, unit):
        return str(present)
    return f"{amount.normalize():f} {plural(amount, unit)}"
