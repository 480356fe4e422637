"""What a reader asks of the report, in whose name, and where the answer's facts come from."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.forms import Form
from django.utils import timezone

from answerable.core.conditions import Facts
from answerable.desk.hours import usual_calendar
from answerable.events.wire import conninfo
from answerable.insight.facts import Source
from answerable.insight.forms import OWN, QuestionForm
from answerable.insight.openings import NO_HOURS, Hours
from answerable.insight.questions import BehindQuestion, KeptQuestion, ReportQuestion
from answerable.insight.targets import Targets
from answerable.people.middleware import company_zone
from answerable.people.models import Team
from answerable.policy.models import Version
from answerable.policy.running import compiled

if TYPE_CHECKING:
    from answerable.measure.figure import Selection
    from answerable.measure.period import Cut
    from answerable.people.models import User

SLACK = timedelta(hours=1)  # the database's clock may be ahead of ours
GROUPS = ("team_id", "channel")


class Unclear(ValueError):
    """A query that cannot be answered; `form` says what is wrong with each field."""

    def __init__(self, form: Form) -> None:
        super().__init__(form.errors.as_json())
        self.form = form

    @property
    def problems(self) -> list[tuple[str, str]]:
        """What is wrong, each with the label of its field."""
        return problems_of(self.form)


def problems_of(form: Form) -> list[tuple[str, str]]:
    """A form's errors, each with the label of its field; the name of one that is not in the form."""
    return [
        (str(form.fields[name].label or name) if name in form.fields else "", str(error))
        for name, errors in form.errors.items()
        for error in errors
    ]


@dataclass(frozen=True)
class Question:
    """Local days of the company's zone (`until` not included) and filters, asked by a reader of some teams."""

    period: str
    since: date
    until: date
    zone: str
    visible_teams: tuple[int, ...]
    form: QuestionForm
    team: Team | None = None
    channel: str = ""
    segment: str = ""
    language: str = ""

    @classmethod
    def of(cls, query: Mapping[str, Any], user: "User") -> "Question":
        """Read a query string. Raises Unclear."""
        zone = company_zone()
        form = QuestionForm(query, user=user, today=timezone.localdate(timezone=zone))
        if not form.is_valid():
            raise Unclear(form)
        asked = {name: form.cleaned_data[name] for name in ("period", "since", "until", "team", "channel")}
        asked |= {name: form.cleaned_data[name] for name in ("segment", "language")}
        return cls(zone=zone.key, visible_teams=tuple(sorted(user.team_ids)), form=form, **asked)

    @property
    def cut(self) -> "Cut":
        """How finely time is cut, so that a chart has enough points and each enough conversations."""
        days = (self.until - self.since).days
        return "day" if days <= 14 else "week" if days <= 200 else "month"

    @property
    def last(self) -> date:
        """The last day in it."""
        return self.until - timedelta(days=1)

    @property
    def filters(self) -> dict[str, tuple[int | str, ...]]:
        """Columns of the facts and the values that pass. A team counts with those below it."""
        found: dict[str, tuple[int | str, ...]] = {}
        if self.team is not None:
            below = Team.objects.below([self.team.path]).filter(pk__in=self.visible_teams)
            found["team_id"] = tuple(below.values_list("pk", flat=True))
        for name in ("channel", "segment", "language"):
            if value := getattr(self, name):
                found[name] = (value,)
        return found

    def query(self) -> dict[str, str]:
        """Names and values of the query string that asks the same."""
        return self.period_query() | self.filter_query()

    def period_query(self) -> dict[str, str]:
        """The period alone."""
        if self.period != OWN:
            return {"period": self.period}
        return {"period": OWN, "first": self.since.isoformat(), "last": self.last.isoformat()}

    def filter_query(self) -> dict[str, str]:
        """The filters alone."""
        query = {"team": str(self.team.pk)} if self.team is not None else {}
        return query | {name: value for name in ("channel", "segment", "language") if (value := getattr(self, name))}

    def source(self) -> Source:
        """The facts of this period and of as many days before, of every team the reader may see."""
        from answerable.measure.period import Period

        period = Period(self.since, self.until, self.zone)
        start, end = period.before().instants[0], period.instants[1]
        return Source(
            conninfo=conninfo(),
            teams=self.visible_teams,
            start=start,
            end=end,
            hours=_hours(start, int((timezone.now() + SLACK).timestamp())),
        )

    def report(self, targets: Targets) -> ReportQuestion:
        """As the engine is asked for the whole report."""
        return ReportQuestion(
            source=self.source(),
            since=self.since,
            until=self.until,
            zone=self.zone,
            group_by=(self.cut, *GROUPS),
            targets=targets.business,
            filters=self.filters,
        )

    def behind(self, selection: "Selection", after: tuple[int, int] | None, limit: int) -> BehindQuestion:
        """As the engine is asked for a page of the conversations behind a figure."""
        return BehindQuestion(self.source(), selection, after, limit, self.filters)

    def kept(self) -> KeptQuestion:
        """As the engine is asked how often each promise was kept; of a clock, no hours are needed any more."""
        source = Source(conninfo(), self.visible_teams, 0, 0, NO_HOURS)
        return KeptQuestion(source, self.since, self.until, self.zone, self.cut)


def _hours(since: int, until: int) -> Hours:
    """The business hours that may count for conversations begun since an instant."""
    start = datetime.fromtimestamp(since, UTC)
    versions = Version.objects.that_ran().filter(Q(retired_at=None) | Q(retired_at__gte=start))
    promises = [
        (pk, key, region, policy.calendar(policy.standard(key, Facts(region=region))))
        for pk in versions.values_list("pk", flat=True)
        for policy in (compiled(pk),)
        for key, standard in policy.standards.items()
        for region in ("", *(policy.regions if standard.is_regional else ()))
    ]
    return Hours.of(promises, usual_calendar(), since, max(since, until))
