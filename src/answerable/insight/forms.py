"""What a reader may ask of the report, as a query string of any shape."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from answerable.customers.models import Segment
from answerable.insight.names import channels
from answerable.people.models import Team
from answerable.web.channels import channel_name

if TYPE_CHECKING:
    from answerable.people.models import User

OWN = "own"
PERIODS = (
    ("7", _("Last 7 days")),
    ("30", _("Last 30 days")),
    ("90", _("Last 90 days")),
    ("this-month", _("This month")),
    ("last-month", _("Last month")),
    (OWN, _("Own dates")),
)
USUAL = "30"
EARLIEST = date(2000, 1, 1)
LATEST = date(2100, 1, 1)
LONGEST_DAYS = 3 * 366
DIMENSIONS = ("team_id", "channel", "segment", "region", "language", "priority", "standard")


class QuestionForm(forms.Form):
    """Period and filters. An empty query is the usual report."""

    period = forms.ChoiceField(label=_("Period"), choices=PERIODS, required=False)
    first = forms.DateField(label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    last = forms.DateField(label=_("Through"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    team: forms.ModelChoiceField[Team] = forms.ModelChoiceField(
        label=_("Team"), queryset=Team.objects.none(), required=False, empty_label=_("All teams")
    )
    channel = forms.ChoiceField(label=_("Channel"), required=False)
    segment = forms.ChoiceField(label=_("Segment"), required=False)
    language = forms.ChoiceField(label=_("Language"), required=False)

    def __init__(self, data: Any, *, user: User, today: date) -> None:
        super().__init__(data)
        self.today = today
        self._choose("team").queryset = Team.objects.visible_to(user)
        self._choose("channel").choices = [("", _("All channels")), *((c, channel_name(c)) for c in channels())]
        segments = [(segment.key, segment.name) for segment in Segment.objects.order_by("name")]
        self._choose("segment").choices = [("", _("All segments")), *segments]
        self._choose("language").choices = [("", _("All languages")), *settings.LANGUAGES]

    def _choose(self, name: str) -> Any:
        return self.fields[name]

    def clean(self) -> dict[str, Any]:
        """`since` and `until` (not included), by the period or the dates given."""
        cleaned: dict[str, Any] = super().clean() or {}
        if self.errors:
            return cleaned
        first, last = cleaned.get("first"), cleaned.get("last")
        period = cleaned.get("period") or (OWN if first or last else USUAL)
        cleaned["period"] = period
        if period != OWN:
            cleaned["since"], cleaned["until"] = days_of(period, self.today)
            return cleaned
        if first is None or last is None:
            self.add_error("last" if first else "first", _("Own dates need a first and a last day."))
            return cleaned
        if not (EARLIEST <= first <= LATEST and EARLIEST <= last <= LATEST):
            self.add_error("first", _("Choose days between 2000 and 2100."))
        elif last < first:
            self.add_error("last", _("The last day is before the first."))
        elif (last - first).days >= LONGEST_DAYS:
            self.add_error("last", _("A report covers at most three years."))
        else:
            cleaned["since"], cleaned["until"] = first, last + timedelta(days=1)
        return cleaned


def days_of(period: str, today: date) -> tuple[date, date]:
    """First day, and the day after the last, of a named period; what has begun today is in it."""
    tomorrow = today + timedelta(days=1)
    if period == "this-month":
        return today.replace(day=1), tomorrow
    if period == "last-month":
        first = today.replace(day=1)
        return (first - timedelta(days=1)).replace(day=1), first
    return tomorrow - timedelta(days=int(period)), tomorrow


class BehindForm(forms.Form):
    """Which figure, and which part of its conversations."""

    kpi = forms.CharField(max_length=40)
    outcome = forms.CharField(max_length=20, required=False)
    by = forms.ChoiceField(choices=[(name, name) for name in DIMENSIONS], required=False)
    key = forms.CharField(max_length=100, required=False)
    after = forms.RegexField(r"^-?\d{1,12}-\d{1,18}$", required=False)

    def clean_after(self) -> tuple[int, int] | None:
        """The place of the row that the page begins after: instant and id."""
        text = self.cleaned_data["after"]
        if not text:
            return None
        at, _dash, pk = text.rpartition("-")
        return int(at), int(pk)
