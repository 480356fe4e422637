"""What runs beside the web: every loop and service of the worker and mail processes, on one page.

To add one, write its function in its own app and one line here.
"""

from __future__ import annotations

from functools import partial

from answerable.site.worker import Loop, Service

REST_SECONDS = 0.25
"""Every event may concern these loops, few do; and a promise has to be told of within a second."""
LONGER_REST_SECONDS = 1.0
"""Of those that nobody looks at: what leaves for elsewhere, or comes back after hours. A single event they hear of at
once; a hundred a second would otherwise have them ask four times a second whether anything is theirs."""


def of_worker() -> list[Loop | Service]:
    """`answerable worker`. Several may run at once, on several machines: claim rows with SKIP LOCKED."""
    from answerable.api.webhooks.loop import tell_webhooks
    from answerable.channels.adapter import adapters
    from answerable.channels.email.intake import take_in
    from answerable.channels.email.ledger import WAKES as MAIL_WAKES
    from answerable.channels.instant.health import check_due
    from answerable.channels.instant.intake import take_in as take_messages_in
    from answerable.channels.instant.keeping import WAKES
    from answerable.desk.actions.conversations import wake_due
    from answerable.desk.actions.leaving import give_back_due
    from answerable.desk.actions.search import file_words
    from answerable.desk.actions.tasks import remind_due as remind_due_tasks
    from answerable.desk.router import route_due
    from answerable.desk.rules.firing import fire_due as fire_rules
    from answerable.desk.rules.timing import fire_in_time
    from answerable.desk.timers import fire_due
    from answerable.events.dispatch import dispatch
    from answerable.events.wire import CHANNEL
    from answerable.people.actions.attendance import review_attendance
    from answerable.policy.reminding import remind_due
    from answerable.site.queue import run_jobs

    return [
        Loop("reactions", dispatch, channel=CHANNEL, rest_seconds=REST_SECONDS),
        Loop("promises", fire_due, channel=CHANNEL, rest_seconds=REST_SECONDS),
        Loop("words", file_words, channel=CHANNEL, rest_seconds=LONGER_REST_SECONDS),
        Loop("sleepers", wake_due, channel=CHANNEL, rest_seconds=LONGER_REST_SECONDS),
        Loop("rules", fire_rules, channel=CHANNEL, rest_seconds=REST_SECONDS),
        Loop("rules in time", fire_in_time, poll_seconds=60.0),
        Loop("routing", route_due, channel=CHANNEL, rest_seconds=REST_SECONDS),
        Loop("leavers", give_back_due),
        Loop("tasks", remind_due_tasks, poll_seconds=30.0),
        Loop("attendance", review_attendance),
        Loop("reminders", remind_due, poll_seconds=60.0),
        Loop("what is over", forget_what_is_over, poll_seconds=600.0),
        Loop("intake", take_in, channel=MAIL_WAKES),
        Loop("messengers", take_messages_in, channel=WAKES),
        Loop("messengers' health", check_due, poll_seconds=60.0),
        *(
            Loop(f"outbox of {name}", channel.send_due, channel=CHANNEL, rest_seconds=LONGER_REST_SECONDS)
            for name, channel in adapters().items()
        ),
        Loop("webhooks", tell_webhooks, channel=CHANNEL, rest_seconds=LONGER_REST_SECONDS),
        Service("jobs", run_jobs),
    ]


def forget_what_is_over() -> float | None:
    """Answers of the API that nobody asks for again, and sessions that have ended: else both would grow for years."""
    from answerable.api.once import forget_old
    from answerable.people.sessions import forget_ended

    waits = [forget() for forget in (forget_old, forget_ended)]
    return 0.0 if 0.0 in waits else None


def of_mail() -> list[Loop | Service]:
    """`answerable mail`: the ways mail comes in."""
    from django.conf import settings

    from answerable.channels.email.listener import Door, listen
    from answerable.channels.email.watching import watch_all

    doors = [Door(settings.MAIL_HOST, settings.SMTP_PORT), Door(settings.MAIL_HOST, settings.LMTP_PORT, lmtp=True)]
    return [Service("listener", partial(listen, doors)), Service("mailboxes", watch_all)]
