"""Business hours: a week, holidays, and single days that differ."""

from datetime import date
from typing import Any, ClassVar

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.dates import WEEKDAYS as WEEKDAY_NAMES
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from answerable.core.calendar import WEEKDAYS
from answerable.core.opening import DAY_MINUTES, opening, openings
from answerable.core.policy.positions import Path
from answerable.core.policy.touched import Part
from answerable.measure.public_holidays import holidays_of
from answerable.people.zones import countries, time_zones
from answerable.policy.editing.rows import RowForm, Rows
from answerable.policy.editing.workshop import with_present
from answerable.policy.forms.parts.part import PartForm, strings
from answerable.policy.mistakes import mistake_words
from answerable.policy.names import place_name

MOST_HOLIDAYS = 6


class IntervalForm(RowForm):
    """When somebody is there, from and to, as 09:00 and 18:00; a day ends at 24:00."""

    telling: ClassVar[tuple[str, ...]] = ("opens", "closes")

    opens = forms.CharField(label=pgettext_lazy("time", "From"), max_length=5, required=False)
    closes = forms.CharField(label=pgettext_lazy("time", "To"), max_length=5, required=False)

    def clean(self) -> dict[str, Any]:
        """Both are needed; 9 and 9.30 are times, too."""
        cleaned = super().clean() or {}
        for name in ("opens", "closes"):
            text = str(cleaned.get(name) or "").replace(".", ":").replace("-", ":").strip()
            if not self.is_blank and not text:
                self.add_error(name, _("Say when, such as 09:00."))
            cleaned[name] = _time(text)
        if cleaned["closes"] == "00:00":
            cleaned["closes"] = "24:00"
        return cleaned

    @property
    def text(self) -> str:
        return f"{self.cleaned_data['opens']}-{self.cleaned_data['closes']}"


class PlaceForm(RowForm):
    """A country whose public holidays are kept."""

    telling: ClassVar[tuple[str, ...]] = ("place",)

    place = forms.ChoiceField(label=_("Public holidays of"), required=False)

    def __init__(self, *args: Any, present: list[str], **given: Any) -> None:
        super().__init__(*args, **given)
        field = self.fields["place"]
        assert isinstance(field, forms.ChoiceField)
        known = countries()
        codes = {code for code, _name in known}
        field.choices = [*known, *((each, place_name(each)) for each in present if each not in codes)]


class HolidayForm(RowForm):
    """A holiday of the company's own."""

    telling: ClassVar[tuple[str, ...]] = ("on", "name")

    on = forms.DateField(label=_("Date"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    name = forms.CharField(label=_("Name"), max_length=100)


class DateForm(RowForm):
    """A single day that differs; without hours it is closed."""

    telling: ClassVar[tuple[str, ...]] = ("on",)

    on = forms.DateField(label=_("Date"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    open = forms.CharField(
        label=_("Open"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"placeholder": "09:00-13:00"}),
    )

    def clean_open(self) -> str:
        """Raises with what is wrong with the intervals."""
        text = str(self.cleaned_data["open"])
        spans = _split(text)
        _check(spans)
        return ", ".join(spans)


class Weekday:
    """A day of the week as it is drawn."""

    def __init__(self, name: str, rows: Rows) -> None:
        self.name = name
        self.rows = rows

    @property
    def bars(self) -> list[tuple[str, str]]:
        """Where each interval begins and how long it is, in percent of the day."""
        found = []
        for form in self.rows.used:
            text = "-".join(_time(str(form[name].value() or "").strip()) for name in ("opens", "closes"))
            try:
                opens, closes = opening(text.replace("-00:00", "-24:00"))
            except ValueError:
                continue
            found.append((f"{opens / DAY_MINUTES * 100:.2f}", f"{(closes - opens) / DAY_MINUTES * 100:.2f}"))
        return found


class HoursForm(PartForm):
    """A week with several intervals a day, whose holidays are kept, and days that differ."""

    part = Part.HOURS
    template = "policy/parts/hours.html"

    name = forms.CharField(
        label=_("Short name"), max_length=40, help_text=_("How promises refer to them, such as “office” or “riga”.")
    )
    time_zone = forms.ChoiceField(label=_("Time zone"))

    def prepare(self, data: QueryDict | None) -> None:
        """Each day has its intervals; the title has a field for each language."""
        if self.element is not None:
            del self.fields["name"]
        self.add_spoken("title", pgettext_lazy("of business hours", "Name, as people read it"), required=False, rows=1)
        zone = str(self.present.get("time_zone", ""))
        field = self.fields["time_zone"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = with_present(time_zones(), [zone])
        self.initial["time_zone"] = zone or "UTC"
        for day in WEEKDAYS:
            self.rows[day] = Rows(IntervalForm, day, data, [_typed(each) for each in strings(self.present.get(day))])
        places = strings(self.present.get("holidays"))
        self.rows["holidays"] = Rows(PlaceForm, "holidays", data, [{"place": each} for each in places], present=places)
        self.rows["extra_holidays"] = Rows(
            HolidayForm, "extra_holidays", data, _own_holidays(self.present.get("extra_holidays"))
        )
        dates = self.present.get("dates")
        given = dates if isinstance(dates, dict) else {}
        typed = [{"on": day, "open": ", ".join(strings(spans))} for day, spans in given.items()]
        self.rows["dates"] = Rows(DateForm, "dates", data, typed)

    @property
    def title(self) -> str:
        return self.workshop.called(self.element) if self.element else ""

    @property
    def week(self) -> list[Weekday]:
        """Each day's name, its intervals, and where they lie in the day."""
        return [Weekday(str(WEEKDAY_NAMES[place]), self.rows[day]) for place, day in enumerate(WEEKDAYS)]

    @property
    def next_holidays(self) -> list[tuple[date, str]]:
        """The public holidays to come, by what is chosen now."""
        today = timezone.localdate()
        found: dict[date, str] = {}
        for form in self.rows["holidays"].used:
            country, _dash, part = str(form["place"].value()).partition("-")
            for year in (today.year, today.year + 1):
                try:
                    found |= holidays_of(country, part or None, year)
                except LookupError:
                    break
        return sorted((day, name) for day, name in found.items() if day >= today)[:MOST_HOLIDAYS]

    def is_valid(self) -> bool:
        """A day's intervals don't overlap, and some day is open."""
        valid = super().is_valid()
        for day in WEEKDAYS:
            if all(form.is_valid() for form in self.rows[day]):
                try:
                    _check([form.text for form in self.rows[day].used if isinstance(form, IntervalForm)])
                except forms.ValidationError as error:
                    self.rows[day].errors.extend(error.messages)
                    valid = False
        if valid and not any(self.rows[day].used for day in WEEKDAYS):
            self.add_error(None, _("Open at least one day of the week."))
            return False
        return valid

    def values(self) -> dict[str, Any]:
        """What stands in the document, closed days as empty lists where they stood there before."""
        week: dict[str, list[str] | None] = {}
        for day in WEEKDAYS:
            spans = sorted(form.text for form in self.rows[day].used if isinstance(form, IntervalForm))
            week[day] = spans or ([] if day in self.present else None)
        return {
            "title": self.spoken_value("title"),
            "time_zone": self.cleaned_data["time_zone"],
            **week,
            "holidays": self._places(),
            "extra_holidays": self._own_holidays(),
            "dates": self._dates(),
        }

    def _places(self) -> str | list[str] | None:
        places = list(dict.fromkeys(form.cleaned_data["place"] for form in self.rows["holidays"].used))
        present = self.present.get("holidays")
        if places == strings(present) and present is not None:
            return list(present) if isinstance(present, list) else str(present)
        return places[0] if len(places) == 1 else places or None

    def _own_holidays(self) -> Any:
        days = {
            form.cleaned_data["on"].isoformat(): form.cleaned_data["name"] for form in self.rows["extra_holidays"].used
        }
        present = self.present.get("extra_holidays")
        if [(each["on"], each["name"]) for each in _own_holidays(present)] == list(days.items()):
            return present
        return days or None

    def _dates(self) -> dict[str, list[str]] | None:
        days = {
            form.cleaned_data["on"].isoformat(): _split(form.cleaned_data["open"]) for form in self.rows["dates"].used
        }
        return days or None

    def new_key(self) -> str:
        """Their short name."""
        return str(self.cleaned_data["name"])

    def place(self, tail: Path) -> str | None:
        """Only what is not in rows."""
        name = str(tail[0]) if tail else ""
        if name == "title":
            full = f"title_{tail[1] if len(tail) > 1 else self.workshop.languages[0]}"
            return full if full in self.fields else None
        return super().place(tail)

    def refuse(self, error: Any, tail: Path) -> None:
        """A day's mistake stands at the day."""
        name = str(tail[0]) if tail else ""
        if name in self.rows:
            self.rows[name].errors.append(mistake_words(error))
        else:
            super().refuse(error, tail)


def _time(text: str) -> str:
    """``9`` and ``9:5`` as 09:00 and 09:05; what is no time stays as it was typed."""
    hour, _colon, minute = text.partition(":")
    if not hour.isdecimal() or not (minute or "0").isdecimal() or len(hour) > 2 or len(minute) > 2:
        return text
    return f"{int(hour):02d}:{int(minute or 0):02d}"


def _typed(interval: str) -> dict[str, str]:
    opens, _dash, closes = interval.replace("–", "-").partition("-")
    return {"opens": opens.strip(), "closes": closes.strip()}


def _split(text: str) -> list[str]:
    """Intervals with commas between them, as the document has them."""
    spans = [_typed(each) for each in text.split(",") if each.strip()]
    return [f"{_time(span['opens'])}-{_time(span['closes'])}".removesuffix("-") for span in spans]


def _check(spans: list[str]) -> None:
    """Raises ValidationError for what is no interval, and for intervals that overlap or leave the day."""
    for span in spans:
        try:
            openings([span])
        except ValueError:
            raise forms.ValidationError(
                _("%(interval)s is no interval within a day. Write it like 09:00-18:00."), params={"interval": span}
            ) from None
    try:
        openings(spans)
    except ValueError:
        raise forms.ValidationError(_("These intervals overlap.")) from None


def _own_holidays(value: object) -> list[dict[str, str]]:
    """Dates with names, or dates alone."""
    if isinstance(value, dict):
        return [{"on": str(day), "name": str(name)} for day, name in value.items()]
    days = value if isinstance(value, list) else []
    return [{"on": day.isoformat() if isinstance(day, date) else str(day), "name": str(_("Holiday"))} for day in days]
