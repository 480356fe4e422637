"""Published figures in words, and read from people's files."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from io import StringIO
from types import MappingProxyType
from urllib.parse import urlsplit

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from answerable.core.comparison import RANGES, UNITS, Statistic, statistic_of
from answerable.policy.actions.published import Facts
from answerable.policy.models import PublishedFigure

COLUMNS = ("statistic", "value", "unit", "scope", "until", "source")
MORE_COLUMNS = ("competitor", "since", "definition", "note", "url")
LARGEST_FILE = 1024 * 1024  # bytes
MOST_ROWS = 5_000
MOST_MISTAKES = 50

NAMES: Mapping[str, str | Promise] = MappingProxyType(
    {
        "csat.top_two_box": gettext_lazy("Share of 4 and 5 on a scale of 1 to 5 (top two box)"),
        "csat.mean": gettext_lazy("Mean on a scale of 1 to 5"),
        "csat.thumbs": gettext_lazy("Share of thumbs up"),
        "csat.top_three_box": gettext_lazy("Share of 3, 4 and 5 on a scale of 1 to 5"),
        "csat.acsi_index": gettext_lazy("American Customer Satisfaction Index"),
        "csat.ukcsi_index": gettext_lazy("UK Customer Satisfaction Index"),
        "csat.other": gettext_lazy("Satisfaction, counted in another way"),
        "nps": gettext_lazy("Net promoter score: promoters less detractors, 0 to 10"),
        "nps.other": gettext_lazy("Recommendation, counted in another way"),
        "first_response.calendar.p50.kaplan_meier": gettext_lazy(
            "Median of all hours until the first answer, those who still wait included"
        ),
        "first_response.calendar.p50.naive": gettext_lazy(
            "Median of all hours until the first answer, answered ones only"
        ),
        "first_response.calendar.p90.kaplan_meier": gettext_lazy(
            "Nine of ten have the first answer within, in all hours, those who still wait included"
        ),
        "first_response.business.p50.kaplan_meier": gettext_lazy(
            "Median of business hours until the first answer, those who still wait included"
        ),
        "first_response.business.p50.naive": gettext_lazy(
            "Median of business hours until the first answer, answered ones only"
        ),
        "first_response.mean": gettext_lazy("Mean time until the first answer, answered ones only"),
        "first_response.typical": gettext_lazy("First answer of a typical company"),
        "first_response.queue_wait": gettext_lazy("Wait in the queue, before anybody answers"),
        "first_response.speed_of_answer": gettext_lazy("Average speed of answering the telephone"),
        "first_response.other": gettext_lazy("First answer, counted in another way"),
        "resolution.calendar.p50.kaplan_meier": gettext_lazy("Median of all hours until solved, open ones included"),
        "resolution.calendar.p50.naive": gettext_lazy("Median of all hours until solved, solved ones only"),
        "resolution.business.p50.kaplan_meier": gettext_lazy(
            "Median of business hours until solved, open ones included"
        ),
        "resolution.business.p50.naive": gettext_lazy("Median of business hours until solved, solved ones only"),
        "resolution.mean": gettext_lazy("Mean time until solved"),
        "resolution.other": gettext_lazy("Resolution, counted in another way"),
        "retention": gettext_lazy("Customers kept: those at the end less new ones, over those at the start"),
        "retention.other": gettext_lazy("Retention, counted in another way"),
        "servqual.other": gettext_lazy("Service quality, counted in another way"),
        "engagement.enps": gettext_lazy("Employee net promoter score"),
        "engagement.gallup_engaged": gettext_lazy("Engaged employees by Gallup's classification"),
        "engagement.gallup_engaged_managers": gettext_lazy("Engaged managers by Gallup's classification"),
        "engagement.other": gettext_lazy("Engagement, counted in another way"),
        "compliance.own_standard": gettext_lazy("Share of promises kept, by the publisher's own promise"),
        "compliance.other": gettext_lazy("Promises kept, counted in another way"),
        "quality.first_contact_resolution": gettext_lazy("Share solved at the first contact"),
        "quality.other": gettext_lazy("Quality, counted in another way"),
    }
)
STILL_TO_COME = gettext_lazy("It covers days that are still to come.")
ENDS_FIRST = gettext_lazy("It begins after it ends.")


class Unfit(ValueError):
    """A value or unit that cannot be, in words; `field` says which of the two."""

    def __init__(self, field: str, problem: str) -> None:
        super().__init__(problem)
        self.field = field


@dataclass(frozen=True)
class Mistake:
    """What is wrong with a line of a file, and in which column; without one, with the line."""

    line: int
    column: str
    problem: str


def read_figures(data: bytes, today: date) -> tuple[list[Facts], list[Mistake]]:
    """The figures of a file of COLUMNS (and MORE_COLUMNS), and everything that is wrong with it, by line."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return [], [Mistake(1, "", _("The file is not text in UTF-8. Save it as “CSV UTF-8”."))]
    separator = max(",;\t", key=text.partition("\n")[0].count)
    rows = csv.DictReader(StringIO(text.replace("\0", "")), delimiter=separator, restval="")
    try:
        header = [name.strip().lower() for name in rows.fieldnames or ()]
        rows.fieldnames = header
        lacking = [name for name in COLUMNS if name not in header]
        if lacking:
            said = {"lacking": ", ".join(lacking), "columns": ", ".join(COLUMNS)}
            return [], [Mistake(1, "", _("There is no column %(lacking)s. The columns are %(columns)s.") % said)]
        return _read(rows, today)
    except csv.Error as error:
        return [], [Mistake(max(1, rows.line_num), "", _("This is not CSV: %s.") % error)]


def _read(rows: "csv.DictReader[str]", today: date) -> tuple[list[Facts], list[Mistake]]:
    found: list[Facts] = []
    mistakes: list[Mistake] = []
    for number, row in enumerate(rows):
        if number >= MOST_ROWS:
            mistakes.append(Mistake(rows.line_num, "", _("A file has at most %d figures. Cut it in two.") % MOST_ROWS))
        if len(mistakes) >= MOST_MISTAKES:
            break
        plain = {name: value.strip() for name, value in row.items() if name and isinstance(value, str)}
        if any(plain.values()):
            each = _Row(plain, rows.line_num)
            facts = each.facts(today)
            found += [facts] if facts else []
            mistakes += each.wrong
    if not found and not mistakes:
        mistakes.append(Mistake(1, "", _("The file has a header and no figures.")))
    return found, mistakes


class _Row:
    """A line of a file, by column; what is wrong with it is noted in `wrong`."""

    def __init__(self, values: Mapping[str, str], line: int) -> None:
        self.values, self.line = values, line
        self.wrong: list[Mistake] = []

    def refuse(self, column: str, problem: object) -> None:
        self.wrong.append(Mistake(self.line, column, str(problem)))

    def text(self, column: str, longest: int, *, required: bool = True) -> str:
        value = self.values.get(column, "")
        if required and not value:
            self.refuse(column, _("It is empty."))
        if len(value) > longest:
            self.refuse(column, _("It is longer than %d characters.") % longest)
        return value

    def day(self, column: str, *, required: bool = True) -> date | None:
        value = self.text(column, 30, required=required)
        try:
            return date.fromisoformat(value) if value else None
        except ValueError:
            self.refuse(column, _("“%s” is not a day like 2026-03-31.") % value[:30])
            return None

    def days(self, today: date) -> tuple[date | None, date | None]:
        """The first day, where there is one, and the last."""
        until, since = self.day("until"), self.day("since", required=False)
        if until is not None and until > today:
            self.refuse("until", STILL_TO_COME)
        if since is not None and until is not None and since > until:
            self.refuse("since", ENDS_FIRST)
        return since, until

    def counted(self) -> tuple[str, float, str]:
        """Statistic, value and unit, as we count."""
        statistic = self.text("statistic", 60)
        try:
            known = statistic_of(statistic)
            value, unit = in_our_units(_number(self.text("value", 30)), self.text("unit", 20).lower(), known)
        except KeyError:
            self.refuse("statistic", _("“%s” is not a statistic. The guide lists them.") % statistic[:60])
        except Unfit as unfit:
            self.refuse(unfit.field, unfit)
        else:
            return known.name, value, unit
        return "", 0.0, ""

    def facts(self, today: date) -> Facts | None:
        """The figure, or None where something is wrong."""
        since, until = self.days(today)
        scope, source = self.text("scope", 200), self.text("source", 300)
        definition = self.text("definition" if self.values.get("definition") else "note", 500, required=False)
        competitor, url = self.text("competitor", 100, required=False), self.text("url", 500, required=False)
        if url and urlsplit(url).scheme not in ("http", "https"):
            self.refuse("url", _("An address begins with https://."))
        statistic, value, unit = self.counted()
        if self.wrong or until is None:
            return None
        return Facts(statistic, value, unit, scope, until, source, definition, competitor, since, url)


def _number(text: str) -> float:
    try:
        return float(text.replace(",", "."))
    except ValueError:
        raise Unfit("value", _("“%s” is not a number.") % text) from None


def in_our_units(value: float, unit: str, statistic: Statistic) -> tuple[float, str]:
    """A figure as somebody wrote it, as we count. Raises Unfit: a unit unknown or of another kind, or a value that
    cannot be."""
    if unit not in UNITS:
        said = {"unit": unit, "units": ", ".join(UNITS)}
        raise Unfit("unit", _("“%(unit)s” is not a unit. Write one of %(units)s.") % said)
    ours, factor = UNITS[unit]
    if ours != statistic.unit and not statistic.is_other:
        raise Unfit("unit", _("This is not counted in %s.") % unit)
    low, high = RANGES[ours]
    found = round(value * factor, 9)
    if not low <= found <= high:  # nor is it where the value is no number
        said = {"low": f"{low / factor:g}", "high": f"{high / factor:g}"}
        raise Unfit("value", _("It lies between %(low)s and %(high)s.") % said)
    return found, ours


def as_written(figure: PublishedFigure) -> tuple[float, str]:
    """A figure's value and unit as people write them: percent, and time in the largest unit that fits."""
    if figure.unit == "share":
        return round(figure.value * 100, 6), "%"
    if figure.unit == "seconds":
        unit = next((each for each in ("days", "hours", "minutes") if figure.value % UNITS[each][1] == 0), "seconds")
        return figure.value / UNITS[unit][1], unit
    return figure.value, figure.unit
