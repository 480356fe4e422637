"""Published figures as people write them down."""

from datetime import date
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from answerable.core.comparison import STATISTICS
from answerable.policy.actions.published import Facts
from answerable.policy.models import PublishedFigure
from answerable.policy.names import KPIS
from answerable.policy.published import (
    ENDS_FIRST,
    LARGEST_FILE,
    NAMES,
    STILL_TO_COME,
    Mistake,
    Unfit,
    as_written,
    in_our_units,
    read_figures,
)

UNITS: list[tuple[str, str | Promise]] = [
    ("%", "%"),
    ("minutes", pgettext_lazy("unit", "minutes")),
    ("hours", pgettext_lazy("unit", "hours")),
    ("days", pgettext_lazy("unit", "days of 24 hours")),
    ("seconds", pgettext_lazy("unit", "seconds")),
    ("points", pgettext_lazy("unit", "points")),
    ("score", pgettext_lazy("unit", "points of the scale")),
    ("index", pgettext_lazy("unit", "points of an index")),
]


def statistics() -> list[tuple[str, list[tuple[str, str]]]]:
    """Every statistic under the indicator it is about."""
    found: dict[str, list[tuple[str, str]]] = {}
    for name, statistic in STATISTICS.items():
        found.setdefault(str(KPIS.get(statistic.kpi, _("Quality"))), []).append((name, str(NAMES[name])))
    return list(found.items())


class FigureForm(forms.Form):
    """`facts` is what was written, once valid. `revision` is the figure's when the form was opened."""

    statistic = forms.ChoiceField(
        label=_("What it counts"),
        choices=statistics,
        help_text=_(
            "Only the same statistic is compared with ours. If in doubt, say that it is counted in another way."
        ),
    )
    value = forms.FloatField(label=_("Value"), widget=forms.TextInput(attrs={"inputmode": "decimal"}), localize=True)
    unit = forms.ChoiceField(label=_("Unit"), choices=UNITS)
    competitor = forms.CharField(
        label=_("Competitor"), max_length=100, required=False, help_text=_("Empty where it is an industry's figure.")
    )
    scope = forms.CharField(
        label=_("Whom it is about"),
        max_length=200,
        help_text=_("Industry, country, channel, as the publisher says it."),
    )
    since = forms.DateField(
        label=_("First day it covers"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    until = forms.DateField(label=_("Last day it covers"), widget=forms.DateInput(attrs={"type": "date"}))
    source = forms.CharField(label=_("Source"), max_length=300, help_text=_("Who published it, and in what."))
    url = forms.URLField(label=_("Address"), max_length=500, required=False, assume_scheme="https")
    definition = forms.CharField(
        label=_("Definition"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("How the publisher counted, in their words."),
    )
    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    @classmethod
    def of(cls, figure: PublishedFigure, *, today: date) -> "FigureForm":
        """To mend a figure."""
        value, unit = as_written(figure)
        names = ("statistic", "competitor", "scope", "since", "until", "source", "url", "definition", "revision")
        return cls(
            initial={**{name: getattr(figure, name) for name in names}, "value": value, "unit": unit}, today=today
        )

    def clean(self) -> dict[str, Any]:
        """Value and unit as we count; days that can be."""
        cleaned: dict[str, Any] = super().clean() or {}
        if {"statistic", "value", "unit"} <= cleaned.keys():
            try:
                cleaned["ours"] = in_our_units(cleaned["value"], cleaned["unit"], STATISTICS[cleaned["statistic"]])
            except Unfit as unfit:
                self.add_error(unfit.field, str(unfit))
        since, until = cleaned.get("since"), cleaned.get("until")
        if until and until > self.today:
            self.add_error("until", STILL_TO_COME)
        if since and until and since > until:
            self.add_error("since", ENDS_FIRST)
        return cleaned

    @property
    def facts(self) -> Facts:
        """What was written, as we count."""
        value, unit = self.cleaned_data["ours"]
        names = ("statistic", "scope", "until", "source", "definition", "competitor", "since", "url")
        return Facts(value=value, unit=unit, **{name: self.cleaned_data[name] for name in names})


class FiguresForm(forms.Form):
    """A file of figures. `mistakes` holds what is wrong with it, by line; `found` what it says."""

    file = forms.FileField(label=_("CSV file"), widget=forms.ClearableFileInput(attrs={"accept": ".csv,text/csv"}))

    mistakes: tuple[Mistake, ...] = ()
    found: tuple[Facts, ...] = ()

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean(self) -> dict[str, Any]:
        """All of the file or nothing: the mistakes are shown with their lines."""
        cleaned: dict[str, Any] = super().clean() or {}
        file = cleaned.get("file")
        if file is None:
            return cleaned
        if file.size > LARGEST_FILE:
            self.add_error("file", _("The file is too large to be a list of figures: at most 1 MB."))
            return cleaned
        found, mistakes = read_figures(file.read(), self.today)
        self.found, self.mistakes = tuple(found), tuple(mistakes)
        if mistakes:
            self.add_error(None, _("The file has mistakes. Nothing has been brought in."))
        return cleaned
