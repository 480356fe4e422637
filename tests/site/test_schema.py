"""What the schema of this version consists of."""

from django.db.migrations.loader import MigrationLoader

from answerable.site import schema


def test_migrations_are_told_by_their_files_as_django_finds_them() -> None:
    assert schema.migrations() == set(MigrationLoader(None).disk_migrations)
