"""What migration 0003 does to versions that were there before it."""

from datetime import UTC, datetime
from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection, transaction

from answerable.policy.models import Version

WRITTEN, BEGAN, ENDED = (datetime(2026, month, 1, tzinfo=UTC) for month in (1, 2, 3))


@pytest.mark.django_db(transaction=True)
def test_old_versions_were_last_changed_when_their_state_was_and_their_table_can_still_change() -> None:
    """Rows of an earlier transaction, as in every update: one changed twice would keep its table from an index."""
    before = None
    for number, began, ended in ((1, BEGAN, ENDED), (2, BEGAN, None), (3, None, None)):
        before = Version.objects.create(
            number=number, based_on=before, created_at=WRITTEN, in_force_at=began, retired_at=ended
        )
    with transaction.atomic(), connection.cursor() as cursor:
        import_module("answerable.policy.migrations.0003_drafts").unchanged_since_written(apps, None)
        cursor.execute("CREATE INDEX tried ON policy_version (title)")
        cursor.execute("DROP INDEX tried")
    assert list(Version.objects.order_by("number").values_list("changed_at", flat=True)) == [ENDED, BEGAN, WRITTEN]
