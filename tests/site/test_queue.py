"""Jobs that failed are kept for whoever looks for them, and not for ever."""

import pytest
from django.db import connection
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.contrib.django.utils import connector_params
from procrastinate.psycopg_connector import PsycopgConnector

from answerable.events.jobs import job
from answerable.site.queue import forget_failed
from tests import loops


@job
def never_works() -> None:
    raise NotImplementedError


@pytest.mark.django_db(transaction=True)
def test_jobs_that_failed_long_ago_are_forgotten() -> None:
    mine = ProcrastinateJob.objects.filter(task_name=never_works._task.name).order_by("pk")
    for _ in range(3):
        never_works.later()
    long_ago, lately, waiting = mine.values_list("pk", flat=True)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'failed' WHERE id IN (%s, %s)", [long_ago, lately])
        old = "UPDATE procrastinate_events SET at = now() - interval '91 days' WHERE job_id IN (%s, %s)"
        cursor.execute(old, [long_ago, waiting])
    loops.run(forget())
    assert list(mine.values_list("pk", flat=True)) == [lately, waiting]
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs WHERE id IN (%s, %s)", [lately, waiting])


async def forget() -> None:
    async with app.with_connector(PsycopgConnector(kwargs=connector_params())).open_async() as own:
        await forget_failed(own.job_manager)
