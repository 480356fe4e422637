"""What the schema of this version consists of."""

import psycopg
import pytest
from django.db.migrations.loader import MigrationLoader

from answerable.events.wire import conninfo
from answerable.site import schema


def test_migrations_are_told_by_their_files_as_django_finds_them() -> None:
    assert schema.migrations() == set(MigrationLoader(None).disk_migrations)


@pytest.mark.django_db
def test_one_at_a_time_brings_a_database_to_a_version() -> None:
    with psycopg.connect(conninfo()) as second:
        second.execute("SET lock_timeout = '20ms'")
        second.commit()
        with schema.one_at_a_time(), pytest.raises(psycopg.errors.LockNotAvailable):
            second.execute(schema.ALONE)
        second.rollback()
        second.execute(schema.ALONE)
