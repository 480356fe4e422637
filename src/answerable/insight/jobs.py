"""What insight does later. Killed in between, it is done again."""

from django.utils import timezone
from django.utils.translation import gettext_noop

from answerable.events.jobs import job
from answerable.insight.child import done_by_a_child
from answerable.insight.models import Forecast, Rehearsal

BROKEN = gettext_noop("It did not work. The log of the server says why.")


@job
def rehearse(rehearsal_id: int) -> None:
    """What somebody asked to be rehearsed."""
    if not done_by_a_child("answerable.insight.rehearsing.running", rehearsal_id):
        going_on = Rehearsal.objects.filter(pk=rehearsal_id, state=Rehearsal.State.RUNNING)
        going_on.update(state=Rehearsal.State.FAILED, error=BROKEN, ended_at=timezone.now(), upload=None)


@job
def forecast(forecast_id: int) -> None:
    """What somebody asked to be forecast."""
    if not done_by_a_child("answerable.insight.staffing.running", forecast_id):
        going_on = Forecast.objects.going_on().filter(pk=forecast_id)
        error = {"template": BROKEN, "facts": {}}
        going_on.update(state=Forecast.State.FAILED, error=error, ended_at=timezone.now(), volumes=None)
