"""What others have published: written down, mended, put away, and brought in from a file."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from answerable.core.comparison import statistic_of
from answerable.events.record import record
from answerable.measure.benchmarks import shipped
from answerable.people.errors import Refused
from answerable.people.models import User
from answerable.people.permissions import check_is_administrator
from answerable.policy.models import PublishedFigure, Scope


class Overtaken(Refused):
    """Somebody changed the figure meanwhile; `by_now` is how it stands."""

    def __init__(self, by_now: PublishedFigure) -> None:
        super().__init__(_("Somebody changed this figure while you wrote. It is shown as it stands now beside yours."))
        self.by_now = by_now


@dataclass(frozen=True)
class Facts:
    """A published figure before it is written down: see the model."""

    statistic: str
    value: float
    unit: str
    scope: str
    until: date
    source: str
    definition: str = ""
    competitor: str = ""
    since: date | None = None
    url: str = ""

    @property
    def identity(self) -> tuple[object, ...]:
        """What two figures that are the same have alike."""
        return self.statistic, self.competitor, self.scope, self.until, self.source


def add_figure(facts: Facts, *, by: User, at: datetime | None = None) -> PublishedFigure:
    """Write one down. Raises Refused where it stands here already."""
    check_is_administrator(by)
    with transaction.atomic():
        _check_is_new(facts)
        figure = PublishedFigure.objects.create(**_columns(facts), added_by=by, added_at=at or timezone.now())
        record("published_figure.added", subject=figure, by=by, at=at, who=figure.who, statistic=figure.statistic)
    return figure


def change_figure(figure: PublishedFigure, facts: Facts, *, by: User, revision: int) -> PublishedFigure:
    """Mend one, as it was at `revision`. Raises Overtaken, and Refused where another says the same already."""
    check_is_administrator(by)
    with transaction.atomic():
        figure = PublishedFigure.objects.select_for_update(of=("self",)).get(pk=figure.pk)
        if figure.revision != revision or figure.retired_at is not None:
            raise Overtaken(figure)
        columns = _columns(facts)
        before = {name: _plain(getattr(figure, name)) for name in columns if getattr(figure, name) != columns[name]}
        if not before:
            return figure
        _check_is_new(facts, apart_from=figure)
        for name in before:
            setattr(figure, name, columns[name])
        figure.revision += 1
        figure.changed_at = timezone.now()
        figure.save()
        after = {name: _plain(columns[name]) for name in before}
        record("published_figure.changed", subject=figure, by=by, who=figure.who, before=before, after=after)
    return figure


def retire_figure(figure: PublishedFigure, *, by: User) -> PublishedFigure:
    """Put one away: it is compared with no more, and kept. One retired already is answered as it is."""
    check_is_administrator(by)
    with transaction.atomic():
        figure = PublishedFigure.objects.select_for_update(of=("self",)).get(pk=figure.pk)
        if figure.retired_at is None:
            figure.retired_at, figure.retired_by = timezone.now(), by
            figure.save(update_fields=["retired_at", "retired_by"])
            record("published_figure.retired", subject=figure, by=by, who=figure.who, statistic=figure.statistic)
    return figure


def add_figures(found: Iterable[Facts], *, by: User | None, at: datetime | None = None) -> tuple[int, int]:
    """Many at once, such as a file's. How many are new, and how many stood here already."""
    check_is_administrator(by)
    with transaction.atomic():
        known = {_facts(figure).identity for figure in PublishedFigure.objects.current().select_for_update()}
        fresh: dict[tuple[object, ...], Facts] = {}
        already = 0
        for facts in found:
            if facts.identity in known or facts.identity in fresh:
                already += 1
            else:
                fresh[facts.identity] = facts
        at = at or timezone.now()
        figures = PublishedFigure.objects.bulk_create(
            PublishedFigure(**_columns(facts), added_by=by, added_at=at) for facts in fresh.values()
        )
        if figures:
            record("published_figure.imported", subject=figures[0], by=by, at=at, number=len(figures))
    return len(figures), already


def add_starting_set(*, by: User | None, at: datetime | None = None) -> tuple[int, int]:
    """The figures that ship with us. How many are new, and how many stood here already."""
    return add_figures((Facts(**_shipped(row)) for row in shipped()), by=by, at=at)


def choose_scope(name: str, *, by: User) -> Scope:
    """We count ourselves among these: figures about them are compared with ours."""
    check_is_administrator(by)
    with transaction.atomic():
        scope, is_new = Scope.objects.get_or_create(name=name, defaults={"chosen_by": by})
        if is_new:
            record("scope.chosen", subject=scope, by=by, name=name)
    return scope


def leave_scope(name: str, *, by: User) -> None:
    """We don't, after all. Nothing happens where we didn't."""
    check_is_administrator(by)
    with transaction.atomic():
        scope = Scope.objects.select_for_update().filter(name=name).first()
        if scope is not None:
            record("scope.left", subject=scope, by=by, name=name)
            scope.delete()


def _columns(facts: Facts) -> dict[str, Any]:
    return {
        "kpi": statistic_of(facts.statistic).kpi,
        **{name: getattr(facts, name) for name in Facts.__dataclass_fields__},
    }


def _facts(figure: PublishedFigure) -> Facts:
    return Facts(**{name: getattr(figure, name) for name in Facts.__dataclass_fields__})


def _check_is_new(facts: Facts, apart_from: PublishedFigure | None = None) -> None:
    same = PublishedFigure.objects.current().filter(
        statistic=facts.statistic,
        competitor=facts.competitor,
        scope=facts.scope,
        until=facts.until,
        source=facts.source,
    )
    if apart_from is not None:
        same = same.exclude(pk=apart_from.pk)
    if same.exists():
        raise Refused(_("This figure stands here already: the same statistic, of the same, until the same day."))


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value


def _shipped(row: Mapping[str, str]) -> dict[str, Any]:
    """A row of the file that ships with us, which is in our units."""
    return {
        "statistic": row["statistic"],
        "value": float(row["value"]),
        "unit": row["unit"],
        "scope": row["scope"],
        "until": date.fromisoformat(row["until"]),
        "source": row["source"],
        "definition": row["note"] or "",
        "url": row["url"] or "",
    }
