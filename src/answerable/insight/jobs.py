"""What insight does later."""

import subprocess
import sys

from django.utils import timezone
from django.utils.translation import gettext_noop

from answerable.events.jobs import job
from answerable.insight.models import Forecast, Rehearsal

BROKEN = gettext_noop("It did not work. The log of the server says why.")


@job
def rehearse(rehearsal_id: int) -> None:
    """Rehearse, in a process of its own that takes its memory with it and ends with us. Again, if it was killed."""
    with subprocess.Popen(
        [sys.executable, "-m", "answerable.insight.rehearsing.process", str(rehearsal_id)], stdin=subprocess.PIPE
    ) as child:
        code = child.wait()
    if code:
        going_on = Rehearsal.objects.filter(pk=rehearsal_id, state=Rehearsal.State.RUNNING)
        going_on.update(state=Rehearsal.State.FAILED, error=BROKEN, ended_at=timezone.now(), upload=None)


@job
def forecast(forecast_id: int) -> None:
    """Make a forecast, likewise in a process of its own."""
    with subprocess.Popen(
        [sys.executable, "-m", "answerable.insight.staffing.process", str(forecast_id)], stdin=subprocess.PIPE
    ) as child:
        code = child.wait()
    if code:
        going_on = Forecast.objects.going_on().filter(pk=forecast_id)
        error = {"template": BROKEN, "facts": {}}
        going_on.update(state=Forecast.State.FAILED, error=error, ended_at=timezone.now(), volumes=None)
