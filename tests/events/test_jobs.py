"""Jobs are asked for in the transaction, and run by the worker."""

import pytest
from django.db import connection, transaction
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from answerable.events.jobs import job
from tests import loops

ran: list[str] = []


@job
def greet(name: str) -> None:
    ran.append(name)


@pytest.mark.django_db(transaction=True)
def test_a_job_asked_for_in_a_transaction_that_fails_was_never_asked_for() -> None:
    with transaction.atomic():
        greet.later(name="Dace")
        transaction.set_rollback(True)
    # The queue's tables are not Django's, so that jobs which other tests have left are still there.
    assert not ProcrastinateJob.objects.filter(task_name=greet._task.name).exists()


@pytest.mark.django_db(transaction=True)
def test_a_named_job_waits_once_and_runs() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")  # what other tests have left would be run here, all of it
    greet.later(name="Nino", once="greet-nino")
    greet.later(name="Nino", once="greet-nino")
    worker_app = app.with_connector(app.connector.get_worker_connector())

    async def work() -> None:
        async with worker_app.open_async():
            await worker_app.run_worker_async(wait=False, install_signal_handlers=False, listen_notify=False)

    loops.run(work())
    assert ran == ["Nino"]
