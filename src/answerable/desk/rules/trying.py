"""A dry run as it is asked for: written down, run, and looked at meanwhile."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from answerable.desk.models import DryRun, Rule
from answerable.desk.rules.dry_run import try_rule
from answerable.people.models import User
from answerable.people.permissions import check_is_administrator

KEPT = 20
"""Of each person; nobody looks at older ones."""
AT_FIRST = 1.5
"""Seconds that somebody waits for on the page; what takes longer goes on in the worker."""


def ask_for(content: Mapping[str, Any], *, rule: Rule | None, by: User) -> tuple[DryRun, bool]:
    """Try a rule as written: at once where that is quick, and else later. The second says whether the worker has to."""
    check_is_administrator(by)
    with transaction.atomic():
        row = DryRun.objects.create(rule=rule, content=dict(content), by=by)
        old = DryRun.objects.filter(by=by).values_list("pk", flat=True)[KEPT:]
        DryRun.objects.filter(pk__in=list(old)).delete()
    trial = try_rule(content, now=row.at, budget=AT_FIRST)
    if trial.back_to is None:
        row.state, row.progress, row.result = DryRun.State.DONE, 100, trial.plain
        row.save(update_fields=["state", "progress", "result"])
        return row, False
    return row, True


def run(pk: int) -> None:
    """To the end, or until the time is up; telling how far it is. Begun again after a fall."""
    row = DryRun.objects.filter(pk=pk, state=DryRun.State.RUNNING).first()
    if row is None:
        return

    def tell(done: int) -> None:
        DryRun.objects.filter(pk=pk).update(progress=done)

    try:
        trial = try_rule(row.content, now=row.at, tell=tell)
    except Exception:
        DryRun.objects.filter(pk=pk).update(state=DryRun.State.FAILED)
        raise
    DryRun.objects.filter(pk=pk).update(state=DryRun.State.DONE, progress=100, result=trial.plain)
