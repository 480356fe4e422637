"""What runs beside the web: every loop and service of the worker and mail processes, on one page.

To add one, write its function in its own app and one line here.
"""

from __future__ import annotations

from answerable.site.worker import Loop, Service


def of_worker() -> list[Loop | Service]:
    """`answerable worker`. Several may run at once, on several machines: claim rows with SKIP LOCKED."""
    from answerable.events.dispatch import dispatch
    from answerable.events.wire import CHANNEL
    from answerable.site.queue import run_jobs

    return [
        Loop("reactions", dispatch, channel=CHANNEL),
        Service("jobs", run_jobs),
    ]


def of_mail() -> list[Loop | Service]:
    """`answerable mail`: the ways mail comes in."""
    return []
