"""Jobs are asked for in the transaction, and run by the worker."""

from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from answerable.events.jobs import ATTEMPTS, LONGEST_WAIT, PATIENT_ATTEMPTS, Later, Never, job
from tests import loops

ran: list[str] = []
outside: list[Exception] = []
"""What is outside says to the next attempts."""


@job
def greet(name: str) -> None:
    ran.append(name)


written: list[str] = []


@job
def write(to: str) -> None:
    if outside:
        raise outside.pop(0)
    written.append(to)


@pytest.mark.django_db(transaction=True)
def test_a_job_asked_for_in_a_transaction_that_fails_was_never_asked_for() -> None:
    with transaction.atomic():
        greet.later(name="Dace")
        transaction.set_rollback(True)
    # The queue's tables are not Django's, so that jobs which other tests have left are still there.
    assert not ProcrastinateJob.objects.filter(task_name=greet._task.name).exists()


@pytest.mark.django_db(transaction=True)
def test_a_named_job_waits_once_and_runs() -> None:
    forget_jobs()
    greet.later(name="Nino", once="greet-nino")
    greet.later(name="Nino", once="greet-nino")
    work()
    assert ran == ["Nino"]


@pytest.mark.django_db(transaction=True)
def test_what_is_outside_is_waited_for_a_day_behind_all_others() -> None:
    forget_jobs()
    outside[:] = [Later("no route to it"), Later("too many", timedelta(hours=2))]
    write.later(to="Dace")
    work()
    waits = waiting()
    assert (waits.attempts, waits.priority) == (1, -1)
    assert waits.scheduled_at - timezone.now() < timedelta(seconds=3)
    pretend("scheduled_at = now(), attempts = %s", PATIENT_ATTEMPTS - 1)
    work()
    assert waiting().scheduled_at - timezone.now() > timedelta(hours=1.9), "as they asked"
    pretend("scheduled_at = now()")
    work()
    assert written == ["Dace"]


@pytest.mark.django_db(transaction=True)
def test_whoever_is_away_for_longer_is_given_up_and_a_mistake_of_ours_sooner() -> None:
    forget_jobs()
    outside[:] = [Later("no route to it"), KeyError("ours")]
    write.later(to="Dace")
    pretend("attempts = %s", PATIENT_ATTEMPTS)
    write.later(to="Nino")
    pretend("attempts = greatest(attempts, %s)", ATTEMPTS)
    work()
    assert set(ProcrastinateJob.objects.values_list("status", flat=True)) == {"failed"}
    seconds = sum(min(2.0 ** (attempt + 1), LONGEST_WAIT.total_seconds()) for attempt in range(PATIENT_ATTEMPTS))
    assert timedelta(days=1) < timedelta(seconds=seconds) < timedelta(days=1.1)


@pytest.mark.django_db(transaction=True)
def test_what_is_refused_for_good_is_said_in_a_line_and_is_over(caplog: pytest.LogCaptureFixture) -> None:
    forget_jobs()
    outside[:] = [Never("550 nobody of that name")]
    write.later(to="Dace")
    work()
    assert not ProcrastinateJob.objects.exists()
    (line,) = [each for each in caplog.records if each.levelname == "WARNING"]
    assert line.getMessage() == "write is refused: 550 nobody of that name"
    assert not line.exc_info


def forget_jobs() -> None:
    """The queue's tables are not Django's: what other tests have left would be run here, all of it."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")
    written.clear()


def pretend(columns: str, *values: int) -> None:
    """That time has passed: its own rows the queue lets nobody change by Django."""
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE procrastinate_jobs SET {columns}", values)


def waiting() -> ProcrastinateJob:
    return ProcrastinateJob.objects.get(status="todo")


def work() -> None:
    """What a worker does, until nothing is due."""
    worker_app = app.with_connector(app.connector.get_worker_connector())

    async def run() -> None:
        async with worker_app.open_async():
            await worker_app.run_worker_async(
                wait=False, install_signal_handlers=False, listen_notify=False, delete_jobs="successful"
            )

    loops.run(run())
